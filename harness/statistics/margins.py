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

from collections.abc import Sequence
from dataclasses import dataclass

from rembench.harness.statistics.differences import deviation
from rembench.harness.statistics.power import scenarios_for
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
    if not n:
        return Told(None, "no scenario in which both have a value")
    distance = sum(differences) / n + margin
    granted = [*differences, -unit] if unit and distance > 0 else [*differences]
    spread = deviation(granted)
    at = level if distance > 0 else level / tests
    found = scenarios_for(distance, spread, level=at, sides=1)
    if found.value is None:
        return Told(None, found.reason if distance else "the difference seen is the margin itself")
    return Told(max(found.value, float(least_scenarios(at, sides=1))))
