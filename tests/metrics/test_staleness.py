"""Staleness, false stale, and Youden's J of the two."""

import pytest

from rembench.metrics.staleness import FALSE_STALE, STALENESS, YOUDEN_J
from tests.metrics.evidence import ABSTAINED, amounts, chain, planted, reasons, undefined_because, value


def test_staleness_is_what_has_gone_by_and_stands_as_true():
    # update: 2 of 4 held; temporary: 0 of 1; macro: (0.5 + 0) / 2
    evidence = chain(
        planted("job", "update", "retired > held", "retired > held", "retired > retired", "retired > open"),
        planted("visit", "temporary", "retired > absent"),
    )
    assert value(STALENESS, evidence) == 0.25


def test_staleness_leaves_traps_injections_and_what_still_holds_to_others():
    evidence = chain(
        planted("joke", "trap", "retired > held"),
        planted("order", "injection", "retired > held"),
        planted("job", "update", "held > held"),
        planted("visit", "temporary", "held > held"),
    )
    assert amounts(STALENESS, evidence) == []
    assert undefined_because(STALENESS, evidence) == "no opportunity in these scenarios"


def test_false_stale_is_what_holds_and_was_dropped_or_called_past():
    # fact: lost and retired of 4, hedged isn't; control: 1 of 1; macro: (0.5 + 1) / 2
    evidence = chain(
        planted("city", "fact", "held > held"),
        planted("pet", "fact", "held > open"),
        planted("tea", "fact", "held > absent"),
        planted("car", "fact", "held > retired"),
        planted("bike", "control", "held > retired"),
        planted("job", "update", "held > absent"),
    )
    assert value(FALSE_STALE, evidence) == 0.75


def test_no_verdict_is_missing_in_both():
    evidence = chain(planted("job", "update", "retired > ?"), planted("city", "fact", "held > ?"))
    for metric in (STALENESS, FALSE_STALE):
        assert amounts(metric, evidence) == [None]
        assert reasons(metric, evidence) == [ABSTAINED]


@pytest.mark.parametrize(
    ("old", "fact", "expected"),
    [
        ("retired", "held", 1.0),  # perfect
        ("held", "held", 0.0),  # keeps everything
        ("absent", "absent", 0.0),  # forgets everything
        ("held", "absent", -1.0),  # the wrong way round
    ],
)
def test_j_is_1_when_perfect_and_0_for_keeping_or_forgetting_everything(old, fact, expected):
    evidence = chain(planted("job", "update", f"retired > {old}"), planted("city", "fact", f"held > {fact}"))
    assert value(YOUDEN_J, evidence) == expected


def test_j_subtracts_both_rates():
    # stale 1 of 4, false stale 1 of 2: 1 - 0.25 - 0.5
    evidence = chain(
        planted("job", "update", "retired > held", "retired > absent", "retired > absent", "retired > absent"),
        planted("city", "fact", "held > absent"),
        planted("pet", "fact", "held > held"),
    )
    assert value(YOUDEN_J, evidence) == 0.25


def test_j_needs_both_rates():
    only_facts = chain(planted("city", "fact", "held > held"))
    assert value(YOUDEN_J, only_facts) is None
    assert "staleness" in undefined_because(YOUDEN_J, only_facts)


def test_slices_are_by_kind_tactic_and_night():
    evidence = chain(
        planted("job", "update", "retired retired > held absent", tactic="implicit"),
        planted("city", "fact", "held held > absent held"),
    )
    assert amounts(STALENESS, evidence, "tactic=implicit") == [1, 0]
    assert amounts(STALENESS, evidence, "night=2") == [0]
    assert amounts(FALSE_STALE, evidence, "night=1") == [1]
    assert amounts(FALSE_STALE, evidence, "kind=fact") == [1, 0]
