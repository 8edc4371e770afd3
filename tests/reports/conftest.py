import json
import subprocess
import sys
from pathlib import Path

import pytest

from rembench.harness.cli.score import score_run
from tests.reports.marked import marked_pack

HERE = Path(__file__).parent
TINY = HERE.parent / "packs" / "tiny"
HOSTILE = f"{HERE / 'hostile.py'}:Hostile"
FAILING = f"{HERE.parent / 'harness' / 'engine' / 'odd.py'}:Raises"


@pytest.fixture(scope="session")
def marked(tmp_path_factory):
    """A run, scored, of scenarios with all that the format may add; the first has a twin."""
    folder = tmp_path_factory.mktemp("marked")
    pack = folder / "marked.jsonl"
    pack.write_text("".join(json.dumps(one) + "\n" for one in marked_pack()))
    command = [sys.executable, "-m", "rembench", "run", "-p", str(pack), "-o", str(folder / "run"), "-q"]
    subprocess.run(command, check=True, capture_output=True)
    return score_run(folder / "run", [str(pack)])


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """A run of the tiny pack: a contestant, controls, one that writes traps, one whose nights all fail."""
    folder = tmp_path_factory.mktemp("reports") / "run"
    names = ["extractive", "nothing", "identity", "append-all", "oracle", HOSTILE, FAILING]
    chosen = [part for name in names for part in ("-c", name)]
    command = [sys.executable, "-m", "rembench", "run", "-p", str(TINY), "-o", str(folder), "-q", *chosen]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr  # a contestant without any scored night
    return folder


@pytest.fixture(scope="session")
def scored(run_folder):
    """The run, scored."""
    return score_run(run_folder, [str(TINY)])


@pytest.fixture(scope="session")
def summary(scored):
    """Its summary."""
    return scored.summary
