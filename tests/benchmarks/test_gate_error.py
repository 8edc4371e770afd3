"""The committed simulation of the gate: it's what its script finds, and what the README shows."""

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMITTED = (ROOT / "benchmarks" / "gate_error.md").read_text(encoding="utf-8")
TRIALS, SEED = (
    int(found) for found in re.search(r"gate_error\.py --trials (\d+) --seed (\d+)`", COMMITTED).groups()
)


@pytest.fixture(scope="module")
def gate_error():
    """The script, which imports its neighbours by their plain names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield import_module("gate_error")
        for name in ("gate_error", "gate_trials", "interval_coverage", "pretend_runs"):
            sys.modules.pop(name, None)


def test_the_readme_shows_the_first_table_as_it_is_committed():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- gate-error: written by")[2].partition("<!-- gate-error: end -->")[0]
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    first = COMMITTED.partition("\n## ")[2].partition("\n## ")[0]
    assert rows == [line for line in first.splitlines() if line.startswith("|")]
    assert len(rows) > 30
    assert f"--trials {TRIALS} --seed {SEED}" in shown


def test_every_verdict_of_the_committed_tables_follows_from_its_numbers(gate_error):
    rows = [line.removesuffix(" |").split(" | ") for line in COMMITTED.splitlines() if line.startswith("|")]
    told = [(row[3:6], row[6], *row[7].split(": ")) for row in rows if ": " in row[-1]]
    assert len(told) > 60
    for shown, trials, held, kept in told:
        sign, edge, *at = held.split(" ", 2)
        bar = gate_error.Bar(
            **{"at_most" if sign == "≤" else "at_least": float(edge)}, at_the_most_scenarios=bool(at)
        )
        nudged = [[float(one) + by for one in shown] for by in (-0.0005, 0.0, 0.0005)]  # they're rounded
        assert kept in {bar.kept(one, int(trials.replace(",", ""))) for one in nudged}


@pytest.mark.parametrize(
    ("found", "kept"),
    [((0.06, 0.05, 0.04), "met"), ((0.05, 0.069, 0.04), "within chance"), ((0.05, 0.071, 0.04), "**not met**")],
)
def test_a_share_is_held_to_its_bar_at_every_number_of_scenarios(gate_error, found, kept):
    # 2 sqrt(0.06 x 0.94 / 2000) = 0.0106
    assert gate_error.Bar(at_most=0.06).kept(found, 2000) == kept


def test_power_is_asked_of_the_most_scenarios_alone(gate_error):
    # 2 sqrt(0.8 x 0.2 / 1000) = 0.0253
    power = gate_error.Bar(at_least=0.8, at_the_most_scenarios=True)
    assert power.kept((0.2, 0.5, 0.8), 1000) == "met"
    assert power.kept((0.9, 0.9, 0.776), 1000) == "within chance"
    assert power.kept((0.9, 0.9, 0.77), 1000) == "**not met**"


def test_a_run_made_worse_is_worse_by_just_that(gate_error):
    import numpy as np

    for name, make in gate_error.trial.sources().items():
        chance = np.random.default_rng(1)
        before, after = make({"retention": 0.1})(chance, 20_000, ("retention",))
        means = [np.mean([s.value for s in side["retention"].values()]) for side in (before, after)]
        assert means[1] - means[0] == pytest.approx(-0.1, abs=0.006), name  # five standard errors


PARTS = [("intervals", 0), ("gate", 1), ("gate", 17), ("looks", 1), ("ranks", 1)]


@pytest.mark.slow
@pytest.mark.parametrize(("part", "number"), PARTS)
def test_a_part_made_again_is_exactly_what_is_committed(gate_error, part, number):
    jobs = list(gate_error.PARTS[part][1](TRIALS, SEED))
    rows = jobs[number]()
    assert rows
    for row in rows:
        assert f"| {' | '.join(row.cells())} |" in COMMITTED.splitlines()
