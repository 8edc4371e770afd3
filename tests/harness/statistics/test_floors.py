import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.floors import FloorTest, floor_test
from rembench.harness.statistics.intervals import clopper_pearson, korn_graubard, student


def test_a_yes_or_no_has_binomial_tails():
    # 0 of 10 at 0.1: 0.9^10; 9 or more of 10 at 0.5: 11 / 1024
    assert floor_test([0.0] * 10, 0.1, sort="yes_or_no").below == pytest.approx(0.9**10)
    assert floor_test([1.0] * 9 + [0.0], 0.5, sort="yes_or_no").above == pytest.approx(11 / 1024)


def test_an_amount_has_students_tails():
    # mean 2, deviation 1, of 3: t = (2 - 0.5) sqrt 3 = 2.598 on 2 degrees
    found = floor_test([1.0, 2.0, 3.0], 0.5, sort="amount")
    assert found.above == pytest.approx(0.0608, abs=1e-3)
    assert found.below == pytest.approx(1 - found.above)


@pytest.mark.parametrize("sort", ["yes_or_no", "share", "amount"])
def test_the_ends_of_the_interval_are_the_floors_with_a_p_of_half_its_level(sort):
    values = (
        [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0] if sort == "yes_or_no" else [0.5, 0.75, 0.25, 1.0, 0.5, 0.6]
    )
    interval = {
        "yes_or_no": lambda: clopper_pearson(sum(values), len(values)),
        "share": lambda: korn_graubard(values, 60),
        "amount": lambda: student(values, (None, None)),
    }[sort]()
    assert floor_test(values, interval.low, sort=sort, cells=60).above == pytest.approx(0.025, abs=1e-6)
    assert floor_test(values, interval.high, sort=sort, cells=60).below == pytest.approx(0.025, abs=1e-6)


def test_never_and_always_are_broken_by_one_and_shown_by_none():
    assert floor_test([0.0] * 50, 0.0, sort="yes_or_no") == FloorTest(above=1.0, below=1.0)
    assert floor_test([0.0] * 50 + [1.0], 0.0, sort="yes_or_no").above == 0
    assert floor_test([1.0] * 50 + [0.5], 1.0, sort="share", cells=500).below == 0


@pytest.mark.parametrize("values", [[], [0.5]])
def test_too_few_scenarios_tell_nothing_of_an_amount(values):
    assert floor_test(values, 0.1, sort="amount") == FloorTest(above=1.0, below=1.0)


def test_an_amount_without_spread_is_told_by_as_many_scenarios_as_a_sign_flip_test_takes():
    assert floor_test([2.0, 2.0], 1.0, sort="amount") == FloorTest(above=0.25, below=1.0)
    assert floor_test([2.0] * 5, 1.0, sort="amount") == FloorTest(above=1 / 32, below=1.0)
    assert floor_test([2.0] * 5, 3.0, sort="amount") == FloorTest(above=1.0, below=1 / 32)
    assert floor_test([2.0] * 5, 2.0, sort="amount") == FloorTest(above=1.0, below=1.0)


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 1), max_size=20), st.floats(0, 1), st.sampled_from(["yes_or_no", "share", "amount"])
)
def test_ps_are_ps(values, floor, sort):
    if sort == "yes_or_no":
        values = [round(v) for v in values]
    found = floor_test(values, floor, sort=sort, cells=7 * len(values))
    assert all(math.isfinite(p) and 0 <= p <= 1 for p in (found.above, found.below))
