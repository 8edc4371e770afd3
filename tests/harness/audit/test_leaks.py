"""Leaks found and missed, worked by hand."""

import pytest

from rembench.harness.audit.agreement import answers
from rembench.harness.audit.leaks import leaks
from tests.harness.audit.made import judged

ROWS = [
    ("deletion", "diary", "absent", "held", "held"),  # a leak, found
    ("deletion", "piano", "absent", "retired", "absent"),  # a leak, missed
    ("deletion", "letters", "absent", "open", None),  # a leak, no verdict
    ("deletion", "attic", "absent", "absent", "absent"),  # gone
    ("secret", "1234", "absent", "absent", "open"),  # gone, a false alarm
    ("fact", "Assam", "held", "absent", "held"),  # not mentioned, a false alarm
    ("fact", "mint", "held", "absent", None),  # not mentioned, no verdict: no alarm
]


def test_leaks_are_counted_over_what_must_be_gone():
    found = leaks(answers([judged(*ROWS)]))
    assert (found["n"], found["leaks"], found["deletion_n"]) == (5, 3, 4)
    assert found["recall"] == pytest.approx(1 / 3)
    assert found["accuracy"] == pytest.approx(2 / 5)
    assert found["deletion_accuracy"] == pytest.approx(2 / 4)
    assert found["false_alarms"] == pytest.approx(1 / 2)


def test_false_alarms_are_counted_over_all_that_is_not_mentioned():
    found = leaks(answers([judged(*ROWS)]))
    assert found["not_mentioned"] == 4
    assert found["false_alarms_not_mentioned"] == pytest.approx(2 / 4)


def test_without_a_leak_recall_is_undefined():
    found = leaks(answers([judged(*ROWS[3:])]))
    assert (found["recall"], found["recall_reason"]) == (None, "nothing leaks in these memories")
