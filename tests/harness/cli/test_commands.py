"""The commands as other programs rely on them."""

import json
import os
import subprocess
import sys

import pytest

from rembench.harness.cli.commands import COMMANDS
from tests.harness.cli.calling import call
from tests.harness.engine.running import ODD, TINY
from tests.warm import rembench

HEAVY = (
    "anthropic", "datasets", "jinja2", "matplotlib", "nltk", "numpy", "openai", "pandas", "pyarrow",
    "pydantic", "rich", "rouge_score", "scipy", "sklearn", "statsmodels", "yaml", "markdown_it",
)  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    return folder, json.loads(rembench("run", "-p", TINY, "-o", folder, "--json").stdout)


def test_help_imports_no_heavy_library():
    code = (
        "import sys; sys.argv = ['rembench', '--help']\n"
        "from rembench.harness.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "Usage" in done.stdout
    assert done.stderr.strip() == "[]"


def test_the_help_of_all_imports_no_command():
    code = (
        "import sys; sys.argv = ['rembench', '--help']\n"
        "from rembench.harness.cli import main\n"
        "try: main()\n"
        "except SystemExit: print([m for m in sys.modules if m.startswith('rembench.')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert not [name for name in COMMANDS if f"'rembench.harness.cli.{name}'" in done.stderr]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(monkeypatch, capsys, command):
    code, said, _ = call(monkeypatch, capsys, command, "--help")
    assert code == 0
    assert "Usage" in said


def test_run_prints_the_run_folder_last(monkeypatch, capsys, tmp_path):
    code, said, _ = call(monkeypatch, capsys, "run", "-p", TINY, "-o", tmp_path / "r", "--quiet")
    assert code == 0
    assert said.splitlines()[-1] == str(tmp_path / "r")
    for name in ("run.json", "nights.jsonl", "verdicts.parquet", "summary.json", "report.html", "report.md"):
        assert (tmp_path / "r" / name).is_file()


def test_the_json_of_a_run_is_one_object(finished):
    folder, said = finished
    assert said["run"] == str(folder)
    assert said["summary"] == json.loads((folder / "summary.json").read_text())


def test_the_controls_are_in_every_run(finished):
    names = finished[1]["summary"]["consolidators"]
    assert {"nothing", "identity", "append-all", "newest-wins", "random-prune", "oracle"} < set(names)


def test_score_makes_the_same_bytes_again(monkeypatch, capsys, finished):
    folder, _ = finished
    names = ("verdicts.parquet", "findings.parquet", "summary.json")
    before = {name: (folder / name).read_bytes() for name in names}
    for name in names:
        (folder / name).unlink()
    assert call(monkeypatch, capsys, "score", folder)[0] == 0
    assert {name: (folder / name).read_bytes() for name in names} == before


def test_score_prints_the_summary_as_json(monkeypatch, capsys, finished):
    _, said, _ = call(monkeypatch, capsys, "score", finished[0], "--json")
    assert json.loads(said)["schema"] == 1


def test_report_writes_where_it_is_told(monkeypatch, capsys, finished, tmp_path):
    code, said, _ = call(monkeypatch, capsys, "report", finished[0], "-o", tmp_path / "out")
    assert code == 0
    assert said.strip() == str(tmp_path / "out" / "report.html")
    assert (tmp_path / "out" / "report.md").is_file()


def test_report_elsewhere_leaves_the_run_folder_alone(monkeypatch, capsys, finished, tmp_path):
    folder, _ = finished
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert call(monkeypatch, capsys, "report", folder, "-o", tmp_path / "out")[0] == 0
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_config_says_what_the_command_line_leaves_open(monkeypatch, capsys, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text(f'pack = "{TINY}"\nrepeats = 3\nseed = 4\nout = "{tmp_path / "r"}"\nquiet = true\n')
    assert call(monkeypatch, capsys, "run", "--config", config, "--repeats", "2")[0] == 0
    run = json.loads((tmp_path / "r" / "run.json").read_text())
    assert (run["repeats"], run["seed"]) == (2, 4)


def test_a_shard_runs_its_part(monkeypatch, capsys, tmp_path):
    parts = []
    for part in ("1/2", "2/2"):
        folder = tmp_path / part.replace("/", "-")
        arguments = ["run", "-p", TINY, "-o", folder, "-q", "--shard", part, "--json"]
        _, said, _ = call(monkeypatch, capsys, *arguments)
        nights = (folder / "nights.jsonl").read_text().splitlines()
        parts.append({json.loads(n)["chain"]["scenario"] for n in nights})
        assert json.loads(said)["summary"]["consolidators"]["oracle"]["metrics"]["retention"]["value"] == 1
    assert not parts[0] & parts[1]
    assert len(parts[0] | parts[1]) == 2


def test_the_budget_is_kept_and_said(monkeypatch, capsys, tmp_path):
    arguments = ["run", "-p", TINY, "-o", tmp_path / "r", "-q", "-c", f"{ODD}:Pays", "--budget", "1", "--json"]
    code, said, line = call(monkeypatch, capsys, *arguments)
    assert code == 0
    assert "budget" in line
    pays = next(c for n, c in json.loads(said)["summary"]["consolidators"].items() if "Pays" in n)
    assert pays["failures"]["budget"] >= 1
    assert 1.0 <= pays["cost"]["usd"] <= 2.4


def test_the_help_says_that_the_budget_may_be_overshot(monkeypatch, capsys):
    _, said, _ = call(monkeypatch, capsys, "run", "--help")
    assert "may go over it by the nights in flight" in " ".join(said.split())


def test_no_key_of_the_environment_is_in_a_run_folder(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("ODD_API_KEY", "sk-marked-0123456789")
    _, said, line = call(
        monkeypatch, capsys, "run", "-p", TINY, "-o", tmp_path / "r", "-q", "-c", f"{ODD}:Raises"
    )
    written = b"".join(p.read_bytes() for p in (tmp_path / "r").iterdir())
    assert "sk-marked" not in said + line
    assert b"sk-marked" not in written


@pytest.mark.parametrize("arguments", [[], ["pack"]])
def test_no_arguments_show_the_help(monkeypatch, capsys, arguments):
    code, _, said = call(monkeypatch, capsys, *arguments)
    assert code == 2
    assert "Usage" in said
    assert "Commands" in said


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("rembench run -c extr", "extractive"),
        ("rembench run --consolidator newest", "newest-wins"),
        ("rembench run -p nat", "natural"),
        ("rembench run -p natural --pack rec", "recorded"),
        ("rembench pack show nat", "natural"),
        ("rembench pack validate nat", "natural"),
    ],
)
def test_completion_knows_packs_and_consolidators_and_imports_no_heavy_library(words, completed):
    heavy = [name for name in HEAVY if name != "pydantic"]  # typer reads arguments with it
    code = (
        "import sys; sys.argv = ['rembench']\n"
        "from rembench.harness.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    said = {"_REMBENCH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ | said
    )
    assert done.stdout.split() == [completed]
    assert done.stderr.strip() == "[]"
