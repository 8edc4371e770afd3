"""What all families of one service share: a clock, ids, the model, the ledger, a lock."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

_START = datetime(2026, 11, 20, tzinfo=UTC)


class Desk:
    """Shared by all families of one service; `lock` is held while a handler runs, unless its family is `open`.

    `stopping` is set when the service stops: what waits, waits on it.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self._ids: Counter[str] = Counter()
        self._ticks = 0

    def new_id(self, prefix: str) -> str:
        """The next id with that prefix: msgbatch_0001."""
        with self.lock:
            self._ids[prefix] += 1
            return f"{prefix}_{self._ids[prefix]:04}"

    def now(self) -> str:
        """The time, which moves on by one second each time it's looked at: 2026-11-20T00:00:01Z."""
        with self.lock:
            self._ticks += 1
            return (_START + timedelta(seconds=self._ticks)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def later(self, **parts: float) -> str:
        """A time that far from now (as `timedelta` takes it), without the clock moving on."""
        with self.lock:
            return (_START + timedelta(seconds=self._ticks) + timedelta(**parts)).strftime("%Y-%m-%dT%H:%M:%SZ")
