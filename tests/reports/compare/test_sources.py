"""Which runs, which scenarios."""

from dataclasses import replace
from pathlib import Path

import pytest

from rembench.harness.errors import UserError
from rembench.reports.compare.sources import distinct, labelled, restricted, shared


def of(run, **changes):
    return replace(run, **changes)


def test_a_folder_that_is_given_twice_is_taken_once(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    assert distinct([one, tmp_path / "x" / ".." / "one", other, one]) == (one, other)


def test_runs_are_called_by_as_much_of_their_path_as_tells_them_apart(run):
    folders = [Path("/runs/monday/core"), Path("/runs/tuesday/core"), Path("/runs/tuesday/gate")]
    labels = [one.label for one in labelled([of(run, folder=folder) for folder in folders])]
    assert labels == ["monday/core", "tuesday/core", "gate"]


def test_only_what_all_runs_have_is_compared(run):
    one, two = run.scenarios
    sources = labelled(
        [of(run, folder=Path("/a")), of(run, folder=Path("/b"), scenarios=(two,)), of(run, folder=Path("/c"))]
    )
    kept = shared(sources)
    assert kept.originals == (two.id,)
    assert kept.left_out == {"a": 1, "b": 0, "c": 1}
    names = ["extractive"]
    cut = restricted(sources[0], kept, names)
    assert {n.chain.scenario for n in cut.nights} == {two.id}
    assert [one["name"] for one in cut.record.consolidators] == names
    assert one.id not in kept.originals


def test_a_scenario_that_has_changed_is_left_out(run):
    one, two = run.scenarios
    changed = of(run, folder=Path("/b"), scenarios=(replace(one, title="another"), two))
    kept = shared(labelled([of(run, folder=Path("/a")), changed]))
    assert kept.originals == (two.id,)
    assert kept.changed == (one.id,)


def test_a_twin_without_its_original_is_left_out(run):
    one, two = run.scenarios
    twin = replace(two, twin_of=one.id)
    kept = shared(labelled([of(run, folder=Path("/a"), scenarios=(one, twin))]))
    assert kept.originals == (one.id,)
    assert len(kept.scenarios) == 2
    other = of(run, folder=Path("/b"), scenarios=(replace(one, title="another"), twin))
    with pytest.raises(UserError, match="no scenario in common"):
        shared(labelled([of(run, folder=Path("/a"), scenarios=(one, twin)), other]))


def test_runs_without_a_common_scenario_are_refused_in_one_line(run):
    one, two = run.scenarios
    sources = labelled(
        [of(run, folder=Path("/a"), scenarios=(one,)), of(run, folder=Path("/b"), scenarios=(two,))]
    )
    with pytest.raises(UserError) as refused:
        shared(sources)
    assert "a: tiny sha256" in str(refused.value)
    assert "b: tiny sha256" in str(refused.value)


def test_a_scenario_that_two_packs_of_a_run_have_is_refused(run):
    with pytest.raises(UserError, match="two packs of the run have a scenario"):
        shared(labelled([of(run, scenarios=(*run.scenarios, run.scenarios[0]))]))
