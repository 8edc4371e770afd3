"""Intervals of a mean over scenarios, of 95% unless said otherwise.

proportions of many cells a scenario   Korn and Graubard, Confidence intervals for proportions with small
                                       expected number of positive counts estimated from survey data,
                                       Survey Methodology 24 (1998): Clopper-Pearson on the effective
                                       sample size, with its adjustment for the degrees of freedom.
                                       Few scenarios estimate badly how alike the cells of a scenario
                                       are: a correlation of at least 0.1 is taken for granted
                                       (benchmarks/interval_coverage.py shows what that's good for)
one yes or no a scenario               Clopper and Pearson, Biometrika 26 (1934)
amounts and differences                Student's t over scenarios, cut at the metric's limits
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.95
LEAST_CORRELATION = 0.1
"""Of two cells of one scenario, for the effective sample size."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of an interval, or None with the reason."""

    low: float | None
    high: float | None
    reason: str | None = None


def clopper_pearson(successes: float, n: float, level: float = LEVEL) -> Interval:
    """The exact interval of a proportion; `successes` and `n` needn't be whole (effective sizes)."""
    from scipy.stats import beta

    tail = (1.0 - level) / 2.0
    low = 0.0 if successes <= 0 else float(beta.ppf(tail, successes, n - successes + 1))
    high = 1.0 if successes >= n else float(beta.ppf(1.0 - tail, successes + 1, n - successes))
    return Interval(low, high)


def korn_graubard(values: Sequence[float], cells: int, level: float = LEVEL) -> Interval:
    """The interval of the mean of `values`, one proportion a scenario, made of `cells` cells in all.

    Where all scenarios are 0 or all are 1 the effective size is the number of scenarios.
    """
    size = effective_size(values, cells)
    return clopper_pearson(math.fsum(values) / len(values) * size, size, level)


def effective_size(values: Sequence[float], cells: int) -> float:
    """How many independent cells these proportions, made of `cells` in all, are worth."""
    from scipy.stats import t

    n = len(values)
    p = math.fsum(values) / n
    if n == 1 or p <= 0.0 or p >= 1.0:
        return float(n)
    variance = math.fsum((v - p) ** 2 for v in values) / (n - 1) / n
    most = float(max(cells, n))
    alike = most / (1.0 + (most / n - 1.0) * LEAST_CORRELATION)
    effective = min(p * (1.0 - p) / variance, alike) if variance > 0 else alike
    tail = (1.0 + LEVEL) / 2.0
    shrink = float(t.ppf(tail, most - 1) / t.ppf(tail, n - 1)) ** 2
    return max(effective * shrink, 1.0)


def student(
    values: Sequence[float], limits: tuple[float | None, float | None], level: float = LEVEL
) -> Interval:
    """The t interval of the mean of `values`, within `limits`; it needs two scenarios."""
    n = len(values)
    if n < 2:
        return Interval(None, None, "one scenario has no spread")
    from scipy.stats import t

    mean = math.fsum(values) / n
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))
    half = float(t.ppf((1.0 + level) / 2.0, n - 1)) * deviation / math.sqrt(n)
    least, most = limits
    low, high = mean - half, mean + half
    return Interval(low if least is None else max(low, least), high if most is None else min(high, most))
