"""What goes over the wire: a request as it was read, and the two kinds of reply."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rembench.harness.fake.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. `headers` have lower-case names; `body` is parsed JSON, bytes where it isn't, None if empty.

    `named` holds the parts of the path that the route's pattern names; `fault` is what was taken from the
    queue for it; `second` counts from the service's start.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    named: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None
    request_id: str = ""
    second: float = 0.0

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query key."""
        return next((value for key, value in self.query if key == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a query key, written `name=` or `name[]=`."""
        return tuple(value for key, value in self.query if key in (name, f"{name}[]"))

    @property
    def betas(self) -> tuple[str, ...]:
        """The names in `anthropic-beta`."""
        return tuple(name.strip() for name in self.headers.get("anthropic-beta", "").split(",") if name.strip())

    @property
    def key(self) -> str:
        """The key, as a bearer or in x-api-key; "" without one."""
        bearer = self.headers.get("authorization", "")
        return bearer[7:].strip() if bearer[:7].casefold() == "bearer " else self.headers.get("x-api-key", "")

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body where it's a JSON object, else an empty one."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole reply; a body that's neither text nor bytes is sent as JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One server-sent event; `data` is sent as JSON unless it's text."""

    data: Any
    event: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """A stream of server-sent events: a tuple has a content-length, an iterator's are sent as they come."""

    frames: Iterable[Frame]
    headers: Mapping[str, str] = field(default_factory=dict)


class RejectionError(Exception):
    """Raised by a handler: an error reply, in the shape of the family's service.

    `kind` None is the service's usual name for that status; `extra` goes into the error object.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.extra = extra
        self.headers: dict[str, str] = {}

    def but(self, **headers: str) -> "RejectionError":
        """The same with more headers; `_` in their names stands for `-`."""
        self.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self


def pieces(text: str, size: int) -> Iterator[str]:
    """`text` in pieces of at most `size` characters, as a stream brings it."""
    for start in range(0, len(text), size):
        yield text[start : start + size]
