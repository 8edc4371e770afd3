"""What can go wrong, queued by route: each request takes the next fault that was meant for it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["status", "drop", "stall", "cut", "frame", "reply"]
Bend = Literal["truncated", "refused", "wrong_case", "chatty", "empty", "no_usage"]
_AGAIN = frozenset({408, 409, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong once; made by the methods below.

    Those of the connection and of the status replace the reply (nothing is billed, except where a reply
    had begun); those of the reply (`truncated` and so on) are honoured by the routes behind which a model is.
    """

    kind: Kind
    status: int = 0
    message: str = ""
    error: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    after: int | None = None
    seconds: float = 0.0
    clean: bool = False
    bend: Bend | None = None

    @classmethod
    def answer(
        cls,
        status: int,
        message: str = "as scripted",
        *,
        body: Any = None,
        retry: bool | None = None,
        **headers: str,
    ) -> "Fault":
        """An error status. `body` None: the service's own shape around `message`. `retry`: x-should-retry.

        Headers by keyword, `_` for `-`. Where a client tries again it's told to wait 1 ms, unless
        `retry_after_ms` or `retry_after` is given.
        """
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if (status in _AGAIN or status >= 500) and not {"retry-after", "retry-after-ms"} & sent.keys():
            sent["retry-after-ms"] = "1"
        if retry is not None:
            sent["x-should-retry"] = str(retry).lower()
        return cls(kind="status", status=status, message=message, body=body, headers=sent)

    @classmethod
    def rate_limited(cls, retry_after_ms: int = 1) -> "Fault":
        """429 that says how long to wait."""
        return cls.answer(429, "rate limit reached", retry_after_ms=str(retry_after_ms))

    @classmethod
    def overloaded(cls) -> "Fault":
        """529."""
        return cls.answer(529, "overloaded")

    @classmethod
    def broken(cls) -> "Fault":
        """500."""
        return cls.answer(500, "internal server error")

    @classmethod
    def conflict(cls, *, retry: bool | None = None) -> "Fault":
        """409; `retry` False adds x-should-retry: false."""
        return cls.answer(409, "conflict", retry=retry)

    @classmethod
    def dropped(cls, after: int | None = None) -> "Fault":
        """The connection is closed: before any work, or after that many bytes of the reply's body.

        `after` 0: the work is done and billed, and the client never hears of it.
        """
        return cls(kind="drop", after=after)

    @classmethod
    def stalled(cls, seconds: float = 60.0, after: int | None = None) -> "Fault":
        """Nothing comes for that long, then the connection is closed; of a stream, after that many events."""
        return cls(kind="stall", seconds=seconds, after=after)

    @classmethod
    def cut(cls, after: int = 2, *, clean: bool = False) -> "Fault":
        """A stream whose connection is closed after that many events; `clean`: as if that were all of it.

        A reply that isn't a stream is cut in the middle of its body.
        """
        return cls(kind="cut", after=after, clean=clean)

    @classmethod
    def error_event(
        cls,
        after: int = 2,
        *,
        status: int = 529,
        error: str | None = None,
        message: str = "as scripted",
    ) -> "Fault":
        """An `error` event in a stream after that many events, with the error type of that status or `error`.

        A reply that isn't a stream is that status instead.
        """
        return cls(kind="frame", after=after, status=status, error=error, message=message)

    @classmethod
    def truncated(cls) -> "Fault":
        """The model's answer ends half-way: stop_reason max_tokens, finish_reason length."""
        return cls(kind="reply", bend="truncated")

    @classmethod
    def refused(cls, after_text: str = "") -> "Fault":
        """The model refuses, having said `after_text`: stop_reason refusal or finish_reason content_filter."""
        return cls(kind="reply", bend="refused", message=after_text)

    @classmethod
    def wrong_case(cls) -> "Fault":
        """The answer's enum values have the wrong letter case."""
        return cls(kind="reply", bend="wrong_case")

    @classmethod
    def chatty(cls) -> "Fault":
        """The answer has talk and a code fence around it."""
        return cls(kind="reply", bend="chatty")

    @classmethod
    def empty(cls) -> "Fault":
        """The answer is no text at all."""
        return cls(kind="reply", bend="empty")

    @classmethod
    def no_usage(cls) -> "Fault":
        """The reply's `usage` is null. (It's billed all the same.)"""
        return cls(kind="reply", bend="no_usage")


class Faults:
    """The queue. A place is a path, a route's pattern ("/v1/dreams/{id}"), either after a method, or "*"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, Fault]] = []

    def add(self, place: str, *faults: Fault) -> None:
        """Queue `faults` for the next requests to `place`."""
        with self._lock:
            self._waiting += [(place, fault) for fault in faults]

    def take(self, method: str, path: str, pattern: str | None) -> Fault | None:
        """The first fault that's meant for such a request, out of the queue."""
        places = {"*", path, f"{method} {path}"}
        if pattern:
            places |= {pattern, f"{method} {pattern}"}
        with self._lock:
            for i, (place, fault) in enumerate(self._waiting):
                if place in places:
                    del self._waiting[i]
                    return fault
        return None

    @property
    def left(self) -> tuple[tuple[str, Fault], ...]:
        """Those that no request has taken yet."""
        with self._lock:
            return tuple(self._waiting)
