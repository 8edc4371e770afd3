import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.differences import difference, difference_bounds
from rembench.harness.statistics.pairs import pair

shares = st.dictionaries(
    st.sampled_from("abcdefgh"), st.one_of(st.none(), st.floats(0, 1).map(lambda v: round(v, 4)))
)


def found(first, second, limits=(0.0, 1.0)):
    names = "abcdefghijklmnop"
    values = [dict(zip(names, side, strict=False)) for side in (first, second)]
    return difference(pair(*values), limits)


def test_difference_by_hand():
    # differences 0.1, 0.2, 0.3: mean 0.2, deviation 0.1, t of 2 degrees 4.3027: half width 0.24842
    # of eight flips the sum 0.6 is the largest: p 2 / 8
    one = found([0.6, 0.7, 0.8], [0.5, 0.5, 0.5])
    assert one.mean == pytest.approx(0.2)
    assert one.deviation == pytest.approx(0.1)
    assert (one.low, one.high) == (pytest.approx(-0.04842, abs=1e-5), pytest.approx(0.44842, abs=1e-5))
    assert one.p == 0.25
    assert not one.is_told()
    assert (one.scenarios, one.unpaired) == (3, ())
    assert one.detectable.reason == "3 scenarios can't tell any difference: it takes 6"
    assert one.wanted.value == 6


def test_the_interval_stays_within_what_the_difference_can_be():
    one = found([1.0, 0.0], [0.0, 1.0])
    assert (one.low, one.high) == (-1, 1)


def test_a_metric_without_an_upper_limit_has_a_difference_without_limits():
    one = found([900.0, 0.0], [0.0, 900.0], (0.0, None))
    assert one.low < -900


@pytest.mark.parametrize(
    ("first", "reason"),
    [([], "no scenario in which both have a value"), ([0.5], "one scenario has no spread")],
)
def test_too_little_to_go_by_is_said(first, reason):
    one = found(first, [0.25])
    assert one.reason == reason
    assert (one.low, one.high, one.p, one.deviation) == (None, None, 1, None)
    assert one.wanted.value is None


def test_no_difference_at_all_is_no_finding():
    one = found([0.5] * 10, [0.5] * 10)
    assert (one.mean, one.low, one.high, one.p) == (0, 0, 0, 1)
    assert one.wanted.reason == "no difference to be noticed"
    assert "all differences are alike" in one.detectable.reason


@settings(deadline=None)
@given(shares, shares)
def test_numbers_are_numbers_or_none_with_a_reason(first, second):
    one = difference(pair(first, second), (0.0, 1.0))
    numbers = [one.mean, one.low, one.high, one.p, one.deviation, one.detectable.value, one.wanted.value]
    assert all(math.isfinite(n) for n in numbers if n is not None)
    assert all(told.value is not None or told.reason for told in (one.detectable, one.wanted))
    if one.low is None:
        assert one.reason
    else:
        assert one.low <= one.mean <= one.high
    assert one.scenarios + len(one.unpaired) == len(first.keys() | second.keys())


def test_bounds_of_a_difference_are_its_extremes():
    assert difference_bounds((0.5, 0.75), (0.25, 0.5)) == (0, 0.5)
    assert difference_bounds(None, (0.25, 0.5)) is None
    assert difference_bounds((0.25, 0.5), None) is None
