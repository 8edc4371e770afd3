"""The first call with a prompt's beginning goes alone until its reply begins.

A service's prompt cache has a beginning from then on; of calls that are made at once, each would write it and
pay for that.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class FirstAlone:
    """Lets calls through that share a beginning. `seconds`: how long the cache keeps it. For one event loop."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _used: dict[str, float] = field(default_factory=dict, init=False)
    _alone: dict[str, asyncio.Event] = field(default_factory=dict, init=False)

    @asynccontextmanager
    async def turn(self, beginning: str) -> AsyncIterator[Callable[[], None]]:
        """Wait while another call with this beginning is alone; nobody waits for an empty one.

        What's given is to be called as the reply begins. Where that doesn't happen, the next one goes alone.
        """
        while (alone := self._alone.get(beginning)) is not None:
            await alone.wait()
        leading: asyncio.Event | None = None
        if beginning and not self._is_kept(beginning):
            leading = self._alone[beginning] = asyncio.Event()

        def begun() -> None:
            self._used[beginning] = self.clock()
            if leading is not None:
                self._over(beginning, leading)

        try:
            yield begun
        finally:
            if leading is not None:
                self._over(beginning, leading)

    def _is_kept(self, beginning: str) -> bool:
        used = self._used.get(beginning)
        return used is not None and self.clock() - used < self.seconds

    def _over(self, beginning: str, leading: asyncio.Event) -> None:
        """Nobody is alone any more, if it was this one."""
        if self._alone.get(beginning) is leading:
            del self._alone[beginning]
        leading.set()
