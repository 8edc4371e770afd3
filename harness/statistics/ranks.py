"""Which ranks each of several may have: all pairs compared at once, paired by scenario.

A is told from B where the sign-flip test says so at a level that's kept for all pairs together, by the
step-down max-t of Westfall and Young, Resampling-Based Multiple Testing, 1993, with one flip for all pairs of a
scenario, so that it counts how alike the pairs are. The ranks left to one go from 1 + the number told to be
better, to the number of all - those told to be worse: in 95 of 100 uses all true ranks are within. Mogstad,
Romano, Shaikh and Wilhelm, Inference for ranks, Review of Economic Studies 91 (2024); Klein, Wright and
Wieczorek, A joint confidence region for an overall ranking of populations, JRSS C 69 (2020). Simulated in
benchmarks/gate_error.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from rembench.harness.statistics.pairs import Pairs, Values, pair
from rembench.harness.statistics.sign_flip import RESAMPLES, TEST_LEVEL, flips, is_exact

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

_ROWS = 4_000_000  # numbers at a time
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """The ranks that one may have: 1 is the best; `reason` where nothing tells it from anybody."""

    best: int
    worst: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two entrants, paired: first minus second, and the p that's adjusted for all pairs."""

    first: str
    second: str
    mean: float | None
    scenarios: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Everyone's ranks, and every pair in the order of the entrants."""

    ranks: Mapping[str, Rank]
    comparisons: tuple[Comparison, ...]


def rank_intervals(
    values: Mapping[str, Values],
    *,
    better: Literal["higher", "lower"] = "higher",
    level: float = TEST_LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Ranking:
    """The ranks of all entrants (name → scenario → value) at the confidence 1 - `level` for all together."""
    couples = list(combinations(values, 2))
    pairs = [pair(values[a], values[b]) for a, b in couples]
    adjusted = _adjusted(pairs, resamples=resamples, seed=seed)
    comparisons = tuple(
        Comparison(first=a, second=b, mean=found.mean, scenarios=len(found.differences), p=p)
        for (a, b), found, p in zip(couples, pairs, adjusted, strict=True)
    )
    above, below = dict.fromkeys(values, 0), dict.fromkeys(values, 0)
    for one in comparisons:
        if one.p <= level and one.mean:
            first_wins = (one.mean > 0) is (better == "higher")
            winner, loser = (one.first, one.second) if first_wins else (one.second, one.first)
            above[loser] += 1
            below[winner] += 1
    ranks = {
        name: Rank(
            best=1 + above[name],
            worst=len(values) - below[name],
            reason=None if any(v is not None for v in values[name].values()) else "no value in any scenario",
        )
        for name in values
    }
    return Ranking(ranks=ranks, comparisons=comparisons)


def _adjusted(pairs: list[Pairs], *, resamples: int, seed: int) -> list[float]:
    """Step-down max-t p of every pair."""
    import numpy as np

    scenarios = sorted({name for one in pairs for name in one.scenarios})
    if not scenarios:
        return [1.0] * len(pairs)
    table = _table(pairs, scenarios)
    observed = np.abs(table.sum(axis=0))
    order = np.argsort(-observed, kind="stable")
    table, observed = table[:, order], observed[order]
    counts, total = np.zeros(len(pairs)), 0
    rows = max(1, _ROWS // len(pairs))
    for signs in flips(len(scenarios), resamples=resamples, seed=seed):
        for start in range(0, len(signs), rows):
            sums = np.abs(signs[start : start + rows] @ table)
            largest = np.maximum.accumulate(sums[:, ::-1], axis=1)[:, ::-1]
            counts += (largest >= observed - _SAME).sum(axis=0)
            total += len(sums)
    one = 0 if is_exact(len(scenarios), resamples) else 1
    stepped = np.maximum.accumulate((counts + one) / (total + one))
    adjusted = np.empty(len(pairs))
    adjusted[order] = stepped
    return [float(p) for p in adjusted]


def _table(pairs: list[Pairs], scenarios: list[str]) -> "NDArray[floating[Any]]":
    """Scenario x pair: differences in units of their root sum of squares, 0 where there's no pair."""
    import numpy as np

    rows = {name: n for n, name in enumerate(scenarios)}
    table = np.zeros((len(scenarios), len(pairs)))
    for column, one in enumerate(pairs):
        for name, found in zip(one.scenarios, one.differences, strict=True):
            table[rows[name], column] = found
    size: NDArray[floating[Any]] = np.sqrt((table**2).sum(axis=0))
    scaled: NDArray[floating[Any]] = table / np.where(size > 0.0, size, 1.0)
    return scaled
