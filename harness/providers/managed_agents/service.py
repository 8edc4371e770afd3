"""Anthropic's managed agents: stores, agents, environments, sessions and dreams, made, read and removed.

Nothing is made twice without anybody noticing: a create whose answer didn't come is looked for at the service
before it's sent again. What comes back are plain dictionaries, for the preview's shapes change.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from rembench.harness.errors import UserError, one_line
from rembench.harness.night import ProviderError
from rembench.harness.providers.claude.client import KEY_VARIABLE, UNREADABLE, access, connected
from rembench.harness.providers.limits import Gate, Limits
from rembench.harness.providers.tries import Caller, Trouble

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

Kind = Literal["dream", "memory_store", "session", "environment", "agent"]
Thing = dict[str, Any]
"""An object of the service as JSON."""

TAG = "rembench"
"""The key in the metadata of all that rembench makes there."""

_IN_FLIGHT = 8
_IN_DOUBT = frozenset({408, 409})
_BUSY = frozenset({400, 409})


class ServiceError(ProviderError):
    """The service failed or refused. `status` and `type` are the answer's, None where there was none."""

    def __init__(self, trouble: Trouble, error: Exception) -> None:
        super().__init__(trouble.message)
        status = getattr(error, "status_code", None)
        self.status: int | None = status if isinstance(status, int) else None
        self.type: str | None = getattr(error, "type", None)
        self.body: Any = getattr(error, "body", None)
        self.again = trouble.again and not (self.type or "").startswith("memory_")
        self.wait = trouble.wait

    @property
    def in_doubt(self) -> bool:
        """Whether the request may have been carried out all the same."""
        return self.status is None or not 400 <= self.status < 500 or self.status in _IN_DOUBT


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between two looks; before a second try, doubled for every further one; for one answer."""

    poll: float = 10.0
    pause: float = 1.0
    tries: int = 5
    answer: float = 120.0


class ManagedAgents:
    """A connection for one event loop, opened by the first request. `strict`: the SDK checks all replies."""

    def __init__(self, key: str, *, base_url: str = "", pace: Pace | None = None, strict: bool = False) -> None:
        import anthropic

        self.pace = pace or Pace()
        way = access(base_url or None, key)
        self.client: AsyncAnthropic = connected(way, self.pace.answer, strict=strict)
        gate = Gate(Limits(in_flight=_IN_FLIGHT))
        self._caller = Caller(sdk=anthropic, gate=gate, secrets=way.secrets)

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self.client.close()

    async def read(self, once: Callable[[], Awaitable[Any]]) -> Thing:
        """What a request brings that changes nothing, or does no harm when it's sent twice."""
        failed = 0
        while True:
            try:
                return _plain(await self._once(once))
            except ServiceError as error:
                failed += 1
                await self._before_next(error, failed)

    async def create(
        self, once: Callable[[], Awaitable[Any]], find: Callable[[], Awaitable[Thing | None]]
    ) -> Thing:
        """What a request brings that makes something; `find` looks whether it's there already."""
        failed = 0
        while True:
            try:
                made = _plain(await self._once(once))
            except ServiceError as error:
                failed += 1
                if error.in_doubt and (there := await find()):
                    return there
                await self._before_next(error, failed)
                continue
            if isinstance(made.get("id"), str):
                return made
            if there := await find():
                return there
            raise ProviderError(f"unreadable reply: {one_line(str(made), 200)}")

    async def items(self, first: Callable[[], Awaitable[Any]], most: int | None = None) -> AsyncIterator[Thing]:
        """The items of a list, over all its pages; at most so many."""
        page = await self._page(first)
        count = 0
        while True:
            for item in getattr(page, "data", None) or []:
                if most is not None and count >= most:
                    return
                count += 1
                yield _plain(item)
            if not page.has_next_page():
                return
            page = await self._page(page.get_next_page)

    async def _page(self, once: Callable[[], Awaitable[Any]]) -> Any:
        failed = 0
        while True:
            try:
                return await self._once(once)
            except ServiceError as error:
                failed += 1
                await self._before_next(error, failed)

    async def _once(self, once: Callable[[], Awaitable[Any]]) -> Any:
        gate = self._caller.gate
        async with gate.turn(0) as turn:
            try:
                brought = await once()
            except UNREADABLE as error:
                unread = Trouble(message=f"unreadable reply: {self._caller.line(error)}", again=True)
                raise ServiceError(unread, error) from None
            except Exception as error:
                trouble = self._caller.trouble(error)
                if trouble is None:
                    raise
                if trouble.too_much:
                    gate.slow_down(trouble.wait or self.pace.pause, turn)
                raise ServiceError(trouble, error) from None
            gate.went_well()
            return brought

    async def _before_next(self, error: ServiceError, failed: int) -> None:
        """Wait before the next try, or raise the error where there's to be none."""
        if not error.again or failed >= self.pace.tries:
            raise error
        wait = self.pace.pause * 2 ** (failed - 1) if error.wait is None else error.wait
        await asyncio.sleep(wait)

    async def things(self, kind: Kind, **filters: Any) -> AsyncIterator[Thing]:
        """All objects of a kind that the service lists."""
        beta = self.client.beta
        lists: dict[Kind, Any] = {
            "dream": beta.dreams, "memory_store": beta.memory_stores, "session": beta.sessions,
            "environment": beta.environments, "agent": beta.agents,
        }  # fmt: skip

        async def first() -> Any:
            return await lists[kind].list(**filters)

        async for thing in self.items(first):
            yield thing

    async def remove(self, kind: Kind, thing_id: str) -> None:
        """Take an object away, as far as the service can; it's no error where it's gone already."""
        beta = self.client.beta
        removals: dict[Kind, Callable[[], Awaitable[Any]]] = {
            "dream": lambda: beta.dreams.archive(thing_id),
            "memory_store": lambda: beta.memory_stores.delete(thing_id),
            "session": lambda: beta.sessions.delete(thing_id),
            "environment": lambda: beta.environments.delete(thing_id),
            "agent": lambda: beta.agents.archive(thing_id),
        }
        for left in reversed(range(self.pace.tries)):
            try:
                await self.read(removals[kind])
                return
            except ServiceError as error:
                if error.status == 404:
                    return
                if error.status not in _BUSY or not left:
                    raise
            if kind == "session":
                await self._interrupt(thing_id)
            await asyncio.sleep(self.pace.pause)

    async def stopped(self, dream_id: str) -> Thing | None:
        """The dream once it has ended, by being cancelled if need be; None where it's gone."""
        dreams = self.client.beta.dreams
        try:
            dream = await self.read(lambda: dreams.retrieve(dream_id))
            if not is_final(dream):
                await self._cancel(dream_id)
                await asyncio.sleep(self.pace.pause)  # it may still be naming its output
                dream = await self.read(lambda: dreams.retrieve(dream_id))
        except ServiceError as error:
            if error.status == 404:
                return None
            raise
        return dream

    async def _cancel(self, dream_id: str) -> None:
        try:
            await self.read(lambda: self.client.beta.dreams.cancel(dream_id))
        except ServiceError as error:
            if error.status != 400:  # 400: it ended first
                raise

    async def _interrupt(self, session_id: str) -> None:
        events = self.client.beta.sessions.events
        try:
            await self.read(lambda: events.send(session_id, events=[{"type": "user.interrupt"}]))
        except ServiceError:
            return  # the removal that's tried next says what's wrong


def key_for(where: str) -> str:
    """The key from the environment; UserError where there's none, or where the SDK isn't installed."""
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        raise UserError("no key", where=where, right=f"put it into the environment variable {KEY_VARIABLE}")
    if find_spec("anthropic") is None:
        raise UserError("anthropic isn't installed", where=where, right="pip install anthropic")
    return key


def is_final(dream: Thing) -> bool:
    """Whether a dream's status is one that doesn't change any more."""
    return dream.get("status") in ("completed", "failed", "canceled")


def input_stores(dream: Thing) -> list[str]:
    """The ids of the stores that a dream reads."""
    found = dream.get("inputs") or []
    return [str(entry["memory_store_id"]) for entry in found if entry.get("memory_store_id")]


def outputs(dream: Thing) -> list[str]:
    """The ids of the stores that a dream writes to."""
    found = dream.get("outputs") or []
    return [str(entry["memory_store_id"]) for entry in found if entry.get("memory_store_id")]


def _plain(reply: Any) -> Thing:
    """A reply as a dictionary; ProviderError where it's none."""
    to_dict = getattr(reply, "to_dict", None)
    if to_dict is not None:
        made: Thing = to_dict(mode="json", warnings=False)
        return made
    if isinstance(reply, dict):
        return reply
    raise ProviderError(f"unreadable reply: {one_line(str(reply), 200)}")
