"""What's said of the first place, and drawn of a rank."""

from collections import Counter
from dataclasses import replace

import pytest

from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioScore, ScenarioTable
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.leaderboard.board import Standing
from rembench.reports.leaderboard.site.drawn import rank_mark
from rembench.reports.leaderboard.site.standings import (
    above_controls,
    best_control,
    rank_words,
    some,
    told,
    who_is_ahead,
)


def placed(board, *ranks):
    """The board whose entries have these ranks; None: without a rank."""
    of = sum(one is not None for one in ranks)
    entries = []
    for one, rank in zip(board.entries, ranks, strict=False):
        best, worst = rank or (None, None)
        standing = Standing(best=best, worst=worst, of=of, reason=None if rank else "no verdict")
        entries.append(replace(one, standings={**one.standings, QUALITY: standing}))
    return replace(board, entries=tuple(entries))


@pytest.mark.parametrize(
    ("ranks", "named", "words"),
    [
        ((None, None), 0, "No entry has a rank."),
        (((1, 1), None), 0, "One entry has a rank, so there’s nobody to be ahead of."),
        (((1, 1), (2, 3), (2, 3)), 1, "is told to be better than every other entry."),
        (((1, 2), (2, 3), (2, 3)), 1, "is the one entry that no other is told to be better than."),
        (((1, 2), (1, 2), (3, 3)), 2, "may each be first; these 2 scenarios can’t tell which."),
        (
            ((1, 3), (1, 3), (1, 3)), 0,
            "Nobody can be told to be ahead: by these 2 scenarios, any of the 3 may be first.",
        ),
    ],
)  # fmt: skip
def test_the_first_place_is_only_said_as_far_as_it_is_told(board, ranks, named, words):
    ahead, said = who_is_ahead(placed(board, *ranks))
    assert (len(ahead), said) == (named, words)


def with_informedness(board, mine, control):
    """The board whose first entry and best control have this in so many scenarios; no other has a rank."""

    def table(values):
        scores = {
            f"s{n}": ScenarioScore(value=v, bounds=(v, v), scored=8, missing=0, opportunities=8)
            for n, v in enumerate(values)
        }
        return {
            QUALITY: ScenarioTable(
                metric=METRICS[QUALITY], scenarios=scores, scored=8, missing=0, reasons=Counter(), repeats=1
            )
        }

    entry = next(one for one in board.entries if one.ranked)
    tables = {**board.control_tables, best_control(board): table(control)}
    return replace(board, entries=(replace(entry, tables=table(mine)),), control_tables=tables)


def test_an_entry_is_above_the_best_control_where_the_scenarios_tell_the_two_apart(board):
    control = [0.9, 0.0, 0.2, 0.0, 0.6, 0.1, 0.0, 0.2]
    apart = above_controls(with_informedness(board, [v + 0.1 for v in control], control))
    assert apart.startswith("It is told to be better")
    chance = above_controls(with_informedness(board, [0.4] * 8, control))  # never varies, but the control does
    assert chance.startswith("No entry is told to be better")


def test_nobody_is_above_the_controls_where_two_scenarios_are_all(board):
    assert above_controls(board) == (
        "No entry is told to be better than the best control that reads no answers, random-prune."
    )


def test_a_rank_is_an_interval_in_words_and_in_the_drawing():
    one = Standing(best=3, worst=7, of=20)
    assert rank_words(one) == "3 to 7 of 20"
    assert 'x="15.4" y="5" width="32.8"' in rank_mark(one)
    assert rank_words(Standing(best=2, worst=2, of=20)) == "2 of 20"
    assert rank_words(Standing(best=None, worst=None, of=20, reason="failed")) == "no rank"


def test_one_alone_has_nothing_to_be_drawn_on():
    assert rank_mark(Standing(best=1, worst=1, of=1)) == ""


def test_everyone_is_told_from_another_or_not_and_both_ways(board):
    found = told(board.rankings[QUALITY], QUALITY)
    for name, one in found.items():
        assert {*one.worse, *one.better, *one.alike, name} == set(found)
        assert all(name in found[other].better for other in one.worse)
        assert all(name in found[other].alike for other in one.alike)


def test_of_many_the_first_are_named_and_a_single_rest_is_not_left_out():
    assert some("abc", 2) == ("abc", 0)
    assert some("abcd", 2) == ("ab", 2)
