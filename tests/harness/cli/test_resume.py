"""`run --resume` on the command line: the run's own options where none are said, and what differs."""

import json
import shutil

import pytest

from tests.harness.cli.calling import call
from tests.harness.engine.running import ODD, TINY


@pytest.fixture
def run_folder(monkeypatch, capsys, tmp_path):
    """A run of one scenario, of options that aren't the defaults, without its last nights."""
    pack = shutil.copytree(TINY, tmp_path / "pack")
    folder = tmp_path / "r"
    options = ["-p", pack, "-c", "append-all", "-c", f"{ODD}:Pays", "--limit", "1", "--seed", "3"]
    assert call(monkeypatch, capsys, "run", "-o", folder, "-q", *options)[0] == 0
    journal = folder / "nights.jsonl"
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:4]))
    return folder


def test_what_is_unsaid_is_as_in_the_run(monkeypatch, capsys, run_folder):
    before = {name: (run_folder / name).read_bytes() for name in ("run.json", "verdicts.parquet")}
    code, said, line = call(monkeypatch, capsys, "run", "--resume", "-o", run_folder, "-q")
    assert code == 0, line
    assert said.splitlines()[-1] == str(run_folder)
    assert {name: (run_folder / name).read_bytes() for name in before} == before


@pytest.mark.parametrize(("more", "failed"), [([], True), (["--budget", "50"], False)])
def test_a_resumed_run_keeps_its_budget_unless_given_another(monkeypatch, capsys, tmp_path, more, failed):
    folder = tmp_path / "r"
    options = ["-p", TINY, "-c", f"{ODD}:Pays", "--budget", "1", "--concurrency", "1"]
    call(monkeypatch, capsys, "run", "-o", folder, "-q", *options)
    _, _, line = call(monkeypatch, capsys, "run", "--resume", "--retry-failed", "-o", folder, "-q", *more)
    assert ("of 1.00 USD spent" in line) is failed


def test_what_failed_nights_did_cost_counts_against_the_budget_when_they_are_run_again(
    monkeypatch, capsys, tmp_path
):
    folder = tmp_path / "r"
    options = ["-p", TINY, "-c", f"{ODD}:PaysAndFails", "--limit", "1", "-o", folder, "-q"]
    call(monkeypatch, capsys, "run", *options)
    more = ["--resume", "--retry-failed", "--budget", "0.5", "-o", folder, "-q"]
    _, _, line = call(monkeypatch, capsys, "run", *more)
    assert "stopped before night" in line
    assert "of 0.50 USD spent" in line


def test_nights_of_unknown_cost_count_against_the_budget_after_a_resume_too(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "r"
    options = ["-p", TINY, "-c", f"{ODD}:LosesTheBill", "--budget", "10", "-o", folder, "-q"]
    call(monkeypatch, capsys, "run", *options)
    journal = folder / "nights.jsonl"
    first, *_ = [line for line in journal.read_text().splitlines(keepends=True) if "LosesTheBill" in line]
    journal.write_text(first)
    _, _, line = call(monkeypatch, capsys, "run", "--resume", "--budget", "0.25", "-o", folder, "-q")
    assert "0.25 of 0.25 USD spent" in line


def test_the_same_pack_at_another_place_is_resumed(monkeypatch, capsys, run_folder, tmp_path):
    (tmp_path / "pack").rename(tmp_path / "elsewhere")
    code, _, line = call(monkeypatch, capsys, "run", "--resume", "-o", run_folder, "-q")
    assert code == 2
    assert "the run's pack pack isn't at" in line
    more = ["-p", tmp_path / "elsewhere", "-q"]
    assert call(monkeypatch, capsys, "run", "--resume", "-o", run_folder, *more)[0] == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["-p", "natural"], "packs: the run has pack; natural was asked"),
        (["-c", "extractive"], f"consolidators: the run has {ODD}:Pays; extractive was asked"),
        (["--repeats", "2"], "repeats: the run has 1; 2 was asked"),
        (["--shard", "1/2"], "shard: the run has none; 1/2 was asked"),
    ],
)
def test_what_differs_is_said_with_both_values(monkeypatch, capsys, run_folder, more, words):
    journal = (run_folder / "nights.jsonl").read_bytes()
    code, _, line = call(monkeypatch, capsys, "run", "--resume", "-o", run_folder, *more)
    assert code == 2
    assert line.count("\n") == 1
    assert words in line
    assert (run_folder / "nights.jsonl").read_bytes() == journal


def test_a_pack_that_was_changed_is_told_by_its_hash(monkeypatch, capsys, run_folder, tmp_path):
    path = tmp_path / "pack" / "scenarios" / "bakery-counter.json"
    path.write_text(path.read_text().replace("Gable Street", "Gable Lane"))
    code, _, line = call(monkeypatch, capsys, "run", "--resume", "-o", run_folder)
    assert code == 2
    was = json.loads((run_folder / "run.json").read_text())["packs"][0]["sha256"][:12]
    assert f"packs: the run has pack {was}; pack " in line
