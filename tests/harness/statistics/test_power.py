"""Detectable differences against published tables and by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.power import MOST_SCENARIOS, detectable, scenarios_for
from rembench.harness.statistics.sign_flip import sign_flip


@pytest.mark.parametrize(("effect", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_scenarios_are_those_of_the_published_table(effect, pairs):
    # Cohen's small, medium and large effect, paired t test, two-sided 0.05, power 0.8
    assert scenarios_for(effect, 1.0).value == pairs


@pytest.mark.parametrize("n", [6, 10, 24, 96, 1000])
@pytest.mark.parametrize("sides", [1, 2])
def test_detectable_is_what_statsmodels_solves_for(n, sides):
    from statsmodels.stats.power import TTestPower

    side = "two-sided" if sides == 2 else "larger"
    theirs = TTestPower().solve_power(nobs=n, alpha=0.05, power=0.8, alternative=side)
    assert detectable(0.3, n, sides=sides).value == pytest.approx(0.3 * theirs, rel=1e-4)


@settings(deadline=None, max_examples=30)
@given(st.floats(0.001, 2), st.integers(6, 3000))
def test_the_scenarios_for_what_is_detectable_are_those_there_are(deviation, n):
    effect = detectable(deviation, n).value
    assert abs(scenarios_for(effect * (1 + 1e-6), deviation).value - n) <= 1


def test_too_few_scenarios_detect_nothing_and_say_how_many_it_takes():
    found = detectable(0.1, 5)
    assert found.value is None
    assert found.reason == "5 scenarios can't tell any difference: it takes 6"
    assert detectable(0.1, 1).reason == "1 scenario can't tell any difference: it takes 6"
    assert detectable(0.1, 0).value is None


@pytest.mark.parametrize("deviation", [None, 0.0])
def test_without_spread_nothing_is_said_of_what_could_be_detected(deviation):
    found = detectable(deviation, 24)
    assert found.value is None
    assert "all differences are alike" in found.reason


def test_scenarios_for_a_difference_so_clear_that_few_do_are_at_least_the_tests_own():
    assert scenarios_for(1.0, 0.001).value == 6
    assert scenarios_for(0.1, 0.0).value == 6


@pytest.mark.parametrize(
    ("effect", "deviation", "reason"),
    [
        (0.0, 0.1, "no difference to be noticed"),
        (None, 0.1, "no difference to be noticed"),
        (0.1, None, "one scenario has no spread"),
        (1e-6, 0.5, f"more than {MOST_SCENARIOS:,} scenarios"),
        (1e-300, 1e300, f"more than {MOST_SCENARIOS:,} scenarios"),
    ],
)
def test_where_no_number_would_do_the_reason_is_said(effect, deviation, reason):
    found = scenarios_for(effect, deviation)
    assert (found.value, found.reason) == (None, reason)


@pytest.mark.parametrize("n", [12, 48])
def test_the_sign_flip_test_notices_the_detectable_difference_80_times_in_100(n):
    # 400 times; standard error 0.02
    chance = np.random.default_rng(n)
    effect = detectable(0.2, n).value
    rows = chance.normal(effect, 0.2, (400, n)).tolist()
    told = sum(sign_flip(row, resamples=999, seed=k).either <= 0.05 for k, row in enumerate(rows))
    assert told / 400 == pytest.approx(0.8, abs=0.06)
