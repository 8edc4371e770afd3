"""What all families of one service share: a clock, ids, the model, the ledger, a lock."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from rembench.harness.fake.meter import Ledger
from rembench.harness.fake.speech import Model, plain_model

_START = datetime(2026, 11, 20, tzinfo=UTC)


T = TypeVar("T")


class Desk:
    """Shared by all families of one service; `lock` is held while a handler runs, unless its family is `open`.

    `stopping` is set when the service stops: what waits, waits on it.
    """

    def __init__(self, model: Model = plain_model) -> None:
        self.model = model
        self.ledger = Ledger()
        self.families: Iterable[Any] = ()
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self._ids: Counter[str] = Counter()
        self._shared: dict[type, Any] = {}
        self._ticks = 0
        self.elapsed = 0.0

    def new_id(self, prefix: str) -> str:
        """The next id with that prefix: msgbatch_0001."""
        with self.lock:
            self._ids[prefix] += 1
            return f"{prefix}_{self._ids[prefix]:04}"

    def shared(self, kind: type[T], make: Callable[[], T]) -> T:
        """The one object of that class that this service's families share, made by the first that asks."""
        with self.lock:
            if kind not in self._shared:
                self._shared[kind] = make()
            found: T = self._shared[kind]
            return found

    def now(self) -> str:
        """The time, which moves on by one second each time it's looked at: 2026-11-20T00:00:01Z."""
        with self.lock:
            self._ticks += 1
            return self.later()

    def later(self, **parts: float) -> str:
        """A time that far from now (as `timedelta` takes it), without the clock moving on."""
        with self.lock:
            seconds = self._ticks + self.elapsed
            return (_START + timedelta(seconds=seconds) + timedelta(**parts)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def advance(self, seconds: float) -> None:
        """Let time pass: what lives for a time (a prompt cache) grows older only by this."""
        with self.lock:
            self.elapsed += seconds

    def family(self, kind: type[T]) -> T:
        """The service's family of that class."""
        return next(family for family in self.families if isinstance(family, kind))
