"""Intervals against published and hand-worked values, and what must hold of them all."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.intervals import Interval, clopper_pearson, korn_graubard, student

unhurried = settings(deadline=None)  # the first call imports scipy
shares = st.lists(st.floats(0, 1).map(lambda share: round(share, 6)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Tables of the exact binomial interval; at the ends 1 - (alpha/2)^(1/n) by hand
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (0, 1, 0.0, 0.975),
        (1, 1, 0.025, 1.0),
        (0, 20, 0.0, 0.1684),
        (5, 20, 0.0866, 0.4910),
        (0, 100, 0.0, 0.0362),
        (50, 100, 0.3983, 0.6017),
    ],
)
def test_clopper_pearson_is_as_published(successes, n, low, high):
    found = clopper_pearson(successes, n)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)
    assert found.reason is None


def test_clopper_pearson_takes_sizes_that_are_not_whole():
    below, found, above = (clopper_pearson(s, 10) for s in (2, 2.5, 3))
    assert below.low < found.low < above.low
    assert below.high < found.high < above.high


@unhurried
@given(st.integers(0, 200), st.integers(1, 200))
def test_clopper_pearson_holds_the_share_and_mirrors(successes, n):
    assume(successes <= n)
    found, mirrored = clopper_pearson(successes, n), clopper_pearson(n - successes, n)
    assert 0 <= found.low <= successes / n <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@unhurried
@given(st.integers(0, 99), st.integers(1, 100))
def test_clopper_pearson_rises_with_the_successes(successes, n):
    assume(successes < n)
    fewer, more = clopper_pearson(successes, n), clopper_pearson(successes + 1, n)
    assert fewer.low < more.low
    assert fewer.high < more.high


@pytest.mark.parametrize("n", [1, 2, 10, 50])
def test_korn_graubard_of_all_alike_counts_scenarios_and_not_cells(n):
    assert korn_graubard([0.0] * n, 1000 * n) == clopper_pearson(0, n)
    assert korn_graubard([1.0] * n, 1000 * n) == clopper_pearson(n, n)


def test_korn_graubard_of_one_cell_a_scenario_is_nearly_clopper_pearson():
    # 20 scenarios, 5 are 1: p (1 - p) = 0.1875; variance of the mean 0.1875 * 20 / 19 / 20 = 0.1875 / 19
    # effective size 19, no loss of degrees of freedom as 20 cells are 20 scenarios: 4.75 of 19
    found = korn_graubard([1.0] * 5 + [0.0] * 15, 20)
    by_hand = clopper_pearson(4.75, 19)
    assert found.low == pytest.approx(by_hand.low)
    assert found.high == pytest.approx(by_hand.high)


def test_korn_graubard_by_hand():
    # 4 scenarios of 10 cells: mean 0.5; squares 0.09 + 0.01 + 0.01 + 0.09 = 0.2; variance 0.2 / 3 / 4 = 1/60
    # effective 0.25 * 60 = 15; t of 39 degrees 2.02269, t of 3 degrees 3.18245: 15 * 0.40396 = 6.0594
    found = korn_graubard([0.2, 0.4, 0.6, 0.8], 40)
    by_hand = clopper_pearson(3.0297, 6.0594)
    assert found.low == pytest.approx(by_hand.low, abs=1e-5)
    assert found.high == pytest.approx(by_hand.high, abs=1e-5)


def test_korn_graubard_of_scenarios_without_spread_is_capped_by_the_cells():
    # 20 cells in fives of 4, alike by 0.1: 20 / (1 + 3 * 0.1) = 15.38462;
    # t of 19 degrees 2.09302, t of 4 degrees 2.77645: 15.38462 * 0.56829 = 8.74292
    found = korn_graubard([0.5] * 5, 20)
    by_hand = clopper_pearson(4.37146, 8.74292)
    assert found.low == pytest.approx(by_hand.low, abs=1e-5)
    assert found.high == pytest.approx(by_hand.high, abs=1e-5)


def test_korn_graubard_of_one_scenario_is_that_of_one_cell():
    assert korn_graubard([0.5], 30) == clopper_pearson(0.5, 1)


def test_more_spread_between_scenarios_means_a_wider_interval():
    close, apart = korn_graubard([0.4, 0.5, 0.6] * 4, 120), korn_graubard([0.0, 0.5, 1.0] * 4, 120)
    assert apart.low < close.low
    assert close.high < apart.high


@unhurried
@given(shares, st.integers(1, 30))
def test_korn_graubard_holds_the_mean_within_0_and_1(values: Sequence[float], cells: int):
    found, mean = korn_graubard(values, cells * len(values)), math.fsum(values) / len(values)
    assert 0 <= found.low <= mean + 1e-9
    assert mean - 1e-9 <= found.high <= 1


@unhurried
@given(st.lists(st.integers(0, 8), min_size=2, max_size=30), st.randoms())
def test_the_order_of_scenarios_does_not_matter(eighths, chance):
    values = [n / 8 for n in eighths]
    mixed = chance.sample(values, len(values))
    assert korn_graubard(mixed, 8 * len(values)) == korn_graubard(values, 8 * len(values))
    assert student(mixed, (None, None)) == student(values, (None, None))


def test_student_by_hand():
    # mean 3; squares 4 + 1 + 0 + 1 + 4 = 10; deviation sqrt(10 / 4) = 1.58114; t of 4 degrees 2.77645
    # half width 2.77645 * 1.58114 / sqrt(5) = 1.96325
    found = student([1, 2, 3, 4, 5], (None, None))
    assert found.low == pytest.approx(1.03675, abs=1e-5)
    assert found.high == pytest.approx(4.96325, abs=1e-5)


@pytest.mark.parametrize(
    ("limits", "low", "high"),
    [
        # mean 0, deviation sqrt(2), t of 1 degree 12.7062: half width 12.7062
        ((None, None), -12.7062, 12.7062),
        ((-1.0, 1.0), -1.0, 1.0),
        ((-1.0, None), -1.0, 12.7062),
        ((None, 1.0), -12.7062, 1.0),
    ],
)
def test_student_is_cut_at_the_limits(limits, low, high):
    found = student([-1.0, 1.0], limits)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize("values", [[], [0.3]])
def test_student_of_less_than_two_scenarios_says_why_it_has_none(values):
    assert student(values, (0.0, 1.0)) == Interval(None, None, "one scenario has no spread")


@pytest.mark.parametrize("same", [0.0, 0.25, 1.0])
def test_student_of_all_alike_has_no_width(same):
    assert student([same] * 6, (0.0, 1.0)) == Interval(same, same)


@unhurried
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(-1e6, 1e6))
def test_student_holds_the_mean_and_moves_with_the_values(values, shift):
    mean = math.fsum(values) / len(values)
    found, moved = student(values, (None, None)), student([v + shift for v in values], (None, None))
    assert found.low <= mean <= found.high
    assert moved.low == pytest.approx(found.low + shift, rel=1e-6, abs=1e-3)
    assert moved.high == pytest.approx(found.high + shift, rel=1e-6, abs=1e-3)
