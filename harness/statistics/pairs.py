"""Two consolidators, scenario by scenario: differences where both have a value, and who's left out."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Differences, first minus second, over scenarios in the order of their names.

    `unpaired` are the scenarios in which one of the two has no value, or both: they take no part.
    """

    scenarios: tuple[str, ...]
    differences: tuple[float, ...]
    unpaired: tuple[str, ...] = ()

    @property
    def mean(self) -> float | None:
        """The mean difference, None without a pair."""
        return math.fsum(self.differences) / len(self.differences) if self.differences else None


Values = Mapping[str, float | None]
"""Scenario → value; None, or no entry, where it's undefined."""


def pair(first: Values, second: Values, scenarios: Iterable[str] | None = None) -> Pairs:
    """The pairs of `scenarios`, by default of all that either names."""
    asked = sorted({*first, *second} if scenarios is None else set(scenarios))
    both: dict[str, float] = {}
    for name in asked:
        left, right = first.get(name), second.get(name)
        if left is not None and right is not None:
            both[name] = left - right
    return Pairs(
        scenarios=tuple(both),
        differences=tuple(both.values()),
        unpaired=tuple(name for name in asked if name not in both),
    )
