"""Whether a mean over scenarios lies above a floor or below it: the ends of its interval, turned into p's.

proportions of many cells a scenario   Clopper-Pearson's tails on the effective sample size (`intervals`)
one yes or no a scenario               Clopper-Pearson's tails
amounts and differences                Student's t; where all are alike, and so have no spread, the least p
                                       that a sign-flip test has of so many

A floor at the very end of what a metric can be ("never", "always") can't be told to be kept from any number of
scenarios: there "above" is 1, and "below" is 0 as soon as one scenario broke it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rembench.harness.statistics.differences import deviation
from rembench.harness.statistics.intervals import effective_size

Sort = Literal["share", "yes_or_no", "amount"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorTest:
    """The p's of "the mean is above the floor" and "it's below", one-sided; both are 1 without a scenario."""

    above: float
    below: float


def floor_test(values: Sequence[float], floor: float, *, sort: Sort, cells: int = 0) -> FloorTest:
    """The test of the mean of `values`; `cells` are those that shares were made from."""
    if not values:
        return FloorTest(above=1.0, below=1.0)
    if sort == "amount":
        return _student(values, floor)
    size = float(len(values)) if sort == "yes_or_no" else effective_size(values, cells)
    return _tails(math.fsum(values) / len(values) * size, size, floor)


def _tails(successes: float, size: float, floor: float) -> FloorTest:
    from scipy.stats import beta

    above = below = 1.0
    if successes > 0:
        above = float(beta.cdf(floor, successes, size - successes + 1))
    if successes < size:
        below = float(beta.sf(floor, successes + 1, size - successes))
    return FloorTest(above=above, below=below)


def _student(values: Sequence[float], floor: float) -> FloorTest:
    from scipy.stats import t

    n = len(values)
    spread = deviation(values)
    if spread is None:
        return FloorTest(above=1.0, below=1.0)
    distance = math.fsum(values) / n - floor
    if spread == 0.0:
        least = 0.5**n
        return FloorTest(above=least if distance > 0 else 1.0, below=least if distance < 0 else 1.0)
    at = distance / (spread / math.sqrt(n))
    return FloorTest(above=float(t.sf(at, n - 1)), below=float(t.cdf(at, n - 1)))
