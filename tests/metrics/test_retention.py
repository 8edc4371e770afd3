"""Retention: kept / expected held, macro over kinds."""

import pytest

from rembench.metrics.retention import RETENTION, RETENTION_AT_BUDGET
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value


def test_kinds_weigh_the_same_however_many_values_they_have():
    # fact: 3 of 4 kept; update: 0 of 1; macro: (0.75 + 0) / 2
    evidence = chain(
        planted("city", "fact", "held > held"),
        planted("pet", "fact", "held > held"),
        planted("tea", "fact", "held > held"),
        planted("car", "fact", "held > absent"),
        planted("job", "update", "held > retired"),
    )
    assert value(RETENTION, evidence) == 0.375


@pytest.mark.parametrize(("observed", "kept"), [("held", 1), ("retired", 0), ("open", 0), ("absent", 0)])
def test_only_held_is_kept(observed, kept):
    assert amounts(RETENTION, chain(planted("city", "fact", f"held > {observed}"))) == [kept]


def test_only_what_is_expected_held_is_asked():
    rows = ("retired > held", "open > held", "absent > held", "- > held")
    evidence = chain(*(planted(f"i{n}", "fact", row) for n, row in enumerate(rows)))
    assert amounts(RETENTION, evidence) == []
    assert undefined_because(RETENTION, evidence) == "no opportunity in these scenarios"


def test_no_verdict_is_missing_and_not_lost():
    evidence = chain(planted("city", "fact", "held > ?"), planted("pet", "fact", "held > held"))
    assert amounts(RETENTION, evidence) == [None, 1]
    assert reasons(RETENTION, evidence) == [ABSTAINED, None]
    assert value(RETENTION, evidence) == 1


def test_a_failed_night_is_missing_and_not_zero():
    evidence = chain(planted("city", "fact", "held held held > held held held"), failed="c2")
    assert amounts(RETENTION, evidence) == [1, None, None]
    assert reasons(RETENTION, evidence) == [None, FAILED, "not reached: night c2 failed (timeout)"]


def test_slices_are_by_night_kind_and_tactic():
    evidence = chain(
        planted("city", "fact", "held held > held absent"),
        planted("job", "update", "held held > absent held", tactic="revert"),
    )
    assert value(RETENTION, evidence, "night=1") == 0.5
    assert amounts(RETENTION, evidence, "night=2") == [0, 1]
    assert amounts(RETENTION, evidence, "kind=fact") == [1, 0]
    assert amounts(RETENTION, evidence, "tactic=revert") == [0, 1]


def test_at_budget_asks_what_the_beginning_of_the_memory_conveys():
    evidence = chain(
        planted("city", "fact", "held > held/held"),
        planted("pet", "fact", "held > held/absent"),
        planted("tea", "fact", "held > held/retired"),
        planted("car", "fact", "held > absent/absent"),
    )
    assert value(RETENTION_AT_BUDGET, evidence) == 0.25
    assert value(RETENTION, evidence) == 0.75


def test_at_budget_without_a_verdict_is_missing_with_its_own_reason():
    evidence = chain(planted("city", "fact", "held > held/?"), planted("pet", "fact", "held > ?"))
    assert amounts(RETENTION_AT_BUDGET, evidence) == [None, None]
    assert reasons(RETENTION_AT_BUDGET, evidence) == ["no verdict on the shortened memory", ABSTAINED]


def test_at_budget_has_the_slices_of_retention():
    evidence = chain(planted("city", "fact", "held held > held/absent held/held"))
    assert amounts(RETENTION_AT_BUDGET, evidence, "night=1") == [0]
    assert amounts(RETENTION_AT_BUDGET, evidence, "kind=fact") == [0, 1]


def test_retention_is_sliced_by_the_nights_since_a_value_was_first_to_be_held():
    # city: ages 0, 1, 2; job: to be held at c2, not at c3, and again at c4: ages 0 and 2
    evidence = chain(
        planted("city", "fact", "- held held held > absent held held absent"),
        planted("job", "update", "- held retired held > absent absent absent held"),
    )
    assert amounts(RETENTION, evidence, "age=0") == [1, 0]
    assert amounts(RETENTION, evidence, "age=1") == [1]
    assert amounts(RETENTION, evidence, "age=2") == [0, 1]
    assert amounts(RETENTION, evidence, "age=3") == []


def test_values_count_in_the_slices_of_their_classes_and_of_their_scenario():
    evidence = chain(
        planted("city", "fact", "held > held", tags=("omission", "distance")),
        planted("job", "update", "held > absent", tags=("omission",)),
        level=3,
    )
    assert amounts(RETENTION, evidence, "class=omission") == [1, 0]
    assert amounts(RETENTION, evidence, "class=distance") == [1]
    assert amounts(RETENTION, evidence, "level=3") == [1, 0]
    assert amounts(RETENTION, evidence, "domain=tests") == [1, 0]
