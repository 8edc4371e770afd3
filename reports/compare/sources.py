"""The runs that are compared, each once and with a label, and the scenarios that all of them have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rembench.harness.errors import UserError
from rembench.harness.scoring import Run
from rembench.harness.types import Scenario
from rembench.reports.wording import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A run under a label: as much of its folder's path as tells it from the others."""

    label: str
    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The scenarios that all runs have; `left_out` counts each run's others, twins not among them.

    `changed` are the names under which not all runs have the same scenario.
    """

    scenarios: tuple[Scenario, ...]
    left_out: Mapping[str, int]
    changed: tuple[str, ...]

    @property
    def originals(self) -> tuple[str, ...]:
        """The ids of those that are nobody's twin."""
        return tuple(one.id for one in self.scenarios if one.twin_of is None)


def distinct(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders, each once whatever it's called."""
    first: dict[Path, Path] = {}
    for folder in folders:
        first.setdefault(folder.resolve(), folder)
    return tuple(first.values())


def labelled(runs: Sequence[Run]) -> tuple[Source, ...]:
    """The runs with their labels."""
    labels = run_labels([run.folder for run in runs])
    return tuple(Source(label=label, run=run) for run, label in zip(runs, labels, strict=True))


def run_labels(folders: Sequence[Path]) -> list[str]:
    """For each folder as much of its path as tells it from the others."""
    parts = [folder.resolve().parts for folder in folders]
    labels = []
    for own in parts:
        others = [one for one in parts if one != own]
        depth = next((n for n in range(1, len(own)) if all(one[-n:] != own[-n:] for one in others)), len(own))
        labels.append(visible("/".join(own[-depth:])))
    return labels


def shared(sources: Sequence[Source]) -> Shared:
    """The scenarios that all runs have, word for word; UserError where there's none."""
    tables = {one.label: _by_id(one) for one in sources}
    first, *others = tables.values()
    named = [id_ for id_ in first if all(id_ in other for other in others)]
    same = {id_ for id_ in named if all(other[id_] == first[id_] for other in others)}
    kept = [first[id_] for id_ in named if id_ in same and (first[id_].twin_of or id_) in same]
    if not kept:
        raise UserError(
            "the runs have no scenario in common",
            where="; ".join(f"{one.label}: {_packs(one)}" for one in sources),
            right="compare runs on the same packs",
        )
    originals = {one.id for one in kept if one.twin_of is None}
    return Shared(
        scenarios=tuple(kept),
        left_out={
            label: sum(one.twin_of is None and one.id not in originals for one in table.values())
            for label, table in tables.items()
        },
        changed=tuple(sorted(set(named) - same)),
    )


def restricted(source: Source, kept: Shared, consolidators: Sequence[str]) -> Run:
    """The run with these scenarios and consolidators only."""
    ids, names = {one.id for one in kept.scenarios}, set(consolidators)
    run = source.run
    entries = tuple(one for one in run.record.consolidators if one["name"] in names)
    return replace(
        run,
        record=replace(run.record, consolidators=entries, shard=None),
        scenarios=kept.scenarios,
        nights=tuple(n for n in run.nights if n.chain.scenario in ids and n.chain.consolidator in names),
    )


def _by_id(source: Source) -> dict[str, Scenario]:
    table: dict[str, Scenario] = {}
    for one in source.run.record.of_shard(source.run.scenarios):
        if one.id in table:
            raise UserError(f"two packs of the run have a scenario {one.id!r}", where=str(source.run.folder))
        table[one.id] = one
    return table


def _packs(source: Source) -> str:
    return ", ".join(f"{one['name']} sha256 {str(one['sha256'])[:12]}" for one in source.run.record.packs)
