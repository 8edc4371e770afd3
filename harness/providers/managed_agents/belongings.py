"""What one night has at the service: noted as it comes to be, found again after a crash, and removed.

The night's ledger has a note "left:KIND:ID" for every object, with its role; the metadata of each, where it
can have some, names chain, night, try and role, so that it's found though the note wasn't written any more.
"""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.night import Ledger, Night, ProviderError
from rembench.harness.providers.managed_agents.service import (
    TAG,
    Kind,
    ManagedAgents,
    Thing,
    input_stores,
    outputs,
)

LEFT = "left:"
_TAGGED: tuple[Kind, ...] = ("agent", "environment", "memory_store", "session")
_ORDER = ("dream", "output store", "session", "input store", "environment", "agent")
_CHUNK = 12_000  # characters of a note
_MOST_CHUNKS = 100


class Belongings:
    """Begin with `begin`; `has` and `make` are by role ("agent", "session 3"); end with `clear`."""

    def __init__(self, service: ManagedAgents, night: Night) -> None:
        self.service = service
        self._ledger: Ledger = night.ledger
        self._night = night
        self._try = ""
        self._roles: dict[str, tuple[Kind, str]] = {}
        self._doubtful = False

    async def begin(self) -> bool:
        """Whether there was a try before this one; what it has left is this one's then."""
        notes = self._ledger.read()
        if begun := notes.get("begun"):
            self._try = begun
            for (kind, thing_id), about in left(notes).items():
                if about.get("try") == self._try:
                    self._roles[about.get("as", thing_id)] = (kind, thing_id)
            if self.has("dream"):
                self._doubtful = True  # what isn't noted is looked for at the end: the dream goes first
            else:
                await self._adopt()
            return True
        self._try = secrets.token_hex(8)
        self._ledger.write("begun", self._try)
        return False

    def tags(self, role: str) -> dict[str, str]:
        """The metadata of an object in that role."""
        about = {TAG: "claude-dreams", "chain": self._night.chain, "night": self._night.id}
        return {key: value[:500] for key, value in {**about, "try": self._try, "as": role}.items()}

    def has(self, role: str) -> str | None:
        """The id of what's in that role."""
        found = self._roles.get(role)
        return found[1] if found else None

    def with_role(self, prefix: str) -> dict[str, str]:
        """Role → id of all whose role begins so."""
        return {role: found[1] for role, found in self._roles.items() if role.startswith(prefix)}

    async def make(
        self,
        kind: Kind,
        role: str,
        once: Callable[[], Awaitable[Any]],
        find: Callable[[], Awaitable[Thing | None]] | None = None,
    ) -> str:
        """The id of what's in that role, made if nothing is yet."""
        if there := self.has(role):
            return there
        self._doubtful = True  # until it's noted, also where this is cancelled
        made = await self.service.create(once, find or (lambda: self._find(kind, role)))
        self.note(kind, role, made)
        self._doubtful = False
        return str(made["id"])

    def note(self, kind: Kind, role: str, thing: Thing) -> None:
        """Note something that's there, at once and on the disk."""
        thing_id, at = str(thing["id"]), str(thing.get("created_at") or datetime.now(UTC).isoformat())
        if (kind, thing_id) not in self._roles.values():
            self._ledger.write(f"{LEFT}{kind}:{thing_id}", json.dumps({"as": role, "at": at, "try": self._try}))
            self._roles[role] = (kind, thing_id)

    def note_outputs(self, dream: Thing) -> None:
        """Note the stores that a dream writes to."""
        for number, store in enumerate(outputs(dream)):
            self.note("memory_store", "output store" + (f" {number}" if number else ""), {"id": store})

    def mark(self, key: str) -> None:
        """Note that something is done."""
        if self._try:
            self._ledger.write(key, "yes")

    def marked(self, key: str) -> bool:
        """Whether that was noted."""
        return key in self._ledger.read()

    async def _find(self, kind: Kind, role: str) -> Thing | None:
        async for thing in self._mine(kind):
            if thing["metadata"].get("as") == role:
                return thing
        return None

    async def dream(self) -> Thing | None:
        """The dream over this night's store, as the service lists it: a dream has no metadata."""
        store = self.has("input store")
        if store:
            async for dream in self.service.things("dream"):
                if store in input_stores(dream):
                    return dream
        return None

    async def _mine(self, kind: Kind) -> AsyncIterator[Thing]:
        filters = {}
        if kind == "session":
            if not (agent := self.has("agent")):
                return
            filters["agent_id"] = agent
        async for thing in self.service.things(kind, **filters):
            if (thing.get("metadata") or {}).get("try") == self._try:
                yield thing

    async def _adopt(self) -> None:
        """Note what was made in this try's name and isn't noted."""
        for kind in _TAGGED:
            async for thing in self._mine(kind):
                self.note(kind, thing["metadata"].get("as") or thing["id"], thing)
        if not self.has("dream") and (dream := await self.dream()):
            self.note("dream", "dream", dream)

    def keep(self, result: Mapping[str, Any]) -> None:
        """Note the night's result, so that it isn't lost with the process; not where it's very long."""
        text = json.dumps(result)
        chunks = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
        if len(chunks) > _MOST_CHUNKS:
            return
        for number, chunk in enumerate(chunks):
            self._ledger.write(f"result:{number}", chunk)
        self._ledger.write("result", f"{len(chunks)} {_digest(text)}")

    def kept(self) -> Mapping[str, Any] | None:
        """The result that was noted; None where there's none, or not the whole of it."""
        notes = self._ledger.read()
        count, _, digest = notes.get("result", "").partition(" ")
        if not count:
            return None
        text = "".join(notes.get(f"result:{number}", "") for number in range(int(count)))
        if _digest(text) != digest:
            return None
        found: Mapping[str, Any] = json.loads(text)
        return found

    async def clear(self) -> list[str]:
        """Remove all; a line for everything that couldn't be. What's left stays noted."""
        trouble: list[str] = []
        if self._doubtful:
            try:
                await self._adopt()
            except ProviderError as error:
                trouble.append(f"left behind: perhaps something unknown: {error}")
        for role in self._in_order():
            if role in self._roles:  # an output store goes with its dream
                trouble += await self._remove(role)
        for key in self._ledger.read():
            if not key.startswith((LEFT, "result")):
                self._ledger.write(key, "")
        self._doubtful = False
        return trouble

    def _in_order(self) -> list[str]:
        """Roles in the order in which what's in them is removed; the dream's may add others."""
        places = {
            role: next(n for n, o in enumerate((*_ORDER, "")) if role.startswith(o)) for role in self._roles
        }
        return sorted(places, key=lambda role: places[role])

    async def _remove(self, role: str) -> list[str]:
        kind, thing_id = self._roles[role]
        try:
            if kind == "dream":
                dream = await self.service.stopped(thing_id)
                trouble = await self._remove_outputs(dream) if dream else []
            else:
                trouble = []
            await self.service.remove(kind, thing_id)
        except ProviderError as error:
            return [one_line(f"left behind: {kind} {thing_id}: {error}", 300)]
        self._ledger.write(f"{LEFT}{kind}:{thing_id}", "")
        del self._roles[role]
        return trouble

    async def _remove_outputs(self, dream: Thing) -> list[str]:
        self.note_outputs(dream)
        return [line for role in self.with_role("output store") for line in await self._remove(role)]


def left(notes: Mapping[str, str]) -> dict[tuple[Kind, str], dict[str, str]]:
    """What a night's notes name as left at the service: kind and id → its role (as), time (at) and try."""
    found: dict[tuple[Kind, str], dict[str, str]] = {}
    for key, value in notes.items():
        sort, _, thing_id = key.removeprefix(LEFT).partition(":")
        for kind in ("dream", *_TAGGED) if key.startswith(LEFT) else ():
            if kind == sort:
                found[kind, thing_id] = _note(value)
    return found


def _note(value: str) -> dict[str, str]:
    try:
        found = json.loads(value)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
