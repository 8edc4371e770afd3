"""The GitHub Action, its script and the examples: run by a real shell, and safe from what they're told."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.harness.cli.conftest import gated as gated

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
HOSTILE = 'x\'; touch pwned; echo "$(touch pwned)" `touch pwned` ${{ github.token }}'


@pytest.fixture
def shell(tmp_path, gated):
    """Runs a script with `rembench` on the path, in a folder with the pack, a run and its baseline."""
    for name in ("ten.jsonl", "baseline.json", "gate.toml"):
        shutil.copy(gated / name, tmp_path)
    shutil.copytree(gated / "run", tmp_path / "run")
    program = tmp_path / "bin" / "rembench"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rembench "$@"\n', encoding="utf-8")
    program.chmod(0o755)

    def run(script, **variables):
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        env = {k: v for k, v in os.environ.items() if not k.startswith(("REMBENCH_", "GITHUB_"))}
        env |= {"PATH": path, "PYTHONPATH": str(ROOT), **variables}
        return subprocess.run(
            ["/usr/bin/env", "bash", "-c", script],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


RUNNING = {"CONSOLIDATORS", "PACKS", "SEED", "UNTIL_DECIDED"}  # heard where nights are to be run
GATE = f"'{ROOT / 'scripts' / 'ci_gate.sh'}'"


@pytest.mark.parametrize("path", ["scripts/ci_gate.sh", "examples/ci/gate.sh"])
def test_scripts_are_valid_and_can_be_run(path):
    assert subprocess.run(["bash", "-n", ROOT / path], capture_output=True, check=False).returncode == 0
    assert os.access(ROOT / path, os.X_OK)


def test_no_input_of_the_action_is_ever_read_as_shell():
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        assert "shell" in step
    given = {value for step in STEPS for value in step.get("env", {}).values()}
    assert given == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}


def test_every_variable_of_the_action_is_one_that_the_script_knows():
    script = (ROOT / "scripts" / "ci_gate.sh").read_text(encoding="utf-8")
    for step in STEPS:
        for name in step.get("env", {}):
            assert re.search(rf"\$\{{?{name}\b", script), name


def test_the_actions_last_step_runs_the_script_from_its_own_folder(shell, tmp_path):
    (tmp_path / "rembench-venv" / "bin").mkdir(parents=True)
    done = shell(
        STEPS[-1]["run"], GITHUB_ACTION_PATH=str(ROOT), RUNNER_TEMP=str(tmp_path), REMBENCH_RUN="run",
        REMBENCH_BASELINE="baseline.json", REMBENCH_POLICY="gate.toml",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("variables", "code", "verdict"),
    [
        ({"REMBENCH_POLICY": "gate.toml"}, 0, "pass"),
        ({}, 3, "undecided"),
        ({"REMBENCH_UNDECIDED": "pass"}, 0, "undecided"),
    ],
)
def test_a_run_that_is_there_is_gated(shell, tmp_path, variables, code, verdict):
    (tmp_path / "step.md").write_text("before\n", encoding="utf-8")
    done = shell(
        GATE, REMBENCH_RUN="run", REMBENCH_BASELINE="baseline.json", GITHUB_OUTPUT="output",
        GITHUB_STEP_SUMMARY="step.md", **variables,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert (tmp_path / "output").read_text(encoding="utf-8") == f"verdict={verdict}\n"
    assert (tmp_path / "step.md").read_text(encoding="utf-8").startswith(f"before\n## rembench gate: {verdict}")
    assert (tmp_path / "rembench-gate" / "junit.xml").is_file()


def test_consolidators_and_packs_are_run_one_a_line(shell, tmp_path):
    done = shell(
        GATE, REMBENCH_CONSOLIDATORS="\n  nothing\n\n", REMBENCH_PACKS="ten.jsonl", REMBENCH_OUT="out dir",
        REMBENCH_BASELINE="baseline.json", REMBENCH_POLICY="gate.toml",
    )  # fmt: skip
    assert done.returncode == 2  # a control alone: the gate asks which
    assert "the run has only controls" in done.stderr
    assert (tmp_path / "out dir" / "run" / "summary.json").is_file()


def test_until_decided_is_one_word_away(shell, tmp_path):
    done = shell(
        GATE, REMBENCH_CONSOLIDATORS="nothing", REMBENCH_PACKS="ten.jsonl", REMBENCH_UNTIL_DECIDED="true",
        REMBENCH_BASELINE="baseline.json", REMBENCH_POLICY="gate.toml",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "gate: fail" in done.stdout


@pytest.mark.parametrize(
    "name",
    ["CONSOLIDATORS", "PACKS", "BASELINE", "POLICY", "SEED", "RUN", "OUT", "UNDECIDED", "UNTIL_DECIDED"],
)
def test_nothing_that_it_is_told_is_run(shell, tmp_path, name):
    told = {"PACKS": "ten.jsonl", "BASELINE": "baseline.json", "OUT": "o"}
    told |= {"CONSOLIDATORS": "nothing"} if name in RUNNING else {"RUN": "run"}
    done = shell(GATE, **{f"REMBENCH_{key}": value for key, value in {**told, name: HOSTILE}.items()})
    assert done.returncode == (3 if name == "OUT" else 2)  # a folder may have any name
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "REMBENCH_BASELINE is missing"),
        ({"REMBENCH_BASELINE": "b"}, "REMBENCH_CONSOLIDATORS or REMBENCH_RUN is missing"),
        ({"REMBENCH_BASELINE": "b", "REMBENCH_UNDECIDED": "maybe"}, "fail or pass was expected"),
    ],
)
def test_what_it_is_not_told_is_said_in_one_line(shell, variables, said):
    done = shell(GATE, **variables)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_plain_example_exits_as_the_gate_does(shell, tmp_path):
    plain = f"'{ROOT / 'examples' / 'ci' / 'gate.sh'}'"
    told = {"PACK": "ten.jsonl", "BASELINE": "baseline.json", "POLICY": "gate.toml"}
    done = shell(plain, CONSOLIDATOR="extractive", **told)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "rembench-gate" / "summary.md").is_file()


@pytest.mark.parametrize("name", ["github.yml", "gitlab-ci.yml"])
def test_examples_for_ci_are_yaml_whose_commands_the_command_line_knows(name):
    text = (ROOT / "examples" / "ci" / name).read_text(encoding="utf-8")
    top = yaml.safe_load(text)
    if name == "github.yml":
        given = top["jobs"]["gate"]["steps"][1]["with"]
        assert given.keys() <= ACTION["inputs"].keys()
        needed = {key for key, one in ACTION["inputs"].items() if one.get("required")}
        assert needed <= given.keys()
    else:
        script = top["memory-gate"]["script"]
        assert script[-1].startswith("rembench gate rembench-gate/run --baseline ci/baseline.json")
        assert top["memory-gate"]["allow_failure"]["exit_codes"] == [3]


def test_the_source_distribution_has_the_action():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "action.yml" in listed["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
