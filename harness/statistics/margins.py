"""Non-inferiority: whether one is worse than another by more than a margin, or by less, paired by scenario.

Both answers are the sign-flip test of the differences, each moved by the margin: "no worse" where the mean is
told to be above -margin, "worse" where it's told to be below. Rejecting at 5% on each side is the 90% interval
lying on one side of -margin. Schuirmann, JPB 15 (1987); Wellek, Testing Statistical Hypotheses of Equivalence
and Noninferiority, 2010, chapter 5.

Where most scenarios don't differ at all, losses that are rare and large may not have shown by chance, and
every test of means is too sure of "no worse". So one scenario more is taken for granted for that answer: one in
which one opportunity is lost (`unit`: 1 where the scenario is a yes or no). It's the pseudo-observation of
Agresti and Min, Simple improved confidence intervals for comparing matched proportions, Statistics in Medicine
24 (2005), on the side that matters (benchmarks/gate_error.py shows what that's good for).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rembench.harness.statistics.differences import deviation
from rembench.harness.statistics.power import MOST_SCENARIOS, POWER, scenarios_for
from rembench.harness.statistics.sign_flip import RESAMPLES, TEST_LEVEL, least_scenarios, sign_flip
from rembench.harness.statistics.told import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTest:
    """The p's of the two answers, one-sided; both are 1 without a scenario."""

    no_worse: float
    worse: float


def margin_test(
    differences: Sequence[float], margin: float, *, unit: float = 0.0, resamples: int = RESAMPLES, seed: int = 0
) -> MarginTest:
    """The test of differences of which more is better."""
    if not differences:
        return MarginTest(no_worse=1.0, worse=1.0)
    moved = [d + margin for d in differences]
    granted = [*moved, margin - unit] if unit else moved
    return MarginTest(
        no_worse=sign_flip(granted, resamples=resamples, seed=seed).above,
        worse=sign_flip(moved, resamples=resamples, seed=seed).below,
    )


def scenarios_to_decide(
    differences: Sequence[float], margin: float, *, unit: float = 0.0, tests: int = 1, level: float = TEST_LEVEL
) -> Told:
    """How many scenarios would decide, 80 times in 100, if the true difference is the one seen.

    `tests`: how many metrics share the level for the answer "worse".
    """
    n = len(differences)
    spread = deviation(differences)
    if spread is None:
        return Told(None, "one scenario has no spread" if n else "no scenario in which both have a value")
    mean = math.fsum(differences) / n
    if mean + margin < 0:
        return scenarios_for(mean + margin, spread, level=level / tests, sides=1)
    if math.isclose(mean, -margin):
        return Told(None, "the difference seen is the margin itself")
    return _to_pass(mean, spread, margin, unit, level)


def _to_pass(mean: float, spread: float, margin: float, unit: float, level: float) -> Told:
    """The scenarios that show "no worse", with the one that's taken for granted among them."""
    least = least_scenarios(level, sides=1)
    high = least
    while not _passes(mean, spread, margin, unit, (level, high)):
        high *= 2
        if high > MOST_SCENARIOS:
            return Told(None, f"more than {MOST_SCENARIOS:,} scenarios")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _passes(mean, spread, margin, unit, (level, middle)) else (middle, high)
    return Told(float(max(high, least)))


def _passes(mean: float, spread: float, margin: float, unit: float, at: tuple[float, int]) -> bool:
    """Whether so many scenarios show it 80 times in 100, by Student's t: chance moves only what was seen."""
    from scipy.stats import norm, t

    level, n = at
    granted = 1 if unit else 0
    total = n + granted
    distance = (n * (mean + margin) + granted * (margin - unit)) / total
    wide = math.sqrt(spread**2 + granted * (mean + unit) ** 2 / total)
    if wide == 0.0:
        return distance > 0
    edge = float(t.isf(level, total - 1)) + float(norm.ppf(POWER)) * spread / wide
    return distance * math.sqrt(total) / wide >= edge
