"""Entrants: one consolidator of one run, with its metrics scenario by scenario."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rembench.harness.errors import UserError, unknown_name
from rembench.harness.night import Memory
from rembench.harness.scoring import Progress, evidence
from rembench.harness.types import ChainEvidence
from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioTable, metric_cells, scenario_tables, slice_tables
from rembench.reports.compare.sources import Shared, Source, restricted
from rembench.reports.wording import labels

ORACLE = "oracle"

SLICED: Mapping[str, tuple[str, ...]] = {
    "obligations_met": ("kind=", "tactic=", "domain=", "level="),
    "prohibitions_broken": ("kind=", "tactic=", "domain=", "level="),
    "retention": ("age=",),
}
"""Metric → the slices of it that are compared. What should be there and what shouldn't aren't pooled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """One consolidator of one run, on the scenarios that all runs share.

    `label` is its name, with the run's label where another has the same. A control that's asked for by name
    takes part as a contestant. `chains` are in order; `slices` are those of `SLICED`.
    """

    label: str
    run: str
    folder: str
    consolidator: str
    control: bool
    contestant: bool
    transcript: str
    chains: tuple[ChainEvidence, ...]
    tables: Mapping[str, ScenarioTable]
    slices: Mapping[str, Mapping[str, ScenarioTable]]

    @property
    def is_oracle(self) -> bool:
        """Whether it's the ceiling, which reads the answers."""
        return self.control and self.consolidator == ORACLE


def entrants(
    sources: Sequence[Source], kept: Shared, asked: Sequence[str] = (), progress: Progress | None = None
) -> tuple[Entrant, ...]:
    """Everyone in the runs, in their order, or of the contestants those `asked` for, by name or label.

    A control that several runs have is taken once, where it wrote the same memories in them.
    """
    chosen = _chosen(sources, asked)
    found: list[Entrant] = []
    for source in sources:
        mine = {name for label, name in chosen if label == source.label}
        for one in _of_run(source, kept, mine, progress):
            if not (one.control and any(_is_same(one, other) for other in found)):
                found.append(one)
    return _named(found)


def short_labels(sources: Sequence[Source]) -> dict[str, str]:
    """A short label for every consolidator's name, over all runs."""
    names = (str(entry["name"]) for one in sources for entry in one.run.record.consolidators)
    return labels(dict.fromkeys(names))


def _chosen(sources: Sequence[Source], asked: Sequence[str]) -> set[tuple[str, str]]:
    """The contestants as (run's label, name); UserError for a name that nobody has, and where there's none."""
    short = short_labels(sources)
    everyone = [(one.label, entry) for one in sources for entry in one.run.record.consolidators]
    if not asked:
        found = {(label, str(entry["name"])) for label, entry in everyone if not entry["control"]}
        if not found:
            where = ", ".join(one.label for one in sources)
            raise UserError("there are only controls", where=where, right="name some of them with -c")
        return found
    by_name: dict[str, set[tuple[str, str]]] = {}
    for label, entry in everyone:
        name = str(entry["name"])
        for called in {name, short[name], f"{short[name]} ({label})"}:
            by_name.setdefault(called, set()).add((label, name))
    for name in asked:
        if name not in by_name:
            raise unknown_name("consolidator", name, by_name)
    return {one for name in asked for one in by_name[name]}


def _of_run(
    source: Source, kept: Shared, contestants: set[str], progress: Progress | None
) -> Iterator[Entrant]:
    record = source.run.record
    entries = [one for one in record.consolidators if one["control"] or one["name"] in contestants]
    run = restricted(source, kept, [str(one["name"]) for one in entries])
    chains: dict[str, list[ChainEvidence]] = {str(one["name"]): [] for one in entries}
    for chain in evidence(run, progress=progress):
        chains[chain.chain.consolidator].append(chain)
    for entry in entries:
        name = str(entry["name"])
        cells = metric_cells(chains[name])
        capabilities = entry.get("capabilities") or {}
        yield Entrant(
            label=name,
            run=source.label,
            folder=str(source.run.folder),
            consolidator=name,
            control=bool(entry["control"]),
            contestant=name in contestants,
            transcript=str(capabilities.get("transcript", "full")),
            chains=tuple(chains[name]),
            tables=scenario_tables(cells),
            slices={
                m: {part: t for part, t in slice_tables(METRICS[m], cells).items() if part.startswith(prefixes)}
                for m, prefixes in SLICED.items()
            },
        )


def _is_same(one: Entrant, other: Entrant) -> bool:
    """Whether two controls of one name wrote the same, chain by chain."""
    if one.consolidator != other.consolidator or not other.control or one.contestant != other.contestant:
        return False
    mine, theirs = _written(one), _written(other)
    both = mine.keys() & theirs.keys()
    return bool(both) and all(mine[chain] == theirs[chain] for chain in both)


def _written(one: Entrant) -> dict[tuple[str, int], Mapping[str, Memory]]:
    return {(chain.chain.scenario, chain.chain.repeat): chain.memories for chain in one.chains}


def _named(found: Sequence[Entrant]) -> tuple[Entrant, ...]:
    made = unique_labels([(one.consolidator, one.run) for one in found])
    return tuple(replace(one, label=label) for one, label in zip(found, made, strict=True))


def unique_labels(named: Sequence[tuple[str, str]]) -> list[str]:
    """A label for each consolidator and the label of its run, of which no two are alike."""
    short = labels(dict.fromkeys(name for name, _ in named))
    times = Counter(name for name, _ in named)
    made: dict[str, None] = {}
    for name, run in named:
        label = f"{short[name]} ({run})" if times[name] > 1 else short[name]
        unique, n = label, 1
        while unique in made:
            n += 1
            unique = f"{label} #{n}"
        made[unique] = None
    return list(made)
