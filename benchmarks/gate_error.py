"""How often the gate, its looks and the rank intervals are wrong, and how often they notice, by simulation.

    python benchmarks/gate_error.py [--trials N] [--seed S] [--part NAME]...
    python benchmarks/gate_error.py --table RUN0 RUN1 > benchmarks/per_scenario.csv

Prints the Markdown tables of the README, in some minutes on one core. Every trial makes a baseline and a run
(`pretend_runs.py` says how), metric by metric and scenario by scenario, and hands them to the gate's own code
with its default policy: seven metrics, margins of 0.05 (0.15 where a scenario is nearly a yes or no), Holm over
all of them. "By the margin" is the edge of the gate's two errors, on one metric alone: failing such a run, and
passing it. A bar is met if the share keeps to it, or is off it by less than chance explains: two standard
errors, sqrt(bar x (1 - bar) / trials) each; half the trials where all seven metrics, looks or ranks are asked.
"""

import argparse
import csv
import gc
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core; must be said before numpy is there

import numpy as np
from interval_coverage import BARS, RATES, Setting, coverage
from pretend_runs import Maker, Scores, Sides, drawn, entrants, measured_pools, simulated

from rembench.harness.gate.checks import Precision, checks
from rembench.harness.gate.decide import Verdict, decide, together
from rembench.harness.gate.measured import Measured
from rembench.harness.gate.pairing import Couple
from rembench.harness.gate.policy import DEFAULT, Policy, Rule
from rembench.harness.statistics.holm import holm
from rembench.harness.statistics.ranks import rank_intervals
from rembench.harness.statistics.spending import ONE_LOOK, Look
from rembench.reports.by_scenario import ScenarioScore

SCENARIOS = (24, 48, 96)
CORRELATIONS = (0.1, 0.2, 0.3)
PARTS = ("intervals", "gate", "looks", "ranks")
IT = Couple(name="it", against="it")
RESAMPLES, RESAMPLES_OF_LOOKS = 4999, 9999
LOOKS = 4
Make = Callable[[Mapping[str, float]], Maker]
"""From what's truly worse by how much to what makes it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a share is held to, at every number of scenarios or at the most."""

    at_most: float | None = None
    at_least: float | None = None
    at_the_most_scenarios: bool = False

    def said(self, found: Sequence[float], trials: int) -> str:
        asked = found[-1:] if self.at_the_most_scenarios else found
        bar = self.at_most if self.at_most is not None else self.at_least or 0.0
        sign = 1.0 if self.at_most is not None else -1.0
        slack = 2.0 * math.sqrt(bar * (1.0 - bar) / trials)
        met = all(sign * (one - bar) <= slack for one in asked)
        at = f" at {SCENARIOS[-1]}" if self.at_the_most_scenarios else ""
        return f"{'≤' if sign > 0 else '≥'} {bar:.2f}{at}: {'met' if met else '**not met**'}"


ERROR = Bar(at_most=0.06)
POWER = Bar(at_least=0.80, at_the_most_scenarios=True)
RANKS = Bar(at_least=0.94)


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each verdict was given, and how many scenarios it took on the average."""

    failed: float
    passed: float
    scenarios: float


def verdict(sides: Sides, policy: Policy, resamples: int, look: Look = ONE_LOOK) -> Verdict:
    precision = Precision(interval=0.9, resamples=resamples)
    found = list(checks(side(sides[1]), side(sides[0]), IT, policy, precision))
    return together(decide(found, policy, look))


def side(metrics: Mapping[str, Mapping[str, ScenarioScore]]) -> Measured:
    return Measured(
        where="", rembench="", created="", packs=(), seed=0, repeats=1, versions={}, contestants={"it": metrics}
    )


def one_look(make: Maker, policy: Policy, trials: int, seed: Sequence[int]) -> list[Shares]:
    """The verdicts at every number of scenarios."""
    found = []
    for n in SCENARIOS:
        chance = np.random.default_rng([*seed, n])
        given = [verdict(make(chance, n, policy.metrics), policy, RESAMPLES) for _ in range(trials)]
        found.append(Shares(given.count("fail") / trials, given.count("pass") / trials, n))
    return found


def looks(make: Maker, policy: Policy, trials: int, seed: Sequence[int]) -> list[Shares]:
    """The verdicts of looks at a growing number of scenarios."""
    return [_looks(make, n, policy, trials, seed) for n in SCENARIOS]


def _looks(make: Maker, n: int, policy: Policy, trials: int, seed: Sequence[int]) -> Shares:
    chance = np.random.default_rng([*seed, n])
    failed = passed = used = 0
    for _ in range(trials):
        sides = make(chance, n, policy.metrics)
        for look in range(1, LOOKS + 1):
            size = n * look // LOOKS
            part = (first(sides[0], size), first(sides[1], size))
            now = Look(tuple(k / LOOKS for k in range(1, look + 1)))
            given = verdict(part, policy, RESAMPLES_OF_LOOKS, now)
            if given != "undecided" or look == LOOKS:
                failed, passed, used = failed + (given == "fail"), passed + (given == "pass"), used + size
                break
    return Shares(failed / trials, passed / trials, used / trials)


def first(metrics: Mapping[str, Scores], size: int) -> dict[str, Scores]:
    ids = [f"s{k}" for k in range(size)]
    return {name: {k: scores[k] for k in ids if k in scores} for name, scores in metrics.items()}


def only(metric: str) -> Policy:
    rule = next(rule for rule in DEFAULT.rules if rule.metric == metric)
    return Policy(rules=(Rule(metric=metric, margin=rule.margin),))


def sources() -> dict[str, Make]:
    pools = measured_pools()
    prune, extractive = [pools["random-prune 0"], pools["random-prune 1"]], [pools["extractive 0"]] * 2
    return {
        **{f"simulated, rho {rho}": _simulated(rho) for rho in CORRELATIONS},
        "simulated, rho 0.2, own 0.05": _simulated(0.2, 0.05),
        "real: random-prune, two seeds": lambda worse: drawn(*prune, worse.get("retention", 0.0)),
        "real: extractive": lambda worse: drawn(*extractive, worse.get("retention", 0.0)),
    }


def _simulated(rho: float, own: float = 0.0) -> Make:
    return lambda worse: simulated(rho, worse, own)


def gate_rows(trials: int, seed: int) -> Iterator[list[str]]:
    for name, make in sources().items():
        found = one_look(make({}), DEFAULT, trials // 2, (seed, 1))
        yield row(("itself, another seed", name, "failed"), [s.failed for s in found], ERROR, trials // 2)
        yield row(("itself, another seed", name, "passed"), [s.passed for s in found])
    for name, make in sources().items():
        found = one_look(make({"retention": 0.1}), DEFAULT, trials // 2, (seed, 2))
        what = "10 points worse on retention"
        yield row((what, name, "failed"), [s.failed for s in found], POWER, trials // 2)
    for metric in ("retention", "deletion_leakage", "injections_obeyed"):
        margin = only(metric).rules[0].margin or 0.0
        for name, make in sources().items():
            if name.startswith("real") and metric != "retention":
                continue  # what's real can only be made worse on retention
            found = one_look(make({metric: margin}), only(metric), trials, (seed, 3))
            what = f"{metric} worse by the margin"
            yield row((what, name, "failed"), [s.failed for s in found], ERROR, trials)
            yield row((what, name, "passed"), [s.passed for s in found], ERROR, trials)


def looks_rows(trials: int, seed: int) -> Iterator[list[str]]:
    for name in ("simulated, rho 0.2", "real: random-prune, two seeds"):
        make = sources()[name]
        for what, loss in (("itself, another seed", 0.0), ("10 points worse", 0.1), ("by the margin", 0.05)):
            found = looks(make({"retention": loss}), only("retention"), trials, (seed, 5))
            failed = ERROR if loss < 0.1 else POWER
            yield row((what, name, "failed"), [s.failed for s in found], failed, trials)
            passed = ERROR if loss == 0.05 else None
            yield row((what, name, "passed"), [s.passed for s in found], passed, trials)
            yield [what, name, "scenarios run", *(f"{s.scenarios:.0f}" for s in found), ""]


def ranks_rows(trials: int, seed: int) -> Iterator[list[str]]:
    losses = {"a": 0.0, "b": 0.08, "c": 0.08, "d": 0.08, "e": 0.16, "f": 0.16}
    true = {"a": (1, 1), "b": (2, 4), "c": (2, 4), "d": (2, 4), "e": (5, 6), "f": (5, 6)}
    for rho in CORRELATIONS:
        shares = []
        for n in SCENARIOS:
            chance, held = np.random.default_rng([seed, 6, n]), 0
            for trial in range(trials):
                found = rank_intervals(entrants(chance, n, rho, losses), resamples=RESAMPLES, seed=trial).ranks
                held += all(found[k].best <= low and high <= found[k].worst for k, (low, high) in true.items())
            shares.append(held / trials)
        what = "six entrants, of which three and two tie"
        yield row((what, f"simulated, rho {rho}", "all true ranks within"), shares, RANKS, trials)


def interval_rows(trials: int, seed: int) -> Iterator[list[str]]:
    for p in RATES:
        for kind, rhos in (("many cells a scenario", CORRELATIONS), ("one yes or no a scenario", (None,))):
            shares = [
                min(coverage(Setting(p, rho, n, trials, (seed, 7, n, k))) for k, rho in enumerate(rhos))
                for n in SCENARIOS
            ]
            where = f"rho {CORRELATIONS[0]} to {CORRELATIONS[-1]}, the worst" if len(rhos) > 1 else "simulated"
            bar = Bar(at_least=BARS[p])
            yield row((f"mean {p}, {kind}", where, "held the truth"), shares, bar, trials)


def row(
    what: tuple[str, str, str], found: Sequence[float], bar: Bar | None = None, trials: int = 1
) -> list[str]:
    return [*what, *(f"{one:.3f}" for one in found), bar.said(found, trials) if bar else ""]


def table(title: str, rows: Iterable[list[str]]) -> None:
    heads = [title, "source", "share", *(f"{n} scenarios" for n in SCENARIOS), "bar"]
    print(f"| {' | '.join(heads)} |")
    print(f"|{'---|' * len(heads)}")
    for cells in rows:
        print(f"| {' | '.join(cells)} |", flush=True)
    print()


def print_table(runs: Sequence[str]) -> None:
    """`per_scenario.csv` from run folders: both of the first, and `random-prune` of the second."""
    from rembench.harness.cli.gate_sides import measured_run
    from rembench.harness.scoring import load_run

    out = csv.writer(sys.stdout, lineterminator="\n")
    print("# made with `rembench run -p core -c extractive -c random-prune --seed 0` (and 1), then")
    print(
        "# `python benchmarks/gate_error.py --table RUN0 RUN1`: every value of the default policy's metrics by"
    )
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


def main() -> None:
    parser = argparse.ArgumentParser(description="Errors and power of the gate, by simulation.")
    parser.add_argument("--trials", type=int, default=1000, help="trials of each number (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random numbers (default 1)")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; may be repeated")
    parser.add_argument(
        "--table", nargs="+", metavar="RUN", help="print per_scenario.csv from two runs instead"
    )
    asked = parser.parse_args()
    if asked.table:
        print_table(asked.table)
        return
    holm([0.5, 0.5])  # imports statsmodels, which collects garbage at every Holm:
    gc.freeze()  # all that's there now needn't be gone through
    begun = time.monotonic()
    half = asked.trials // 2
    parts: dict[str, tuple[str, Callable[[int, int], Iterator[list[str]]], int]] = {
        "intervals": ("95% intervals", interval_rows, asked.trials),
        "gate": ("the gate, one look", gate_rows, asked.trials),
        "looks": (f"the gate on retention alone, {LOOKS} looks", looks_rows, half),
        "ranks": ("rank intervals", ranks_rows, half),
    }
    for name in asked.part or PARTS:
        title, rows, trials = parts[name]
        table(title, rows(trials, asked.seed))
    spent = time.monotonic() - begun
    halved = f"{half} of all seven metrics, looks and ranks"
    print(f"{asked.trials} trials ({halved}), seed {asked.seed}; {spent:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
