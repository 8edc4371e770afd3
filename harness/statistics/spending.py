"""Looking at the data while they grow, at one level: alpha spending like O'Brien and Fleming.

    spent by share t of the scenarios   2 - 2 Phi(z(level / 2) / sqrt(t)), of which a look takes what's new

Lan and DeMets, Discrete sequential boundaries for clinical trials, Biometrika 70 (1983); O'Brien and Fleming,
Biometrics 35 (1979). The boundaries come from the density of the test's path among those not stopped yet, look
by look: Armitage, McPherson and Rowe, JRSS A 132 (1969); Jennison and Turnbull, Group Sequential Methods, 2000,
chapter 19. statsmodels has none of this. Simulated in benchmarks/gate_error.py.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

    Array = NDArray[floating[Any]]

_STEPS = 801
_WIDTH = 9.0  # standard deviations
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Look:
    """One of several looks: `shares` of the scenarios at the looks so far, this one last."""

    shares: tuple[float, ...]

    def nominal(self, level: float) -> float:
        """The one-sided p that this look asks for, where all looks together are to keep `level`."""
        if self.shares == (1.0,):
            return level
        return nominal_levels(level, self.shares)[-1]

    def spent(self, p: float) -> float:
        """The least level at which this look would ask for no more than `p`: a p to compare and to adjust."""
        if self.shares == (1.0,):
            return p
        if p >= self.nominal(1.0 - _TINY):
            return 1.0
        if p <= self.nominal(_TINY):
            return min(p, _TINY)
        from scipy.optimize import brentq

        low, high = math.log(_TINY), math.log(1.0 - _TINY)
        found = brentq(lambda log: self.nominal(math.exp(log)) - p, low, high, xtol=1e-6)
        return float(math.exp(found))


ONE_LOOK = Look((1.0,))
"""All scenarios at once."""


@lru_cache(maxsize=4096)
def nominal_levels(level: float, shares: tuple[float, ...]) -> tuple[float, ...]:
    """The one-sided p of every look at these growing shares of the scenarios, all together at `level`."""
    from scipy.special import ndtr

    found: list[float] = []
    before, path = 0.0, None
    for n, share in enumerate(shares):
        points, step = _points(share)
        path = _normal(points, math.sqrt(share)) if path is None else _steps(shares[n - 1], share) @ path
        new = max(spent_by(level, share) - before, 0.0)
        edge = _edge(points, path, step, new)
        found.append(float(ndtr(-edge / math.sqrt(share))))
        path = path * ((edge - points) / step + 0.5).clip(0.0, 1.0)  # those that aren't stopped here
        before += new
    return tuple(found)


def spent_by(level: float, share: float) -> float:
    """How much of `level` may be spent by this share of the scenarios."""
    from scipy.special import ndtr, ndtri

    return float(2.0 * ndtr(ndtri(level / 2.0) / math.sqrt(share)))


@lru_cache(maxsize=64)
def _points(share: float) -> "tuple[Array, float]":
    """Where the path's density is known at this share of the scenarios, and the step between."""
    import numpy as np

    width = _WIDTH * math.sqrt(share)
    return np.linspace(-width, width, _STEPS), 2.0 * width / (_STEPS - 1)


@lru_cache(maxsize=64)
def _steps(before: float, share: float) -> "Array":
    """The matrix that takes the density at one share to that at the next: a normal step."""
    (points, _), (earlier, step) = _points(share), _points(before)
    return _normal(points[:, None] - earlier[None, :], math.sqrt(share - before)) * step


def _normal(points: "Array", deviation: float) -> "Array":
    import numpy as np

    found: Array = np.exp(-((points / deviation) ** 2) / 2.0) / (deviation * math.sqrt(2.0 * math.pi))
    return found


def _edge(points: "Array", path: "Array", step: float, new: float) -> float:
    """Where the upper tail of `path` weighs `new`."""
    import numpy as np

    tails = (np.cumsum(path[::-1]) * step)[::-1] - path * step / 2.0
    logs = np.log(np.maximum(tails, _TINY**2))
    return float(np.interp(math.log(max(new, _TINY**2)), logs[::-1], points[::-1]))
