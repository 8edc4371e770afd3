"""The first page: who may stand where, in which numbers, at what cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.statistics.sign_flip import TEST_LEVEL
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.compare.entrants import ORACLE, Entrant
from rembench.reports.compare.front import PRICES, Front, front
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.leaderboard.board import Board, Entry
from rembench.reports.leaderboard.files import NO_CSV
from rembench.reports.leaderboard.kinds import KIND_METRIC
from rembench.reports.leaderboard.rows import TABLES
from rembench.reports.leaderboard.site import standings
from rembench.reports.leaderboard.site.kinds import kind_data, kinds_of
from rembench.reports.leaderboard.site.scatter import Drawing, scatter
from rembench.reports.summary_types import ConsolidatorSummary

VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "overview": (
        "Overview",
        (
            "skill", "values_right", "obligations_met", "prohibitions_broken", "deletion_leakage",
            "clean_scenario_rate", "usd",
        ),
    ),
    "keeps": (
        "Keeps and corrects",
        (
            "retention", "retention_at_budget", "insight", "damage", "contradiction", "staleness",
            "false_stale",
        ),
    ),
    "forgets": (
        "Invents and forgets",
        (
            "hallucination", "unsupported", "deletion_leakage", "over_deletion", "secrets_kept",
            "injections_obeyed",
        ),
    ),
    "costs": ("Costs", ("usd", "tokens_in", "tokens_out", "seconds", "store_tokens")),
}  # fmt: skip
"""What the table may be narrowed to: name → words and metrics."""

HEADS: Mapping[str, str] = {
    "values_right": "Values right", "obligations_met": "Obligations met",
    "prohibitions_broken": "Prohibitions broken", "deletion_leakage": "Deleted, still readable",
    "clean_scenario_rate": "Clean scenarios", "usd": "US$ a night", "seconds": "Seconds a night",
    "retention_at_budget": "Retention at budget", "store_tokens": "Tokens of the memory",
    "injections_obeyed": "Injections obeyed",
}  # fmt: skip
"""Shorter than the metric's title, or plainer."""

MARKS: Mapping[str, str] = {
    "wrapped": "wrapped transcripts", "no_sessions": "saw no sessions", "few_repeats": "few repeats",
    "failed_nights": "failed nights", "missing": "too much without a verdict", "unknown_cost": "cost unknown",
    "own_code": "code of its own", "replayed": "replayed", "other_version": "another version",
    "other_prices": "other prices",
}  # fmt: skip
"""Marks in two or three words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A metric's column, its head, and the views that it's in."""

    metric: Metric
    head: str
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A drawing of quality against a price, and who isn't in it for which reason."""

    front: Front
    drawing: Drawing
    absent: tuple[tuple[str, str], ...]


def context(board: Board) -> dict[str, Any]:
    """What the page shows."""
    labels = [one.label for one in board.entries]
    everyone = [*labels, *board.controls]
    ahead, sentence = standings.who_is_ahead(board)
    return {
        "everyone": [board.summary.consolidators[name] for name in everyone],
        "entry_of": {one.label: one for one in board.entries},
        "columns": columns(board),
        "views": {name: words for name, (words, _) in VIEWS.items()},
        "ahead": ahead,
        "ahead_words": sentence,
        "above_controls": standings.above_controls(board),
        "told": standings.told(board.rankings[QUALITY], QUALITY),
        "marks": MARKS,
        "quality": QUALITY,
        "kinds": kinds_of(board),
        "kind_metric": METRICS[KIND_METRIC],
        "kind_data": kind_data(board, everyone, [column.metric.name for column in columns(board)]),
        "prices": prices(board),
        "submissions": len({one.submission.label for one in board.entries}),
        "latest": max(one.submission.created for one in board.entries)[:10],
        "downloads": [(table.name, table.short, table.name not in NO_CSV) for table in TABLES],
    }


def columns(board: Board) -> list[Column]:
    """The columns in the order of the views; headline metrics that no view names come last."""
    named = list(dict.fromkeys(metric for _, metrics in VIEWS.values() for metric in metrics))
    rest = [m for m, metric in METRICS.items() if metric.headline and m not in named]
    measured = [m for m in (*named, *rest) if any(_has(one, m) for one in board.summary.consolidators.values())]
    return [
        Column(
            metric=METRICS[m],
            head=HEADS.get(m, METRICS[m].title),
            views=tuple(view for view, (_, metrics) in VIEWS.items() if m in metrics),
        )
        for m in measured
    ]


def prices(board: Board, marked: str | None = None) -> list[Price]:
    """Quality against every price that isn't the same for all."""
    told = {
        frozenset((one.first, one.second))
        for one in board.rankings[QUALITY].comparisons
        if one.p <= TEST_LEVEL and one.mean
    }
    entries = [_entrant(one) for one in board.entries]
    controls = [_control(board, name) for name in board.controls if name != ORACLE]
    made = []
    for price in PRICES:
        timed = price.name != "seconds"  # controls aren't timed
        found = front(price, [*entries, *controls] if timed else entries, told)
        if found.varies:
            absent = tuple((p.label, p.reason) for p in found.points if p.reason and not p.control)
            title = f"Informedness against {_lower(price.title)}"
            made.append(Price(front=found, drawing=scatter(found, title, marked), absent=absent))
    return made


def _lower(title: str) -> str:
    return title if title.startswith("US") else f"{title[0].lower()}{title[1:]}"


def _entrant(one: Entry) -> Entrant:
    return Entrant(
        label=one.label, run=one.submission.label, folder=one.submission.label, consolidator=one.consolidator,
        control=False, contestant=True, transcript="", chains=one.chains, tables=one.tables, slices={},
    )  # fmt: skip


def _control(board: Board, name: str) -> Entrant:
    return Entrant(
        label=name, run="", folder="", consolidator=name, control=True, contestant=False, transcript="",
        chains=board.control_chains[name], tables=board.control_tables[name], slices={},
    )  # fmt: skip


def _has(one: ConsolidatorSummary, metric: str) -> bool:
    found = one.metrics[metric]
    return found.value is not None or found.missing > 0
