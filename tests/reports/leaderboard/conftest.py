import pytest

from rembench.harness.scoring import load_run
from rembench.reports.leaderboard.build import build
from rembench.reports.leaderboard.submissions import take
from tests.reports.compare.made import renamed
from tests.reports.conftest import TINY
from tests.reports.leaderboard.handed_in import CONTROLS, handed_in


@pytest.fixture(scope="session")
def run(run_folder):
    """A run of the tiny pack with a contestant, controls, one that writes traps, one whose nights all fail."""
    return load_run(run_folder, [str(TINY)])


@pytest.fixture(scope="session")
def failing(run):
    """The name of the consolidator whose nights all fail."""
    return next(str(one["name"]) for one in run.record.consolidators if "Raises" in str(one["name"]))


@pytest.fixture(scope="session")
def hostile(run):
    """The name of the consolidator that writes traps."""
    return next(str(one["name"]) for one in run.record.consolidators if "Hostile" in str(one["name"]))


@pytest.fixture(scope="session")
def runs(run, failing, hostile, tmp_path_factory):
    """Two submissions: three contestants, of whom one fails; and one of a name that the first has too."""
    folder = tmp_path_factory.mktemp("submissions")
    first = renamed(
        run, folder / "monday",
        {"extractive": "extractive", "=cmd()|'x'": hostile, "mine.py:Mine": failing, **CONTROLS},
    )  # fmt: skip
    return [first, renamed(run, folder / "tuesday", {"extractive": "extractive", **CONTROLS})]


@pytest.fixture(scope="session")
def board(runs):
    """The leaderboard of the two."""
    return build(take(handed_in(*runs)))
