"""A page for each consolidator, entries and controls alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.consolidators import TABLE
from rembench.harness.outcomes import ACCEPTED, OUTCOMES
from rembench.harness.types import STANCES, ChainEvidence
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports import columns, run_card
from rembench.reports.by_scenario import ScenarioTable
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.leaderboard.board import Board, Entry
from rembench.reports.leaderboard.kinds import KIND_METRIC
from rembench.reports.leaderboard.site import standings
from rembench.reports.leaderboard.site.index import MARKS, prices
from rembench.reports.leaderboard.site.nights import over_nights
from rembench.reports.leaderboard.site.worst import worst_cases
from rembench.reports.phases import LEVELS, PHASES
from rembench.reports.sentences import answers
from rembench.reports.summary_types import NO_VERDICT, ConsolidatorSummary, MetricSummary

_FIRST = ("informedness", "obligations_met", "prohibitions_broken", KIND_METRIC)
_SLICED: Mapping[str, str] = {
    "kind": "Kind of item", "tactic": "Tactic", "level": "Level of difficulty", "domain": "Domain",
    "class": "Failure class", "night": "Night",
}  # fmt: skip
_SLICE_METRICS = (KIND_METRIC, "obligations_met", "prohibitions_broken")
_BESIDE = 2  # controls in a chart over nights
_FAILED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A metric, what's found of it, and what the best control and the oracle have."""

    metric: Metric
    found: MetricSummary
    best: float | None
    best_name: str | None
    oracle: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """The parts of one division: name → the numbers of `_SLICE_METRICS`, None where one isn't asked."""

    name: str
    title: str
    rows: tuple[tuple[str, tuple[MetricSummary | None, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedNight:
    """A night without a memory, and why."""

    scenario: str
    night: str
    repeat: int
    type: str
    message: str


def context(board: Board, label: str) -> dict[str, Any]:
    """What the page of `label` shows."""
    one = board.summary.consolidators[label]
    entry = next((e for e in board.entries if e.label == label), None)
    chains = entry.chains if entry else board.control_chains[label]
    failed = _failed(chains)
    headline, further = _rows(board, one)
    told = standings.told(board.rankings[QUALITY], QUALITY)
    return {
        "one": one,
        "entry": entry,
        "says": TABLE[label].summary.rpartition(": ")[2] if entry is None else None,
        "answers": entry.answers if entry else answers(board.summary, label),
        "told": told.get(label) if entry else None,
        "headline": headline,
        "further": further,
        "marks": MARKS,
        "quality": QUALITY,
        "stances": [*STANCES, NO_VERDICT],
        "outcomes": _outcomes(one),
        "nights_chart": over_nights(one, _beside(board, label)),
        "prices": prices(board, label),
        "phases": [p for p in PHASES.items() if f"phase={p[0]}" in one.metrics["deletion_leakage"].slices],
        "levels": LEVELS,
        "slices": _slices(one),
        "slice_metrics": [METRICS[m] for m in _SLICE_METRICS],
        "kind_ranks": {kind: found[label] for kind, found in board.kinds.items() if label in found},
        "cases": worst_cases(chains),
        "failed": failed[:_FAILED],
        "failed_in_all": len(failed),
        "scenarios": _scenarios(board, entry, label),
        "heads": run_card.HEADS,
        "cells": next(row.cells for row in run_card.rows(board.summary) if row.name == label),
    }


def _rows(board: Board, one: ConsolidatorSummary) -> tuple[list[Row], list[Row]]:
    """The metrics of the table, and the rest."""
    first = list(dict.fromkeys(["skill", *_FIRST, *columns.leaderboard_metrics()]))
    rows = {m: _row(board, one, m) for m in METRICS}
    return [rows[m] for m in first], [row for m, row in rows.items() if m not in first]


def _row(board: Board, one: ConsolidatorSummary, metric: str) -> Row:
    best = standings.best_by(board, metric)
    everyone = board.summary.consolidators
    value = everyone[best].metrics[metric].value if best else None
    alike = [n for n in board.controls if n != "oracle" and everyone[n].metrics[metric].value == value]
    return Row(
        metric=METRICS[metric],
        found=one.metrics[metric],
        best=value,
        best_name=best if len(alike) == 1 else None,
        oracle=everyone["oracle"].metrics[metric].value if "oracle" in everyone else None,
    )


def _outcomes(one: ConsolidatorSummary) -> list[tuple[str, list[tuple[str, int, str, str]]]]:
    """Expected → for each stance found: its name, the count, the table's word, how it counts."""
    rows = []
    for expected in STANCES:
        counts = one.outcomes[expected]
        cells = [
            (seen, counts[seen], OUTCOMES[expected][seen], "ok" if seen in ACCEPTED[expected] else "bad")
            for seen in STANCES
        ]
        rows.append((str(expected), [*cells, (NO_VERDICT, counts[NO_VERDICT], "", "unknown")]))
    return rows


def _beside(board: Board, label: str) -> list[ConsolidatorSummary]:
    """The controls to draw beside: the store as it was, and the best that reads no answers."""
    best = standings.best_control(board)
    names = [name for name in ("identity", best) if name and name in board.controls and name != label]
    return [board.summary.consolidators[name] for name in dict.fromkeys(names)][:_BESIDE]


def _slices(one: ConsolidatorSummary) -> list[Slices]:
    made = []
    for name, title in _SLICED.items():
        found = {m: one.metrics[m].slices for m in _SLICE_METRICS}
        parts = {
            part
            for slices in found.values()
            for part in slices
            if part.startswith(f"{name}=") and " " not in part
        }
        if parts:
            rows = tuple(
                (part, tuple(found[m].get(part) for m in _SLICE_METRICS))
                for part in sorted(parts, key=lambda part: _in_order(part.partition("=")[2]))
            )
            if any(one is not None and one.value is not None for _, row in rows for one in row):
                made.append(Slices(name=name, title=title, rows=rows))
    return made


def _in_order(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isdecimal() else (0, text)


def _failed(chains: Sequence[ChainEvidence]) -> list[FailedNight]:
    return [
        FailedNight(
            scenario=chain.scenario.id, night=name, repeat=chain.chain.repeat, type=night.failure.type,
            message=night.failure.message,
        )
        for chain in chains
        for name, night in chain.nights.items()
        if night.failure
    ]  # fmt: skip


def _scenarios(board: Board, entry: Entry | None, label: str) -> list[tuple[str, str, float | None]]:
    """Every scenario with its title and the informedness on it, the least first."""
    tables: Mapping[str, ScenarioTable] = entry.tables if entry else board.control_tables[label]
    values = tables[QUALITY].values
    titles = {s.id: s.title for s in board.basis.scenarios if s.twin_of is None}
    found = [(name, title, values.get(name)) for name, title in titles.items()]
    return sorted(found, key=lambda row: (row[2] is None, row[2] or 0.0, row[0]))
