import json

import pytest

from rembench.harness.scoring import load_run
from rembench.reports.compare.as_json import to_json
from rembench.reports.compare.comparison import Asked, compare
from tests.reports.conftest import TINY


@pytest.fixture(scope="session")
def run(run_folder):
    """A run of the tiny pack with a contestant, controls, one that writes traps, one whose nights all fail."""
    return load_run(run_folder, [str(TINY)])


@pytest.fixture(scope="session")
def found(run):
    """Its contestants, and the hoarder as one of them."""
    names = ("extractive", "append-all", "hostile.py:Hostile", "odd.py:Raises")
    return compare([run], Asked(consolidators=names))


@pytest.fixture(scope="session")
def made(found):
    """The same as JSON."""
    return json.loads(json.dumps(to_json(found), allow_nan=False))
