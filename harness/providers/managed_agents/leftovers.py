"""What nights have left at Anthropic's service: from the ledgers of runs, and from the service itself.

A night removes all that it made. What it couldn't remove, or what was left where the process was killed, is in
its ledger and has its tag at the service. What a run that's still going on has there looks the same: it's
listed too, with the time when it was made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rembench.harness.errors import one_line
from rembench.harness.night import ProviderError
from rembench.harness.providers.managed_agents.belongings import left
from rembench.harness.providers.managed_agents.service import (
    TAG,
    Kind,
    ManagedAgents,
    Thing,
    input_stores,
    outputs,
)

_ORDER: tuple[Kind, ...] = ("dream", "session", "memory_store", "environment", "agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Something at the service. `place` says which run, chain and night it belongs to, `role` what it was."""

    kind: Kind
    id: str
    role: str = ""
    created_at: str = ""
    place: str = ""

    @property
    def line(self) -> str:
        """All of it on one line."""
        at = f"made {self.created_at}" if self.created_at else ""
        return one_line(", ".join(filter(None, [f"{self.kind} {self.id}", self.role, at, self.place])))


@dataclass(frozen=True, slots=True)
class Removal:
    """What came of removing a leftover: `trouble` is why it's still there, None where it's gone."""

    leftover: Leftover
    trouble: str | None


def noted(ledgers: Mapping[str, Mapping[str, str]]) -> tuple[Leftover, ...]:
    """What ledgers name as left; a ledger is the notes of a night by a text that says which night it is."""
    return _sorted(
        Leftover(kind=kind, id=name, role=about.get("as", ""), created_at=about.get("at", ""), place=place)
        for place, notes in ledgers.items()
        for (kind, name), about in left(notes).items()
    )


async def found(service: ManagedAgents) -> tuple[Leftover, ...]:
    """What has rembench's tag at the service, dreams over such stores, and what these dreams write to."""
    tagged: list[Leftover] = []
    for kind in _ORDER:
        if kind != "dream":
            tagged += [_tagged(kind, t) async for t in service.things(kind) if TAG in (t.get("metadata") or {})]
    stores = {one.id: one for one in tagged if one.kind == "memory_store"}
    if stores:
        async for dream in service.things("dream"):
            if of := next((stores[store] for store in input_stores(dream) if store in stores), None):
                tagged += _of_dream(dream, of.place)
    return _sorted(tagged)


def merged(*lists: Iterable[Leftover]) -> tuple[Leftover, ...]:
    """Several lists as one; what's in two of them is as the first says."""
    by_id: dict[tuple[Kind, str], Leftover] = {}
    for leftover in (one for some in lists for one in some):
        by_id.setdefault((leftover.kind, leftover.id), leftover)
    return _sorted(by_id.values())


async def remove(service: ManagedAgents, leftovers: Iterable[Leftover]) -> tuple[Removal, ...]:
    """Remove them: dreams are canceled first, agents and dreams archived, for they can't be deleted.

    A dream goes with the stores that it writes to. What was gone already counts as removed.
    """
    done: list[Removal] = []
    for leftover in _sorted(leftovers):
        try:
            if leftover.kind == "dream" and (dream := await service.stopped(leftover.id)):
                for store in outputs(dream):
                    await service.remove("memory_store", store)
            await service.remove(leftover.kind, leftover.id)
        except ProviderError as error:
            done.append(Removal(leftover, one_line(str(error), 300)))
        else:
            done.append(Removal(leftover, None))
    return tuple(done)


def _tagged(kind: Kind, thing: Thing) -> Leftover:
    tags = thing.get("metadata") or {}
    place = ", ".join(f"{name} {tags[name]}" for name in ("chain", "night") if tags.get(name))
    at = str(thing.get("created_at") or "")
    return Leftover(kind=kind, id=str(thing["id"]), role=str(tags.get("as") or ""), created_at=at, place=place)


def _of_dream(dream: Thing, place: str) -> list[Leftover]:
    at = str(dream.get("created_at") or "")
    parts: list[tuple[Kind, str, str]] = [("dream", str(dream["id"]), str(dream.get("status") or ""))]
    parts += [("memory_store", store, "output store") for store in outputs(dream)]
    return [Leftover(kind=kind, id=name, role=role, created_at=at, place=place) for kind, name, role in parts]


def _sorted(leftovers: Iterable[Leftover]) -> tuple[Leftover, ...]:
    return tuple(sorted(leftovers, key=lambda one: (_ORDER.index(one.kind), one.place, one.created_at, one.id)))
