"""A consolidator's own recall, run in a thread and an event loop of its own.

What it brings back is text, or there's a reason why not: it raises, it takes too long, it returns something
else. One that doesn't even let its loop go on is left to the process, and a fresh one serves the others.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from rembench.harness.errors import one_line, said
from rembench.harness.masking import masked
from rembench.harness.night import Closer, Memory, Recaller
from rembench.harness.scenario.place import text_fault

TIMEOUT = 60.0
"""Seconds that a recall may take."""
MOST_CHARACTERS = 1_000_000
_TIDY = 10.0  # seconds to close


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was brought back, or None with the reason."""

    text: str | None
    reason: str | None = None


class _Worker:
    """A thread with an event loop and one instance of the consolidator."""

    def __init__(self, make: Callable[[], Recaller]) -> None:
        self._recaller = make()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="recall", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            self.loop.run_forever()
        with contextlib.suppress(Exception, SystemExit, KeyboardInterrupt):
            self.loop.run_until_complete(self._close())
        self.loop.close()

    async def _close(self) -> None:
        if isinstance(self._recaller, Closer):
            async with asyncio.timeout(_TIDY):
                await self._recaller.aclose()

    async def recall(self, memory: Memory, query: str) -> Recalled:
        """To be run in the loop."""
        try:
            found: object = await self._recaller.recall(MappingProxyType(dict(memory)), query)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's code raises is data
            return Recalled(None, one_line(masked(f"{type(error).__name__}: {said(error)}"), 300))
        return _checked(found)

    def stop(self) -> None:
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self.loop.call_soon_threadsafe(self.loop.stop)


class Recalling:
    """The recall of one consolidator; `make` makes it when something is to be recalled."""

    def __init__(self, make: Callable[[], Recaller], timeout: float = TIMEOUT) -> None:
        self._make = make
        self._timeout = timeout
        self._worker: _Worker | None = None

    async def recall(self, memory: Memory, query: str) -> Recalled:
        """What `query` brings back from `memory`."""
        worker = self._worker = self._worker or _Worker(self._make)
        found = worker.recall(memory, query)
        try:
            future = asyncio.run_coroutine_threadsafe(found, worker.loop)
        except RuntimeError:
            found.close()
            self._worker = None
            return Recalled(None, "its event loop has ended")
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            self._give_up(worker)
            return Recalled(None, f"nothing within {self._timeout:g} s")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not future.cancelled() or (task and task.cancelling()):
                raise
            return Recalled(None, "it cancelled itself")

    def _give_up(self, worker: _Worker) -> None:
        if self._worker is worker:
            self._worker = None
            worker.stop()

    def close(self) -> None:
        """Let the consolidator go of what it holds open; a thread that's blocked ends with the process."""
        if self._worker:
            self._worker.stop()
            self._worker.thread.join(_TIDY)


def _checked(found: object) -> Recalled:
    if not isinstance(found, str):
        return Recalled(None, f"a text was expected, this is {type(found).__name__}")
    if fault := text_fault(found):
        return Recalled(None, f"what came back has {fault}")
    if len(found) > MOST_CHARACTERS:
        return Recalled(None, f"{len(found):,} characters came back, at most {MOST_CHARACTERS:,} may")
    return Recalled(found)
