"""Worse by more than a margin, or by less: both answers by hand, and their errors by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.margins import MarginTest, margin_test, scenarios_to_decide
from rembench.harness.statistics.sign_flip import sign_flip

eighths = st.lists(st.integers(-8, 8).map(lambda n: n / 8), max_size=10)


def test_differences_without_spread_are_told_by_the_flips_alone():
    # all six are 0.1 above -0.1: only the flip of none is as large
    assert margin_test([0.0] * 6, 0.1) == MarginTest(no_worse=2**-6, worse=1.0)
    assert margin_test([-0.2] * 6, 0.1) == MarginTest(no_worse=1.0, worse=2**-6)


def test_scenarios_without_any_loss_follow_the_rule_of_three():
    # 0 of 20 lost where 0.1 would be: 0.9^20; 0 of 20 scenarios of two opportunities each: 0.9^40
    assert margin_test([0.0] * 20, 0.1, unit=1.0).no_worse == pytest.approx(0.9**20)
    assert margin_test([0.0] * 20, 0.1, unit=0.5).no_worse == pytest.approx(0.9**40)
    # 1 of 20 lost: 0.9^20 + 20 x 0.1 x 0.9^19 = 0.3917
    assert margin_test([0.0] * 19 + [-1.0], 0.1, unit=1.0).no_worse == pytest.approx(0.3917, abs=1e-4)


def test_gains_make_up_for_losses_but_no_more_than_that():
    found = margin_test([1.0, -1.0] + [0.0] * 18, 0.1, unit=1.0).no_worse
    assert found >= 0.9**20
    assert margin_test([1.0] * 20, 0.1, unit=1.0).no_worse == pytest.approx(0.9**20)


def test_the_larger_of_both_ps_counts():
    # moved by 0.1: 0, 0.1, 0.2, 0.3, 0.4 are above 0: one flip of 32, and its double for the 0
    differences = [-0.1, 0.0, 0.1, 0.2, 0.3]
    found = margin_test(differences, 0.1)
    assert sign_flip([d + 0.1 for d in differences]).above == 2 / 32
    # t = 0.2 / (0.158114 / sqrt 5) = 2.8284 on 4 degrees: 0.0237; no skewness
    assert found.no_worse == 2 / 32


def test_skewed_losses_make_no_worse_harder_to_say():
    few_large = [0.0] * 18 + [-0.25, -0.25]
    flips = sign_flip([d + 0.06 for d in few_large]).above
    assert margin_test(few_large, 0.06).no_worse > flips


def test_no_scenario_tells_nothing():
    assert margin_test([], 0.1, unit=1.0) == MarginTest(no_worse=1.0, worse=1.0)


@settings(deadline=None, max_examples=60)
@given(eighths, st.integers(1, 8).map(lambda n: n / 8))
def test_both_answers_are_never_given_at_once(differences, margin):
    found = margin_test(differences, margin)
    assert 0 < found.no_worse <= 1
    assert 0 < found.worse <= 1
    assert max(found.no_worse, found.worse) > 0.4


@settings(deadline=None, max_examples=60)
@given(eighths, st.floats(0.05, 0.4), st.sampled_from([0.1, 0.5, 1.0]))
def test_what_an_opportunity_weighs_only_makes_no_worse_harder(differences, margin, unit):
    plain, weighed = margin_test(differences, margin), margin_test(differences, margin, unit=unit)
    assert weighed.worse == plain.worse
    assert weighed.no_worse >= plain.no_worse


@pytest.mark.parametrize(("rate", "n"), [(0.15, 24), (0.15, 96), (0.05, 48)])
def test_a_yes_or_no_lost_as_often_as_the_margin_is_seldom_passed(rate, n):
    # 500 times; by the flips alone it's 0.1 to 0.3; standard error 0.01
    chance = np.random.default_rng(n)
    rows = (-1.0 * (chance.random((500, n)) < rate)).tolist()
    passed = sum(margin_test(row, rate, unit=1.0, resamples=999).no_worse <= 0.05 for row in rows)
    assert passed / 500 <= 0.08


def test_a_share_that_loses_the_margin_is_seldom_passed_and_seldom_failed():
    # 500 times; what's lost is skewed: one item in twenty of each of 24 scenarios
    chance = np.random.default_rng(6)
    rows = (-chance.binomial(20, 0.05, (500, 24)) / 20).tolist()
    found = [margin_test(row, 0.05, unit=0.05, resamples=999) for row in rows]
    assert sum(f.no_worse <= 0.05 for f in found) / 500 <= 0.08
    assert sum(f.worse <= 0.05 for f in found) / 500 <= 0.07


@pytest.mark.parametrize(
    ("seen", "margin", "unit"),
    [
        ([-0.1, 0.1], 0.05, 0.05),
        ([-1.0, 1.0] + [0.0] * 20, 0.15, 1.0),
        ([-0.2, 0.0], 0.05, 0.05),
    ],
)
def test_so_many_scenarios_decide_about_80_times_in_100(seen, margin, unit):
    # 300 times as many scenarios as are asked for, drawn from those seen; standard error 0.023
    chance = np.random.default_rng(8)
    n = int(scenarios_to_decide(seen * 200, margin, unit=unit).value)
    found = [
        margin_test(row, margin, unit=unit, resamples=999) for row in chance.choice(seen, (300, n)).tolist()
    ]
    decided = sum((f.no_worse if sum(seen) == 0 else f.worse) <= 0.05 for f in found)
    assert 0.7 <= decided / 300 <= 0.92


def test_without_any_difference_the_scenarios_are_those_that_pass():
    # 0.85^19 is the first below 0.05
    assert scenarios_to_decide([0.0] * 6, 0.15, unit=1.0).value == 19
    assert (
        margin_test([0.0] * 19, 0.15, unit=1.0).no_worse
        <= 0.05
        < margin_test([0.0] * 18, 0.15, unit=1.0).no_worse
    )
    assert scenarios_to_decide([0.0] * 6, 0.15).value == 5


def test_more_tests_at_one_level_take_more_scenarios_to_fail():
    seen = [-0.2, 0.0] * 20
    assert scenarios_to_decide(seen, 0.05, tests=8).value > scenarios_to_decide(seen, 0.05).value


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ([], "no scenario in which both have a value"),
        ([0.1], "one scenario has no spread"),
        ([-0.25, 0.0], "the difference seen is the margin itself"),
        ([-0.3, 0.05 + 1e-9], "more than 100,000 scenarios"),
    ],
)
def test_where_no_number_would_do_the_reason_is_said(seen, reason):
    found = scenarios_to_decide(seen, 0.125, unit=0.05)
    assert (found.value, found.reason) == (None, reason)
