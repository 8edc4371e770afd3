"""A leaderboard's numbers as flat tables: what stands in the CSV and Parquet files, and in the dataset.

entries      a row for everyone: who, from where, how run, marks, cost
results      a row for every metric of everyone, and for every slice of it
scenarios    a row for everyone, scenario and metric: what means and ranks are made of
comparisons  a row for every two entries and metric: the difference, with its p for all pairs together
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.statistics.sign_flip import TEST_LEVEL
from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioTable
from rembench.reports.compare.pairs import METRICS_COMPARED
from rembench.reports.leaderboard.board import Board, Entry, Standing
from rembench.reports.summary_types import ConsolidatorSummary, MetricSummary, rounded

Row = dict[str, Any]
_AMOUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "calls")
_COSTS = ("usd", "tokens_in", "tokens_out", "seconds")

_TEXT, _WHOLE, _NUMBER, _FLAG = "string", "int64", "float64", "bool"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatTable:
    """A table: the columns with their Arrow types, and what each row says, in a few words and in all."""

    name: str
    short: str
    says: str
    columns: Mapping[str, str]
    rows: Callable[[Board], Iterator[Row]]


def _entries(board: Board) -> Iterator[Row]:
    for one in board.entries:
        capabilities = one.capabilities
        yield {
            "consolidator": one.label,
            "control": False,
            "ranked": one.ranked,
            "submission": one.submission.label,
            "spec": one.spec,
            "marks": ";".join(mark.name for mark in one.marks),
            "transcript": str(capabilities.get("transcript", "full")),
            "network": bool(capabilities.get("network", False)),
            "created": one.submission.created,
            "rembench": one.submission.rembench,
            "seed": one.submission.seed,
            "repeats": one.submission.repeats,
            **_cost(one.summary),
        }
    for label in board.controls:
        yield {
            "consolidator": label,
            "control": True,
            "ranked": False,
            "spec": label,
            "rembench": board.scored_by,
            "repeats": 1,
            **_cost(board.summary.consolidators[label]),
        }


def _cost(one: ConsolidatorSummary) -> Row:
    found = one.cost
    return {
        "nights": found["nights"],
        "failed_nights": sum(one.failures.values()),
        "seconds": found["seconds"],
        "usd": found["usd"],
        **{name: None if found[name] is None else int(found[name]) for name in _AMOUNTS},
        "usd_unknown_nights": found.get("usd_unknown_nights", 0),
    }


def _results(board: Board) -> Iterator[Row]:
    everyone: list[tuple[ConsolidatorSummary, Entry | None]] = [(one.summary, one) for one in board.entries]
    everyone += [(board.summary.consolidators[label], None) for label in board.controls]
    for summary, entry in everyone:
        for name, found in summary.metrics.items():
            standing = entry.standings.get(METRICS[name].relative_to or name) if entry else None
            yield _result(summary.name, name, found, standing)
            for part, sliced in sorted(found.slices.items()):
                yield {**_result(summary.name, name, sliced, None), "slice": part}


def _result(label: str, name: str, found: MetricSummary, standing: Standing | None) -> Row:
    low, high = found.bounds or (None, None)
    return {
        "consolidator": label,
        "metric": name,
        "slice": "",
        "value": rounded(found.value),
        "low": rounded(found.low),
        "high": rounded(found.high),
        "least": rounded(low),
        "most": rounded(high),
        "scored": found.scored,
        "missing": found.missing,
        "scenarios": found.scenarios,
        "unit": found.unit,
        "better": METRICS[name].better,
        "rank_best": standing.best if standing else None,
        "rank_worst": standing.worst if standing else None,
        "ranked_of": standing.of if standing else None,
        "reason": found.reason,
    }


def _scenarios(board: Board) -> Iterator[Row]:
    everyone: list[tuple[str, Mapping[str, ScenarioTable]]] = [
        *((one.label, one.tables) for one in board.entries),
        *((label, board.control_tables[label]) for label in board.controls),
    ]
    for label, tables in everyone:
        for metric in dict.fromkeys((*METRICS_COMPARED, *_COSTS)):
            if board.summary.consolidators[label].metrics[metric].value is None:
                continue
            for scenario, score in sorted(tables[metric].scenarios.items()):
                yield {
                    "consolidator": label,
                    "scenario": scenario,
                    "metric": metric,
                    "value": rounded(score.value),
                    "scored": score.scored,
                    "missing": score.missing,
                }


def _comparisons(board: Board) -> Iterator[Row]:
    for metric, ranking in board.rankings.items():
        for one in ranking.comparisons:
            yield {
                "metric": metric,
                "first": one.first,
                "second": one.second,
                "difference": rounded(one.mean),
                "scenarios": one.scenarios,
                "p": rounded(one.p),
                "told": one.p <= TEST_LEVEL and bool(one.mean),
            }


TABLES: tuple[FlatTable, ...] = (
    FlatTable(
        name="results",
        short="every metric of everyone, and every slice of it",
        says="One metric of one consolidator (`slice` empty), or one slice of it. `low` and `high` are the 95% "
        "interval over scenarios, `least` and `most` the value with every missing verdict at its worst and "
        "best, `rank_best` and `rank_worst` the ranks that it may have.",
        columns={
            "consolidator": _TEXT, "metric": _TEXT, "slice": _TEXT, "value": _NUMBER, "low": _NUMBER,
            "high": _NUMBER, "least": _NUMBER, "most": _NUMBER, "scored": _WHOLE, "missing": _WHOLE,
            "scenarios": _WHOLE, "unit": _TEXT, "better": _TEXT, "rank_best": _WHOLE, "rank_worst": _WHOLE,
            "ranked_of": _WHOLE, "reason": _TEXT,
        },
        rows=_results,
    ),
    FlatTable(
        name="entries",
        short="everyone: where from, how run, marks, cost",
        says="One consolidator: the submission that it's from, how it was run, what to know of it (`marks`), "
        "and what all of its nights cost; empty is unknown.",
        columns={
            "consolidator": _TEXT, "control": _FLAG, "ranked": _FLAG, "submission": _TEXT, "spec": _TEXT,
            "marks": _TEXT, "transcript": _TEXT, "network": _FLAG, "created": _TEXT, "rembench": _TEXT,
            "seed": _WHOLE, "repeats": _WHOLE, "nights": _WHOLE, "failed_nights": _WHOLE, "seconds": _NUMBER,
            "usd": _NUMBER, **dict.fromkeys(_AMOUNTS, _WHOLE), "usd_unknown_nights": _WHOLE,
        },
        rows=_entries,
    ),
    FlatTable(
        name="scenarios",
        short="every metric of everyone on every scenario",
        says="One metric of one consolidator on one scenario, repeats averaged; metrics without any value "
        "aren't here.",
        columns={
            "consolidator": _TEXT, "scenario": _TEXT, "metric": _TEXT, "value": _NUMBER, "scored": _WHOLE,
            "missing": _WHOLE,
        },
        rows=_scenarios,
    ),
    FlatTable(
        name="comparisons",
        short="every two entries: the difference, and whether it’s told",
        says="Two consolidators on one metric, paired by scenario: first minus second, with the p that's "
        "adjusted for all pairs of the metric; `told`: it's at most 0.05.",
        columns={
            "metric": _TEXT, "first": _TEXT, "second": _TEXT, "difference": _NUMBER, "scenarios": _WHOLE,
            "p": _NUMBER, "told": _FLAG,
        },
        rows=_comparisons,
    ),
)  # fmt: skip
