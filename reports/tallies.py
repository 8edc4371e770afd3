"""Plain counts and sums over the nights of one consolidator: stances, cost, failures."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rembench.harness.types import STANCES, ChainEvidence, Stance
from rembench.reports.summary_types import NO_VERDICT


def outcomes(chains: Iterable[ChainEvidence]) -> dict[Stance, dict[str, int]]:
    """How many values were expected so and found so; what's found in a twin isn't counted."""
    counts: dict[Stance, dict[str, int]] = {
        expected: dict.fromkeys([*STANCES, NO_VERDICT], 0) for expected in STANCES
    }
    for chain in (c for c in chains if c.scenario.twin_of is None):
        for step in chain.scenario.nights:
            for verdict in chain.readings[step.id].verdicts:
                if verdict.expected is not None:
                    counts[verdict.expected][verdict.observed or NO_VERDICT] += 1
    return counts


def cost(chains: Sequence[ChainEvidence]) -> dict[str, Any]:
    """Sums over all nights; null with the number of nights of unknown cost where there are any.

    The nights of twins cost what they cost.
    """
    nights = [record for chain in chains for record in chain.nights.values()]
    made: dict[str, Any] = {"nights": len(nights)}
    for name in ("usd", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "calls"):
        known = [v for r in nights if (v := getattr(r.usage, name)) is not None]
        unknown = len(nights) - len(known)
        made[name] = math.fsum(known) if not unknown else None
        if unknown:
            made[f"{name}_unknown_nights"] = unknown
            made[f"{name}_known"] = math.fsum(known)
    made["seconds"] = round(math.fsum(r.seconds for r in nights), 3)
    return made


def failures(chains: Sequence[ChainEvidence]) -> dict[str, int]:
    """How many nights failed, by type; those of twins too, they're work like any other."""
    found = Counter(r.failure.type for c in chains for r in c.nights.values() if r.failure)
    return dict(sorted(found.items()))
