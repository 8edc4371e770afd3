"""The one place where means and intervals are made.

a value per scenario (`rembench.reports.by_scenario`) → mean over scenarios, with its 95% interval over
scenarios, and bounds with every missing cell at its worst and at its best
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rembench.harness.statistics.intervals import Interval, clopper_pearson, korn_graubard, student
from rembench.harness.statistics.pairs import Values
from rembench.harness.types import ChainEvidence
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import (
    Chains,
    ScenarioTable,
    mean,
    metric_cells,
    scenario_table,
    scenario_tables,
    slice_tables,
)
from rembench.reports.summary_types import ConsolidatorSummary, MetricSummary, Summary
from rembench.reports.tallies import cost, failures, outcomes

ORACLE = "oracle"
_LEAST_FOR_CORRELATION = 3
_UNPAIRED = "no scenario in which the best control and the oracle have a value too"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A summary, and what it's made of: consolidator → metric → every scenario's value."""

    summary: Summary
    tables: Mapping[str, Mapping[str, ScenarioTable]]


def summarise(
    run: Mapping[str, Any], evidence: Sequence[ChainEvidence], *, controls: frozenset[str]
) -> Summary:
    """The summary of a run; every consolidator of `run` is in it, whatever became of its nights."""
    return measure(run, evidence, controls=controls).summary


def measure(run: Mapping[str, Any], evidence: Sequence[ChainEvidence], *, controls: frozenset[str]) -> Measured:
    """The same with the tables."""
    chains: dict[str, list[ChainEvidence]] = {str(entry["name"]): [] for entry in run["consolidators"]}
    for one in evidence:
        if one.chain.consolidator in chains:
            chains[one.chain.consolidator].append(one)
    tables: dict[str, dict[str, ScenarioTable]] = {}
    slices: dict[str, dict[str, dict[str, MetricSummary]]] = {}
    for name, mine in chains.items():
        cells = metric_cells(mine)
        tables[name] = scenario_tables(cells)
        slices[name] = {
            m: {part: _summary(table) for part, table in slice_tables(metric, cells).items()}
            for m, metric in METRICS.items()
        }
    consolidators = {}
    for name, mine in chains.items():
        metrics = {m: _summary(table) for m, table in tables[name].items()}
        for metric in METRICS.values():
            if metric.relative_to:
                metrics[metric.name] = _relative(metric, tables, name, controls)
        consolidators[name] = ConsolidatorSummary(
            name=name,
            control=name in controls,
            metrics={m: replace(metrics[m], slices=slices[name][m]) for m in METRICS},
            outcomes=outcomes(mine),
            cost=cost(mine),
            failures=failures(mine),
        )
    summary = Summary(run=run, consolidators=consolidators, correlations=_correlations(tables))
    return Measured(summary=summary, tables=tables)


def metric_summary(metric: Metric, chains: Chains) -> MetricSummary:
    """One metric with its slices, from its cells; for those that aren't asked of memories."""
    slices = {part: _summary(table) for part, table in slice_tables(metric, {metric.name: chains}).items()}
    return replace(_summary(scenario_table(metric, chains)), slices=slices)


def _summary(table: ScenarioTable) -> MetricSummary:
    known = {name: s for name, s in table.scenarios.items() if s.value is not None}
    values = [s.value for s in known.values() if s.value is not None]
    bounds = [s.bounds for s in table.scenarios.values() if s.bounds is not None]
    value = mean(values) if values else None
    interval = _interval(table, values) if values else Interval(None, None)
    return MetricSummary(
        value=value,
        low=_below(interval.low, value),
        high=_above(interval.high, value),
        bounds=(mean([b[0] for b in bounds]), mean([b[1] for b in bounds])) if bounds else None,
        scored=table.scored,
        missing=table.missing,
        unit=table.metric.unit,
        scenarios=len(values),
        reason=interval.reason if values else _why_undefined(table),
    )


def _below(low: float | None, value: float | None) -> float | None:
    return low if low is None or value is None else min(low, value)


def _above(high: float | None, value: float | None) -> float | None:
    return high if high is None or value is None else max(high, value)


def _interval(table: ScenarioTable, values: Sequence[float]) -> Interval:
    metric = table.metric
    if metric.limits != (0.0, 1.0):
        return student(values, metric.limits)
    if metric.within in {"any", "all"}:
        return clopper_pearson(math.fsum(values), len(values))
    return korn_graubard(values, math.ceil(table.scored / table.repeats))


def _why_undefined(table: ScenarioTable) -> str:
    if table.reasons:
        return table.reasons.most_common(1)[0][0]
    if table.metric.of and table.scored:
        divided = table.metric.limits[1] is None
        lacking = "don't both have a value other than zero to divide by" if divided else "aren't both measured"
        return f"{' and '.join(table.metric.of)} {lacking} in any scenario"
    return table.metric.unasked


def _relative(
    metric: Metric, tables: Mapping[str, Mapping[str, ScenarioTable]], name: str, controls: frozenset[str]
) -> MetricSummary:
    """The place of `name` between the best control (0) and the oracle (1)."""
    base = metric.relative_to or ""
    means = {n: _summary(tables[n][base]).value for n in tables}
    trivial = {n: v for n, v in means.items() if n in controls and n != ORACLE and v is not None}
    ceiling, own = means.get(ORACLE), tables[name][base]
    if ceiling is None or not trivial:
        return _undefined(metric, own, "the oracle and a trivial control aren't both measured")
    best = min(trivial, key=lambda n: (-trivial[n], n))
    floor, span = trivial[best], ceiling - trivial[best]
    if span <= 0:
        return _undefined(metric, own, "the oracle isn't better than the best control")
    reached = means[name]
    if reached is None:
        return _undefined(metric, own, _why_undefined(own))
    place = (reached - floor) / span
    places = _places([own.values, tables[best][base].values, tables[ORACLE][base].values], place, span)
    bounds = [s.bounds for s in own.scenarios.values() if s.bounds]
    interval = student(places, metric.limits) if places else Interval(None, None, _UNPAIRED)
    value = min(1.0, max(0.0, place))
    ends = [mean([b[k] for b in bounds]) for k in (0, 1)] if bounds else None
    return MetricSummary(
        value=value,
        low=None if interval.low is None else min(value, max(0.0, interval.low)),
        high=None if interval.high is None else max(value, interval.high),
        bounds=_clipped([(end - floor) / span for end in ends]) if ends else None,
        scored=own.scored,
        missing=own.missing,
        unit=metric.unit,
        scenarios=sum(v is not None for v in own.values.values()),
        reason=interval.reason,
    )


def _places(three: Sequence[Values], place: float, span: float) -> list[float]:
    """The place scenario by scenario: of one, the best control and the oracle, where all have a value.

    Both ends of the scale are means over the same scenarios, and vary with them: what's seen of a ratio's
    spread is (own - control) - place x (oracle - control). Cochran, Sampling Techniques, 1977, section 6.4.
    """
    rows = [[values.get(name) for values in three] for name in three[0]]
    known = [[v for v in row if v is not None] for row in rows]
    return [
        place + ((own - control) - place * (oracle - control)) / span
        for own, control, oracle in (row for row in known if len(row) == len(three))
    ]


def _clipped(ends: Sequence[float]) -> tuple[float, float]:
    low, high = (min(1.0, max(0.0, end)) for end in ends)
    return low, high


def _undefined(metric: Metric, table: ScenarioTable, reason: str) -> MetricSummary:
    return MetricSummary(
        value=None, low=None, high=None, bounds=None, scored=table.scored, missing=table.missing,
        unit=metric.unit, scenarios=0, reason=reason,
    )  # fmt: skip


def _correlations(tables: Mapping[str, Mapping[str, ScenarioTable]]) -> dict[str, float | None]:
    """Spearman's rank correlation of each overlap metric with retention, over consolidator and scenario."""
    found: dict[str, float | None] = {}
    for name in ("rouge1", "rouge2", "rougel"):
        pairs = [
            pair
            for consolidator, metrics in tables.items()
            if consolidator != ORACLE
            for pair in _pairs(metrics[name], metrics["retention"])
        ]
        found[f"{name} with retention"] = _spearman(pairs)
    return found


def _pairs(left: ScenarioTable, right: ScenarioTable) -> Iterable[tuple[float, float]]:
    for scenario, scored in left.scenarios.items():
        other = right.scenarios[scenario].value
        if scored.value is not None and other is not None:
            yield scored.value, other


def _spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    left, right = [p[0] for p in pairs], [p[1] for p in pairs]
    if len(pairs) < _LEAST_FOR_CORRELATION or len(set(left)) < 2 or len(set(right)) < 2:
        return None
    from scipy.stats import spearmanr

    return float(spearmanr(left, right).statistic)
