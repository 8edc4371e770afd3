"""What varies between scenarios and what between repeats of one: what more of either would buy.

The one-way random model, by analysis of variance: Searle, Casella and McCulloch, Variance Components, 1992,
section 3.6 (unequal numbers of repeats). A mean over n scenarios of k repeats has the variance
(between + within / k) / n. A component that comes out negative is 0.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.statistics.told import Told

Repeats = Mapping[str, Sequence[float | None]]
"""Scenario → its value in every repeat, None where it's undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Variances between scenarios and within them; None where they can't be told, with the reason.

    `repeats` is the mean number of repeats with a value.
    """

    between: float | None
    within: float | None
    scenarios: int
    repeats: float
    reason: str | None = None

    def error(self, *, scenarios: float, repeats: float) -> Told:
        """The standard error of a mean over so many scenarios of so many repeats each."""
        if self.between is None or self.within is None:
            return Told(None, self.reason)
        return Told(math.sqrt((self.between + self.within / repeats) / scenarios))

    @property
    def share_within(self) -> Told:
        """Of the variance of one scenario run once, what repeats would average away."""
        if self.between is None or self.within is None:
            return Told(None, self.reason)
        total = self.between + self.within
        return Told(self.within / total) if total > 0 else Told(None, "all values are alike")


def spread(repeats: Repeats) -> Spread:
    """The components of one consolidator's values."""
    known = _known(repeats)
    counts = [len(values) for values in known]
    n, total = len(known), sum(counts)
    within = _within(known)
    if n < 2 or within is None:
        reason = "one scenario has no spread" if n < 2 else "one repeat of each: no spread within a scenario"
        return Spread(between=None, within=within, scenarios=n, repeats=total / n if n else 0.0, reason=reason)
    means = [math.fsum(values) / len(values) for values in known]
    grand = math.fsum(v for values in known for v in values) / total
    among = math.fsum(k * (m - grand) ** 2 for k, m in zip(counts, means, strict=True)) / (n - 1)
    size = (total - sum(k * k for k in counts) / total) / (n - 1)
    between = max(0.0, (among - within) / size)
    return Spread(between=between, within=within, scenarios=n, repeats=total / n)


def _known(repeats: Repeats) -> list[list[float]]:
    return [values for name in sorted(repeats) if (values := _values(repeats[name]))]


def _values(repeats: Sequence[float | None]) -> list[float]:
    return [value for value in repeats if value is not None]


def _within(known: Sequence[Sequence[float]]) -> float | None:
    """The pooled variance of repeats; None where no scenario has two."""
    freedom = sum(len(values) - 1 for values in known)
    if freedom < 1:
        return None
    squares = 0.0
    for values in known:
        mean = math.fsum(values) / len(values)
        squares += math.fsum((v - mean) ** 2 for v in values)
    return squares / freedom
