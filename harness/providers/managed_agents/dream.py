"""One dream: asked for once, waited for to its end, and what it did, line by line."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.night import ProviderError
from rembench.harness.providers.managed_agents.belongings import Belongings
from rembench.harness.providers.managed_agents.service import (
    ManagedAgents,
    ServiceError,
    Thing,
    is_final,
    outputs,
)

MOST_SESSIONS = 100
MOST_CHARACTERS = 4096
"""Of a dream's instructions."""

_MOST_LINES, _LINE = 300, 240
_TOLD = ("input", "model_usage", "stop_reason", "error")  # of an event, beside its text
_MOST_MISSES = 30  # looks in a row that fail before the dream is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a dream is asked to do."""

    model: str
    instructions: str
    store: str
    sessions: Sequence[str]


async def check_enabled(service: ManagedAgents) -> None:
    """ProviderError, one line, where this key has no access to the preview."""
    dreams = service.client.beta.dreams
    try:
        await service.read(lambda: dreams.list(limit=1))
    except ServiceError as error:
        if error.status in (400, 403, 404):
            raise ProviderError(f"Dreams aren't enabled for this key: {error}") from None
        raise


async def ask_for(service: ManagedAgents, own: Belongings, order: Order) -> str:
    """The id of the dream, which is noted when this returns."""
    dreams = service.client.beta.dreams
    inputs: list[Any] = [
        {"type": "memory_store", "memory_store_id": order.store},
        {"type": "sessions", "session_ids": list(order.sessions)},
    ]
    return await own.make(
        "dream",
        "dream",
        lambda: dreams.create(inputs=inputs, model=order.model, instructions=order.instructions),
        own.dream,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Looks at a dream until it's over, or for `most_wait` seconds."""

    service: ManagedAgents
    belongings: Belongings
    most_wait: float

    async def end_of(self, dream_id: str) -> Thing:
        """The dream, over; its output stores are noted as soon as it names them."""
        end = time.monotonic() + self.most_wait
        misses = 0
        while True:
            try:
                dream = await self._look(dream_id)
                misses = 0
                self.belongings.note_outputs(dream)
                if is_final(dream):
                    return dream
            except ServiceError as error:
                misses += 1
                if not error.again or misses >= _MOST_MISSES:
                    raise
            if time.monotonic() > end:
                raise ProviderError(f"dream {dream_id} isn't over after {self.most_wait:g} s")
            await asyncio.sleep(self.service.pace.poll)

    async def _look(self, dream_id: str) -> Thing:
        dreams = self.service.client.beta.dreams
        return await self.service.read(lambda: dreams.retrieve(dream_id))


def output_of(dream: Thing) -> str:
    """The store that a dream has completed; ProviderError for one that failed, or was canceled, or has none."""
    name, status = dream.get("id"), dream.get("status")
    if status == "completed":
        if found := outputs(dream):
            return found[0]
        raise ProviderError(f"dream {name} is completed, but names no output")
    error = dream.get("error") or {}
    why = f": {error.get('type')}: {error.get('message')}" if error else ""
    raise ProviderError(one_line(f"dream {name} {status}{why}", 280))


async def events_of(service: ManagedAgents, session_id: str) -> list[str]:
    """What happened in a session, a line an event; at most 300."""
    events = service.client.beta.sessions.events

    async def first() -> Any:
        return await events.list(session_id, order="asc")

    lines: list[str] = []
    try:
        lines += [_line(event) async for event in service.items(first, most=_MOST_LINES + 1)]
    except ProviderError as error:
        lines.append(f"events of {session_id} can't be read: {error}")
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = ["and further events"]
    return lines


def _line(event: Thing) -> str:
    kind = str(event.get("type"))
    said = [str(block.get("text") or "") for block in event.get("content") or [] if isinstance(block, dict)]
    more = [json.dumps(event[name], ensure_ascii=False) for name in _TOLD if event.get(name)]
    return one_line(" ".join(filter(None, [kind, str(event.get("name") or ""), *more, *said])), _LINE)
