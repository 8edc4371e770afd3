"""Non-inferiority: whether one is worse than another by more than a margin, or by less, paired by scenario.

Both answers are the sign-flip test of the differences, each moved by the margin: "no worse" where the mean is
told to be above -margin, "worse" where it's told to be below. Rejecting at 5% on each side is the 90% interval
lying on one side of -margin. Schuirmann, JPB 15 (1987); Wellek, Testing Statistical Hypotheses of Equivalence
and Noninferiority, 2010, chapter 5. Two things that the flips take for granted don't hold of a memory's losses,
and a test that does without them must agree (of the p's the largest counts):

losses are skewed, mostly small and some large     Student's t, corrected by the third moment: Hall, On the
                                                   removal of skewness by transformation, JRSS B 54 (1992)
losses are rare, and few scenarios may have none   for "no worse": the chance that so few opportunities would
                                                   be lost (net of gains) if the margin's share were, binomial:
                                                   Clopper and Pearson, Biometrika 26 (1934); of n scenarios
                                                   that don't differ at all it's the rule of three

Without them a run that's worse by the very margin is passed in 8% (skewed) to 47% (rare) of cases instead of in
5%; benchmarks/gate_error.py has what's left.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rembench.harness.statistics.differences import deviation
from rembench.harness.statistics.power import MOST_SCENARIOS, POWER, scenarios_for
from rembench.harness.statistics.sign_flip import RESAMPLES, TEST_LEVEL, sign_flip
from rembench.harness.statistics.told import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTest:
    """The p's of the two answers, one-sided; both are 1 without a scenario."""

    no_worse: float
    worse: float


def margin_test(
    differences: Sequence[float], margin: float, *, unit: float = 0.0, resamples: int = RESAMPLES, seed: int = 0
) -> MarginTest:
    """The test of differences of which more is better.

    `unit` is what one opportunity weighs in a scenario: 1 where the scenario is a yes or no, 0 where it's an
    amount and has none.
    """
    if not differences:
        return MarginTest(no_worse=1.0, worse=1.0)
    moved = [d + margin for d in differences]
    flipped = sign_flip(moved, resamples=resamples, seed=seed)
    lost = max(0.0, -math.fsum(differences))
    return MarginTest(
        no_worse=max(flipped.above, _halls_p(moved), _so_few_lost(lost, len(differences), margin, unit)),
        worse=max(flipped.below, _halls_p([-d for d in moved])),
    )


def scenarios_to_decide(
    differences: Sequence[float], margin: float, *, unit: float = 0.0, tests: int = 1, level: float = TEST_LEVEL
) -> Told:
    """How many scenarios would decide, 80 times in 100, if the true difference is the one seen.

    `tests`: how many metrics share the level for the answer "worse".
    """
    spread = deviation(differences)
    if spread is None:
        return Told(
            None, "one scenario has no spread" if differences else "no scenario in which both have a value"
        )
    mean = math.fsum(differences) / len(differences)
    if math.isclose(mean, -margin):
        return Told(None, "the difference seen is the margin itself")
    if mean < -margin:
        return scenarios_for(mean + margin, spread, level=level / tests, sides=1)
    told = scenarios_for(mean + margin, spread, level=level, sides=1)
    rare = _least(lambda n: _so_few_lost(_most_lost(mean, spread, n), n, margin, unit) <= level)
    if told.value is None or rare is None:
        return Told(None, told.reason or f"more than {MOST_SCENARIOS:,} scenarios")
    return Told(max(told.value, float(rare)))


def _halls_p(values: Sequence[float]) -> float:
    """The p of "the mean is above 0", skewness taken into account; 0 (it says nothing) without any spread."""
    spread, n = deviation(values), len(values)
    if not spread:
        return 0.0
    from scipy.stats import t

    mean = math.fsum(values) / n
    skew = math.fsum((v - mean) ** 3 for v in values) / n / spread**3
    at = mean / spread
    corrected = at + skew * at**2 / 3.0 + skew**2 * at**3 / 27.0 + skew / (6.0 * n)
    return float(t.sf(math.sqrt(n) * corrected, n - 1))


def _so_few_lost(lost: float, scenarios: int, margin: float, unit: float) -> float:
    """The chance that `lost` scenarios' worth or less is lost of so many; 0 of an amount."""
    if not unit:
        return 0.0
    from scipy.stats import beta

    size, count = scenarios / unit, lost / unit
    return 1.0 if count >= size else float(beta.sf(margin, count + 1.0, size - count))


def _most_lost(mean: float, spread: float, scenarios: int) -> float:
    """What so many scenarios lose, net of gains, at the most 80 times in 100."""
    from scipy.stats import norm

    chance = float(norm.ppf(POWER)) * spread * math.sqrt(scenarios)
    return max(0.0, chance - scenarios * mean)


def _least(does: Callable[[int], bool]) -> int | None:
    """The least number of scenarios that does, if more do too; None where there's none."""
    high = 1
    while not does(high):
        high *= 2
        if high > MOST_SCENARIOS:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if does(middle) else (middle, high)
    return high
