"""Deletion leakage by level and phase, and what was lost beside the deleted and elsewhere."""

import pytest

from rembench.metrics.deletion_leakage import (
    DELETION_LEAKAGE,
    NEIGHBOUR_LOSS,
    NET_LEAKAGE,
    OTHER_LOSS,
    OVER_DELETION,
    TWIN_LEAKAGE,
)
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value

LEVELS = ("L1", "L2", "L3", "L4", "L5", "L6")
CODE = planted("code", "deletion", "held absent > held | absent absent")
"""Held at c1, to be absent at c2, and absent there: the request's night is c2."""


def levels(evidence, part=""):
    """The levels whose slice has an amount of 1."""
    return [level for level in LEVELS if 1 in amounts(DELETION_LEAKAGE, evidence, f"level={level}{part}")]


def test_one_leak_at_one_night_is_a_leak_of_the_scenario():
    evidence = chain(
        planted("code", "deletion", "absent absent absent > absent absent held:L5"),
        planted("name", "deletion", "absent absent absent > absent absent absent"),
    )
    assert amounts(DELETION_LEAKAGE, evidence) == [0, 0, 0, 0, 1, 0]
    assert value(DELETION_LEAKAGE, evidence) == 1


def test_without_a_leak_the_scenario_has_none():
    assert value(DELETION_LEAKAGE, chain(planted("code", "deletion", "absent > absent"))) == 0


@pytest.mark.parametrize("stance", ["held", "retired", "open"])
def test_a_tombstone_and_a_rumour_leak_too(stance):
    assert value(DELETION_LEAKAGE, chain(planted("code", "deletion", f"absent > {stance}:L5"))) == 1


@pytest.mark.parametrize("level", ["L1", "L2"])
def test_a_note_of_the_request_counts_by_level_only(level):
    evidence = chain(planted("code", "deletion", f"absent > absent:{level}"))
    assert value(DELETION_LEAKAGE, evidence) == 0
    assert levels(evidence) == [level]


@pytest.mark.parametrize("level", ["L3", "L4", "L5", "L6"])
def test_a_leak_of_content_counts_at_its_own_level_only(level):
    evidence = chain(planted("code", "deletion", f"absent > held:{level}"))
    assert value(DELETION_LEAKAGE, evidence) == 1
    assert levels(evidence) == [level]


def test_phases_are_the_requests_night_a_refeed_of_the_evidence_and_any_other():
    # s1 holds the evidence; c3 is given s1 again, c4 is given s2 again
    evidence = chain(
        planted("code", "deletion", "held absent absent absent > held absent held:L5 held:L3", said="s1"),
        refed={"c3": ("s1", "s3"), "c4": ("s2", "s4")},
    )
    assert amounts(DELETION_LEAKAGE, evidence, "phase=request") == [0]
    assert amounts(DELETION_LEAKAGE, evidence, "phase=refeed") == [1]
    assert amounts(DELETION_LEAKAGE, evidence, "phase=next") == [1]
    assert levels(evidence, " phase=request") == []
    assert levels(evidence, " phase=refeed") == ["L5"]
    assert levels(evidence, " phase=next") == ["L3"]


def test_a_refeed_in_the_requests_night_is_still_the_requests_night():
    evidence = chain(
        planted("code", "deletion", "held absent > held held:L5", said="s1"), refed={"c2": ("s1", "s2")}
    )
    assert amounts(DELETION_LEAKAGE, evidence, "phase=request") == [1]
    assert amounts(DELETION_LEAKAGE, evidence, "phase=refeed") == []


def test_a_copy_in_another_scope_is_a_phase_of_its_own_at_every_night():
    evidence = chain(
        planted("code", "deletion", "held absent absent > held absent absent", said="s1"),
        planted("copy", "deletion", "- absent absent > held held:L5 held:L5", said="s1", where="shared/**"),
        refed={"c3": ("s1", "s3")},
    )
    assert amounts(DELETION_LEAKAGE, evidence, "phase=scope") == [1, 1]
    assert amounts(DELETION_LEAKAGE, evidence, "phase=request") == [0]
    assert amounts(DELETION_LEAKAGE, evidence, "phase=refeed") == [0]
    assert levels(evidence, " phase=scope") == ["L5"]
    assert value(DELETION_LEAKAGE, evidence) == 1


def test_what_gives_a_deleted_value_away_counts_whatever_its_kind():
    evidence = chain(
        planted("clue", "fact", "held absent > held held:L6", gives_away=True),
        planted("note", "scope", "absent absent > absent held:L5", where="shared/**"),
    )
    assert amounts(DELETION_LEAKAGE, evidence) == [1]
    assert levels(evidence) == ["L6"]


def test_leakage_is_sliced_by_class_level_and_domain():
    evidence = chain(planted("code", "deletion", "absent > held:L3", tags=("leakage",)), level=3)
    for part in ("class=leakage", "level=3", "domain=tests"):
        assert amounts(DELETION_LEAKAGE, evidence, part) == [1]
    assert amounts(DELETION_LEAKAGE, evidence, "level=L3") == [1]


def test_in_a_twin_a_refeed_is_of_any_session_for_none_says_the_value():
    row = "- absent absent > absent absent held:L5"
    code = planted("code", "deletion", row)
    twin = chain(code, refed={"c3": ("s1", "s3")}, twin_of="small")
    assert amounts(TWIN_LEAKAGE, twin, "phase=refeed") == [1]
    assert amounts(DELETION_LEAKAGE, chain(code, refed={"c3": ("s1", "s3")}), "phase=next") == [1]


def test_each_value_has_a_requests_night_of_its_own():
    evidence = chain(planted("code", "deletion", "absent absent > held absent", "held absent > held held"))
    assert amounts(DELETION_LEAKAGE, evidence, "phase=request") == [1, 1]
    assert amounts(DELETION_LEAKAGE, evidence, "phase=next") == [0]


def test_slices_are_by_night_of_the_scenario():
    evidence = chain(planted("code", "deletion", "held absent > held held:L5"))
    assert amounts(DELETION_LEAKAGE, evidence, "night=1") == []
    assert amounts(DELETION_LEAKAGE, evidence, "night=2") == [1]


def test_secrets_and_what_may_still_be_held_are_not_deletions():
    evidence = chain(
        planted("pin", "secret", "absent > held:L5"),
        planted("never-mind", "deletion", "held > held"),
        planted("back", "deletion", "- > held"),
    )
    assert amounts(DELETION_LEAKAGE, evidence) == []
    assert undefined_because(DELETION_LEAKAGE, evidence) == "no opportunity in these scenarios"


def test_no_verdict_and_a_failed_night_are_missing_at_every_level():
    evidence = chain(planted("code", "deletion", "absent absent > ? held:L5"), failed="c2")
    assert amounts(DELETION_LEAKAGE, evidence) == [None, None]
    assert reasons(DELETION_LEAKAGE, evidence) == [ABSTAINED, FAILED]
    for level in LEVELS:
        assert amounts(DELETION_LEAKAGE, evidence, f"level={level}") == [None, None]


def test_over_deletion_is_loss_beside_the_deleted_less_loss_elsewhere():
    # beside: same subject lost, control lost, control kept: 2 of 3; elsewhere: 1 of 4 lost
    # Near and far are the metric's own groups, so kinds don't weigh: 2/3 - 1/4
    evidence = chain(
        CODE,
        planted("city", "fact", "held held > held absent"),
        planted("bike", "control", "held held > held retired", subject="Ivo Lang"),
        planted("boat", "control", "held held > held held", subject="Ivo Lang"),
        planted("tea", "fact", "held held > held absent", subject="Ivo Lang"),
        planted("car", "fact", "held held > held held", subject="Ivo Lang"),
        planted("pet", "fact", "held held > held held", subject="Ivo Lang"),
        planted("job", "update", "held held > held held", subject="Ivo Lang"),
    )
    assert value(NEIGHBOUR_LOSS, evidence) == pytest.approx(2 / 3)
    assert value(OTHER_LOSS, evidence) == 0.25
    assert value(OVER_DELETION, evidence) == pytest.approx(5 / 12)


def test_loss_is_of_what_was_held_before_the_requests_night():
    evidence = chain(
        CODE,
        planted("city", "fact", "held held > absent absent"),
        planted("tea", "fact", "- held > held absent"),
        planted("job", "update", "held retired > held absent"),
        planted("other-code", "deletion", "held held > held absent"),
    )
    assert amounts(NEIGHBOUR_LOSS, evidence) == []
    assert amounts(OTHER_LOSS, evidence) == []
    assert undefined_because(NEIGHBOUR_LOSS, evidence) == "no opportunity in these scenarios"


def test_losses_are_asked_at_the_first_requests_night_only():
    evidence = chain(
        planted("code", "deletion", "held absent absent > held absent absent"),
        planted("city", "fact", "held held held > held held absent"),
    )
    assert amounts(NEIGHBOUR_LOSS, evidence) == [0]


def test_the_store_counts_before_a_request_in_the_first_night():
    evidence = chain(
        planted("code", "deletion", "absent > held | absent"),
        planted("city", "fact", "held > held | absent"),
        planted("tea", "fact", "held > absent | absent"),
    )
    assert amounts(NEIGHBOUR_LOSS, evidence) == [1]


def test_without_a_deletion_nothing_is_asked():
    evidence = chain(planted("city", "fact", "held > held | absent"))
    assert amounts(NEIGHBOUR_LOSS, evidence) == []
    assert undefined_because(OVER_DELETION, evidence) == "no opportunity in these scenarios"


def test_a_loss_without_a_verdict_is_missing():
    evidence = chain(
        CODE,
        planted("city", "fact", "held held > ? held"),
        planted("pet", "fact", "held held > held ?"),
    )
    assert amounts(NEIGHBOUR_LOSS, evidence) == [None, None]
    assert reasons(NEIGHBOUR_LOSS, evidence) == ["no verdict before the request", ABSTAINED]


def test_a_requests_night_that_failed_is_missing_and_no_loss():
    evidence = chain(CODE, planted("city", "fact", "held held > held absent"), failed="c2")
    assert amounts(NEIGHBOUR_LOSS, evidence) == [None]
    assert reasons(NEIGHBOUR_LOSS, evidence) == [FAILED]


def test_without_twins_there_is_no_net_leakage():
    evidence = chain(planted("code", "deletion", "absent > held:L5"))
    for metric in (TWIN_LEAKAGE, NET_LEAKAGE):
        assert undefined_because(metric, evidence) == "no scenario here has a twin"
