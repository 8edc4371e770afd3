"""Which runs are taken, and which are refused with which reason."""

from dataclasses import replace

import pytest

from rembench.harness.errors import UserError
from rembench.reports.leaderboard.submissions import contestants, take, target
from tests.reports.compare.made import renamed
from tests.reports.leaderboard.handed_in import CONTROLS, changed, handed_in, recorded


@pytest.fixture
def good(run, tmp_path):
    """A run that's taken."""
    return renamed(run, tmp_path / "good", {"extractive": "extractive", **CONTROLS})


def elsewhere(run, folder, **changes):
    return replace(recorded(run, **changes), folder=folder)


def again(run, folder):
    """The same run once more, which took a little longer."""
    return replace(run, folder=folder, nights=tuple(replace(n, seconds=n.seconds + 1) for n in run.nights))


def refused(good, other):
    taken = take(handed_in(good, other))
    assert [one.label for one in taken.sources] == ["good"]
    (one,) = taken.refused
    return one.reason


def test_a_finished_run_with_a_contestant_is_taken(good):
    taken = take(handed_in(good))
    assert [one.label for one in taken.sources] == ["good"]
    assert taken.refused == ()
    assert [pack.name for pack in taken.basis.packs] == ["tiny"]


def test_a_run_on_another_pack_is_refused(good, tmp_path):
    other = elsewhere(good, tmp_path / "bad", packs=({**good.record.packs[0], "sha256": "0" * 64},))
    more = again(good, tmp_path / "alike")
    taken = take(handed_in(good, more, other))
    assert [one.label for one in taken.sources] == ["alike", "good"]
    assert taken.refused[0].reason.startswith("made on sha256 000000000000, the leaderboard is on sha256 ")


def test_a_run_of_a_part_of_the_pack_is_refused(good, tmp_path):
    whole = again(good, tmp_path / "whole")
    part = elsewhere(good, tmp_path / "part", limit=1)
    taken = take(handed_in(good, whole, part))
    assert "the first 1 scenarios of each pack" in taken.refused[0].reason


def test_where_as_many_runs_are_on_either_pack_the_user_says_which(good, tmp_path):
    other = elsewhere(good, tmp_path / "part", limit=1)
    with pytest.raises(UserError, match="say with --pack"):
        take(handed_in(good, other))


def test_the_packs_that_are_said_decide(good, tmp_path):
    sha = good.record.packs[0]["sha256"]
    others = [
        elsewhere(good, tmp_path / name, packs=({**good.record.packs[0], "sha256": "0" * 64},))
        for name in ("a", "b")
    ]
    taken = take(handed_in(good, *others), [sha])
    assert [one.label for one in taken.sources] == ["good"]
    assert len(taken.refused) == 2
    with pytest.raises(UserError, match="no run was made on sha256 111111111111"):
        take(handed_in(good), ["1" * 64])


def test_a_run_with_other_prompts_is_refused(good, tmp_path):
    prompts = {**good.record.prompts, "base.txt": "0" * 64}
    reason = refused(good, elsewhere(good, tmp_path / "bad", prompts=prompts))
    assert reason == "its prompts aren't those of this version: base.txt"
    assert "its prompts" in refused(good, elsewhere(good, tmp_path / "worse", prompts={}))


def test_an_unfinished_run_is_refused(good, tmp_path):
    cut = replace(good, folder=tmp_path / "cut", nights=good.nights[:-2])
    assert refused(good, cut) == "it isn't finished: 2 nights aren't in its journal"


def test_a_run_of_controls_alone_is_refused(good, run, tmp_path):
    assert refused(good, renamed(run, tmp_path / "controls", CONTROLS)) == "it has only controls"


def test_a_run_that_is_handed_in_twice_is_taken_once(good, tmp_path):
    copy = replace(good, folder=tmp_path / "my-copy", nights=good.nights[::-1])
    assert refused(good, copy) == "the same as good"


def test_what_calls_itself_no_control_is_none_only_if_it_is_none(good):
    (source,) = handed_in(changed(good, "oracle", control=False))
    assert [one["name"] for one in contestants(source)] == ["extractive"]
    (source,) = handed_in(changed(good, "oracle", control=False, spec="oracle:x=1"))
    assert [one["name"] for one in contestants(source)] == ["extractive"]


def test_where_none_can_be_taken_the_reasons_are_said(run, tmp_path):
    with pytest.raises(UserError, match="controls: it has only controls: no run can be taken"):
        take(handed_in(renamed(run, tmp_path / "controls", CONTROLS)))


def test_a_spec_without_its_options_is_its_target():
    assert target("random-prune:seed=3") == "random-prune"
    assert target("mine.py:Mine:words=3") == "mine.py:Mine"
    assert target("no spec: at all") == "no spec: at all"
