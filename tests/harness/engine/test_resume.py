"""kill -9 at any moment, then --resume: the same verdicts and summary, and no finished night run twice."""

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.harness.engine.running import ODD, TINY
from tests.warm import rembench, start

NIGHTS = 5  # of the tiny pack


def command(folder, log, *more, pause=0.05):
    spec = f"{ODD}:Counting:log={log},pause={pause}"
    return ["run", "-p", TINY, "-c", spec, "-o", folder, "--quiet", "--concurrency", "1", *more]


def calls(log):
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()


def finished(folder):
    path = folder / "nights.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    nights = (json.loads(line) for line in lines)
    return [n for n in nights if "Counting" in n["chain"]["consolidator"]]


def memories(folder):
    return {(n["chain"]["scenario"], n["night"]): n["memory"] for n in finished(folder)}


def without_times(folder):
    """The bytes of summary.json with the times taken out."""
    summary = json.loads((folder / "summary.json").read_text())
    del summary["run"]["created"]
    for pack in summary["run"]["packs"]:
        del pack["path"]
    for one in summary["consolidators"].values():
        del one["cost"]["seconds"]
        del one["metrics"]["seconds"]
    return json.dumps(summary, sort_keys=True)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    log = tmp_path_factory.getbasetemp() / "calls"
    rembench(*command(folder, log))
    assert sum(calls(log).values()) == NIGHTS
    log.unlink()
    return folder, log


@pytest.mark.parametrize("nights", [0, 1, 2, 4])
def test_a_killed_run_goes_on_where_it_was(undisturbed, tmp_path, nights):
    whole, log = undisturbed
    log.unlink(missing_ok=True)
    folder = tmp_path / "run"
    process = start(*command(folder, log, pause=0.05))
    while len(finished(folder)) < nights and process.poll() is None:
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.done().returncode == -signal.SIGKILL
    before = len(finished(folder))
    called = sum(calls(log).values())
    assert called <= before + 1
    resume = () if not (folder / "run.json").exists() else ("--resume",)
    rembench(*command(folder, log, *resume))
    assert sum(calls(log).values()) - called == NIGHTS - before
    assert len(finished(folder)) == NIGHTS
    assert memories(folder) == memories(whole)
    assert (folder / "verdicts.parquet").read_bytes() == (whole / "verdicts.parquet").read_bytes()
    assert without_times(folder) == without_times(whole)


def test_an_interrupted_run_says_how_to_go_on(tmp_path):
    folder, log = tmp_path / "run", tmp_path / "calls"
    process = start(*command(folder, log, pause=0.5))
    while not calls(log) and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGINT)
    done = process.done(timeout=20)
    assert done.returncode == 130
    assert done.stderr.count("\n") == 1
    assert f"rembench run --resume -o {folder}" in done.stderr
    rembench("run", "--resume", "-o", folder, "-q")
    assert len(finished(folder)) == NIGHTS


def test_other_options_are_not_resumed(tmp_path):
    folder, log = tmp_path / "run", tmp_path / "calls"
    rembench(*command(folder, log, pause=0))
    other = rembench(*command(folder, log, "--resume", "--seed", "5", pause=0), code=2)
    assert "can't resume: seed: the run has 0; 5 was asked" in other.stderr


def test_a_finished_run_resumes_to_itself(tmp_path):
    folder, log = tmp_path / "run", tmp_path / "calls"
    rembench(*command(folder, log, pause=0))
    first = Path(folder / "summary.json").read_bytes()
    rembench(*command(folder, log, "--resume", pause=0))
    assert Path(folder / "summary.json").read_bytes() == first
    assert sum(calls(log).values()) == NIGHTS
