"""`rembench compare`: what it prints, what it writes, what it refuses."""

import json
import shutil

import pytest

from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY
from tests.warm import rembench


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of the tiny pack, the second on one scenario of it."""
    folder = tmp_path_factory.mktemp("compare")
    run = ["run", "-p", TINY, "-q", "-o"]
    rembench(*run, folder / "first", "-c", "extractive")
    rembench(*run, folder / "second", "-c", "extractive:budget=20", "--limit", "1")
    return folder


def test_one_run_is_compared_with_its_best_control(monkeypatch, capsys, runs):
    code, said, _ = call(monkeypatch, capsys, "compare", runs / "first")
    assert code == 0
    lines = said.splitlines()
    assert lines[0] == "1 consolidator of 1 run, paired on 2 scenarios of tiny"
    assert "extractive against random-prune, the best control" in lines
    assert "2 scenarios can't tell any difference: it takes 10." in lines
    assert "adjusted by Holm for all 16 tests here (16 metrics, 1" in said.replace("\n  ", " ")


def test_two_runs_are_compared_on_what_both_have(monkeypatch, capsys, runs):
    code, said, _ = call(monkeypatch, capsys, "compare", runs / "first", runs / "second", runs / "first")
    assert code == 0
    assert "Compared on the 1 scenario that all runs have; left out: 1 of first." in said
    assert "extractive against extractive:budget=20" in said


def test_the_json_is_one_value_without_nan(monkeypatch, capsys, runs):
    code, said, _ = call(monkeypatch, capsys, "compare", runs / "first", runs / "second", "--json")
    assert code == 0
    made = json.loads(said, parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))
    assert made["schema"] == 1
    assert [run["label"] for run in made["runs"]] == ["first", "second"]
    assert made["pairs"][0]["metrics"]["retention"]["scenarios"] == 1


def test_the_page_and_the_markdown_are_written(monkeypatch, capsys, runs, tmp_path):
    code, said, _ = call(monkeypatch, capsys, "compare", runs / "first", "-o", tmp_path / "out")
    assert code == 0
    assert said.splitlines()[-1] == str(tmp_path / "out" / "compare.html")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"compare.html", "compare.md"}


def test_the_two_memories_of_a_night_are_shown(monkeypatch, capsys, runs):
    asked = ["--scenario", "orchid-house", "--night", "c2", "-c", "nothing", "-c", "append-all"]
    code, said, _ = call(monkeypatch, capsys, "compare", runs / "first", *asked)
    assert code == 0
    assert "Two memories of orchid-house, c2" in said
    assert 'home-address "14 Lindholm Lane" [deletion]' in said
    assert "    +user: My home address is 14 Lindholm Lane, in case a parcel comes there." in said


def test_a_pack_that_was_moved_is_found_by_its_hash(monkeypatch, capsys, runs, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(runs / "first", run)
    record = json.loads((run / "run.json").read_text())
    record["packs"][0]["path"] = str(tmp_path / "gone")
    (run / "run.json").write_text(json.dumps(record))
    code, _, said = call(monkeypatch, capsys, "compare", run)
    assert code == 2
    assert "--pack PATH" in said
    code, _, _ = call(monkeypatch, capsys, "compare", run, "--pack", TINY)
    assert code == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["-c", "extractiv"], ["unknown consolidator 'extractiv'", "did you mean 'extractive'?"]),
        (["--scenario", "orchid-hose"], ["unknown scenario 'orchid-hose'", "'orchid-house'"]),
        (["--scenario", "orchid-house", "--night", "c7"], ["unknown night 'c7'", "known: c1, c2, c3"]),
        (["--night", "c1"], ["--night goes with --scenario"]),
        (["nowhere"], ["nowhere", "not a run folder"]),
    ],
)
def test_what_is_not_there_is_named_in_one_line(monkeypatch, capsys, runs, more, words):
    code, _, said = call(monkeypatch, capsys, "compare", runs / "first", *more)
    assert code == 2
    assert said.count("\n") == 1
    for word in words:
        assert word in said


def test_a_run_has_to_be_named(monkeypatch, capsys):
    code, _, said = call(monkeypatch, capsys, "compare")
    assert code == 2
    assert "Missing argument 'RUN...'; see rembench compare --help" in said
