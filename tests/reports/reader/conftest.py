import subprocess
import sys

import pytest

from rembench.harness.cli.console import console
from rembench.harness.cli.readers import Manner, ask_reader, choose
from rembench.harness.cli.score import score_run
from rembench.harness.scoring import load_run
from tests.harness.reader import models
from tests.reports.conftest import FAILING, HOSTILE, TINY

READERS = ("Perfect", "Liar", "Silent", "Abstains", "Mumbles", "Forgets")


def reader(name):
    return f"{models.__file__}:{name}"


@pytest.fixture(scope="session")
def asked_folder(tmp_path_factory):
    """A run of the tiny pack that six readers were asked about; one consolidator has no memory at all."""
    folder = tmp_path_factory.mktemp("read") / "run"
    names = ["append-all", "pull", HOSTILE, FAILING]
    chosen = [part for name in names for part in ("-c", name)]
    command = [sys.executable, "-m", "rembench", "run", "-p", str(TINY), "-o", str(folder), "-q", *chosen]
    subprocess.run(command, check=False, capture_output=True)
    run = load_run(folder)
    with console(0, 0, quiet=True) as shown:
        for name in READERS:
            ask_reader(run, choose(reader(name)), Manner(), shown)
    return folder


@pytest.fixture(scope="session")
def asked(asked_folder):
    """The run, scored."""
    return score_run(asked_folder, [str(TINY)])


@pytest.fixture(scope="session")
def readers(asked):
    """What the summary says of each reader, by its short name."""
    return {name.rpartition(":")[2]: one for name, one in asked.summary.readers.items()}
