"""Several looks at one level: published boundaries, and by simulation that the level is kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from rembench.harness.statistics.spending import ONE_LOOK, Look, nominal_levels, spent_by

QUARTERS = (0.25, 0.5, 0.75, 1.0)


@pytest.mark.parametrize(
    ("looks", "published"),
    [
        # Lan and DeMets' O'Brien-Fleming-like boundaries, one-sided 0.025
        (2, [2.963, 1.969]),
        (3, [3.710, 2.511, 1.993]),
        (4, [4.333, 2.963, 2.359, 2.014]),
        (5, [4.877, 3.357, 2.680, 2.290, 2.031]),
    ],
)
def test_boundaries_are_as_published(looks, published):
    shares = tuple(k / looks for k in range(1, looks + 1))
    found = [float(norm.isf(p)) for p in nominal_levels(0.025, shares)]
    assert found == pytest.approx(published, abs=0.002)


def test_all_of_the_level_is_spent_at_the_end():
    assert spent_by(0.05, 1.0) == pytest.approx(0.05)
    assert spent_by(0.05, 0.25) < 0.0001


def test_one_look_asks_for_the_level_itself():
    assert ONE_LOOK.nominal(0.05) == 0.05
    assert ONE_LOOK.spent(0.0123) == 0.0123


@pytest.mark.parametrize("level", [0.05, 0.007])
def test_looking_four_times_keeps_the_level(level):
    # 200,000 paths; standard error below 0.0005
    chance = np.random.default_rng(1)
    steps = chance.normal(size=(200_000, 4)) * 0.5
    paths = np.cumsum(steps, axis=1) / np.sqrt(QUARTERS)
    crossed = (paths > norm.isf(nominal_levels(level, QUARTERS))).any(axis=1)
    assert crossed.mean() == pytest.approx(level, abs=0.0015)


@settings(deadline=None, max_examples=15)
@given(st.floats(1e-4, 0.5), st.integers(1, 4))
def test_spent_is_the_level_at_which_a_look_asks_for_that_p(level, looks):
    look = Look(QUARTERS[:looks])
    p = look.nominal(level)
    assert look.spent(p) == pytest.approx(level, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("p", [0.0, 1e-300, 1e-12, 0.5, 0.999999999, 1.0])
@pytest.mark.parametrize("looks", [1, 3])
def test_any_p_has_a_level(p, looks):
    assert 0 <= Look(QUARTERS[:looks]).spent(p) <= 1


def test_smaller_ps_are_smaller_levels():
    look = Look(QUARTERS[:2])
    found = [look.spent(p) for p in (0.0, 1e-15, 1e-6, 1e-3, 0.01, 0.3, 0.9, 1.0)]
    assert found == sorted(found)
