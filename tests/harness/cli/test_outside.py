"""Whole runs of what was made outside: a program, and memories recorded elsewhere."""

import json
import os
import signal
import subprocess
import sys

import pytest

from rembench.harness.scenario.pack import load_pack
from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY
from tests.harness.processes.programs import FAMILY, alive, family, wait_for

PROGRAM = """
import json, sys
night = json.load(sys.stdin)
night["memory"]["said.md"] = night["memory"].get("said.md", "") + "".join(
    m["content"] + "\\n" for s in night["sessions"] for m in s["messages"])
json.dump({"memory": night["memory"], "trace": [night["night"]]}, sys.stdout)
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return f"command:run={sys.executable} {path}"


def summary(monkeypatch, capsys, folder, *specs):
    named = [argument for spec in specs for argument in ("-c", spec)]
    code, said, _ = call(monkeypatch, capsys, "run", "-p", TINY, "-o", folder, "--json", *named)
    assert code == 0
    return json.loads(said)["summary"]["consolidators"]


def values(consolidator):
    return {name: one["value"] for name, one in consolidator["metrics"].items() if name != "seconds"}


def test_replay_of_a_run_has_the_runs_own_numbers(monkeypatch, capsys, tmp_path, program):
    replay = f"replay:path={tmp_path / 'first'},consolidator=command"
    first = summary(monkeypatch, capsys, tmp_path / "first", program)
    second = summary(monkeypatch, capsys, tmp_path / "second", replay)
    assert first[program]["failures"] == second[replay]["failures"] == {}
    assert values(first[program])["retention"] > 0
    assert values(second[replay]) == values(first[program])


def test_memories_in_folders_are_scored_as_they_are(monkeypatch, capsys, tmp_path):
    for scenario in load_pack(str(TINY)).scenarios:
        for night in scenario.nights:
            place = tmp_path / "memories" / scenario.id / night.id / "user"
            place.mkdir(parents=True)
            (place / "profile.md").write_text(scenario.store.get("user/profile.md", "- nothing\n"))
    found = summary(monkeypatch, capsys, tmp_path / "run", f"replay:path={tmp_path / 'memories'}")
    (replayed,) = (one for name, one in found.items() if name.startswith("replay"))
    assert replayed["failures"] == {}
    assert replayed["metrics"]["retention"]["missing"] == 0


def test_memory_that_is_missing_is_no_zero(monkeypatch, capsys, tmp_path):
    first, *others = load_pack(str(TINY)).scenarios
    lines = [{"scenario": first.id, "night": night.id, "memory": {}} for night in first.nights]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    spec = f"replay:path={tmp_path / 'm.jsonl'}"
    found = summary(monkeypatch, capsys, tmp_path / "run", spec)
    assert found[spec]["failures"] == {"invalid_output": len(others)}
    retention = found[spec]["metrics"]["retention"]
    assert retention["value"] == 0
    assert retention["missing"] > 0
    assert retention["bounds"][1] > 0


def test_memories_of_no_scenario_of_the_pack_are_one_line_before_anything_runs(monkeypatch, capsys, tmp_path):
    (tmp_path / "other" / "scenario-9").mkdir(parents=True)
    folder = tmp_path / "run"
    options = ["-c", f"replay:path={tmp_path / 'other'}", "-p", TINY, "-o", folder]
    code, _, said = call(monkeypatch, capsys, "run", *options)
    assert code == 2
    assert said.count("\n") == 1
    assert "no scenario of the pack is in it" in said
    assert not folder.exists()


def test_kill_9_of_a_run_leaves_no_program_behind(tmp_path):
    members = tmp_path / "members"
    members.mkdir()
    path = tmp_path / "program.py"
    path.write_text(FAMILY.replace("sys.argv[1]", repr(str(members))))
    command = [sys.executable, "-m", "rembench", "run", "-p", str(TINY), "-o", str(tmp_path / "run"), "--quiet"]
    run = subprocess.Popen([*command, "-c", f"command:run={sys.executable} {path}"], start_new_session=True)
    try:
        pids = family(members)
        assert alive(pids) == pids
    finally:
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
    wait_for(lambda: not alive(pids))


def test_ctrl_c_of_a_run_leaves_no_program_behind(tmp_path):
    members = tmp_path / "members"
    members.mkdir()
    path = tmp_path / "program.py"
    path.write_text(FAMILY.replace("sys.argv[1]", repr(str(members))))
    command = [sys.executable, "-m", "rembench", "run", "-p", str(TINY), "-o", str(tmp_path / "run"), "--quiet"]
    run = subprocess.Popen([*command, "-c", f"command:run={sys.executable} {path}"], start_new_session=True)
    try:
        pids = family(members)
        os.kill(run.pid, signal.SIGINT)
        assert run.wait(60) == 130
    finally:
        run.kill()
        run.wait()
    wait_for(lambda: not alive(pids))
