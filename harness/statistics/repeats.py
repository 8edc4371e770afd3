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


def spread_of_difference(first: Repeats, second: Repeats) -> Spread:
    """The components of first minus second, paired by scenario; one repeat more is one more of both.

    The repeats of the two are independent of one another: what's within the difference is the sum of both.
    """
    shared = sorted(
        name for name in first.keys() & second.keys() if _values(first[name]) and _values(second[name])
    )
    sides = [[_values(one[name]) for name in shared] for one in (first, second)]
    within = [_within(side) for side in sides]
    n = len(shared)
    mean_repeats = sum(len(v) for side in sides for v in side) / (2 * n) if n else 0.0
    if n < 2 or within[0] is None or within[1] is None:
        reason = "one scenario has no spread" if n < 2 else "one repeat of each: no spread within a scenario"
        return Spread(between=None, within=None, scenarios=n, repeats=mean_repeats, reason=reason)
    means = [[math.fsum(v) / len(v) for v in side] for side in sides]
    differences = [left - right for left, right in zip(*means, strict=True)]
    mean = math.fsum(differences) / n
    variance = math.fsum((d - mean) ** 2 for d in differences) / (n - 1)
    noise = math.fsum(
        w * math.fsum(1.0 / len(v) for v in side) / n
        for w, side in zip((within[0], within[1]), sides, strict=True)
    )
    return Spread(
        between=max(0.0, variance - noise),
        within=within[0] + within[1],
        scenarios=n,
        repeats=mean_repeats,
    )


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
