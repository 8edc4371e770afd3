"""Every metric scenario by scenario: what means, intervals and paired comparisons are made of.

cells → a value per scenario and repeat (`Metric.within`) → repeats averaged. What was found in a twin stands
under the name of its original, in the metrics that ask of twins, and nowhere else.

    cells  = metric_cells(chains)      every metric's cells, of one consolidator's chains
    tables = scenario_tables(cells)    metric → ScenarioTable; a metric that's relative to others isn't in it
    slices = slice_tables(m, cells)    the same for every sub-table of one metric, as "kind=update"
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric

Chains = Sequence[tuple[str, Sequence[Cell]]]
"""The cells of a metric, chain by chain: scenario (of a twin its original) and cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioScore:
    """A metric on one scenario, repeats averaged: None where it's undefined.

    `bounds` are its values with every cell without a verdict at its worst and at its best. `scored` and
    `missing` count cells. `opportunities` counts what can go wrong by itself: 1 where the scenario is a yes or
    no, else the items (or, where no item is asked about, the nights) that the cells rest on. `repeats` has the
    value of every repeat; it's empty where those can't be told apart.
    """

    value: float | None
    bounds: tuple[float, float] | None
    scored: int
    missing: int
    opportunities: int
    repeats: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioTable:
    """A metric of one consolidator, scenario by scenario, and the cells that it was made from."""

    metric: Metric
    scenarios: Mapping[str, ScenarioScore]
    scored: int
    missing: int
    reasons: Counter[str]
    repeats: int

    @property
    def values(self) -> dict[str, float | None]:
        """The value of every scenario that was asked, None where it's undefined."""
        return {name: score.value for name, score in self.scenarios.items()}


def metric_cells(chains: Sequence[ChainEvidence], only: Collection[str] = METRICS) -> dict[str, Chains]:
    """Every metric's cells, chain by chain, of those asked for; a metric made of others has theirs."""
    wanted = {part for name in only for part in _parts(name)}
    return {
        metric.name: [
            (c.scenario.twin_of or c.chain.scenario, tuple(metric.cells(c)))
            for c in chains
            if metric.concerns(c.scenario)
        ]
        for metric in METRICS.values()
        if metric.name in wanted and not metric.relative_to
    }


def _parts(name: str) -> set[str]:
    """The metrics with cells that this one is made of."""
    of = METRICS[name].of
    return {part for m in of for part in _parts(m)} if of else {name}


def scenario_tables(cells: Mapping[str, Chains]) -> dict[str, ScenarioTable]:
    """Every metric of one consolidator that these cells are enough for, scenario by scenario."""
    tables: dict[str, ScenarioTable] = {}
    for metric in METRICS.values():
        if not cells.keys() >= _parts(metric.name):
            continue
        if _is_net(metric):
            parts = _paired(metric, {m: _headline(cells[m]) for m in metric.of})
            tables[metric.name] = _combined(metric, parts)
        elif metric.of:
            tables[metric.name] = _combined(metric, [tables[m] for m in metric.of])
        elif not metric.relative_to:
            tables[metric.name] = _table(metric, _headline(cells[metric.name]))
    return tables


def scenario_table(metric: Metric, chains: Chains) -> ScenarioTable:
    """One metric by the cells of its own that count in it, scenario by scenario."""
    return _table(metric, _headline(chains))


def slice_tables(metric: Metric, cells: Mapping[str, Chains]) -> dict[str, ScenarioTable]:
    """Every slice of a metric: the same arithmetic on the cells that carry its name."""
    if _is_net(metric):
        parts = [_sliced(cells[m]) for m in metric.of]
        names = sorted(set.intersection(*(set(part) for part in parts)))
        return {
            name: _combined(
                metric, _paired(metric, {m: p[name] for m, p in zip(metric.of, parts, strict=True)})
            )
            for name in names
        }
    found = _sliced(cells[metric.name]) if metric.name in cells else {}
    return {name: _table(metric, chains) for name, chains in found.items()}


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
            return mean(plain)
        case "macro":
            groups: dict[str, list[float]] = defaultdict(list)
            for group, amount in amounts:
                groups[group].append(amount)
            return mean([mean(of_group) for of_group in groups.values()])


def mean(values: Sequence[float]) -> float:
    """The mean, exactly rounded."""
    return math.fsum(values) / len(values)


def _headline(chains: Chains) -> Chains:
    return [(scenario, [c for c in cells if c.headline]) for scenario, cells in chains]


def _is_net(metric: Metric) -> bool:
    """Whether it sets scenarios against their twins."""
    return any(METRICS[part].of_twins for part in metric.of)


def _paired(metric: Metric, cells: Mapping[str, Chains]) -> list[ScenarioTable]:
    """The metrics that it's made of, on the scenarios that they all have."""
    shared = set.intersection(*({scenario for scenario, _ in cells[m]} for m in metric.of))
    return [_table(METRICS[m], [(s, found) for s, found in cells[m] if s in shared]) for m in metric.of]


def _table(metric: Metric, chains: Chains) -> ScenarioTable:
    repeats: dict[str, list[ScenarioScore]] = defaultdict(list)
    for scenario, cells in chains:
        repeats[scenario].append(_score(metric, cells))
    missing = [cell for _, cells in chains for cell in cells if cell.amount is None]
    return ScenarioTable(
        metric=metric,
        scenarios={scenario: _average(scores) for scenario, scores in repeats.items()},
        scored=sum(len(cells) for _, cells in chains) - len(missing),
        missing=len(missing),
        reasons=Counter(cell.reason or "no verdict" for cell in missing),
        repeats=max((len(scores) for scores in repeats.values()), default=1),
    )


def _score(metric: Metric, cells: Sequence[Cell]) -> ScenarioScore:
    known = [(c.group, c.amount) for c in cells if c.amount is not None]
    value = within(metric, known)
    return ScenarioScore(
        value=value,
        bounds=_bounds(metric, cells),
        scored=len(known),
        missing=len(cells) - len(known),
        opportunities=_opportunities(metric, cells),
        repeats=(value,),
    )


def _bounds(metric: Metric, cells: Sequence[Cell]) -> tuple[float, float] | None:
    least, most = metric.limits
    if least is None or most is None or not cells:
        return None
    ends = [
        within(metric, [(c.group, end if c.amount is None else c.amount) for c in cells])
        for end in (least, most)
    ]
    low, high = (end for end in ends if end is not None)
    return min(low, high), max(low, high)


def _opportunities(metric: Metric, cells: Sequence[Cell]) -> int:
    if metric.within in {"any", "all"}:
        return min(1, len(cells))
    return len({c.ref.checkpoint if c.ref.item is None else (c.ref.item,) for c in cells})


def _average(repeats: Sequence[ScenarioScore]) -> ScenarioScore:
    values = [r.value for r in repeats if r.value is not None]
    bounds = [r.bounds for r in repeats if r.bounds is not None]
    return ScenarioScore(
        value=mean(values) if values else None,
        bounds=(mean([b[0] for b in bounds]), mean([b[1] for b in bounds])) if bounds else None,
        scored=sum(r.scored for r in repeats),
        missing=sum(r.missing for r in repeats),
        opportunities=max(r.opportunities for r in repeats),
        repeats=tuple(r.value for r in repeats),
    )


def _combined(metric: Metric, parts: Sequence[ScenarioTable]) -> ScenarioTable:
    names = [name for name in parts[0].scenarios if all(name in p.scenarios for p in parts)]
    return ScenarioTable(
        metric=metric,
        scenarios={name: _combine(metric, [p.scenarios[name] for p in parts]) for name in names},
        scored=sum(p.scored for p in parts),
        missing=sum(p.missing for p in parts),
        reasons=sum((p.reasons for p in parts), Counter()),
        repeats=parts[0].repeats,
    )


def _combine(metric: Metric, parts: Sequence[ScenarioScore]) -> ScenarioScore:
    by_repeat = [p.repeats for p in parts]
    alike = len({len(values) for values in by_repeat}) == 1
    return ScenarioScore(
        value=_together(metric, [p.value for p in parts]),
        bounds=_corners(metric, parts),
        scored=sum(p.scored for p in parts),
        missing=sum(p.missing for p in parts),
        opportunities=min(p.opportunities for p in parts),
        repeats=tuple(_together(metric, values) for values in zip(*by_repeat, strict=True)) if alike else (),
    )


def _together(metric: Metric, values: Sequence[float | None]) -> float | None:
    return None if None in values or metric.combine is None else metric.combine(*values)


def _corners(metric: Metric, parts: Sequence[ScenarioScore]) -> tuple[float, float] | None:
    if any(p.bounds is None for p in parts) or None in metric.limits:
        return None
    corners: list[list[float]] = [[]]
    for part in parts:
        corners = [[*corner, end] for corner in corners for end in part.bounds or ()]
    ends = [end for corner in corners if (end := _together(metric, corner)) is not None]
    return (min(ends), max(ends)) if ends else None


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
