"""Answers: right where there's something to tell, silent where there isn't, and against the raw sessions."""

from rembench.metrics.answers import (
    ANSWERED,
    ANSWERS_LOST_PER_NIGHT,
    TOLD_ANYWAY,
    answered_gap,
    told_gap,
)
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, value


def test_an_answer_is_right_if_it_is_in_all_of_the_items_values():
    # fact: right, silent; update: right, the old one told too; macro: (1/2 + 1/2) / 2
    evidence = chain(
        planted("city", "fact", "held > held"),
        planted("pet", "fact", "held > absent"),
        planted("job", "update", "retired > retired", "held > held"),
        planted("car", "update", "retired > held", "held > held"),
    )
    assert amounts(ANSWERED, evidence) == [1, 0, 1, 0]
    assert value(ANSWERED, evidence) == 0.5


def test_what_is_unsettled_is_answered_by_saying_so():
    evidence = chain(planted("date", "conflict", "open open > open held", "open open > open absent"))
    assert amounts(ANSWERED, evidence) == [1, 0]


def test_where_there_is_nothing_to_tell_any_value_is_told_anyway():
    # trap: adopted, as history; deletion: told as deleted, silent: (1/2 + 1/2) / 2
    evidence = chain(
        planted("joke", "trap", "retired > held"),
        planted("wish", "trap", "retired > retired"),
        planted("code", "deletion", "absent > retired"),
        planted("home", "deletion", "absent > absent"),
    )
    assert amounts(TOLD_ANYWAY, evidence) == [1, 0, 1, 0]
    assert value(TOLD_ANYWAY, evidence) == 0.5


def test_a_question_is_either_to_be_answered_or_not():
    evidence = chain(planted("code", "deletion", "held absent > held held"))
    assert amounts(ANSWERED, evidence) == [1]
    assert amounts(TOLD_ANYWAY, evidence) == [1]


def test_no_verdict_is_missing_unless_another_value_is_wrong():
    evidence = chain(
        planted("city", "fact", "held > ?"),
        planted("job", "update", "retired > held", "held > ?"),
        planted("code", "deletion", "absent > ?"),
    )
    assert amounts(ANSWERED, evidence) == [None, 0]
    assert amounts(TOLD_ANYWAY, evidence) == [None]
    assert reasons(ANSWERED, evidence) == [ABSTAINED, None]
    assert reasons(TOLD_ANYWAY, evidence) == [ABSTAINED]


def test_a_night_loses_what_was_answered_right_and_is_to_be_answered_alike():
    # city: kept, lost, and then there's nothing to lose; pet: never right; tea: kept twice: 1 of 4
    evidence = chain(
        planted("city", "fact", "held held held held > held held absent held"),
        planted("pet", "fact", "held held held held > absent absent held held"),
        planted("tea", "fact", "- held held held > absent absent absent absent"),
    )
    assert amounts(ANSWERS_LOST_PER_NIGHT, evidence) == [0, 1, 0]
    assert value(ANSWERS_LOST_PER_NIGHT, evidence) == 1 / 3


def test_what_changed_is_not_lost():
    evidence = chain(planted("job", "update", "held retired > held held", "- held > absent absent"))
    assert amounts(ANSWERS_LOST_PER_NIGHT, evidence) == []


def test_a_night_without_a_memory_loses_nothing_it_is_missing():
    evidence = chain(planted("city", "fact", "held held held > held held held"), failed="c2")
    assert amounts(ANSWERS_LOST_PER_NIGHT, evidence) == [None, None]
    assert set(reasons(ANSWERS_LOST_PER_NIGHT, evidence)) == {FAILED, "not reached: night c2 failed (timeout)"}


def test_the_gap_is_question_by_question():
    # memory right, sessions wrong: +1; both: 0; the other way round: -1
    memory = chain(*(planted(name, "fact", f"held > {found}") for name, found in
                     (("a", "held"), ("b", "held"), ("c", "absent"), ("d", "?"), ("e", "held"))))  # fmt: skip
    sessions = chain(*(planted(name, "fact", f"held > {found}") for name, found in
                       (("a", "absent"), ("b", "held"), ("c", "held"), ("d", "held"), ("e", "?"))))  # fmt: skip
    cells = list(answered_gap(memory, sessions))
    assert [cell.amount for cell in cells] == [1, 0, -1, None, None]
    assert [cell.reason for cell in cells] == [None, None, None, ABSTAINED, ABSTAINED]
    assert list(told_gap(memory, sessions)) == []


def test_what_is_told_anyway_has_a_gap_of_its_own():
    memory, sessions = (chain(planted("code", "deletion", f"absent > {found}")) for found in ("absent", "held"))
    assert [cell.amount for cell in told_gap(memory, sessions)] == [-1]
    assert list(answered_gap(memory, sessions)) == []
