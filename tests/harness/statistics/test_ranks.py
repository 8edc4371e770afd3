"""Rank intervals: what must hold of them, and by simulation that all true ranks are within."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.statistics.ranks import Rank, rank_intervals
from rembench.harness.statistics.sign_flip import sign_flip

tables = st.dictionaries(
    st.sampled_from("ABCDE"),
    st.dictionaries(st.sampled_from("abcdefgh"), st.one_of(st.none(), st.integers(0, 4).map(lambda n: n / 4))),
    max_size=5,
)


def entrants(means, n, chance, own=0.1):
    hard = chance.normal(0, 0.2, n)
    return {
        f"c{k}": {f"s{s}": float(m + hard[s] + chance.normal(0, own)) for s in range(n)}
        for k, m in enumerate(means)
    }


def test_clear_differences_are_ranked_one_by_one_and_alike_ones_share_ranks():
    found = rank_intervals(entrants([0.2, 0.5, 0.5, 0.9], 40, np.random.default_rng(1)))
    assert {name: (r.best, r.worst) for name, r in found.ranks.items()} == {
        "c0": (4, 4), "c1": (2, 3), "c2": (2, 3), "c3": (1, 1),
    }  # fmt: skip


def test_where_lower_is_better_the_ranks_turn_round():
    found = rank_intervals(entrants([0.2, 0.9], 40, np.random.default_rng(1)), better="lower")
    assert found.ranks == {"c0": Rank(best=1, worst=1), "c1": Rank(best=2, worst=2)}


def test_two_entrants_are_told_apart_as_by_the_plain_test():
    values = entrants([0.5, 0.53], 24, np.random.default_rng(7))
    differences = [values["c0"][s] - values["c1"][s] for s in sorted(values["c0"])]
    (one,) = rank_intervals(values).comparisons
    assert one.p == pytest.approx(sign_flip(differences).either, abs=0.01)
    assert (one.first, one.second, one.scenarios) == ("c0", "c1", 24)


def test_an_entrant_that_is_there_twice_costs_the_others_nothing():
    values = entrants([0.5, 0.55], 24, np.random.default_rng(7))
    (plain,) = rank_intervals(values).comparisons
    twice = rank_intervals({**values, "again": values["c1"]}).comparisons
    assert twice[0].p == pytest.approx(plain.p, abs=0.01)
    assert twice[2].p == 1


def test_few_scenarios_tell_nothing():
    found = rank_intervals(entrants([0.1, 0.5, 0.9], 3, np.random.default_rng(1), own=0.0))
    assert set(found.ranks.values()) == {Rank(best=1, worst=3)}


def test_one_without_a_value_may_have_any_rank_and_says_why():
    values = entrants([0.1, 0.9], 30, np.random.default_rng(1)) | {"none": {"s1": None}}
    found = rank_intervals(values)
    assert found.ranks["none"] == Rank(best=1, worst=3, reason="no value in any scenario")
    assert (found.ranks["c1"].best, found.ranks["c1"].worst) == (1, 2)


def test_one_alone_is_first():
    assert rank_intervals({"a": {"s": 1.0}}).ranks == {"a": Rank(best=1, worst=1)}
    assert rank_intervals({}).ranks == {}


@settings(deadline=None, max_examples=60)
@given(tables)
def test_ranks_are_sound_whatever_the_values(values):
    found = rank_intervals(values, resamples=299)
    assert list(found.ranks) == list(values)
    assert all(1 <= r.best <= r.worst <= len(values) for r in found.ranks.values())
    assert all(0 < one.p <= 1 for one in found.comparisons)


def test_thirty_entrants_are_compared():
    found = rank_intervals(entrants(np.linspace(0.2, 0.8, 30), 96, np.random.default_rng(3)), resamples=999)
    assert len(found.comparisons) == 435
    assert found.ranks["c29"].best == 1
    assert found.ranks["c0"].worst == 30


def test_all_true_ranks_are_within_at_once():
    # 300 times five entrants of which three are alike, 24 scenarios; standard error 0.013
    chance = np.random.default_rng(9)
    true = {"c0": (5, 5), "c1": (2, 4), "c2": (2, 4), "c3": (2, 4), "c4": (1, 1)}
    held = 0
    for trial in range(300):
        found = rank_intervals(entrants([0.4, 0.5, 0.5, 0.5, 0.6], 24, chance), resamples=399, seed=trial).ranks
        held += all(found[n].best <= best and worst <= found[n].worst for n, (best, worst) in true.items())
    assert held / 300 >= 0.92
