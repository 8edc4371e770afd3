"""A page for each scenario, and the list of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.types import DeleteStep, Scenario
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import ScenarioScore, ScenarioTable, mean
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.leaderboard.board import Board

ORIGINS: Mapping[str, str] = {
    "synthetic": "synthetic: made by a program, its expectations follow from the log it was made from",
    "authored": "authored: written without templates, by a language model or a person",
    "recorded": "recorded: sessions that really took place, planted or annotated afterwards",
}
_METRICS = (
    QUALITY, "obligations_met", "prohibitions_broken", "values_right", "retention", "contradiction",
    "staleness", "hallucination", "deletion_leakage", "secrets_kept", "injections_obeyed",
    "clean_scenario_rate",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A scenario in the list: what it's made of, and what entries get on it, from the least to the most."""

    scenario: Scenario
    items: int
    entries: tuple[float, float, float] | None  # least, mean, most informedness
    control: float | None


def listed(board: Board) -> dict[str, Any]:
    """What the list shows."""
    return {"lines": [_line(board, one) for one in originals(board)], "quality": METRICS[QUALITY]}


def originals(board: Board) -> list[Scenario]:
    """The scenarios but the twins."""
    return [one for one in board.basis.scenarios if one.twin_of is None]


def context(board: Board, scenario: Scenario) -> dict[str, Any]:
    """What the page of a scenario shows."""
    tables: dict[str, Mapping[str, ScenarioTable]] = {one.label: one.tables for one in board.entries}
    tables |= {name: board.control_tables[name] for name in board.controls}
    scores = {label: {m: own[m].scenarios.get(scenario.id) for m in _METRICS} for label, own in tables.items()}
    return {
        "scenario": scenario,
        "origin": ORIGINS.get(scenario.origin, scenario.origin),
        "has_twin": any(one.twin_of == scenario.id for one in board.basis.scenarios),
        "kinds": sorted(Counter(item.kind for item in scenario.items).items()),
        "deletions": sum(isinstance(step, DeleteStep) for step in scenario.steps),
        "refed": _refed(scenario),
        "shown": _shown(scores),
        "scores": scores,
        "controls": board.controls,
    }


def _shown(scores: Mapping[str, Mapping[str, ScenarioScore | None]]) -> list[Metric]:
    """The metrics that this scenario asks."""
    return [
        METRICS[m]
        for m in _METRICS
        if any((one := found[m]) is not None and (one.scored or one.missing) for found in scores.values())
    ]


def _refed(scenario: Scenario) -> int:
    """How many sessions are handed over again on a later night."""
    named = Counter(name for night in scenario.nights for name in night.sessions or ())
    return sum(count > 1 for count in named.values())


def _line(board: Board, scenario: Scenario) -> Line:
    values = [
        value for one in board.entries if (value := one.tables[QUALITY].values.get(scenario.id)) is not None
    ]
    controls = [
        value
        for name in board.controls
        if name != "oracle"
        and (value := board.control_tables[name][QUALITY].values.get(scenario.id)) is not None
    ]
    return Line(
        scenario=scenario,
        items=len(scenario.items),
        entries=(min(values), mean(values), max(values)) if values else None,
        control=max(controls, default=None),
    )
