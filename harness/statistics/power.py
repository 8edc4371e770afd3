"""What a paired comparison can notice: the t test's power, on a deviation that was seen.

Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, chapter 2: scipy's noncentral t. The
sign-flip test has the same power from about ten scenarios on (Romano 1990); with fewer it notices less, and
with fewer than `sign_flip.least_scenarios` nothing.
"""

from rembench.harness.statistics.sign_flip import TEST_LEVEL, least_scenarios
from rembench.harness.statistics.told import Told

POWER = 0.8
MOST_SCENARIOS = 100_000
_LARGEST = 60.0  # standardised difference: two scenarios notice it
_ALIKE = "all differences are alike: by how much they would vary can't be told"


def detectable(
    deviation: float | None, scenarios: int, *, level: float = TEST_LEVEL, sides: int = 2, power: float = POWER
) -> Told:
    """The smallest true difference that `scenarios` would notice with this power."""
    from scipy.optimize import brentq

    least = least_scenarios(level, sides)
    if scenarios < least:
        return Told(None, f"{scenarios} {_scenarios(scenarios)} can't tell any difference: it takes {least}")
    if not deviation:
        return Told(None, _ALIKE)
    effect = brentq(lambda size: _power(size, scenarios, level, sides) - power, 0.0, _LARGEST, xtol=1e-9)
    return Told(float(effect) * deviation)


def scenarios_for(
    effect: float | None,
    deviation: float | None,
    *,
    level: float = TEST_LEVEL,
    sides: int = 2,
    power: float = POWER,
) -> Told:
    """The number of scenarios that would notice a true difference of `effect` with this power."""
    if not effect:
        return Told(None, "no difference to be noticed")
    least = least_scenarios(level, sides)
    if not deviation:
        return Told(least) if deviation is not None else Told(None, "one scenario has no spread")
    size = min(abs(effect) / deviation, _LARGEST)
    high = max(2, least)
    while _power(size, high, level, sides) < power:
        high *= 2
        if high > MOST_SCENARIOS:
            return Told(None, f"more than {MOST_SCENARIOS:,} scenarios")
    low = max(high // 2, 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(size, middle, level, sides) >= power else (middle, high)
    return Told(float(max(high, least)))


def _power(size: float, scenarios: int, level: float, sides: int) -> float:
    from scipy.stats import nct, t

    edge = float(t.ppf(1.0 - level / sides, scenarios - 1))
    return float(nct.sf(edge, scenarios - 1, size * scenarios**0.5))


def _scenarios(n: int) -> str:
    return "scenario" if n == 1 else "scenarios"
