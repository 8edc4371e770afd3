"""The sign-flip test of many sets of differences at once: the same p as one by one, for a part of the time.

Sets of the same number of scenarios are flipped alike, so that one matrix of signs does for all of them. A
family of m tests at one level needs p's as small as level / m: `resamples_for` says how many flips show those.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rembench.harness.statistics.sign_flip import RESAMPLES, TEST_LEVEL, flips, is_exact

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

_SAME = 1e-9  # as in `sign_flip`
_SUMS = 4_000_000  # at a time
_FINER = 2  # times finer than the smallest p that's needed


def resamples_for(tests: int, level: float = TEST_LEVEL) -> int:
    """The flips that can show a two-sided p of level / tests, and no fewer than for one test."""
    return max(RESAMPLES, math.ceil(_FINER * 2 * tests / level) - 1)


def flip_tests(sets: Sequence[Sequence[float]], *, resamples: int = RESAMPLES, seed: int = 0) -> list[float]:
    """The two-sided p of every set: that its mean isn't 0; 1 of an empty one."""
    by_size: dict[int, list[int]] = {}
    for place, found in enumerate(sets):
        by_size.setdefault(len(found), []).append(place)
    ps = [1.0] * len(sets)
    for size, places in by_size.items():
        if size:
            found = _same_size([sets[place] for place in places], resamples=resamples, seed=seed)
            for place, p in zip(places, found, strict=True):
                ps[place] = p
    return ps


def _same_size(sets: Sequence[Sequence[float]], *, resamples: int, seed: int) -> list[float]:
    import numpy as np

    table: NDArray[floating[Any]] = np.asarray(sets, dtype=float).T
    size, tests = table.shape
    observed = table.sum(axis=0)
    slack = _SAME * np.abs(table).sum(axis=0)
    above, below, total = np.zeros(tests), np.zeros(tests), 0
    rows = max(1, _SUMS // tests)
    for signs in flips(size, resamples=resamples, seed=seed):
        for start in range(0, len(signs), rows):
            sums = signs[start : start + rows] @ table
            above += (sums >= observed - slack).sum(axis=0)
            below += (sums <= observed + slack).sum(axis=0)
            total += len(sums)
    one = 0 if is_exact(size, resamples) else 1  # the observed flip itself
    either = 2.0 * (np.minimum(above, below) + one) / (total + one)
    return [min(1.0, float(p)) for p in either]
