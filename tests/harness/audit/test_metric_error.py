"""Errors of metrics worked by hand."""

import pytest

from rembench.harness.audit.metric_error import FROM_STANCES, Pair, errors_of, metric_error
from tests.harness.audit.made import judged

KEPT = ("fact", "Assam", "held", "held", "held")
MISSED = ("fact", "Pekoe", "held", "held", "absent")
LOST = ("fact", "green", "held", "absent", "absent")
UNREAD = ("fact", "mint", "held", "held", None)


def test_retention_from_verdicts_is_compared_with_retention_from_labels():
    # First memory: 1/2 against 2/2. Second: the abstention is missing, 1/2 against 2/3.
    found = metric_error([judged(KEPT, MISSED), judged(KEPT, LOST, UNREAD)])["retention"]
    assert found["memories"] == 2
    assert found["mae"] == pytest.approx((1 / 2 + 1 / 6) / 2)
    assert found["bias"] == pytest.approx((-1 / 2 - 1 / 6) / 2)
    assert found["max"] == 1 / 2
    assert (found["rank_correlation"], found["rank_reason"]) == (None, "fewer than three memories a scenario")


def test_staleness_and_traps_come_from_the_metrics_own_cells():
    stale = ("update", "chai", "retired", "retired", "held")
    trap = ("trap", "hot tub", "retired", "absent", "absent")
    found = metric_error([judged(stale, trap)])
    assert found["staleness"]["mae"] == 1.0
    assert found["hallucination_adopted"]["mae"] == 0.0


def test_a_leak_is_a_leak_of_the_memory():
    gone = ("deletion", "diary", "absent", "absent", "absent")
    there = ("deletion", "piano", "absent", "held", "absent")
    found = metric_error([judged(gone, there)])
    assert found["deletion_leakage"]["bias"] == -1.0
    assert found["secrets_kept"]["mae"] is None
    assert found["secrets_kept"]["reason"] == "no memory on which both are defined"


def test_ranks_are_compared_within_a_scenario():
    # a: the same order, +1; b: the opposite, -1; c has two memories, d's labels don't differ: not asked
    rows = {"a": ((0.0, 0.0), (0.5, 0.25), (1.0, 0.5)), "b": ((0.0, 1.0), (0.5, 0.5), (1.0, 0.0)),
            "c": ((0.0, 0.0), (1.0, 1.0)), "d": ((0.1, 0.5), (0.2, 0.5), (0.3, 0.5))}  # fmt: skip
    pairs = [Pair(name, found, true) for name, row in rows.items() for found, true in row]
    found = errors_of(pairs)
    assert found["rank_correlation"] == pytest.approx(0.0)
    assert found["rank_scenarios"] == 2
    assert errors_of([p for p in pairs if p.scenario == "d"])["rank_reason"] == (
        "by label the memories of a scenario don't differ"
    )


def test_verdicts_that_tell_nothing_apart_have_no_rank_correlation():
    # Ordered by the labels and all alike by the verdicts: 0, and counted, not left out.
    found = errors_of([Pair("a", 0.5, 0.1), Pair("a", 0.5, 0.2), Pair("a", 0.5, 0.3)])
    assert (found["rank_correlation"], found["rank_scenarios"]) == (0.0, 1)


def test_a_metric_undefined_on_one_side_is_counted():
    found = errors_of([Pair("a", None, 1.0), Pair("a", 1.0, 1.0)])
    assert (found["memories"], found["undefined"], found["mae"]) == (1, 1, 0.0)


def test_right_verdicts_have_no_error_in_any_metric():
    rows = [(k, t, e, label, label) for k, t, e, label, _ in (KEPT, MISSED, LOST)]
    found = metric_error([judged(*rows)])
    assert len(found) == len(FROM_STANCES)
    assert {one["mae"] for one in found.values()} <= {0.0, None}
