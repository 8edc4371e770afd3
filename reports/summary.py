"""The one place where means and intervals are made.

cells → a value per scenario and repeat (`Metric.within`) → repeats averaged → mean over scenarios,
with its 95% interval over scenarios, and bounds with every missing cell at its worst and at its best
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rembench.harness.statistics.intervals import Interval, clopper_pearson, korn_graubard, student
from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.summary_types import ConsolidatorSummary, MetricSummary, Summary
from rembench.reports.tallies import cost, failures, outcomes

ORACLE = "oracle"
_LEAST_FOR_CORRELATION = 3


Chains = Sequence[tuple[str, Sequence[Cell]]]
"""The cells of a metric, chain by chain: scenario (of a twin its original) and cells."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A metric on one scenario (repeats averaged): value and bounds, None where undefined."""

    value: float | None
    bounds: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Table:
    """A metric of one consolidator, scenario by scenario, and the cells that it was made from."""

    metric: Metric
    scenarios: Mapping[str, _Scored]
    scored: int
    missing: int
    reasons: Counter[str]
    repeats: int


def summarise(
    run: Mapping[str, Any], evidence: Sequence[ChainEvidence], *, controls: frozenset[str]
) -> Summary:
    """The summary of a run; every consolidator of `run` is in it, whatever became of its nights."""
    names = [str(entry["name"]) for entry in run["consolidators"]]
    chains = {name: [e for e in evidence if e.chain.consolidator == name] for name in names}
    cells = {name: _cells(chains[name]) for name in names}
    tables = {name: _tables(cells[name]) for name in names}
    consolidators = {}
    for name in names:
        metrics = {m: _summary(table) for m, table in tables[name].items()}
        for metric in METRICS.values():
            if metric.relative_to:
                metrics[metric.name] = _relative(metric, tables, name, controls)
        slices = {m: _slices(metric, cells[name]) for m, metric in METRICS.items()}
        consolidators[name] = ConsolidatorSummary(
            name=name,
            control=name in controls,
            metrics={m: replace(metrics[m], slices=slices[m]) for m in METRICS},
            outcomes=outcomes(chains[name]),
            cost=cost(chains[name]),
            failures=failures(chains[name]),
        )
    return Summary(run=run, consolidators=consolidators, correlations=_correlations(tables))


def _cells(chains: Sequence[ChainEvidence]) -> dict[str, Chains]:
    """Every metric's cells, chain by chain; a metric made of others has none."""
    return {
        metric.name: [
            (c.scenario.twin_of or c.chain.scenario, tuple(metric.cells(c)))
            for c in chains
            if metric.concerns(c.scenario)
        ]
        for metric in METRICS.values()
        if not metric.of and not metric.relative_to
    }


def _tables(cells: Mapping[str, Chains]) -> dict[str, _Table]:
    tables: dict[str, _Table] = {}
    for metric in METRICS.values():
        if _is_net(metric):
            parts = _paired(metric, {m: _headline(cells[m]) for m in metric.of})
            tables[metric.name] = _combined(metric, parts)
        elif metric.of:
            tables[metric.name] = _combined(metric, [tables[m] for m in metric.of])
        elif not metric.relative_to:
            tables[metric.name] = _table(metric, _headline(cells[metric.name]))
    return tables


def _headline(chains: Chains) -> Chains:
    return [(scenario, [c for c in cells if c.headline]) for scenario, cells in chains]


def _is_net(metric: Metric) -> bool:
    """Whether it sets scenarios against their twins."""
    return any(METRICS[part].of_twins for part in metric.of)


def _paired(metric: Metric, cells: Mapping[str, Chains]) -> list[_Table]:
    """The metrics that it's made of, on the scenarios that they all have."""
    shared = set.intersection(*({scenario for scenario, _ in cells[m]} for m in metric.of))
    return [_table(METRICS[m], [(s, found) for s, found in cells[m] if s in shared]) for m in metric.of]


def _table(metric: Metric, chains: Chains) -> _Table:
    repeats: dict[str, list[_Scored]] = defaultdict(list)
    for scenario, cells in chains:
        repeats[scenario].append(_score(metric, cells))
    every = [cell for _, cells in chains for cell in cells]
    missing = [cell for cell in every if cell.amount is None]
    return _Table(
        metric=metric,
        scenarios={scenario: _average(scored) for scenario, scored in repeats.items()},
        scored=len(every) - len(missing),
        missing=len(missing),
        reasons=Counter(cell.reason or "no verdict" for cell in missing),
        repeats=max((len(scored) for scored in repeats.values()), default=1),
    )


def _score(metric: Metric, cells: Sequence[Cell]) -> _Scored:
    value = within(metric, [(c.group, c.amount) for c in cells if c.amount is not None])
    least, most = metric.limits
    if least is None or most is None or not cells:
        return _Scored(value, None)
    ends = [
        within(metric, [(c.group, end if c.amount is None else c.amount) for c in cells])
        for end in (least, most)
    ]
    low, high = (end for end in ends if end is not None)
    return _Scored(value, (min(low, high), max(low, high)))


def within(metric: Metric, amounts: Sequence[tuple[str, float]]) -> float | None:
    """The value of one scenario from the amounts of its cells by group; None without any."""
    if not amounts:
        return None
    plain = [amount for _, amount in amounts]
    match metric.within:
        case "any":
            return float(any(amount > 0 for amount in plain))
        case "all":
            return float(all(amount >= 1 for amount in plain))
        case "mean":
            return _mean(plain)
        case "macro":
            groups: dict[str, list[float]] = defaultdict(list)
            for group, amount in amounts:
                groups[group].append(amount)
            return _mean([_mean(of_group) for of_group in groups.values()])


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _average(repeats: Sequence[_Scored]) -> _Scored:
    values = [r.value for r in repeats if r.value is not None]
    bounds = [r.bounds for r in repeats if r.bounds is not None]
    return _Scored(
        _mean(values) if values else None,
        (_mean([b[0] for b in bounds]), _mean([b[1] for b in bounds])) if bounds else None,
    )


def _combined(metric: Metric, parts: Sequence[_Table]) -> _Table:
    names = [name for name in parts[0].scenarios if all(name in p.scenarios for p in parts)]
    return _Table(
        metric=metric,
        scenarios={name: _combine(metric, [p.scenarios[name] for p in parts]) for name in names},
        scored=sum(p.scored for p in parts),
        missing=sum(p.missing for p in parts),
        reasons=sum((p.reasons for p in parts), Counter()),
        repeats=parts[0].repeats,
    )


def _combine(metric: Metric, parts: Sequence[_Scored]) -> _Scored:
    values = [p.value for p in parts]
    combine = metric.combine or (lambda *_: None)
    value = None if None in values else combine(*values)
    if any(p.bounds is None for p in parts) or None in metric.limits:
        return _Scored(value, None)
    corners: list[list[float]] = [[]]
    for part in parts:
        corners = [[*corner, end] for corner in corners for end in part.bounds or ()]
    ends = [end for corner in corners if (end := combine(*corner)) is not None]
    return _Scored(value, (min(ends), max(ends)) if ends else None)


def _summary(table: _Table) -> MetricSummary:
    known = {name: s for name, s in table.scenarios.items() if s.value is not None}
    values = [s.value for s in known.values() if s.value is not None]
    bounds = [s.bounds for s in table.scenarios.values() if s.bounds is not None]
    value = _mean(values) if values else None
    interval = _interval(table, values) if values else Interval(None, None)
    return MetricSummary(
        value=value,
        low=_below(interval.low, value),
        high=_above(interval.high, value),
        bounds=(_mean([b[0] for b in bounds]), _mean([b[1] for b in bounds])) if bounds else None,
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


def _interval(table: _Table, values: Sequence[float]) -> Interval:
    metric = table.metric
    if metric.limits != (0.0, 1.0):
        return student(values, metric.limits)
    if metric.within in {"any", "all"}:
        return clopper_pearson(math.fsum(values), len(values))
    return korn_graubard(values, math.ceil(table.scored / table.repeats))


def _why_undefined(table: _Table) -> str:
    if table.reasons:
        return table.reasons.most_common(1)[0][0]
    if table.metric.of and table.scored:
        divided = table.metric.limits[1] is None
        lacking = "don't both have a value other than zero to divide by" if divided else "aren't both measured"
        return f"{' and '.join(table.metric.of)} {lacking} in any scenario"
    return table.metric.unasked


def _relative(
    metric: Metric, tables: Mapping[str, Mapping[str, _Table]], name: str, controls: frozenset[str]
) -> MetricSummary:
    """The place of `name` between the best control (0) and the oracle (1)."""
    base = metric.relative_to or ""
    means = {n: _summary(tables[n][base]).value for n in tables}
    trivial = [v for n, v in means.items() if n in controls and n != ORACLE and v is not None]
    ceiling, own = means.get(ORACLE), tables[name][base]
    if ceiling is None or not trivial:
        return _undefined(metric, own, "the oracle and a trivial control aren't both measured")
    if ceiling <= max(trivial):
        return _undefined(metric, own, "the oracle isn't better than the best control")
    mean = means[name]
    if mean is None:
        return _undefined(metric, own, _why_undefined(own))
    floor, span = max(trivial), ceiling - max(trivial)
    places = [(s.value - floor) / span for s in own.scenarios.values() if s.value is not None]
    bounds = [s.bounds for s in own.scenarios.values() if s.bounds]
    interval = student(places, metric.limits)
    value = min(1.0, max(0.0, (mean - floor) / span))
    ends = [_mean([b[k] for b in bounds]) for k in (0, 1)] if bounds else None
    return MetricSummary(
        value=value,
        low=None if interval.low is None else min(value, max(0.0, interval.low)),
        high=None if interval.high is None else max(value, interval.high),
        bounds=_clipped([(end - floor) / span for end in ends]) if ends else None,
        scored=own.scored,
        missing=own.missing,
        unit=metric.unit,
        scenarios=len(places),
        reason=interval.reason,
    )


def _clipped(ends: Sequence[float]) -> tuple[float, float]:
    low, high = (min(1.0, max(0.0, end)) for end in ends)
    return low, high


def _undefined(metric: Metric, table: _Table, reason: str) -> MetricSummary:
    return MetricSummary(
        value=None, low=None, high=None, bounds=None, scored=table.scored, missing=table.missing,
        unit=metric.unit, scenarios=0, reason=reason,
    )  # fmt: skip


def _slices(metric: Metric, cells: Mapping[str, Chains]) -> dict[str, MetricSummary]:
    """Every slice of a metric: the same arithmetic on the cells that carry its name."""
    if _is_net(metric):
        parts = [_sliced(cells[m]) for m in metric.of]
        names = sorted(set.intersection(*(set(part) for part in parts)))
        return {
            name: _summary(
                _combined(metric, _paired(metric, {m: p[name] for m, p in zip(metric.of, parts, strict=True)}))
            )
            for name in names
        }
    found = _sliced(cells[metric.name]) if metric.name in cells else {}
    return {name: _summary(_table(metric, chains)) for name, chains in found.items()}


def _sliced(chains: Chains) -> dict[str, Chains]:
    """The cells by the names that they carry; every slice has every chain."""
    by_chain = []
    for _, cells in chains:
        by_name: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            for name in cell.slices:
                by_name[name].append(cell)
        by_chain.append(by_name)
    names = sorted({name for by_name in by_chain for name in by_name})
    scenarios = [scenario for scenario, _ in chains]
    return {
        name: [(s, by_name.get(name, ())) for s, by_name in zip(scenarios, by_chain, strict=True)]
        for name in names
    }


def _correlations(tables: Mapping[str, Mapping[str, _Table]]) -> dict[str, float | None]:
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


def _pairs(left: _Table, right: _Table) -> Iterable[tuple[float, float]]:
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
