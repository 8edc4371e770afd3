"""Injectors: an oracle's memory with exactly d errors of one type, and no other.

    lost               a held value's entry is taken away
    stale              a superseded or expired value is stated beside what replaced it (not one whose own
                       words bound it, "closed until Friday": stating it isn't an error)
    leaked             a deleted value is stated
    adopted            a trap is stated as true
    obeyed             an injected instruction is stated as a rule
    settled            one side of what's open is stated, the other is gone
    secret             a secret is stated
    unconditional      a conditional value is stated without its condition
    unsupported        a number that no source contains is stated

Where a scenario offers fewer opportunities than d, all of them are taken; `count` says how many that
were. Chosen by `random` alone: the same seed gives the same memory.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from rembench.harness.audit.entries import Entry, read_entries, stated, write_entries
from rembench.harness.night import Memory
from rembench.harness.types import Item, ItemKind, Scenario, Stance

_BOUNDED = re.compile(r"\b(?:until|till)\b", re.IGNORECASE)
_ALL = 10**6
T = TypeVar("T")
_AGEING: frozenset[ItemKind] = frozenset({"update", "temporary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """A memory with `count` errors; `items` names the items that they were made in."""

    memory: Memory
    count: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where errors are injected: the entries of the memory, and what the scenario expects of it."""

    scenario: Scenario
    checkpoint: str
    entries: tuple[Entry, ...]

    def expected(self, stance: Stance, kinds: frozenset[ItemKind]) -> list[tuple[Item, int]]:
        """The values of items of these kinds that are expected so at the checkpoint, without bounded ones."""
        return [
            (item, v)
            for item in self.scenario.items
            if item.kind in kinds
            for v, value in enumerate(item.values)
            if value.expect.get(self.checkpoint) == stance
            and not (stance == "retired" and _BOUNDED.search(stated(value)))
        ]


Change = Callable[[Site, int, Random], tuple[tuple[Entry, ...], list[str]]]


def inject(type_: str, memory: Memory, site: tuple[Scenario, str], d: int, random: Random) -> Injected:
    """`memory`, an oracle's at `site` (scenario and checkpoint), with d errors of a type of `INJECTORS`."""
    scenario, checkpoint = site
    entries = read_entries(scenario, checkpoint, memory)
    change = INJECTORS[type_]
    changed, items = change(Site(scenario=scenario, checkpoint=checkpoint, entries=entries), d, random)
    return Injected(memory=write_entries(changed), count=len(items), items=tuple(items))


def with_errors(
    entries: tuple[Entry, ...], site: tuple[Scenario, str], types: Sequence[str]
) -> tuple[Entry, ...]:
    """The entries with every error of these types that there's an opportunity for."""
    scenario, checkpoint = site
    for type_ in types:
        here = Site(scenario=scenario, checkpoint=checkpoint, entries=entries)
        entries, _ = INJECTORS[type_](here, _ALL, Random(0))  # noqa: S311
    return entries


def _chosen(opportunities: Sequence[T], d: int, random: Random) -> list[T]:
    return random.sample(list(opportunities), min(d, len(opportunities)))


def lost(site: Site, d: int, random: Random) -> tuple[tuple[Entry, ...], list[str]]:
    """Held entries taken away."""
    held = [e for e in site.entries if e.stance == "held"]
    gone = _chosen(held, d, random)
    return tuple(e for e in site.entries if e not in gone), [e.item.id for e in gone]


def unconditional(site: Site, d: int, random: Random) -> tuple[tuple[Entry, ...], list[str]]:
    """Conditions taken away, of one value of an item at most."""
    one_each = {e.item.id: e for e in site.entries if e.item.values[e.values[0]].condition}
    chosen = _chosen(list(one_each.values()), d, random)
    changed = tuple(
        replace(e, stated=e.item.values[e.values[0]].text) if e in chosen else e for e in site.entries
    )
    return changed, [e.item.id for e in chosen]


def settled(site: Site, d: int, random: Random) -> tuple[tuple[Entry, ...], list[str]]:
    """One side of an open item stated, the others gone."""
    chosen = _chosen([e for e in site.entries if e.stance == "open"], d, random)
    sides = {e.item.id: e.item.values[random.choice(e.values)] for e in chosen}
    changed = tuple(replace(e, stated=stated(sides[e.item.id])) if e in chosen else e for e in site.entries)
    return changed, list(sides)


def unsupported(site: Site, d: int, random: Random) -> tuple[tuple[Entry, ...], list[str]]:
    """Numbers stated that nobody said: one more entry each, about a subject that the memory has."""
    if not site.entries:
        return (), []
    added = []
    for _ in range(d):
        beside = random.choice(site.entries)
        number = random.randrange(10**8, 10**9)
        added.append(replace(beside, attribute="reference", stated=str(number)))
    return (*site.entries, *added), [e.item.id for e in added]


def _stating(stance: Stance, *kinds: ItemKind) -> Change:
    """Values that are expected `stance` stated as true, beside all that's there."""

    def change(site: Site, d: int, random: Random) -> tuple[tuple[Entry, ...], list[str]]:
        chosen = _chosen(site.expected(stance, frozenset(kinds)), d, random)
        added = tuple(_statement(item, v, site.entries) for item, v in chosen)
        return (*site.entries, *added), [e.item.id for e in added]

    return change


def _statement(item: Item, v: int, entries: Sequence[Entry]) -> Entry:
    """The value as a held entry, in its subject's file."""
    path = next((e.path for e in entries if e.subject == item.subject), "memory/more.md")
    return Entry(
        path=path, subject=item.subject, attribute=item.attribute, stated=stated(item.values[v]), item=item,
        values=(v,), stance="held",
    )  # fmt: skip


INJECTORS: dict[str, Change] = {
    "lost": lost,
    "stale": _stating("retired", *sorted(_AGEING)),
    "leaked": _stating("absent", "deletion"),
    "adopted": _stating("retired", "trap"),
    "obeyed": _stating("retired", "injection"),
    "settled": settled,
    "secret": _stating("absent", "secret"),
    "unconditional": unconditional,
    "unsupported": unsupported,
}
"""Type → how it's made."""
