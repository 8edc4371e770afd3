"""How fast a service is asked: calls in flight, requests and tokens a minute, slower where it says so."""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Calls in flight at a time; requests and tokens in any 60 seconds, None for no limit."""

    in_flight: int = 8
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(slots=True, eq=False)
class Turn:
    """One call that was let through; `tokens` may be set to what it really took."""

    at: float
    tokens: int


@dataclass(slots=True)
class Gate:
    """Lets calls through one after the other, in the order in which they came. For one event loop.

    "Too many requests" halves the calls in flight, once for all calls that were let through before, and holds
    everybody for as long as the service asks; each success lets them grow again, by one a round.
    """

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _window: float = field(init=False)
    _flying: int = field(default=0, init=False)
    _open_at: float = field(default=-math.inf, init=False)
    _slowed_at: float = field(default=-math.inf, init=False)
    _turns: deque[Turn] = field(default_factory=deque, init=False)
    _door: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _freed: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        self._window = float(self.limits.in_flight)

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Turn]:
        """Wait for a call's turn; `tokens` is what it's thought to take."""
        async with self._door:
            while wait := self._wait(tokens):
                self._freed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._freed.wait(), wait)
            turn = Turn(self.clock(), tokens)
            self._turns.append(turn)
            self._flying += 1
        try:
            yield turn
        finally:
            self._flying -= 1
            self._freed.set()

    def slow_down(self, seconds: float, turn: Turn | None = None) -> None:
        """The service said of a call that it's too much: half as many at a time, none for `seconds`."""
        now = self.clock()
        if turn is None or turn.at > self._slowed_at:
            self._window = max(1.0, self._window / 2)
            self._slowed_at = now
        self._open_at = max(self._open_at, now + seconds)

    def withdraw(self, turn: Turn) -> None:
        """A call that was let through wasn't made."""
        self._turns.remove(turn)

    def went_well(self) -> None:
        """A call succeeded."""
        self._window = min(float(self.limits.in_flight), self._window + 1 / self._window)

    def _wait(self, tokens: int) -> float:
        """Seconds until it's worth looking again, 0 to go through."""
        now = self.clock()
        while self._turns and self._turns[0].at <= now - _MINUTE:
            self._turns.popleft()
        if self._flying >= int(self._window):
            return _MINUTE
        if now < self._open_at:
            return self._open_at - now
        if self._is_full(tokens) and self._turns:
            return max(self._turns[0].at + _MINUTE - now, 0.001)
        return 0.0

    def _is_full(self, tokens: int) -> bool:
        """Whether one more call would pass a limit of the last minute."""
        requests, most = self.limits.requests_per_minute, self.limits.tokens_per_minute
        taken = sum(turn.tokens for turn in self._turns)
        return (requests is not None and len(self._turns) >= requests) or (
            most is not None and taken + tokens > most
        )
