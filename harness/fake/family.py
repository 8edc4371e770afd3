"""A family of routes of one service, and the rules that hold for all of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rembench.harness.fake.desk import Desk
from rembench.harness.fake.shapes import Shape
from rembench.harness.fake.wire import Answer, Asked, Events, RejectionError

Handler = Callable[[Asked], Answer | Events]
_ANTHROPIC_HEADERS = ("anthropic-version", "x-api-key")


class Family:
    """Subclass this: `routes` says what's served, a handler answers or raises `RejectionError`.

    The rules are class attributes. The service calls `attach` before the first request.
    """

    shape: Shape = "anthropic"
    """In which shape errors are written, and which of two families has a path that both serve."""
    beta: ClassVar[str | None] = None
    """The name that every request must have in `anthropic-beta`."""
    never_with: ClassVar[tuple[str, ...]] = ()
    """Names that no request may have in `anthropic-beta`."""
    keyless: ClassVar[bool] = False
    """Requests need no key."""
    bends: ClassVar[bool] = False
    """The handlers honour the faults of a reply (`asked.fault`)."""
    open: ClassVar[bool] = False
    """The handlers take care of the desk's lock themselves; else they're run one at a time."""

    desk: Desk

    def attach(self, desk: Desk) -> None:
        """Take the service's desk."""
        self.desk = desk

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """(method, pattern) → handler; `{name}` in a pattern is one part of the path, in `asked.named`."""
        raise NotImplementedError

    def admit(self, asked: Asked, keys: frozenset[str] | None) -> None:
        """Raise RejectionError for a request without a right key or without the right beta names."""
        if not self.keyless:
            self._check_key(asked, keys)
        if self.shape == "anthropic" and "anthropic-version" not in asked.headers:
            raise RejectionError(400, "anthropic-version: header is required")
        if self.beta and self.beta not in asked.betas:
            raise RejectionError(400, f"this endpoint needs the header anthropic-beta: {self.beta}")
        for name in self.never_with:
            if name in asked.betas:
                raise RejectionError(400, f"anthropic-beta: {name} can't be combined with this endpoint")

    def _check_key(self, asked: Asked, keys: frozenset[str] | None) -> None:
        if keys is None:
            if self.shape == "anthropic" and not asked.key:
                raise RejectionError(401, "no key: send Authorization: Bearer or x-api-key")
        elif asked.key not in keys:
            raise RejectionError(401, "invalid bearer token" if asked.key else "no key")


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of a family's table."""

    family: Family
    method: str
    pattern: str
    handler: Handler

    def match(self, path: str) -> dict[str, str] | None:
        """The named parts of `path`, None where the pattern doesn't fit."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern), path)
        return found.groupdict() if found else None


class Switchboard:
    """Finds the route of a request."""

    def __init__(self, families: tuple[Family, ...]) -> None:
        self._routes = [
            Route(family, method, pattern, handler)
            for family in families
            for (method, pattern), handler in family.routes().items()
        ]
        self._routes.sort(key=lambda route: "{" in route.pattern)  # a literal path goes before a pattern

    def find(self, asked: Asked) -> tuple[Route, dict[str, str]]:
        """The route for a request and the named parts of its path; RejectionError 404 or 405."""
        fits = [(route, named) for route in self._routes if (named := route.match(asked.path)) is not None]
        right = [(route, named) for route, named in fits if route.method == asked.method]
        if not right:
            raise RejectionError(405 if fits else 404, f"no such route: {asked.method} {asked.path}")
        wanted = [
            (route, named)
            for route, named in right
            if (route.family.shape == "anthropic") == is_anthropic(asked)
        ]
        return (wanted or right)[0]


def is_anthropic(asked: Asked) -> bool:
    """Whether a request is made as Anthropic's clients make it."""
    return any(name in asked.headers for name in _ANTHROPIC_HEADERS)
