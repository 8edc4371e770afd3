"""Bad input gets one clear line and exit 2, and nothing is lost."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.harness.cli.calling import call
from tests.harness.engine.running import ODD, TINY
from tests.harness.judge.test_load import install
from tests.warm import rembench

BAKERY = json.loads((TINY / "scenarios" / "bakery-counter.json").read_text())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "-c", "extractiv"], ["unknown consolidator 'extractiv'", "did you mean 'extractive'?"]),
        (["run", "-c", "extractive:budgets=3"], ["budgets", "budget"]),
        (["run", "-c", "extractive:budget=many"], ["budget", "many"]),
        (["run", "-c", "extractive:bad"], ["extractive:bad: 'bad' isn't an option", "key=value"]),
        (["run", "-c", "extractive:budget=\udcff"], ["a character that can't be written"]),
        (["run", "-c", ""], ["'' isn't a consolidator"]),
        (["run", "-p", ""], ["unknown pack ''"]),
        (["run", "-o", ""], ["a folder was expected, not an empty name"]),
        (["run", "-o", "a\udcff"], ["the folder's name has a lone surrogate"]),
        (["report", "nowhere", "-o", ""], ["a folder was expected, not an empty name"]),
        (["score", ""], ["a folder was expected, not an empty name"]),
        (["--quite"], ["No such option: --quite", "see rembench --help"]),
        (["rum"], ["No such command 'rum'", "see rembench --help"]),
        (["run", "--seeds", "3"], ["No such option: --seeds", "see rembench run --help"]),
        (["run", "--repeats", "many"], ["--repeats", "integer", "see rembench run --help"]),
        (["run", "more"], ["unexpected extra argument", "more"]),
        (["run", "-c"], ["-c", "requires an argument"]),
        (["score"], ["Missing argument 'RUN'; see rembench score --help"]),
        (["pack", "shwo"], ["No such command 'shwo'", "see rembench pack --help"]),
        (["run", "-c", "nowhere.py:Name"], ["nowhere.py"]),
        (["run", "-c", f"{ODD}:Nobody"], ["Nobody"]),
        (["run", "-p", "naturl"], ["naturl", "natural"]),
        (["run", "-p", "./no/such/folder"], ["no/such/folder"]),
        (["run", "-p", TINY, "-p", TINY], ["is in both"]),
        (["run", "--repeats", "0"], ["--repeats 0", "a number from 1 to 1000 was expected"]),
        (["run", "--budget", "-1"], ["--budget", "above 0"]),
        (["run", "--night-timeout", "0"], ["--night-timeout", "above 0"]),
        (["run", "--retry-failed"], ["--retry-failed goes with --resume", "see rembench run --help"]),
        (["run", "--shard", "5/3"], ["--shard 5/3"]),
        (["run", "--shard", "x"], ["--shard x", "i/n"]),
        (["run", "--shard", "1/" + "9" * 5000], ["--shard 1/9", "i/n"]),
        (["run", "--engine", "ray"], ["ray engine isn't in this version", "--engine local"]),
        (["run", "--engine", "rya"], ["unknown engine 'rya'"]),
        (
            ["run", "--judge", "gpt"],
            ["no judge takes part in a run", "rembench audit --judge", "known: anthropic"],
        ),
        (["run", "--reader", "gpt"], ["unknown reader 'gpt'"]),
        (["run", "--config", "nowhere.toml"], ["nowhere.toml", "not found"]),
        (["run", "--resume", "-o", "nowhere"], ["nowhere", "not a run folder"]),
        (["score", "nowhere"], ["not a run folder", "run.json"]),
        (["report", "nowhere"], ["not a run folder"]),
        (["show", "nowhere", "--scenario", "s", "--consolidator", "c", "--item", "i"], ["not a run folder"]),
        (["pack", "show", "naturl"], ["naturl", "natural"]),
    ],
)
def test_one_line_says_what_where_and_what_would_be_right(monkeypatch, capsys, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, _, said = call(monkeypatch, capsys, *arguments)
    assert code == 2
    assert said.startswith("rembench: error: ")
    assert said.count("\n") == 1, said
    for word in words:
        assert word in said
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pack = [", ["c.toml", "not valid TOML"]),
        ("repeets = 2", ["unknown option 'repeets'", "did you mean 'repeats'?"]),
        ("repeats = '2'", ["repeats: int was expected, not str"]),
        ("pack = 3", ["pack: a text or a list of texts"]),
        ("out = ''", ["a folder was expected, not an empty name"]),
        ("repeats = true", ["repeats: int was expected, not bool"]),
        ("repeats = " + "9" * 5000, ["c.toml", "not valid TOML"]),
        ("pack = " + "[" * 50_000, ["c.toml", "nested too deeply"]),
    ],
)
def test_a_bad_config_is_named(monkeypatch, capsys, tmp_path, text, words):
    path = tmp_path / "c.toml"
    path.write_text(text)
    code, _, said = call(monkeypatch, capsys, "run", "--config", path)
    assert code == 2
    for word in words:
        assert word in said


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_a_config_that_is_no_plain_file_is_refused_at_once(monkeypatch, capsys, tmp_path, make):
    make(tmp_path / "c.toml")
    code, _, said = call(monkeypatch, capsys, "run", "--config", tmp_path / "c.toml")
    assert (code, said) == (2, f"rembench: error: {tmp_path / 'c.toml'}: isn't a plain file\n")


def broken_pack(folder, change):
    pack = folder / "pack"
    shutil.copytree(TINY / "scenarios", pack / "scenarios")
    path = pack / "scenarios" / "bakery-counter.json"
    scenario = json.loads(path.read_text())
    change(scenario)
    path.write_text(json.dumps(scenario))
    return pack


def first_value(scenario):
    return scenario["items"][0]["values"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: first_value(s)["expect"].update(c9="held"), ["c9", "expect"]),
        (lambda s: first_value(s).update(evidence=["s1#99"]), ["s1#99"]),
        (lambda s: s["items"].clear(), ["items: no item; at least one is needed"]),
        (lambda s: s["items"].append(s["items"][0]), ["items[5].id", "'opening-hour' is taken"]),
        (lambda s: s["store"].update({"../up.md": "x"}), ["../up.md"]),
        (lambda s: s["store"].update({"big.md": "x" * 50_000_000}), ["big.md"]),
    ],
    ids=["unknown step", "evidence out of range", "no item", "duplicate id", "path with ..", "50 MB memory"],
)
def test_a_broken_scenario_is_named_with_its_place(monkeypatch, capsys, tmp_path, change, words):
    pack = broken_pack(tmp_path, change)
    code, _, said = call(monkeypatch, capsys, "run", "-p", pack, "-o", tmp_path / "r")
    assert code == 2
    assert said.count("\n") == 1
    for word in [*words, "bakery-counter.json"]:
        assert word.lower() in said.lower(), said
    assert not (tmp_path / "r").exists()


def test_malformed_json_lines_are_named_by_file_and_line(monkeypatch, capsys, tmp_path):
    (tmp_path / "pack").mkdir()
    line = json.dumps(BAKERY)
    (tmp_path / "pack" / "scenarios.jsonl").write_text(f"{line}\n{line[:-5]}\n")
    code, _, said = call(monkeypatch, capsys, "run", "-p", tmp_path / "pack")
    assert code == 2
    assert "scenarios.jsonl:2" in said


def tiny_run(monkeypatch, capsys, folder, *more):
    return call(monkeypatch, capsys, "run", "-p", TINY, "-o", folder, "-q", *more)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run of the tiny pack, to be copied."""
    folder = tmp_path_factory.mktemp("finished") / "r"
    rembench("run", "-p", TINY, "-o", folder, "-q")
    return folder


@pytest.fixture
def done(finished, tmp_path):
    """A finished run of one's own."""
    return Path(shutil.copytree(finished, tmp_path / "r"))


def test_a_run_folder_is_not_written_over(monkeypatch, capsys, tmp_path, done):
    journal = (tmp_path / "r" / "nights.jsonl").read_bytes()
    code, _, said = tiny_run(monkeypatch, capsys, tmp_path / "r")
    assert code == 2
    assert "--resume" in said
    assert (tmp_path / "r" / "nights.jsonl").read_bytes() == journal


def test_a_file_in_the_way_is_named(monkeypatch, capsys, tmp_path):
    (tmp_path / "r").write_text("x")
    code, _, said = tiny_run(monkeypatch, capsys, tmp_path / "r")
    assert code == 2
    assert "a file is in the way" in said


def test_a_run_made_on_another_version_of_its_pack_is_refused(monkeypatch, capsys, tmp_path):
    pack = broken_pack(tmp_path, lambda s: None)
    assert call(monkeypatch, capsys, "run", "-p", pack, "-o", tmp_path / "r", "-q")[0] == 0
    path = pack / "scenarios" / "bakery-counter.json"
    path.write_text(path.read_text().replace("Gable Street", "Gable Lane"))
    code, _, said = call(monkeypatch, capsys, "score", tmp_path / "r")
    assert code == 2
    assert "the run was made on pack" in said
    assert "--pack PATH" in said


def test_a_moved_pack_is_found_where_it_is_said_to_be(monkeypatch, capsys, tmp_path):
    pack = broken_pack(tmp_path, lambda s: None)
    assert call(monkeypatch, capsys, "run", "-p", pack, "-o", tmp_path / "r", "-q")[0] == 0
    pack.rename(tmp_path / "elsewhere")
    code, said, _ = call(monkeypatch, capsys, "score", tmp_path / "r", "-p", tmp_path / "elsewhere")
    assert code == 0
    assert "summary.json" in said


@pytest.mark.parametrize("command", ["score", "report"])
def test_a_run_without_its_journal_keeps_its_results(monkeypatch, capsys, done, command):
    folder = done
    (folder / "nights.jsonl").unlink()
    before = {path: path.read_bytes() for path in folder.iterdir()}
    code, said, line = call(monkeypatch, capsys, command, folder)
    assert (code, said, line.count("\n")) == (2, "", 1)
    assert f"{folder}: the run has no journal: nights.jsonl is missing; restore it" in line
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("command", ["score", "report"])
def test_what_is_there_of_an_unfinished_run_is_scored_and_said(monkeypatch, capsys, tmp_path, command):
    folder = tmp_path / "r"
    assert tiny_run(monkeypatch, capsys, folder, "-c", f"{ODD}:Raises")[0] == 2
    assert call(monkeypatch, capsys, command, folder)[2] == ""
    journal = folder / "nights.jsonl"
    nights = journal.read_text().splitlines(keepends=True)
    kept = [night for night in nights if '"oracle"' not in night]
    journal.write_text("".join(kept))
    code, _, line = call(monkeypatch, capsys, command, folder)
    assert code == 0
    assert line.startswith(f"rembench: {len(kept)} of {len(nights)} nights are journalled")
    assert f"--resume -o {folder}" in line


@pytest.mark.parametrize("spec", ["Raises", "Nonsense:what=nul", "Nonsense:what=dots", "Nonsense:what=none"])
def test_a_consolidator_that_never_works_ends_with_one_line_and_a_report(monkeypatch, capsys, tmp_path, spec):
    folder = tmp_path / "r"
    code, said, line = tiny_run(monkeypatch, capsys, folder, "-c", f"{ODD}:{spec}")
    assert code == 2
    assert line.count("\n") == 1
    assert "2 of 5 nights failed (2 " in line  # each of the two scenarios stops at its first night
    assert "3 after them not reached; first: " in line
    assert said.splitlines()[-1] == str(folder)
    assert (folder / "report.html").is_file()
    summary = json.loads((folder / "summary.json").read_text())
    one = next(c for name, c in summary["consolidators"].items() if "odd.py" in name)
    assert one["metrics"]["retention"]["value"] is None
    assert one["metrics"]["retention"]["missing"] > 0
    assert one["metrics"]["retention"]["reason"].startswith(("failed", "not reached"))
    assert sum(one["failures"].values()) == 2


ILL_BRED = """
from rembench import Capabilities, Consolidation

class Unmade:
    capabilities = Capabilities()
    def __init__(self):
        raise ValueError("no luck")
    async def consolidate(self, night):
        return Consolidation(memory={})

class Prints:
    capabilities = Capabilities()
    async def consolidate(self, night):
        print("chatter")
        return Consolidation(memory={})
"""


def test_a_consolidator_that_cannot_be_made_is_named(monkeypatch, capsys, tmp_path):
    (tmp_path / "c.py").write_text(ILL_BRED)
    code, _, said = tiny_run(monkeypatch, capsys, tmp_path / "r", "-c", f"{tmp_path / 'c.py'}:Unmade")
    assert code == 2
    assert said.count("\n") == 1
    assert "c.py:Unmade: can't be made: ValueError: no luck" in said
    assert not (tmp_path / "r").exists()


def test_what_a_consolidator_prints_stays_out_of_the_json(monkeypatch, capsys, tmp_path):
    (tmp_path / "c.py").write_text(ILL_BRED)
    spec = f"{tmp_path / 'c.py'}:Prints"
    code, said, line = tiny_run(monkeypatch, capsys, tmp_path / "r", "-c", spec, "--json")
    assert code == 0
    assert json.loads(said)["run"] == str(tmp_path / "r")
    assert "chatter" in line


@pytest.mark.parametrize("name", ["pack", "notes"])
def test_a_folder_of_something_else_is_not_written_to(monkeypatch, capsys, tmp_path, name):
    broken_pack(tmp_path, lambda s: None)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").touch()
    before = sorted(tmp_path.rglob("*"))
    code, _, said = call(monkeypatch, capsys, "run", "-p", TINY, "-o", tmp_path / name)
    assert code == 2
    assert said.count("\n") == 1
    assert f"{name}: the folder isn't empty, and it's no run folder; give -o" in said
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_takes_no_files_is_named(monkeypatch, capsys, tmp_path):
    (tmp_path / "run.json.partial").mkdir()
    code, _, said = call(monkeypatch, capsys, "run", "-p", TINY, "-o", tmp_path)
    assert code == 2
    assert said.count("\n") == 1
    assert "run.json" in said
    assert "can't be written" in said


def test_a_folder_that_cannot_be_made_is_named(monkeypatch, capsys):
    code, _, said = call(monkeypatch, capsys, "run", "-p", TINY, "-o", Path("/proc/nowhere/run"))
    assert code == 2
    assert said.count("\n") == 1
    assert "/proc/nowhere/run: the folder can't be made: no such file or directory" in said


@pytest.mark.parametrize(
    ("out", "words"),
    [(Path("/proc/nowhere/out"), "the folder can't be made"), (Path("run.json"), "a file is in the way")],
)
def test_a_report_folder_that_cannot_be_made_is_named(monkeypatch, capsys, done, out, words):
    code, _, said = call(monkeypatch, capsys, "report", done, "-o", done / out)
    assert code == 2
    assert said.count("\n") == 1
    assert words in said


def test_a_run_with_a_judge_names_the_known_ones(monkeypatch, capsys, tmp_path):
    install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    code, _, said = call(monkeypatch, capsys, "run", "--judge", "plugged")
    assert code == 2
    assert said.endswith(", plugged\n")
