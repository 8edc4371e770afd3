"""Many sign-flip tests at once give the p's that they have one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.sign_flip import RESAMPLES, resamples_for, sign_flip, sign_flips

DIFFERENCES = st.lists(
    st.lists(st.integers(-8, 8).map(lambda n: n / 8), min_size=0, max_size=20), min_size=1, max_size=8
)


@given(DIFFERENCES)
@settings(max_examples=40, deadline=None)
def test_the_p_is_that_of_each_by_itself(sets):
    found = sign_flips(sets, resamples=500, seed=3)
    assert found == [sign_flip(one, resamples=500, seed=3) for one in sets]


def test_turning_a_difference_round_changes_no_p():
    sets = [[0.3, -0.1, 0.2, 0.05] * 6, [0.5, 0.5, -0.25] * 7]
    assert ps(sets) == ps([[-d for d in one] for one in sets])


def test_no_scenario_gives_a_p_of_one():
    assert ps([[], [0.1]]) == [1.0, 1.0]


def test_a_large_family_gets_flips_enough_to_be_told():
    # 2 x 2 x 500 / 0.05 - 1: a p of 2 / 40,000 is half of 0.05 / 500
    assert resamples_for(500) == 39_999
    assert resamples_for(3) == RESAMPLES
    alike = [0.25] * 40
    assert 500 * ps([alike], resamples=resamples_for(500))[0] <= 0.05


def ps(sets, **more):
    return [one.either for one in sign_flips(sets, **more)]
