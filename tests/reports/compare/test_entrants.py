"""Who takes part, and under which name."""

import pytest

from rembench.harness.errors import UserError
from rembench.reports.compare.entrants import entrants
from rembench.reports.compare.sources import labelled, shared
from tests.reports.compare.made import renamed

ALL = ("extractive", "nothing", "identity", "append-all", "oracle")


def everyone(runs, *asked):
    sources = labelled(runs)
    return entrants(sources, shared(sources), asked)


def as_they_are(run, folder, *names):
    return renamed(run, folder, {name: name for name in names})


def test_the_same_name_in_two_runs_is_told_apart_by_the_run(run, tmp_path):
    runs = [as_they_are(run, tmp_path / name, *ALL) for name in ("monday", "tuesday")]
    labels = [one.label for one in everyone(runs)]
    assert [label for label in labels if "extractive" in label] == [
        "extractive (monday)",
        "extractive (tuesday)",
    ]


def test_a_control_that_wrote_the_same_in_both_runs_is_taken_once(run, tmp_path):
    runs = [as_they_are(run, tmp_path / name, *ALL) for name in ("monday", "tuesday")]
    labels = [one.label for one in everyone(runs)]
    assert sorted(label for label in labels if "extractive" not in label) == sorted(ALL[1:])


def test_a_control_that_wrote_something_else_is_taken_twice(run, tmp_path):
    other = renamed(run, tmp_path / "b", {"extractive": "extractive", "nothing": "identity"})
    labels = [one.label for one in everyone([as_they_are(run, tmp_path / "a", *ALL), other])]
    assert [label for label in labels if "nothing" in label] == ["nothing (a)", "nothing (b)"]


def test_no_two_have_the_same_label_whatever_they_are_called(run, tmp_path):
    names = {"extractive": "extractive", "extractive (b)": "extractive"}
    runs = [as_they_are(run, tmp_path / "b", *ALL), renamed(run, tmp_path / "a", names)]
    labels = [one.label for one in everyone(runs)]
    assert len(set(labels)) == len(labels)
    assert "extractive (b) #2" in labels


def test_those_asked_for_are_the_contestants_and_a_control_may_be_one(run):
    found = everyone([run], "hostile.py:Hostile", "append-all")
    assert [one.label for one in found if one.contestant] == ["append-all", "hostile.py:Hostile"]
    assert not [one for one in found if one.label == "extractive"]
    assert [one.label for one in found if one.is_oracle] == ["oracle"]


def test_one_of_two_runs_can_be_asked_for(run, tmp_path):
    runs = [as_they_are(run, tmp_path / name, *ALL) for name in ("monday", "tuesday")]
    found = everyone(runs, "extractive (tuesday)", "append-all")
    assert {one.run for one in found if one.consolidator == "extractive"} == {"tuesday"}


def test_a_name_that_nobody_has_is_named(run):
    with pytest.raises(UserError, match="did you mean 'extractive'"):
        everyone([run], "extractiv")


def test_controls_alone_have_to_be_named(run, tmp_path):
    with pytest.raises(UserError, match="only controls"):
        everyone([as_they_are(run, tmp_path / "a", *ALL[1:])])
