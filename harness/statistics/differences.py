"""All that can be told of two consolidators on one metric, paired by scenario."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rembench.harness.statistics.intervals import student
from rembench.harness.statistics.pairs import Pairs
from rembench.harness.statistics.power import detectable, scenarios_for
from rembench.harness.statistics.sign_flip import RESAMPLES, TEST_LEVEL, sign_flip
from rembench.harness.statistics.told import Told

Bounds = tuple[float, float] | None
"""The least and the greatest value that one may have, whatever its missing verdicts are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """First minus second. `low` and `high` are the 95% t interval, `p` that of the sign-flip test, two-sided.

    `detectable` is the smallest true difference that so many scenarios would notice 80 times in 100,
    `wanted` the number of scenarios that would so notice a true difference as large as the one seen.
    `reason` says why `mean`, or else the interval, is None; `unpaired` names the scenarios left out.
    """

    mean: float | None
    low: float | None
    high: float | None
    p: float
    deviation: float | None
    scenarios: int
    unpaired: tuple[str, ...]
    detectable: Told
    wanted: Told
    reason: str | None = None

    def is_told(self, level: float = TEST_LEVEL) -> bool:
        """Whether the two can be told apart at this level, if it's the only test."""
        return self.p <= level


def difference(
    pairs: Pairs,
    limits: tuple[float | None, float | None] = (None, None),
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Difference:
    """What can be told of these pairs; `limits` are the metric's least and greatest value."""
    found = pairs.differences
    spread = deviation(found)
    interval = student(found, difference_limits(limits))
    mean = pairs.mean
    return Difference(
        mean=mean,
        low=interval.low if mean is None or interval.low is None else min(interval.low, mean),
        high=interval.high if mean is None or interval.high is None else max(interval.high, mean),
        p=sign_flip(found, resamples=resamples, seed=seed).either,
        deviation=spread,
        scenarios=len(found),
        unpaired=pairs.unpaired,
        detectable=detectable(spread, len(found)),
        wanted=scenarios_for(mean, spread),
        reason="no scenario in which both have a value" if mean is None else interval.reason,
    )


def deviation(differences: Sequence[float]) -> float | None:
    """The standard deviation, None of fewer than two."""
    n = len(differences)
    if n < 2:
        return None
    mean = math.fsum(differences) / n
    return math.sqrt(math.fsum((d - mean) ** 2 for d in differences) / (n - 1))


def difference_bounds(first: Bounds, second: Bounds) -> Bounds:
    """Between what first minus second lies, whatever the missing verdicts are."""
    if first is None or second is None:
        return None
    return first[0] - second[1], first[1] - second[0]


def difference_limits(limits: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    """The least and the greatest difference of two values that have these limits."""
    least, most = limits
    if least is None or most is None:
        return None, None
    return least - most, most - least
