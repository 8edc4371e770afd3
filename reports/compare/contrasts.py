"""Contrasts: two entrants on one metric, paired by scenario, and whether the difference can be told.

Told is a difference whose sign-flip p, adjusted by Holm for all tests of its family, is at most 5%, and that no
missing verdict could turn: with every one of them against it, it still lies on its side of 0. Intervals and
means are those of one comparison by itself. What so many scenarios could notice, and how many would notice
what's seen, are said for the strictest step of Holm: 5% / the number of tests.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rembench.harness.statistics.differences import deviation, difference_bounds, difference_limits
from rembench.harness.statistics.holm import holm
from rembench.harness.statistics.intervals import Interval, student
from rembench.harness.statistics.pairs import Pairs, pair
from rembench.harness.statistics.power import detectable, scenarios_for
from rembench.harness.statistics.sign_flip import TEST_LEVEL, resamples_for, sign_flips
from rembench.harness.statistics.told import Told
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import ScenarioTable, mean

Side = Literal["first", "second"]
ALIKE = "all differences are alike: how they would vary can't be told"
CHANCE = "chance may have made it"
TURNS = "the missing verdicts could turn it"
NO_PAIR = "no scenario in which both have a value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two tables of one metric; `slice` is the sub-table that they're of, if any."""

    first: ScenarioTable
    second: ScenarioTable
    slice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """First minus second. `first` and `second` are their means over the scenarios in which both have a value.

    `low` and `high` are the 95% t interval, `p` is that of the sign-flip test and `adjusted` the same by Holm.
    `bounds`: between what the difference lies, whatever the missing verdicts are. `unpaired` counts the
    scenarios left out. `reason` says why the mean, or else the interval, is None, `why_not` why it isn't told.
    """

    metric: Metric
    slice: str | None
    first: float | None
    second: float | None
    mean: float | None
    low: float | None
    high: float | None
    p: float
    adjusted: float | None
    bounds: tuple[float, float] | None
    scenarios: int
    unpaired: int
    missing: int
    detectable: Told
    wanted: Told
    reason: str | None
    why_not: str | None

    @property
    def told(self) -> bool:
        """Whether these scenarios tell the two apart."""
        return self.why_not is None

    @property
    def higher(self) -> Side | None:
        """Who has more, where that's told."""
        if not self.told or not self.mean:
            return None
        return "first" if self.mean > 0 else "second"

    @property
    def better(self) -> Side | None:
        """Who is better, where that's told and more or less is better at all."""
        if self.higher is None or self.metric.better == "neither":
            return None
        return self.higher if self.metric.better == "higher" else _other(self.higher)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The answers to several questions, in their order, and the number of tests that Holm adjusts for.

    A question without a scenario in which both have a value isn't tested.
    """

    contrasts: tuple[Contrast, ...]
    tests: int
    level: float = TEST_LEVEL


def contrasts(questions: Sequence[Question], *, seed: int = 0) -> Family:
    """The answers to all questions, as one family."""
    pairs = [pair(one.first.values, one.second.values) for one in questions]
    tests = sum(bool(one.differences) for one in pairs)
    sets = [one.differences for one in pairs]
    flipped = sign_flips(sets, resamples=resamples_for(max(1, tests)), seed=seed)
    ps = [one.either for one in flipped]
    adjusted = holm([p if found else None for p, found in zip(ps, sets, strict=True)])
    made = (
        _contrast(question, found, (p, together), max(1, tests))
        for question, found, p, together in zip(questions, pairs, ps, adjusted, strict=True)
    )
    return Family(contrasts=tuple(made), tests=tests)


def _contrast(question: Question, pairs: Pairs, ps: tuple[float, float | None], tests: int) -> Contrast:
    metric = question.first.metric
    found, average = pairs.differences, pairs.mean
    spread = deviation(found)
    interval = Interval(None, None, ALIKE) if spread == 0 else student(found, difference_limits(metric.limits))
    bounds = _bounds(question)
    missing = question.first.missing + question.second.missing
    return Contrast(
        metric=metric,
        slice=question.slice,
        first=_mean(question.first, pairs.scenarios),
        second=_mean(question.second, pairs.scenarios),
        mean=average,
        low=interval.low if average is None or interval.low is None else min(interval.low, average),
        high=interval.high if average is None or interval.high is None else max(interval.high, average),
        p=ps[0],
        adjusted=ps[1],
        bounds=bounds,
        scenarios=len(found),
        unpaired=len(pairs.unpaired),
        missing=missing,
        detectable=detectable(spread, len(found), level=TEST_LEVEL / tests),
        wanted=scenarios_for(average, spread, level=TEST_LEVEL / tests),
        reason=_why_unpaired(question) if average is None else interval.reason,
        why_not=_why_not(average, ps[1], bounds, missing),
    )


def _why_not(
    average: float | None, adjusted: float | None, bounds: tuple[float, float] | None, missing: int
) -> str | None:
    if average is None or adjusted is None:
        return NO_PAIR
    if not average:
        return "no difference seen"
    if adjusted > TEST_LEVEL:
        return CHANCE
    if missing and bounds is not None and min(bounds[0] * average, bounds[1] * average) <= 0:
        return TURNS
    return None


def _why_unpaired(question: Question) -> str:
    reasons = question.first.reasons + question.second.reasons
    if reasons:
        return f"{NO_PAIR} ({reasons.most_common(1)[0][0]})"
    return NO_PAIR if question.first.scored or question.second.scored else question.first.metric.unasked


def _bounds(question: Question) -> tuple[float, float] | None:
    """The mean over the scenarios that both were asked in, those without a verdict at all among them."""
    first, second = question.first.scenarios, question.second.scenarios
    ends = [
        both
        for name in sorted(first.keys() & second.keys())
        if (both := difference_bounds(first[name].bounds, second[name].bounds))
    ]
    return (mean([low for low, _ in ends]), mean([high for _, high in ends])) if ends else None


def _mean(table: ScenarioTable, scenarios: Sequence[str]) -> float | None:
    values = [v for name in scenarios if (v := table.scenarios[name].value) is not None]
    return math.fsum(values) / len(values) if values else None


def _other(side: Side) -> Side:
    return "second" if side == "first" else "first"
