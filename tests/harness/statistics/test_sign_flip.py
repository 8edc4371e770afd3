"""The sign-flip test against flips counted by hand, and against scipy's."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.sign_flip import is_exact, least_scenarios, sign_flip

unhurried = settings(deadline=None, max_examples=40)
eighths = st.lists(st.integers(-8, 8).map(lambda n: n / 8), max_size=12)


def test_all_flips_of_three_by_hand():
    # sums of ±1 ±2 ±3: 6, 4, 2, 0, 0, -2, -4, -6; observed 4: two are as large, seven as small
    found = sign_flip([-1, 2, 3])
    assert (found.above, found.below, found.either) == (2 / 8, 7 / 8, 4 / 8)
    assert found.exact


def test_flips_that_tie_but_for_rounding_count_as_tied():
    # 0.1 + 0.2 isn't 0.3 in binary; flipping either pair gives 0: sums 0.6, 0.4, 0.2, 0 twice, and opposites
    found = sign_flip([0.1, 0.2, -0.3])
    assert (found.above, found.below) == (5 / 8, 5 / 8)


@pytest.mark.parametrize("differences", [[], [0.0], [0.0] * 40])
def test_nothing_that_differs_is_never_told(differences):
    found = sign_flip(differences)
    assert (found.above, found.below, found.either) == (1, 1, 1)


def test_few_scenarios_are_gone_through_exactly_and_many_by_chance():
    assert is_exact(13)
    assert not is_exact(14)
    assert sign_flip([1.0] * 13).above == 2**-13
    assert sign_flip([1.0] * 60).above == 1 / 10_000  # never zero: the observed one counts


def test_the_same_seed_gives_the_same_p_and_another_seed_nearly_so():
    differences = np.random.default_rng(5).normal(0.1, 0.3, 50).tolist()
    first, again, other = (sign_flip(differences, seed=s).either for s in (1, 1, 2))
    assert first == again
    assert other == pytest.approx(first, abs=0.02)


@pytest.mark.parametrize("n", [5, 11, 24, 96])
@pytest.mark.parametrize(("side", "name"), [("greater", "above"), ("less", "below"), ("two-sided", "either")])
def test_p_is_scipys(n, side, name):
    from scipy.stats import permutation_test

    chance = np.random.default_rng(n)
    differences = chance.normal(0.1, 0.4, n)
    theirs = permutation_test(
        (differences,), lambda x, axis: x.mean(axis=axis), permutation_type="samples", vectorized=True,
        n_resamples=20_000, alternative=side, rng=chance,
    )  # fmt: skip
    mine = getattr(sign_flip(differences.tolist(), resamples=20_000), name)
    assert mine == pytest.approx(theirs.pvalue, abs=0.0 if n <= 11 else 0.015)


@unhurried
@given(eighths)
def test_swapping_the_two_swaps_the_sides(differences):
    found, swapped = sign_flip(differences), sign_flip([-d for d in differences])
    assert (found.above, found.below, found.either) == (swapped.below, swapped.above, swapped.either)


@unhurried
@given(eighths, st.randoms())
def test_the_order_of_scenarios_does_not_matter(differences, chance):
    assert sign_flip(differences) == sign_flip(chance.sample(differences, len(differences)))


@pytest.mark.parametrize(
    ("level", "sides"), [(0.05, 2), (0.05, 1), (0.025, 1), (0.01, 2), (0.125, 1), (0.5, 1)]
)
def test_with_fewer_than_the_least_scenarios_no_p_is_small_enough(level, sides):
    n = least_scenarios(level, sides)
    assert sides * 2.0**-n <= level
    assert n == 1 or sides * 2.0 ** -(n - 1) > level


def test_false_alarms_are_as_many_as_the_level_says():
    # 1,000 times 24 skewed scenarios without a difference; standard error 0.007
    chance = np.random.default_rng(3)
    told = [sign_flip(row, resamples=499, seed=n).either <= 0.05 for n, row in enumerate(skewed(chance))]
    assert 0.03 <= sum(told) / len(told) <= 0.07


def skewed(chance):
    """The difference of two betas that pile up at 1."""
    left, right = (chance.beta(4, 1, (1000, 24)) for _ in range(2))
    return (left - right).tolist()


def test_p_is_a_number_whatever_the_differences():
    found = sign_flip([1e300, -1e300, 1e-300, 0.0])
    assert all(math.isfinite(p) and 0 < p <= 1 for p in (found.above, found.below, found.either))
