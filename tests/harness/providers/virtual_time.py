"""An event loop in which nobody waits: where all sleep, the clock jumps to when the first wakes."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_THREADS = 0.002  # seconds in which what other threads do comes to an end before the clock jumps
_PATIENCE = 20.0


class StuckError(AssertionError):
    """Everybody waits, and nobody for a time."""


class _Jumping(selectors.SelectSelector):
    now = 0.0

    def select(self, timeout=None):
        if timeout is not None and timeout <= 0:
            return super().select(0)
        found = super().select(_THREADS if timeout is not None else _PATIENCE)
        if not found and timeout is None:
            raise StuckError
        if not found:
            self.now += timeout
        return found


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Jumping()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(coroutine)


def now() -> float:
    """Seconds since the loop began."""
    return asyncio.get_running_loop().time()
