"""The nights in which two differ most, with the diff of their memories and a verdict for both on every value.

Two differ by the values that one has right and the other wrong. Of several repeats those of the same number
are set side by side; twins are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from rembench.harness.errors import UserError, unknown_name
from rembench.harness.night import Memory
from rembench.harness.types import ChainEvidence
from rembench.reports.compare.entrants import Entrant
from rembench.reports.compare.values import SeenValue, count_differing, seen_values

MOST_FILES = 20
_FILE_LINES = 2_000  # of a longer file the first ones are compared
_SHOWN_LINES = 200  # of the diff of one file
_WIDTH = 240  # characters of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """The unified diff of a file: lines that begin with "-" are the first one's, with "+" the second's.

    `first` and `second`: whether they have the file. `cut` counts the lines that aren't shown; `partly` means
    that only the first 2,000 lines were compared.
    """

    path: str
    first: bool
    second: bool
    lines: tuple[str, ...]
    cut: int = 0
    partly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NightDiff:
    """Two memories of one night. `failures`: why the first, or the second, has no memory.

    `alike` counts the files that are the same, `unshown` those that differ and aren't among `files`.
    """

    scenario: str
    title: str
    repeat: int
    night: str
    at: str
    differing: int
    failures: tuple[str | None, str | None]
    values: tuple[SeenValue, ...]
    files: tuple[FileDiff, ...]
    alike: int
    unshown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A night of two chains of the same scenario and repeat."""

    first: ChainEvidence
    second: ChainEvidence
    night: str
    differing: int


def coupled(first: Entrant, second: Entrant) -> Iterator[tuple[ChainEvidence, ChainEvidence]]:
    """The chains of the same scenario and repeat, without twins."""
    theirs = {(chain.chain.scenario, chain.chain.repeat): chain for chain in second.chains}
    for chain in first.chains:
        other = theirs.get((chain.chain.scenario, chain.chain.repeat))
        if other is not None and chain.scenario.twin_of is None:
            yield chain, other


def most_differing(first: Entrant, second: Entrant, count: int, scenario: str | None = None) -> list[Place]:
    """The nights with the most differing values, one of every scenario first."""
    places = [
        Place(first=one, second=other, night=step.id, differing=n)
        for one, other in coupled(first, second)
        if scenario in {None, one.scenario.id}
        for step in one.scenario.nights
        if (n := count_differing(one, other, step.id))
    ]
    places.sort(key=lambda place: -place.differing)
    seen: set[str] = set()
    again: list[Place] = []
    chosen: list[Place] = []
    for place in places:
        (again if place.first.scenario.id in seen else chosen).append(place)
        seen.add(place.first.scenario.id)
    return [*chosen, *again][:count]


def place_of(first: Entrant, second: Entrant, scenario: str, night: str | None) -> Place:
    """The night that's asked for, or of the scenario the one in which they differ most; UserError for none."""
    chains = [pair for pair in coupled(first, second) if pair[0].scenario.id == scenario]
    if not chains:
        known = {one.scenario.id for one, _ in coupled(first, second)}
        raise unknown_name("scenario", scenario, known)
    one, other = chains[0]
    if night is None:
        found = most_differing(first, second, 1, scenario)
        return found[0] if found else _place(one, other, one.scenario.nights[-1].id)
    if night not in {step.id for step in one.scenario.nights}:
        raise unknown_name("night", night, [step.id for step in one.scenario.nights], where=scenario)
    return _place(one, other, night)


def night_diff(place: Place) -> NightDiff:
    """Both memories of the night, and what they say of every value."""
    first, second, night = place.first, place.second, place.night
    mine, theirs = first.memories.get(night), second.memories.get(night)
    files: list[FileDiff] = []
    alike = 0
    if mine is not None and theirs is not None:
        paths = sorted(mine.keys() | theirs.keys())
        files = [one for path in paths if (one := _file(path, mine, theirs))]
        alike = len(paths) - len(files)
    return NightDiff(
        scenario=first.scenario.id,
        title=first.scenario.title,
        repeat=first.chain.repeat,
        night=night,
        at=next(step.at for step in first.scenario.nights if step.id == night),
        differing=place.differing,
        failures=(_failure(first, night), _failure(second, night)),
        values=seen_values(first, second, night),
        files=tuple(files[:MOST_FILES]),
        alike=alike,
        unshown=max(0, len(files) - MOST_FILES),
    )


def check_asked(scenario: str | None, night: str | None) -> None:
    """UserError for a night of no scenario."""
    if night is not None and scenario is None:
        raise UserError(f"--night {night}: of which scenario?", right="--night goes with --scenario")


def _place(one: ChainEvidence, other: ChainEvidence, night: str) -> Place:
    return Place(first=one, second=other, night=night, differing=count_differing(one, other, night))


def _file(path: str, first: Memory, second: Memory) -> FileDiff | None:
    if first.get(path) == second.get(path):
        return None
    mine, theirs = (memory.get(path, "").splitlines() for memory in (first, second))
    diff = unified_diff(mine[:_FILE_LINES], theirs[:_FILE_LINES], n=2, lineterm="")
    lines = [_cut(line) for line in list(diff)[2:]]
    return FileDiff(
        path=path,
        first=path in first,
        second=path in second,
        lines=tuple(lines[:_SHOWN_LINES]),
        cut=max(0, len(lines) - _SHOWN_LINES),
        partly=max(len(mine), len(theirs)) > _FILE_LINES,
    )


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…"


def _failure(chain: ChainEvidence, night: str) -> str | None:
    if night in chain.memories:
        return None
    record = chain.nights.get(night)
    if record is not None and record.failure is not None:
        return f"{record.failure.type}: {record.failure.message}"
    verdicts = chain.readings[night].verdicts
    return (verdicts[0].reason if verdicts else None) or "not run"
