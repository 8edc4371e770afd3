"""A host runs one consolidator: in a thread of its own, with one event loop for all of its chains.

A night's clock starts when its coroutine does. One that overstays is cancelled; if it doesn't even let its
loop go on (a busy loop, time.sleep), the thread is given up and a fresh one serves the other chains: those
that were caught in it are run once more.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from rembench.harness.engine.failures import NightTimeoutError
from rembench.harness.night import Closer, Consolidator, Night

_ANSWER = 1.0  # seconds within which a loop that isn't blocked answers
_TRIES = 3
_TIDY = 120.0  # seconds for what's cancelled to clear up, and for the consolidator to close
TIMEOUT = 900.0
"""Seconds that a night may take where neither the user nor the consolidator says."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a night: what was returned, or raised, as a value; and its own time in seconds."""

    result: object
    seconds: float


class _Worker:
    """A thread with an event loop and one instance of the consolidator."""

    def __init__(self, make: Callable[[], Consolidator]) -> None:
        self.consolidator = make()
        self.loop = asyncio.new_event_loop()
        self.given_up = asyncio.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="consolidator", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self._ending:  # a consolidator may stop the loop, or exit in a task of its own
            with contextlib.suppress(SystemExit, KeyboardInterrupt):
                self.loop.run_forever()
        pending = asyncio.all_tasks(self.loop)
        for task in pending:
            task.cancel()
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            self.loop.run_until_complete(self._tidy(pending))
        self.loop.close()

    async def _tidy(self, pending: "set[asyncio.Task[Any]]") -> None:
        """Wait for what was cancelled, then let the consolidator close."""
        if pending:
            await asyncio.wait(pending, timeout=_TIDY)
        if isinstance(self.consolidator, Closer):
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_TIDY):
                    await self.consolidator.aclose()

    def start(self, night: Night) -> "tuple[Future[None], Future[Outcome]]":
        """Two futures: the night has begun or was cancelled; what it returned, an exception as a value."""
        begun: Future[None] = Future()
        result = asyncio.run_coroutine_threadsafe(self._call(night, begun), self.loop)
        result.add_done_callback(lambda _: None if begun.done() else begun.set_result(None))
        return begun, result

    async def _call(self, night: Night, begun: "Future[None]") -> Outcome:
        begun.set_result(None)
        start = time.perf_counter()
        try:
            result: object = await self.consolidator.consolidate(night)
        except BaseException as error:  # noqa: BLE001 - a Failure, or unread if it's we who cancelled
            result = error
        return Outcome(result, time.perf_counter() - start)

    async def is_blocked(self) -> bool:
        """Whether the loop doesn't answer."""
        answer = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop)
        done, _ = await asyncio.wait({asyncio.wrap_future(answer)}, timeout=_ANSWER)
        return not done

    def give_up(self) -> None:
        """Its nights are run elsewhere: once its loop goes on, they end here."""
        self.given_up.set()
        self.loop.call_soon_threadsafe(self._cancel_all)

    def _cancel_all(self) -> None:
        for task in asyncio.all_tasks(self.loop):
            task.cancel()

    def stop(self) -> None:
        """Cancel what's running, let it clear up, end the loop; a blocked thread is left to the process."""
        self._ending = True
        answered = threading.Event()
        self.loop.call_soon_threadsafe(answered.set)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(2 * _TIDY if answered.wait(_ANSWER) else 0)


class Host:
    """Runs the nights of one consolidator, each at most `timeout` seconds; None for its own patience."""

    def __init__(self, make: Callable[[], Consolidator], timeout: float | None) -> None:
        self._make = make
        self._worker = _Worker(make)
        self._timeout = timeout or self._worker.consolidator.capabilities.patience or TIMEOUT

    async def consolidate(self, night: Night) -> Outcome:
        """What the consolidator returned, or the exception that it raised, with the time it took."""
        for _ in range(_TRIES):
            worker = self._worker
            begun, result = worker.start(night)
            if not await self._wait(worker, begun, None):
                continue
            if await self._wait(worker, result, self._timeout):
                if result.cancelled():  # by another night, before it began
                    continue
                return result.result()
            if worker.given_up.is_set():
                continue
            result.cancel()
            await self._replace_if_blocked(worker)
            return Outcome(NightTimeoutError(f"longer than {self._timeout:g} s"), self._timeout)
        return Outcome(NightTimeoutError("three times blocked or cancelled by other nights"), 0.0)

    @staticmethod
    async def _wait(worker: _Worker, future: "Future[Any]", limit: float | None) -> bool:
        """Whether the future is done before the limit and before its worker is given up."""
        wanted = asyncio.ensure_future(asyncio.wrap_future(future))
        given_up = asyncio.ensure_future(worker.given_up.wait())
        await asyncio.wait({wanted, given_up}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        given_up.cancel()
        return future.done()

    async def _replace_if_blocked(self, worker: _Worker) -> None:
        if worker is self._worker and await worker.is_blocked() and worker is self._worker:
            self._worker = _Worker(self._make)
            worker.give_up()

    def close(self) -> None:
        """Stop the loop; a thread that's blocked ends with the process."""
        self._worker.stop()
