"""One check: a metric of a contestant, held to a margin, a floor or a ceiling, and the p's of both answers.

margin     the sign-flip test of the paired differences, moved by the margin (`statistics.margins`)
at_least   the tails of the mean's own interval (`statistics.floors`); the baseline plays no part
at_most    the same from above

A floor at the end of what the metric can be ("at_most = 0": never) is kept where not one scenario broke it, and
broken as soon as one did: no number of scenarios could show more. Before the last look it's not kept yet.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rembench.harness.gate.measured import Measured, Scores
from rembench.harness.gate.pairing import Compared, Couple, compared
from rembench.harness.gate.policy import Policy, Rule
from rembench.harness.statistics.differences import difference_limits
from rembench.harness.statistics.floors import FloorTest, Sort, floor_test
from rembench.harness.statistics.intervals import Interval, clopper_pearson, korn_graubard, student
from rembench.harness.statistics.margins import margin_test
from rembench.harness.statistics.sign_flip import sign_flip
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import ScenarioScore

Test = Literal["margin", "at_least", "at_most"]
RESAMPLES = 19_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found, before it's decided.

    `value` and `baseline` are means over the scenarios counted. `seen` are the paired differences, turned so
    that more is better (of a floor: the distances to it); `unit` is what one opportunity weighs. `low` and
    `high` are the interval of `difference`, or of `value` where there's none. `kept` and `broken` are the p's
    of the two answers, each with what's missing against it, `worse` that of "worse at all" (None for a floor).
    `worst` and `best` are `seen` with what's missing at its worst and at its best for the run, None where those
    aren't known; `ends` are their means, as a difference (or value) of the metric, the lower one first.
    `unbroken`: a floor at the metric's very end that not one of these scenarios broke.
    """

    couple: Couple
    metric: Metric
    test: Test
    limit: float
    blocks: bool
    value: float | None
    baseline: float | None
    difference: float | None
    low: float | None
    high: float | None
    kept: float
    broken: float
    worse: float | None
    seen: tuple[float, ...]
    worst: tuple[float, ...] | None
    best: tuple[float, ...] | None
    unit: float
    unpaired: tuple[str, ...]
    open: int
    missing: float
    ends: tuple[float, float] | None
    unbroken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How sure an interval is to be, and by how many flips a p is found."""

    interval: float
    resamples: int = RESAMPLES


def checks(
    run: Measured, baseline: Measured, couple: Couple, policy: Policy, precision: Precision
) -> Iterator[Check]:
    """Every check of one contestant, in the order of the policy."""
    mine, theirs = run.contestants[couple.name], baseline.contestants[couple.against]
    for rule in policy.rules:
        scores = mine[rule.metric]
        if rule.margin is not None:
            found = compared(METRICS[rule.metric], scores, theirs[rule.metric], allowed=policy.missing)
            yield _margin(couple, rule, (scores, theirs[rule.metric]), found, precision)
        for test, limit in (("at_least", rule.at_least), ("at_most", rule.at_most)):
            if limit is not None:
                asked = _Floor(test="at_least" if test == "at_least" else "at_most", limit=limit)
                cells = math.ceil(sum(s.scored for s in scores.values()) / run.repeats)
                yield _floor(couple, rule, (scores, cells, policy.missing), asked, precision)


def _margin(
    couple: Couple, rule: Rule, sides: tuple[Scores, Scores], found: Compared, precision: Precision
) -> Check:
    metric, margin = METRICS[rule.metric], rule.margin or 0.0
    unit = opportunity_weight(metric, [sides[0][name] for name in found.seen.scenarios])
    kept = broken = 1.0
    if found.worst is not None and found.best is not None and found.seen.differences:
        kept = margin_test(found.worst, margin, unit=unit, resamples=precision.resamples).no_worse
        broken = margin_test(found.best, margin, unit=unit, resamples=precision.resamples).worse
    sign = -1.0 if metric.better == "lower" else 1.0
    raw = [sign * d + 0.0 for d in found.seen.differences]
    interval = student(raw, difference_limits(metric.limits), precision.interval)
    values = [[side[name].value or 0.0 for name in found.seen.scenarios] for side in sides]
    return Check(
        couple=couple,
        metric=metric,
        test="margin",
        limit=margin,
        blocks=rule.blocks,
        value=_mean(values[0]),
        baseline=_mean(values[1]),
        difference=_mean(raw),
        low=interval.low,
        high=interval.high,
        kept=kept,
        broken=broken,
        worse=sign_flip(found.seen.differences, resamples=precision.resamples).below,
        seen=found.seen.differences,
        worst=found.worst,
        best=found.best,
        unit=unit,
        unpaired=found.seen.unpaired,
        open=found.open,
        missing=found.missing,
        ends=_margin_ends(found, sign),
    )


def _margin_ends(found: Compared, sign: float) -> tuple[float, float] | None:
    if not found.worst or not found.best:
        return None
    ends = sorted(sign * math.fsum(side) / len(side) + 0.0 for side in (found.worst, found.best))
    return ends[0], ends[1]


def opportunity_weight(metric: Metric, scores: Sequence[ScenarioScore]) -> float:
    """What one opportunity weighs in a scenario, on the average; 0 of an amount, which has no opportunities."""
    counts = [s.opportunities for s in scores if s.opportunities]
    if None in metric.limits or not counts:
        return 0.0
    return math.fsum(1.0 / count for count in counts) / len(counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Floor:
    test: Literal["at_least", "at_most"]
    limit: float

    @property
    def sign(self) -> float:
        """Turns values so that more is better."""
        return 1.0 if self.test == "at_least" else -1.0

    def kept(self, found: FloorTest) -> float:
        return found.above if self.test == "at_least" else found.below

    def broken(self, found: FloorTest) -> float:
        return found.below if self.test == "at_least" else found.above

    def distances(self, values: Sequence[float]) -> tuple[float, ...]:
        """To the limit; below 0 on its wrong side."""
        return tuple(self.sign * (value - self.limit) for value in values)

    def is_never(self, metric: Metric) -> bool:
        return self.limit == metric.limits[1 if self.test == "at_least" else 0]


def _floor(
    couple: Couple, rule: Rule, of: tuple[Scores, int, float], asked: _Floor, precision: Precision
) -> Check:
    scores, cells, allowed = of
    metric = METRICS[rule.metric]
    known = {name: s for name, s in sorted(scores.items()) if s.value is not None}
    values = [s.value for s in known.values() if s.value is not None]
    opened = [s for s in scores.values() if s.missing]
    total = sum(s.scored + s.missing for s in scores.values())
    missing = sum(s.missing for s in opened) / total if total else 0.0
    taken = [s for s in scores.values() if s.value is not None or s.missing]
    ends = _floor_ends(taken, asked, is_open=missing > allowed)
    kept, broken, unbroken = 1.0, 1.0, False
    if ends is not None and values and asked.is_never(metric):
        unbroken = all(value == asked.limit for value in ends[0])
        kept = 0.0 if unbroken else 1.0
        broken = 0.0 if any(value != asked.limit for value in ends[1]) else 1.0
    elif ends is not None and values:
        sort = _sort(metric)
        worst, best = (floor_test(side, asked.limit, sort=sort, cells=cells) for side in ends)
        kept, broken = asked.kept(worst), asked.broken(best)
    interval = mean_interval(metric, values, cells, precision.interval)
    return Check(
        couple=couple,
        metric=metric,
        test=asked.test,
        limit=asked.limit,
        blocks=rule.blocks,
        value=_mean(values),
        baseline=None,
        difference=None,
        low=interval.low,
        high=interval.high,
        kept=kept,
        broken=broken,
        worse=None,
        seen=asked.distances(values),
        worst=asked.distances(ends[0]) if ends else None,
        best=asked.distances(ends[1]) if ends else None,
        unit=0.0,
        unpaired=tuple(name for name, s in sorted(scores.items()) if s.value is None and s.missing),
        open=len(opened) if missing > allowed else 0,
        missing=missing,
        ends=None if ends is None or not values else _sorted_means(*ends),
        unbroken=unbroken,
    )


def _floor_ends(
    scores: Sequence[ScenarioScore], asked: _Floor, *, is_open: bool
) -> tuple[list[float], list[float]] | None:
    """The values with what's missing at its worst and at its best for the run; None where that isn't known."""
    if not is_open:
        seen = [s.value for s in scores if s.value is not None]
        return seen, seen
    ends: list[tuple[float, float]] = []
    for score in scores:
        if score.bounds is None:
            return None
        ends.append(score.bounds if score.missing or score.value is None else (score.value, score.value))
    low, high = [e[0] for e in ends], [e[1] for e in ends]
    return (low, high) if asked.test == "at_least" else (high, low)


def _sorted_means(left: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    low, high = sorted(math.fsum(side) / len(side) for side in (left, right))
    return low, high


def _sort(metric: Metric) -> Sort:
    if metric.limits != (0.0, 1.0):
        return "amount"
    return "yes_or_no" if metric.within in {"any", "all"} else "share"


def mean_interval(metric: Metric, values: Sequence[float], cells: int, level: float) -> Interval:
    """The interval of a mean over scenarios, of the sort that its floor is held against."""
    if not values:
        return Interval(None, None, "no value in any scenario")
    match _sort(metric):
        case "amount":
            return student(values, metric.limits, level)
        case "yes_or_no":
            return clopper_pearson(math.fsum(values), len(values), level)
        case "share":
            return korn_graubard(values, cells, level)


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
