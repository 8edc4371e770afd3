"""Variance components against a worked example, and by simulation."""

import math

import numpy as np
import pytest

from rembench.harness.statistics.repeats import spread


def test_components_by_hand():
    # means 1, 2, 3 of two repeats 1 apart on either side of 0.5: within 0.5 each: sum of squares 0.5 / 1
    # among: 2 x (1 + 0 + 1) / 2 = 2; between (2 - 0.5) / 2 = 0.75
    found = spread({"a": [0.5, 1.5], "b": [1.5, 2.5], "c": [2.5, 3.5]})
    assert (found.within, found.between) == (0.5, 0.75)
    assert (found.scenarios, found.repeats) == (3, 2)
    assert found.share_within.value == 0.4
    # (0.75 + 0.5 / 2) / 3 and, of more repeats or more scenarios, what they buy
    assert found.error(scenarios=3, repeats=2).value == pytest.approx(math.sqrt(1 / 3))
    assert found.error(scenarios=3, repeats=10).value == pytest.approx(math.sqrt(0.8 / 3))
    assert found.error(scenarios=12, repeats=2).value == pytest.approx(math.sqrt(1 / 12))


def test_repeats_without_a_value_do_not_count():
    assert spread({"a": [0.5, None, 1.5], "b": [1.5, 2.5], "c": [None], "d": [2.5, 3.5]}) == spread(
        {"a": [0.5, 1.5], "b": [1.5, 2.5], "d": [2.5, 3.5]}
    )


def test_scenarios_that_vary_less_than_their_repeats_are_taken_to_be_alike():
    assert spread({"a": [0.0, 1.0], "b": [0.0, 1.0]}).between == 0


@pytest.mark.parametrize(
    ("repeats", "reason"),
    [
        ({}, "one scenario has no spread"),
        ({"a": [0.5, 0.6]}, "one scenario has no spread"),
        ({"a": [0.5], "b": [0.6]}, "one repeat of each: no spread within a scenario"),
        ({"a": [0.5, None], "b": [None, 0.6]}, "one repeat of each: no spread within a scenario"),
    ],
)
def test_what_cannot_be_split_is_none_with_the_reason(repeats, reason):
    found = spread(repeats)
    assert found.between is None
    assert found.reason == reason
    assert found.error(scenarios=10, repeats=2).reason == reason
    assert found.share_within.reason == reason


def test_all_alike_has_no_share():
    assert spread({"a": [1.0, 1.0], "b": [1.0, 1.0]}).share_within.reason == "all values are alike"


@pytest.mark.parametrize("counts", [(3, 3), (1, 5)])
def test_components_are_those_that_were_simulated(counts):
    # 300 times 40 scenarios, equal and unequal numbers of repeats: deviations 0.2 between and 0.1 within
    chance = np.random.default_rng(2)
    found = [spread(drawn(chance, counts)) for _ in range(300)]
    assert np.mean([one.between for one in found]) == pytest.approx(0.04, rel=0.04)
    assert np.mean([one.within for one in found]) == pytest.approx(0.01, rel=0.04)


def drawn(chance, counts):
    return {f"s{n}": (chance.normal(0, 0.2) + chance.normal(0, 0.1, counts[n % 2])).tolist() for n in range(40)}
