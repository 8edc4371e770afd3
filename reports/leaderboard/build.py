"""From runs to a leaderboard: everyone on the same scenarios, scored here, beside controls made here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import rembench
from rembench.consolidators import CONTROLS
from rembench.harness.scoring import Progress, evidence
from rembench.harness.statistics.ranks import Ranking, rank_intervals
from rembench.harness.statistics.repeats import spread
from rembench.harness.types import ChainEvidence
from rembench.metrics import METRICS
from rembench.reports.compare.entrants import unique_labels
from rembench.reports.compare.pairs import METRICS_COMPARED, QUALITY
from rembench.reports.compare.sources import Shared, Source, restricted
from rembench.reports.leaderboard.board import Basis, Board, Entry, Refused, Standing, Submission
from rembench.reports.leaderboard.controls import control_chains
from rembench.reports.leaderboard.kinds import kind_standings
from rembench.reports.leaderboard.marks import marks
from rembench.reports.leaderboard.submissions import Taken, contestants
from rembench.reports.sentences import answers
from rembench.reports.summary import Measured, measure

RANKED: tuple[str, ...] = tuple(m for m in METRICS_COMPARED if METRICS[m].better != "neither")
"""The metrics that an entry has ranks in; skill has those of what it's made from."""

_Named = tuple[Source, Mapping[str, Any], str]
"""A submission, what its record has of a contestant, and that one's label."""


def build(taken: Taken, refused: Sequence[Refused] = (), *, progress: Progress | None = None) -> Board:
    """The leaderboard of these runs; `refused` are those that couldn't even be read."""
    basis = taken.basis
    controls = control_chains(basis.scenarios, progress)
    named = _labelled(taken.sources)
    chains = [*controls, *_chains(named, basis, progress)]
    found = _untimed(measure(_record(named, basis), chains, controls=frozenset(CONTROLS)))
    by_label: dict[str, list[ChainEvidence]] = {}
    for chain in chains:
        by_label.setdefault(chain.chain.consolidator, []).append(chain)
    entries = [_entry(one, found, tuple(by_label.get(one[2], ()))) for one in named]
    rankings = _rankings(entries)
    placed = [replace(one, standings=_standings(one, rankings)) for one in entries]
    return Board(
        basis=basis,
        summary=found.summary,
        entries=tuple(sorted(placed, key=_order)),
        controls=CONTROLS,
        control_tables={name: found.tables[name] for name in CONTROLS},
        control_chains={name: tuple(by_label[name]) for name in CONTROLS},
        rankings=rankings,
        kinds=kind_standings(entries),
        refused=tuple(sorted((*taken.refused, *refused), key=lambda one: (one.label, one.reason))),
        scored_by=rembench.__version__,
    )


def _untimed(found: Measured) -> Measured:
    """The same without the controls' seconds, which are nobody's: they weren't run by an engine."""
    consolidators = dict(found.summary.consolidators)
    for name, one in found.summary.consolidators.items():
        if one.control:
            seconds = replace(
                one.metrics["seconds"], value=None, low=None, high=None, bounds=None, scored=0, scenarios=0,
                reason="made with the leaderboard, and not timed",
            )  # fmt: skip
            metrics = {**one.metrics, "seconds": seconds}
            consolidators[name] = replace(one, metrics=metrics, cost={**one.cost, "seconds": None})
    return replace(found, summary=replace(found.summary, consolidators=consolidators))


def _labelled(sources: Sequence[Source]) -> list[_Named]:
    """Every contestant with a label that no other has, nor a control."""
    found = [(source, entry) for source in sources for entry in contestants(source)]
    names = [(name, "") for name in CONTROLS]
    labels = unique_labels([*names, *((str(entry["name"]), source.label) for source, entry in found)])
    return [(source, entry, label) for (source, entry), label in zip(found, labels[len(names) :], strict=True)]


def _chains(named: Sequence[_Named], basis: Basis, progress: Progress | None) -> Iterator[ChainEvidence]:
    """The contestants' chains under their labels, run by run."""
    kept = Shared(scenarios=basis.scenarios, left_out={}, changed=())
    by_run: dict[str, list[_Named]] = {}
    for one in named:
        by_run.setdefault(one[0].label, []).append(one)
    for group in by_run.values():
        labels = {str(entry["name"]): label for _, entry, label in group}
        for chain in evidence(restricted(group[0][0], kept, list(labels)), progress=progress):
            label = labels[chain.chain.consolidator]
            yield replace(chain, chain=replace(chain.chain, consolidator=label))


def _record(named: Sequence[_Named], basis: Basis) -> dict[str, Any]:
    """A run's record of everyone, by label, as a summary has one."""
    return {
        "rembench": rembench.__version__,
        "packs": [{"name": p.name, "sha256": p.sha256, "scenarios": p.scenarios} for p in basis.packs],
        "limit": basis.limit,
        "shard": basis.shard,
        "consolidators": [
            *(
                {
                    "name": label, "spec": entry["spec"], "control": False,
                    "capabilities": dict(entry.get("capabilities") or {}),
                }
                for _, entry, label in named
            ),
            *({"name": name, "spec": name, "control": True, "capabilities": {}} for name in CONTROLS),
        ],
    }  # fmt: skip


def _entry(named: _Named, found: Measured, chains: tuple[ChainEvidence, ...]) -> Entry:
    source, entry, label = named
    record, summary = source.run.record, found.summary.consolidators[label]
    submission = Submission(
        label=source.label,
        created=record.created,
        rembench=record.rembench,
        seed=record.seed,
        repeats=record.repeats,
        nights=int(summary.cost["nights"]),
        versions=record.versions,
        prompts=record.prompts,
    )
    table = found.tables[label][QUALITY]
    return Entry(
        label=label,
        submission=submission,
        consolidator=str(entry["name"]),
        spec=str(entry["spec"]),
        options={str(k): str(v) for k, v in (entry.get("options") or {}).items()},
        capabilities=dict(entry.get("capabilities") or {}),
        summary=summary,
        answers=answers(found.summary, label),
        standings={},
        marks=marks(entry, submission, summary),
        spread=spread({name: score.repeats for name, score in table.scenarios.items()}),
        tables=found.tables[label],
        chains=chains,
    )


def _rankings(entries: Sequence[Entry]) -> dict[str, Ranking]:
    """For every metric the ranks of those that have them; in the order of the labels, so in no other."""
    players = sorted((one for one in entries if one.ranked), key=lambda one: one.label)
    return {
        m: rank_intervals(
            {one.label: one.tables[m].values for one in players},
            better="lower" if METRICS[m].better == "lower" else "higher",
        )
        for m in RANKED
    }


def _standings(one: Entry, rankings: Mapping[str, Ranking]) -> dict[str, Standing]:
    made = {}
    for metric, ranking in rankings.items():
        rank, of = ranking.ranks.get(one.label), len(ranking.ranks)
        if rank is None:
            why = next((mark.text for mark in one.marks if mark.unranked), None)
            made[metric] = Standing(best=None, worst=None, of=of, reason=why)
        elif rank.reason is not None:
            made[metric] = Standing(best=None, worst=None, of=of, reason=rank.reason)
        else:
            made[metric] = Standing(best=rank.best, worst=rank.worst, of=of)
    return made


def _order(one: Entry) -> tuple[bool, int, int, str]:
    place = one.standings[QUALITY]
    return place.best is None, place.best or 0, place.worst or 0, one.label
