"""Contradiction: all values of an item that changed, split or stayed disputed."""

from dataclasses import replace

import pytest

from rembench.metrics.contradiction import CONTRADICTION, HISTORY, RESIDUAL_CONTRADICTION
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("retired", "held", 1),
        ("absent", "held", 1),
        ("open", "held", 1),
        ("held", "held", 0),  # both kept
        ("held", "absent", 0),  # never corrected
        ("retired", "absent", 0),  # forgot both
        ("absent", "open", 0),  # hedged
    ],
)
def test_an_update_is_right_when_all_its_values_are(old, new, right):
    evidence = chain(planted("job", "update", f"retired > {old}", f"held > {new}"))
    assert amounts(CONTRADICTION, evidence) == [right]


def test_kinds_weigh_the_same():
    # update: 1 of 2; conditional: 1 of 1; conflict: 0 of 1; macro: (0.5 + 1 + 0) / 3
    evidence = chain(
        planted("job", "update", "retired > retired", "held > held"),
        planted("car", "update", "retired > held", "held > held"),
        planted("tea", "conditional", "held > held", "held > held"),
        planted("date", "conflict", "open > open", "open > held"),
    )
    assert value(CONTRADICTION, evidence) == 0.5


def test_facts_and_traps_are_not_asked():
    evidence = chain(planted("city", "fact", "held > absent"), planted("joke", "trap", "retired > held"))
    assert amounts(CONTRADICTION, evidence) == []
    assert undefined_because(CONTRADICTION, evidence) == "no opportunity in these scenarios"


def test_no_verdict_decides_only_where_no_value_is_wrong():
    evidence = chain(
        planted("job", "update", "retired > ?", "held > held"),
        planted("car", "update", "retired > ?", "held > absent"),
    )
    assert amounts(CONTRADICTION, evidence) == [None, 0]
    assert reasons(CONTRADICTION, evidence) == [ABSTAINED, None]


def test_a_cell_points_at_the_value_that_is_wrong():
    evidence = chain(planted("job", "update", "retired > retired", "held > absent"))
    (cell,) = CONTRADICTION.cells(evidence)
    assert (cell.ref.checkpoint, cell.ref.item, cell.ref.value) == ("c1", "job", 1)


def test_slices_are_by_tactic_kind_and_night():
    evidence = chain(
        planted("job", "update", "retired retired > absent held", "held held > held held", tactic="revert"),
        planted("car", "update", "retired retired > held held", "held held > held held", tactic="implicit"),
    )
    assert amounts(CONTRADICTION, evidence, "tactic=revert") == [1, 0]
    assert amounts(CONTRADICTION, evidence, "tactic=implicit") == [0, 0]
    assert value(CONTRADICTION, evidence, "kind=update") == 0.25
    assert value(CONTRADICTION, evidence, "night=1") == 0.5


def test_residual_is_two_values_held_at_once():
    # update: 1 of 2 has both held; fact: 0 of 1; macro: (0.5 + 0) / 2
    evidence = chain(
        planted("job", "update", "retired > held", "held > held"),
        planted("car", "update", "retired > held", "held > absent"),
        planted("city", "fact", "held > held", "retired > open"),
    )
    assert value(RESIDUAL_CONTRADICTION, evidence) == 0.25


def test_residual_counts_a_held_value_that_has_no_expectation_yet():
    evidence = chain(planted("job", "update", "held > held", "- > held"))
    assert amounts(RESIDUAL_CONTRADICTION, evidence) == [1]


def test_residual_does_not_ask_where_values_hold_side_by_side_or_alone():
    evidence = chain(
        planted("tea", "conditional", "held > held", "held > held"), planted("city", "fact", "held > held")
    )
    assert amounts(RESIDUAL_CONTRADICTION, evidence) == []
    assert undefined_because(RESIDUAL_CONTRADICTION, evidence) == "no opportunity in these scenarios"


@pytest.mark.parametrize(
    ("observed", "amount"),
    [
        (("held", "?", "absent"), None),  # the second may be held too
        (("absent", "?", "absent"), 0),  # at most one can be
        (("?", "?", "absent"), None),
        (("held", "?", "held"), 1),
    ],
)
def test_residual_without_a_verdict_is_missing_only_where_it_could_decide(observed, amount):
    rows = [f"retired > {word}" for word in observed]
    evidence = chain(planted("job", "update", *rows))
    assert amounts(RESIDUAL_CONTRADICTION, evidence) == [amount]
    assert reasons(RESIDUAL_CONTRADICTION, evidence) == [ABSTAINED if amount is None else None]


@pytest.mark.parametrize(("copied", "amount"), [("held", 0), ("?", 0)])
def test_a_copy_in_another_part_of_the_store_contradicts_nothing(copied, amount):
    made = planted("job", "update", "held > held", f"- > {copied}", "retired > absent")
    first, second, third = made.item.values
    values = (first, replace(second, text=first.text, where="shared/**"), third)
    evidence = chain(replace(made, item=replace(made.item, values=values)))
    assert amounts(RESIDUAL_CONTRADICTION, evidence) == [amount]


def test_history_is_the_superseded_values_told_as_past():
    # update: 1 of 2 told as past; temporary: 1 of 1; macro: (0.5 + 1) / 2
    evidence = chain(
        planted("job", "update", "retired > retired", "held > held"),
        planted("car", "update", "retired > absent", "held > held"),
        planted("visit", "temporary", "retired > retired"),
        planted("joke", "trap", "retired > retired"),
    )
    assert value(HISTORY, evidence) == 0.75


def test_history_without_a_verdict_is_missing():
    evidence = chain(planted("job", "update", "retired > ?"))
    assert amounts(HISTORY, evidence) == [None]
    assert undefined_because(HISTORY, evidence) == ABSTAINED


def test_a_failed_night_is_missing_in_all_three():
    evidence = chain(planted("job", "update", "retired > held", "held > held"), failed="c1")
    for metric in (CONTRADICTION, RESIDUAL_CONTRADICTION, HISTORY):
        assert amounts(metric, evidence) == [None]
        assert reasons(metric, evidence) == [FAILED]
