"""The fake service: a context manager that serves families of routes on this machine."""

import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain, islice
from types import TracebackType
from typing import Self, TypeVar

from rembench.harness.fake.desk import Desk
from rembench.harness.fake.families import FAMILIES
from rembench.harness.fake.family import Family, Route, Switchboard, is_anthropic
from rembench.harness.fake.faults import Fault, Faults
from rembench.harness.fake.meter import Ledger
from rembench.harness.fake.record import Record
from rembench.harness.fake.server import Reply, Server
from rembench.harness.fake.shapes import Shape, error_body, error_type
from rembench.harness.fake.speech import Model, plain_model
from rembench.harness.fake.wire import Answer, Asked, Events, Frame, RejectionError

F = TypeVar("F", bound=Family)


class FakeService:
    """The services of Anthropic and OpenAI on a free port of this machine, while the `with` lasts.

    `families` replace those of the same class among the known ones; `only`: they're all there is. `model` is
    what every model says; it may be called from several threads. `keys` are the keys that are right, None for
    any. What goes wrong inside (a scripted model that raises) is a 500 for the client and is raised again
    where the `with` ends.
    """

    def __init__(
        self,
        *families: Family,
        model: Model = plain_model,
        keys: Collection[str] | None = None,
        only: bool = False,
    ) -> None:
        own = {type(family) for family in families}
        known = () if only else tuple(family() for family in FAMILIES if family not in own)
        self.families = families + known
        self.keys = None if keys is None else frozenset(keys)
        self.asked = Record()
        self.most_at_once = 0
        self.bugs: list[Exception] = []
        self._desk = Desk(model)
        self._faults = Faults()
        self._at_once = 0
        self._count = threading.Lock()
        self._desk.families = self.families
        for family in self.families:
            family.attach(self._desk)
        self._switchboard = Switchboard(self.families)
        self._server: Server | None = None
        self._start = 0.0

    def __enter__(self) -> Self:
        self._start = time.monotonic()
        self._server = Server(self._respond, self._desk.stopping)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server:
            self._server.stop()
        if not self.bugs:
            return
        if error is None:
            raise self.bugs[0]
        error.add_note(f"the fake service had a bug, or its script: {self.bugs[0]!r}")

    @property
    def url(self) -> str:
        """Where it is, without /v1: Anthropic's base_url. OpenAI's is `url + "/v1"`."""
        if self._server is None:
            raise RuntimeError("the fake service isn't started: use it in a with statement")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which both SDKs come here."""
        key = min(self.keys) if self.keys else "fake-key"
        here = "127.0.0.1,localhost"
        return {
            "ANTHROPIC_BASE_URL": self.url, "ANTHROPIC_API_KEY": key, "OPENAI_BASE_URL": f"{self.url}/v1",
            "OPENAI_API_KEY": key, "NO_PROXY": here, "no_proxy": here,
        }  # fmt: skip

    def family(self, kind: type[F]) -> F:
        """The family of that class, to look into its state."""
        return self._desk.family(kind)

    @property
    def billed(self) -> Ledger:
        """What every reply cost."""
        return self._desk.ledger

    def advance(self, seconds: float) -> None:
        """Let time pass for what lives for a time: the prompt cache."""
        self._desk.advance(seconds)

    def fail(self, place: str, *faults: Fault) -> None:
        """Let the next requests to `place` go wrong: "/v1/messages", "POST /v1/dreams", "/v1/dreams/{id}"."""
        self._faults.add(place, *faults)

    @property
    def faults_left(self) -> tuple[tuple[str, Fault], ...]:
        """Queued faults that no request has met."""
        return self._faults.left

    def _respond(self, asked: Asked) -> tuple[Asked, Reply | None]:
        with self._count:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        asked = replace(asked, request_id=self._desk.new_id("req"), second=time.monotonic() - self._start)
        try:
            return self._answer(asked)
        except Exception as error:  # noqa: BLE001  a bug of the script or of the fake: shown at the end
            self.bugs.append(error)
            rejection = RejectionError(500, f"the fake service has a bug: {error!r}").but(
                x_should_retry="false"
            )
            return asked, _rejected(asked, rejection, "anthropic" if is_anthropic(asked) else "openai")
        finally:
            with self._count:
                self._at_once -= 1

    def _answer(self, asked: Asked) -> tuple[Asked, Reply | None]:
        route: Route | None = None
        shape: Shape = "anthropic" if is_anthropic(asked) else "openai"
        try:
            route, named = self._switchboard.find(asked)
            shape = route.family.shape
            pattern: str | None = route.pattern
            asked = replace(asked, named=named)
            lost = None
        except RejectionError as error:
            pattern, lost = None, error
        asked = replace(asked, fault=self._faults.take(asked.method, asked.path, pattern))
        self.asked.add(asked)
        early = _instead(asked, shape)
        if early is not None:
            return asked, early
        if asked.fault and asked.fault.kind in ("drop", "stall") and asked.fault.after is None:
            return asked, None
        try:
            if route is None:
                raise lost or RejectionError(404, "no such route")
            route.family.admit(asked, self.keys)
            return asked, self._handled(route, asked)
        except RejectionError as error:
            return asked, _rejected(asked, error, shape)

    def _handled(self, route: Route, asked: Asked) -> Reply:
        fault = asked.fault
        if fault and fault.kind == "reply" and not route.family.bends:
            raise ValueError(f"{route.pattern} has no model behind it: it can't give a {fault.bend} reply")
        if route.family.open:
            reply = route.handler(asked)
        else:
            with self._desk.lock:
                reply = route.handler(asked)
        if fault and fault.kind == "frame":
            if isinstance(reply, Answer):
                self._desk.ledger.strike(asked.request_id)
            return _with_error_event(reply, asked, fault, route.family.shape)
        return reply


def _rejected(asked: Asked, error: RejectionError, shape: Shape) -> Answer:
    return Answer(status=error.status, body=error_body(shape, error, asked.request_id), headers=error.headers)


def _instead(asked: Asked, shape: Shape) -> Answer | None:
    fault = asked.fault
    if fault is None or fault.kind != "status":
        return None
    if fault.body is not None:
        return Answer(status=fault.status, body=fault.body, headers=fault.headers)
    error = RejectionError(fault.status, fault.message, kind=fault.error).but(**fault.headers)
    return _rejected(asked, error, shape)


def _with_error_event(reply: Reply, asked: Asked, fault: Fault, shape: Shape) -> Reply:
    kind = fault.error or error_type(shape, fault.status)
    error = RejectionError(fault.status, fault.message, kind=kind)
    if isinstance(reply, Answer):
        return _rejected(asked, error.but(retry_after_ms="1"), shape)
    frame = Frame(
        event="error" if shape == "anthropic" else None, data=error_body(shape, error, asked.request_id)
    )
    frames: Iterator[Frame] = chain(islice(reply.frames, fault.after), [frame])
    return Events(frames=tuple(frames) if isinstance(reply.frames, tuple) else frames, headers=reply.headers)
