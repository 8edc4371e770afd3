"""`rembench leaderboard`: what it writes, what it refuses."""

import json
import shutil

import pytest

from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY
from tests.warm import rembench


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of the tiny pack, and one of a part of it."""
    folder = tmp_path_factory.mktemp("leaderboard")
    for name, more in (
        ("first", ["-c", "extractive"]),
        ("second", ["-c", "extractive:budget=20"]),
        ("part", ["-c", "extractive", "--limit", "1"]),
    ):
        rembench("run", "-p", TINY, "-q", "-o", folder / name, *more)
    return folder


def test_two_runs_make_a_leaderboard(monkeypatch, capsys, runs, tmp_path):
    site = tmp_path / "site"
    code, said, err = call(monkeypatch, capsys, "leaderboard", runs / "first", runs / "second", "-o", site)
    assert (code, err) == (0, "")
    lines = said.splitlines()
    assert lines[-1] == str(site / "index.html")
    assert (site / "index.html").is_file()
    assert lines[1].split()[:4] == ["extractive", "1", "to", "2"]
    made = json.loads((site / "results.json").read_text())
    assert {one["label"] for one in made["entries"]} == {"extractive", "extractive:budget=20"}


def test_a_run_that_does_not_match_is_refused_and_said(monkeypatch, capsys, runs, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(runs / "first", damaged)
    record = json.loads((damaged / "run.json").read_text())
    record["packs"][0]["sha256"] = "0" * 64
    (damaged / "run.json").write_text(json.dumps(record))
    given = [runs / "first", runs / "second", runs / "part", damaged]
    code, said, err = call(monkeypatch, capsys, "leaderboard", *given, "-o", tmp_path / "site", "--json")
    assert code == 2
    assert "rembench: part is refused: made on sha256" in err
    assert "rembench: damaged is refused: the run was made on pack tiny sha256 000000000000" in err
    made = json.loads(said)
    assert [one["label"] for one in made["refused"]] == ["damaged", "part"]
    assert len(made["entries"]) == 2
    assert str(TINY) not in said


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["nowhere"], ["nowhere", "not a run folder"]),
        (["-p", "naturl"], ["naturl", "natural"]),
        (["-p", "natural"], ["no run was made on sha256"]),
    ],
)
def test_what_is_not_there_is_named_in_one_line(monkeypatch, capsys, runs, tmp_path, more, words):
    given = ["leaderboard", runs / "first", *more, "-o", tmp_path / "site"]
    code, _, said = call(monkeypatch, capsys, *given)
    assert code == 2
    assert said.count("\n") == 1
    for word in words:
        assert word in said
    assert not (tmp_path / "site").exists()


def test_the_folder_has_to_be_named(monkeypatch, capsys, runs):
    code, _, said = call(monkeypatch, capsys, "leaderboard", runs / "first")
    assert code == 2
    assert "Missing option '-o'" in said


def test_a_folder_with_somebody_elses_page_is_left_as_it_is(monkeypatch, capsys, runs, tmp_path):
    (tmp_path / "results.json").write_text("{}")
    code, _, said = call(monkeypatch, capsys, "leaderboard", runs / "first", "-o", tmp_path)
    assert code == 2
    assert said.count("\n") == 1
    assert "it wasn't written by rembench leaderboard" in said
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_a_site_is_written_again_without_the_pages_of_those_who_left(monkeypatch, capsys, runs, tmp_path):
    site = tmp_path / "site"
    assert call(monkeypatch, capsys, "leaderboard", runs / "first", runs / "second", "-o", site)[0] == 0
    (site / "consolidators" / "notes.txt").write_text("mine")
    assert (site / "consolidators" / "extractive-budget-20.html").exists()
    assert call(monkeypatch, capsys, "leaderboard", runs / "first", "-o", site)[0] == 0
    assert not (site / "consolidators" / "extractive-budget-20.html").exists()
    assert (site / "consolidators" / "notes.txt").read_text() == "mine"
