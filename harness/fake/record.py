"""The record of all that was asked."""

import threading
from collections.abc import Iterator
from typing import Any

from rembench.harness.fake.wire import Asked


class Record:
    """Every request in the order in which it came, also those that got an error. Safe to read while it grows.

    A place is a path, or a method and a path: "/v1/messages", "DELETE /v1/memory_stores/memstore_1". A path
    that ends in "/" stands for all under it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: list[Asked] = []

    def add(self, asked: Asked) -> None:
        """Record a request."""
        with self._lock:
            self._all.append(asked)

    def clear(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self._all.clear()

    def to(self, place: str) -> tuple[Asked, ...]:
        """The requests to a place."""
        method, space, path = place.rpartition(" ")
        return tuple(
            asked
            for asked in self
            if (not space or asked.method == method)
            and (asked.path.startswith(path) if path.endswith("/") else asked.path == path)
        )

    def bodies(self, place: str) -> tuple[Any, ...]:
        """The bodies of the requests to a place."""
        return tuple(asked.body for asked in self.to(place))

    @property
    def paths(self) -> tuple[str, ...]:
        """Method and path of every request: "POST /v1/messages"."""
        return tuple(f"{asked.method} {asked.path}" for asked in self)

    @property
    def last(self) -> Asked:
        """The newest request."""
        return self[-1]

    def __iter__(self) -> Iterator[Asked]:
        with self._lock:
            return iter(tuple(self._all))

    def __len__(self) -> int:
        with self._lock:
            return len(self._all)

    def __getitem__(self, index: int) -> Asked:
        with self._lock:
            return self._all[index]
