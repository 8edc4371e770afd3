"""From runs to a leaderboard: whoever hands in what, in whatever order."""

import json
from dataclasses import replace

import pytest

from rembench.consolidators import CONTROLS as ALL_CONTROLS
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.leaderboard.build import RANKED, build
from rembench.reports.leaderboard.files import to_json
from rembench.reports.leaderboard.marks import marks
from rembench.reports.leaderboard.submissions import take
from tests.reports.compare.made import renamed
from tests.reports.leaderboard.handed_in import CONTROLS, handed_in


def of(board, label):
    return next(one for one in board.entries if one.label == label)


def names(entry):
    return [mark.name for mark in entry.marks]


def test_every_contestant_is_an_entry_and_the_controls_are_all_there(board):
    assert {one.label for one in board.entries} == {
        "extractive (monday)", "extractive (tuesday)", "=cmd()|'x'", "mine.py:Mine",
    }  # fmt: skip
    assert board.controls == ALL_CONTROLS
    assert board.summary.consolidators["oracle"].metrics["skill"].value == 1.0


def test_the_order_of_the_runs_changes_nothing(board, runs):
    again = build(take(handed_in(*runs[::-1])))
    assert json.dumps(to_json(again), sort_keys=True) == json.dumps(to_json(board), sort_keys=True)


def test_nobody_is_compared_twice_or_with_itself(board):
    for ranking in board.rankings.values():
        couples = [frozenset((one.first, one.second)) for one in ranking.comparisons]
        assert len(couples) == len(set(couples))
        assert all(len(couple) == 2 for couple in couples)


def test_two_alike_have_the_same_ranks(board):
    first, second = of(board, "extractive (monday)"), of(board, "extractive (tuesday)")
    assert first.standings == second.standings
    assert {m: (s.best, s.worst, s.of) for m, s in first.standings.items()}[QUALITY] == (1, 3, 3)


def test_who_has_too_little_scored_has_no_rank_and_stands_last(board):
    failing = board.entries[-1]
    assert (failing.label, failing.ranked) == ("mine.py:Mine", False)
    assert {"failed_nights", "missing", "own_code"} <= set(names(failing))
    for metric in RANKED:
        standing = failing.standings[metric]
        assert (standing.best, standing.worst) == (None, None)
        assert "no verdict" in standing.reason
        assert failing.label not in board.rankings[metric].ranks


def test_worse_controls_of_its_own_do_nobody_any_good(run, board, tmp_path):
    forged = dict.fromkeys(CONTROLS, "nothing")
    cheat = renamed(run, tmp_path / "monday", {"extractive": "extractive", **forged})
    made = build(take(handed_in(cheat)))
    mine, honest = of(made, "extractive"), of(board, "extractive (monday)")
    assert mine.summary.metrics["skill"] == honest.summary.metrics["skill"]
    assert mine.summary.metrics["retention"] == honest.summary.metrics["retention"]


def test_the_controls_are_not_timed(board):
    for name in board.controls:
        one = board.summary.consolidators[name]
        assert one.metrics["seconds"].value is None
        assert one.metrics["seconds"].reason == "made with the leaderboard, and not timed"
        assert one.cost["seconds"] is None


def test_a_single_entry_is_first_of_one(run, tmp_path):
    alone = renamed(run, tmp_path / "alone", {"extractive": "extractive", **CONTROLS})
    made = build(take(handed_in(alone)))
    standing = made.entries[0].standings[QUALITY]
    assert (standing.best, standing.worst, standing.of) == (1, 1, 1)
    json.dumps(to_json(made), allow_nan=False)


@pytest.fixture
def entry(board):
    """What a record may say of a consolidator, and what was found of it."""
    found = of(board, "extractive (monday)")
    return {"name": "x", "spec": "extractive", "capabilities": {}}, found.submission, found.summary


def test_a_shipped_consolidator_without_a_network_needs_no_mark(entry):
    said, submission, summary = entry
    assert marks(said, submission, summary) == ()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"capabilities": {"transcript": "wrapped"}}, ["wrapped"]),
        ({"capabilities": {"transcript": "none"}}, ["no_sessions"]),
        ({"spec": "claude:model=m", "capabilities": {"network": True}}, ["few_repeats"]),
        ({"spec": "mine.py:Mine"}, ["few_repeats", "own_code"]),
        ({"spec": "command:run=x"}, ["few_repeats", "own_code"]),
        ({"spec": "replay:path=x"}, ["few_repeats", "replayed"]),
    ],
)
def test_how_it_was_run_is_marked(entry, said, expected):
    record, submission, summary = entry
    assert [mark.name for mark in marks({**record, **said}, submission, summary)] == expected


def test_three_repeats_are_enough_and_another_version_is_marked(entry):
    said, submission, summary = entry
    often = replace(submission, repeats=3, rembench="0.0.1")
    found = marks({**said, "spec": "mine.py:Mine"}, often, summary)
    assert [mark.name for mark in found] == ["own_code", "other_version"]


def test_what_was_paid_by_other_prices_is_marked(entry):
    said, submission, summary = entry
    paid = replace(summary, cost={**summary.cost, "usd": 2.5})
    assert marks(said, submission, paid) == ()
    earlier = replace(submission, versions={**submission.versions, "prices": "2001-01-01"})
    (mark,) = marks(said, earlier, paid)
    assert mark.name == "other_prices"
    assert mark.text.startswith("its cost is by the prices of 2001-01-01")


def test_an_unknown_cost_is_marked(board):
    assert "unknown_cost" in names(of(board, "mine.py:Mine"))
    assert "unknown_cost" not in names(of(board, "extractive (monday)"))


def test_every_entry_has_its_three_answers(board):
    for one in board.entries:
        assert len(one.answers) == 3
        assert one.chains
        assert {chain.chain.consolidator for chain in one.chains} == {one.label}


def test_every_kind_of_item_has_ranks_of_those_that_are_ranked(board):
    assert "deletion" in board.kinds
    ranked = {one.label for one in board.entries if one.ranked}
    for found in board.kinds.values():
        assert found.keys() == ranked
        assert all(one.reason or 1 <= one.best <= one.worst <= one.of == 3 for one in found.values())
    assert board.kinds["deletion"]["extractive (monday)"] == board.kinds["deletion"]["extractive (tuesday)"]
    made = to_json(board)["entries"]
    assert made[0]["ranks_by_kind"].keys() == board.kinds.keys()
    assert made[-1]["ranks_by_kind"] == {}
