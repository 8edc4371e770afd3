"""The examples under examples/: programs for `command`, and a plugin that's installed."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from rembench.consolidators.load import load_consolidator
from rembench.harness.night import Usage
from tests.consolidators.nights import STORE, night, session
from tests.harness.engine.running import TINY

EXAMPLES = Path(__file__).parents[2] / "examples"
NODE = shutil.which("node")
PROGRAMS = [
    pytest.param(f"{sys.executable} {EXAMPLES}/command/preferences.py", "--words 'prefer|never'", id="python"),
    pytest.param(
        f"{NODE} {EXAMPLES}/command/preferences.js",
        "'prefer|never'",
        id="javascript",
        marks=pytest.mark.skipif(NODE is None, reason="node isn't installed"),
    ),
]
TALK = (
    session(1, "I prefer wood ash. The bus was late.", "I prefer tea.", "Never call at noon!"),
    session(2, "I like the   kiln\nhot, 窯 and ü.", "Fine.", "I prefer wood ash. It was £5."),
)


def answer(command, given):
    return asyncio.run(load_consolidator(f"command:run={command}").make().consolidate(given))


@pytest.mark.parametrize(("command", "words"), PROGRAMS)
def test_example_program_keeps_preferences(command, words):
    made = answer(command, night(sessions=TALK))
    assert made.memory == dict(STORE) | {
        "user/preferences.md": (
            "- 2026-03-01: I prefer wood ash.\n"
            "- 2026-03-01: Never call at noon!\n"
            "- 2026-03-02: I like the kiln hot, 窯 and ü.\n"
            "- 2026-03-02: I prefer wood ash.\n"
        )
    }
    assert made.usage == Usage(calls=0, usd=0)
    again = answer(command, night(memory=made.memory, sessions=TALK))
    assert again.memory == made.memory


@pytest.mark.parametrize(("command", "words"), PROGRAMS)
def test_example_program_takes_an_argument(command, words):
    memory = answer(f"{command} {words}", night(memory={}, sessions=TALK)).memory
    assert len(memory["user/preferences.md"].splitlines()) == 3


@pytest.mark.parametrize(("command", "words"), PROGRAMS)
def test_example_program_refuses_another_schema(command, words):
    done = subprocess.run(
        ["/bin/sh", "-c", command], input='{"schema": 2}', capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["error"] == {
        "type": "invalid_output", "message": "written for schema 1, this is 2"
    }  # fmt: skip


@pytest.mark.parametrize(("command", "words"), PROGRAMS)
def test_example_program_writes_megabytes(command, words):
    store = {"a.md": "x" * 3_000_000}
    assert answer(command, night(memory=store, sessions=())).memory == store


def run_plugin(site):
    """What a fresh process finds and writes with the plugin that's installed in the folder `site`."""
    source = """
import asyncio, json
from rembench.consolidators.load import known_consolidators, load_consolidator
from tests.consolidators.nights import night
entry = known_consolidators()["last-session"]
memory = asyncio.run(load_consolidator("last-session").make().consolidate(night())).memory
print(json.dumps([entry.summary, entry.target, dict(memory)]))
"""
    path = os.pathsep.join([str(site), str(EXAMPLES.parent)])
    env = os.environ | {"PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", source], env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


EXPECTED = [
    "plugin: rembench-last-session",
    "rembench_last_session:LastSession",
    {"last-session.md": "# 2026-03-02\n\nThe new shelf is 40 cm deep. Did you see it?\n"},
]


def install_as_declared(site):
    """The plugin as an installer would leave it: its package, and what its pyproject.toml declares."""
    declared = tomllib.loads((EXAMPLES / "plugin/pyproject.toml").read_text("utf-8"))["project"]
    shutil.copytree(EXAMPLES / "plugin/rembench_last_session", site / "rembench_last_session")
    info = site / f"{declared['name'].replace('-', '_')}-{declared['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {declared['name']}\nVersion: {declared['version']}\n"
    )
    lines = []
    for group, points in declared["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


def test_example_plugin_is_found_by_the_entry_point_that_it_declares(tmp_path):
    install_as_declared(tmp_path)
    assert run_plugin(tmp_path) == EXPECTED


def test_example_plugin_runs_by_its_name_on_the_command_line(tmp_path):
    install_as_declared(tmp_path / "site")
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(EXAMPLES.parent)])}
    command = [sys.executable, "-m", "rembench", "run", "-c", "last-session", "-p", str(TINY)]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "run"), "--json"], env=env, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["summary"]["consolidators"]["last-session"]["failures"] == {}


@pytest.mark.skipif(
    not (find_spec("hatchling") and find_spec("pip")), reason="hatchling or pip isn't installed"
)
def test_example_plugin_is_built_and_installed_and_found(tmp_path):
    source = tmp_path / "plugin"
    shutil.copytree(EXAMPLES / "plugin", source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    options = [
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--no-cache-dir",
        "--target",
        str(tmp_path / "site"),
    ]
    subprocess.run([*pip, *options, str(source)], check=True, capture_output=True)
    assert run_plugin(tmp_path / "site") == EXPECTED
