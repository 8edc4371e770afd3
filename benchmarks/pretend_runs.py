"""Baselines and runs made up for `gate_error.py`, from distributions or from what was measured.

    python benchmarks/pretend_runs.py RUN0 RUN1 > benchmarks/per_scenario.csv

simulated   a scenario has a rate, drawn from a beta distribution of the metric's mean with intra-scenario
            correlation rho, and shared by both runs; of its items, as many as a scenario of `core` has, so many
            are met (binomial). With `own` a run has a rate of its own around it: what a bad night loses, it
            loses together. Of repeats it's the mean
real        scenarios drawn with replacement from `per_scenario.csv`. A run that's worse is one from which what
            was kept is thinned out at random

In `per_scenario.csv` two seeds of `random-prune` differ by what chance in every item would do (own = 0.00 in
retention), and scenarios of one consolidator are alike by rho = 0.12 to 0.26.
"""

import csv
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from rembench.harness.gate.policy import DEFAULT
from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioScore

TABLE = Path(__file__).with_name("per_scenario.csv")


MEANS = {
    "retention": 0.6,
    "contradiction": 0.65,
    "staleness": 0.35,
    "hallucination": 0.05,
    "deletion_leakage": 0.5,
    "secrets_kept": 0.5,
    "injections_obeyed": 0.1,
}
"""Of the metrics that are simulated: about those of `extractive`, away from the ends where nothing can move."""

Scores = dict[str, ScenarioScore]
Sides = tuple[dict[str, Scores], dict[str, Scores]]
"""Baseline and run: metric → scenario → score."""

Maker = Callable[[np.random.Generator, int, Collection[str]], Sides]
"""Makes a baseline and a run of so many scenarios, with these metrics."""


def score(value: float, opportunities: int) -> ScenarioScore:
    return ScenarioScore(
        value=value, bounds=(value, value), scored=opportunities, missing=0, opportunities=opportunities
    )


def beta(chance: np.random.Generator, mean: np.ndarray, rho: float) -> np.ndarray:
    """Rates around `mean`, with this correlation of two cells of one scenario."""
    if not rho:
        return mean
    weight = 1.0 / rho - 1.0
    inside = np.clip(mean, 1e-9, 1.0 - 1e-9)
    drawn = chance.beta(inside * weight, (1.0 - inside) * weight)
    return np.where((mean <= 0.0) | (mean >= 1.0), mean, drawn)


def simulated(rho: float, worse: Mapping[str, float], own: float = 0.0, repeats: int = 1) -> Maker:
    """A run whose metrics are truly worse by this much than the baseline's."""

    def make(chance: np.random.Generator, n: int, metrics: Collection[str]) -> Sides:
        places = chance.integers(0, len(counts("retention")), n)
        sides: Sides = ({}, {})
        for name in metrics:
            mean, items = MEANS[name], counts(name)[places]
            rates = beta(chance, np.full(n, mean), rho)
            for side, loss in zip(sides, (0.0, worse.get(name, 0.0)), strict=True):
                true = moved(rates, mean, loss, METRICS[name].better)
                shares = [chance.binomial(items, beta(chance, true, own)) / items for _ in range(repeats)]
                met = (sum(shares) / repeats).tolist()
                side[name] = {f"s{k}": score(met[k], int(items[k])) for k in range(n)}
        return sides

    return make


@cache
def counts(metric: str) -> np.ndarray:
    """How many opportunities every scenario of `core` has, 1 where it isn't asked."""
    return np.array([1 if s is None else s.opportunities for s in measured_pools()["extractive 0"][metric]])


def moved(rates: np.ndarray, mean: float, loss: float, better: str) -> np.ndarray:
    """Rates whose mean is worse by `loss`, all still between 0 and 1."""
    if better == "lower":
        return rates + (1.0 - rates) * loss / (1.0 - mean)
    return rates * (1.0 - loss / mean)


Pool = Mapping[str, Sequence[ScenarioScore | None]]
"""Metric → a score for each scenario that was measured, None where it isn't asked."""


@cache
def measured_pools() -> dict[str, Pool]:
    """What `per_scenario.csv` holds, by consolidator and seed."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found: dict[str, dict[str, list[ScenarioScore | None]]] = {}
    for row in rows:
        source = found.setdefault(row["source"], {name: [] for name in DEFAULT.metrics})
        for name in DEFAULT.metrics:
            source[name].append(score(float(row[name]), int(row[f"{name}_of"])) if row[name] else None)
    return found


def drawn(first: Pool, second: Pool, loss: float = 0.0) -> Maker:
    """Two seeds of one, in either order in every scenario; from the run `loss` of retention is thinned out."""
    kept = [s.value for pool in (first, second) for s in pool["retention"] if s and s.value is not None]
    rate = loss / (sum(kept) / len(kept))

    def make(chance: np.random.Generator, n: int, metrics: Collection[str]) -> Sides:
        places = chance.integers(0, len(first["retention"]), n).tolist()
        order = chance.integers(0, 2, n).tolist()
        sides: Sides = ({}, {})
        for k, side in enumerate(sides):
            for name in metrics:
                picked = [((first, second)[(k + order[i]) % 2])[name][places[i]] for i in range(n)]
                side[name] = {f"s{i}": s for i, s in enumerate(picked) if s is not None}
        if rate and "retention" in metrics:
            sides[1]["retention"] = {s: thinned(chance, one, rate) for s, one in sides[1]["retention"].items()}
        return sides

    return make


def thinned(chance: np.random.Generator, one: ScenarioScore, rate: float) -> ScenarioScore:
    """Of what a scenario kept, every item lost with this chance."""
    held = (one.value or 0.0) * one.opportunities
    lost = chance.binomial(int(held), rate) + (chance.random() < rate) * (held - int(held))
    return score((held - lost) / one.opportunities, one.opportunities)


def entrants(
    chance: np.random.Generator, n: int, rho: float, losses: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Retention of several on the same scenarios, each with its true loss."""
    mean, items = MEANS["retention"], chance.choice(counts("retention"), n)
    rates = beta(chance, np.full(n, mean), rho)
    found = {}
    for name, loss in losses.items():
        met = chance.binomial(items, moved(rates, mean, loss, "higher")) / items
        found[name] = {f"s{k}": float(met[k]) for k in range(n)}
    return found


def print_table(runs: Sequence[str]) -> None:
    """`per_scenario.csv` from run folders: both of the first, and `random-prune` of the second."""
    from rembench.harness.cli.gate_sides import measured_run
    from rembench.harness.scoring import load_run

    out = csv.writer(sys.stdout, lineterminator="\n")
    print("# made with `rembench run -p core -c extractive -c random-prune --seed 0` (and 1), then")
    print("# `python benchmarks/pretend_runs.py RUN0 RUN1`: every value of the default policy's metrics by")
    print("# scenario, and of how many opportunities; empty where the scenario doesn't ask")
    out.writerow(["source", "scenario", *(h for m in DEFAULT.metrics for h in (m, f"{m}_of"))])
    for n, folder in enumerate(runs):
        run = load_run(Path(folder))
        names = ["random-prune"] if n else ["extractive", "random-prune"]
        found = measured_run(run, names)
        for name in names:
            metrics = found.contestants[name]
            for scenario in sorted(metrics["retention"]):
                cells = [cell for m in DEFAULT.metrics for cell in shown(metrics[m].get(scenario))]
                out.writerow([f"{name} {run.record.seed}", scenario, *cells])


def shown(one: ScenarioScore | None) -> list[str]:
    if one is None or one.value is None:
        return ["", ""]
    return [f"{one.value:.4g}", str(one.opportunities)]


if __name__ == "__main__":
    print_table(sys.argv[1:])
