"""Drift: retention at the last night minus retention at the first, and what one night loses."""

import pytest

from rembench.metrics.drift import DRIFT, RETENTION_LOSS_PER_NIGHT
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value


def test_drift_is_the_last_night_less_the_first():
    # fact: lost, kept, kept, kept: -1/4; update: gained: +1; macro: (-0.25 + 1) / 2
    evidence = chain(
        planted("city", "fact", "held held held > held held absent"),
        planted("pet", "fact", "held held held > held held held"),
        planted("tea", "fact", "held held held > held absent held"),
        planted("car", "fact", "held held held > absent held absent"),
        planted("job", "update", "held held held > absent absent held"),
    )
    assert amounts(DRIFT, evidence) == [-1, 0, 0, 0, 1]
    assert value(DRIFT, evidence) == 0.375


def test_hedging_at_the_last_night_is_a_loss():
    assert amounts(DRIFT, chain(planted("city", "fact", "held held > held open"))) == [-1]


def test_only_values_expected_held_at_both_ends_are_asked():
    evidence = chain(
        planted("job", "update", "held retired > held held"),
        planted("car", "update", "- held > absent held"),
        planted("tea", "conflict", "open held > open held"),
    )
    assert amounts(DRIFT, evidence) == []
    assert undefined_because(DRIFT, evidence) == "no opportunity in these scenarios"


def test_a_single_night_has_no_drift():
    assert amounts(DRIFT, chain(planted("city", "fact", "held > held"))) == []


def test_no_verdict_at_either_end_is_missing():
    evidence = chain(
        planted("city", "fact", "held held > ? held"), planted("pet", "fact", "held held > held ?")
    )
    assert amounts(DRIFT, evidence) == [None, None]
    assert reasons(DRIFT, evidence) == [ABSTAINED, ABSTAINED]


def test_no_verdict_between_the_ends_does_not_matter():
    assert amounts(DRIFT, chain(planted("city", "fact", "held held held > held ? absent"))) == [-1]


def test_a_failed_night_is_missing_and_no_loss():
    evidence = chain(planted("city", "fact", "held held > held held"), failed="c2")
    assert amounts(DRIFT, evidence) == [None]


def test_a_nights_loss_is_of_what_was_held_the_night_before():
    # city: kept, kept, lost; pet: kept, lost, and then there's nothing to lose; tea never held: 2 of 5
    evidence = chain(
        planted("city", "fact", "held held held held > held held held absent"),
        planted("pet", "fact", "held held held held > held held absent absent"),
        planted("tea", "fact", "held held held held > absent absent absent absent"),
    )
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence) == [0, 0, 0, 1, 1]
    assert value(RETENTION_LOSS_PER_NIGHT, evidence) == 0.4


def test_a_nights_loss_is_macro_over_kinds():
    # fact: 1 of 1; update: 0 of 3: (1 + 0) / 2
    evidence = chain(
        planted("city", "fact", "- - held held > absent absent held absent"),
        planted("job", "update", "held held held held > held held held held"),
    )
    assert value(RETENTION_LOSS_PER_NIGHT, evidence) == 0.5


def test_hedging_and_calling_it_past_lose_a_value():
    evidence = chain(planted("city", "fact", "held held > held open", "held held > held retired"))
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence) == [1, 1]


def test_only_values_expected_held_at_both_nights_can_be_lost():
    evidence = chain(
        planted("job", "update", "held retired held > held held held"),
        planted("car", "update", "- held retired > held held absent"),
        planted("code", "deletion", "held absent absent > held absent absent"),
    )
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence) == []
    because = "nothing was held that had to be held on at the next night"
    assert undefined_because(RETENTION_LOSS_PER_NIGHT, evidence) == because


def test_the_starting_store_is_no_night():
    assert amounts(RETENTION_LOSS_PER_NIGHT, chain(planted("city", "fact", "held > held | absent"))) == []


def test_a_loss_is_sliced_by_the_values_age():
    # first expected held at c2: the loss at c4 is at two nights of age
    evidence = chain(planted("city", "fact", "- held held held > absent held held absent"))
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence, "age=1") == [0]
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence, "age=2") == [1]


@pytest.mark.parametrize("found", ["? held", "held ?"])
def test_a_loss_without_a_verdict_on_either_side_is_missing(found):
    evidence = chain(planted("city", "fact", f"held held > {found}"))
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence) == [None]
    assert reasons(RETENTION_LOSS_PER_NIGHT, evidence) == [ABSTAINED]


def test_a_failed_night_loses_nothing_and_is_missing():
    evidence = chain(planted("city", "fact", "held held held > held held held"), failed="c2")
    assert amounts(RETENTION_LOSS_PER_NIGHT, evidence) == [None, None]
    assert reasons(RETENTION_LOSS_PER_NIGHT, evidence)[0] == FAILED
