"""Damage: what was held before a night, and isn't after it."""

import pytest

from rembench.metrics.damage import DAMAGE
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value


def test_the_starting_store_counts_before_the_first_night():
    # fact: 1 of 2 lost in the first night; update: 0 of 1; macro: (0.5 + 0) / 2
    evidence = chain(
        planted("city", "fact", "held > held | held"),
        planted("pet", "fact", "held > held | absent"),
        planted("job", "update", "held > held | held"),
    )
    assert value(DAMAGE, evidence) == 0.25


def test_each_night_is_compared_with_the_one_before_it():
    # store → c1 kept, c1 → c2 lost, c2 → c3 not asked: it wasn't held at c2
    evidence = chain(planted("city", "fact", "held held held > held | held absent held"))
    assert amounts(DAMAGE, evidence) == [0, 1]


@pytest.mark.parametrize("observed", ["retired", "open", "absent"])
def test_hedging_and_retiring_are_damage_too(observed):
    assert amounts(DAMAGE, chain(planted("city", "fact", f"held > held | {observed}"))) == [1]


def test_what_was_not_held_before_is_not_asked():
    evidence = chain(planted("city", "fact", "held > absent"), planted("pet", "fact", "held > open | held"))
    assert amounts(DAMAGE, evidence) == []
    assert undefined_because(DAMAGE, evidence) == "no opportunity in these scenarios"


def test_what_is_not_to_be_held_any_longer_is_not_asked():
    evidence = chain(
        planted("job", "update", "retired > held | absent"), planted("pin", "secret", "absent > held | absent")
    )
    assert amounts(DAMAGE, evidence) == []


def test_no_verdict_before_or_after_is_missing():
    evidence = chain(
        planted("city", "fact", "held > held | ?"),
        planted("pet", "fact", "held > ? | held"),
        planted("tea", "fact", "held > ? | ?"),
    )
    assert amounts(DAMAGE, evidence) == [None, None, None]
    assert reasons(DAMAGE, evidence) == [ABSTAINED] * 3


def test_a_failed_night_is_missing_and_so_are_those_after_it():
    evidence = chain(planted("city", "fact", "held held > held | held held"), failed="c1")
    assert amounts(DAMAGE, evidence) == [None, None]
    assert reasons(DAMAGE, evidence) == [FAILED, "not reached: night c1 failed (timeout)"]


def test_slices_are_by_kind_and_night():
    evidence = chain(
        planted("city", "fact", "held held > held | held absent"),
        planted("bike", "control", "held held > held | absent absent"),
    )
    assert amounts(DAMAGE, evidence, "night=1") == [0, 1]
    assert amounts(DAMAGE, evidence, "night=2") == [1]
    assert amounts(DAMAGE, evidence, "kind=control") == [1]
