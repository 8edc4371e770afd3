"""How often the gate, its looks and the rank intervals are wrong, and how often they notice, by simulation.

    python benchmarks/gate_error.py [--trials N] [--seed S] [--part NAME]... [--jobs N]
    python benchmarks/gate_error.py > benchmarks/gate_error.md                           the committed one

Every trial makes a baseline and a run (`pretend_runs.py` says how), metric by metric and scenario by scenario,
and hands them to the gate's own code with its default policy: seven metrics, margins of 0.05 (0.15 where a
scenario is nearly a yes or no), Holm over all of them. "By the margin" is the edge of the gate's two errors, on
one metric alone: failing such a run, and passing it. A bar that isn't kept is *not met* if it's missed by more
than chance explains, two standard errors: sqrt(bar x (1 - bar) / trials) each; else it's *within chance*.
`scripts/readme.py` copies the first part of the committed table.
"""

import argparse
import gc
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core each; must be said before numpy is there

import gate_trials as trial
from gate_trials import CORRELATIONS, EXTRACTIVE, LOOKS, OWN, PRUNE, REPEATED, SCENARIOS, Asked
from interval_coverage import BARS, RATES, Setting, coverage

from rembench.harness.gate.policy import DEFAULT
from rembench.harness.statistics.holm import holm

RHOS = tuple(f"simulated, rho {rho}" for rho in CORRELATIONS)
ALL_RHOS = f"simulated, rho {CORRELATIONS[0]} to {CORRELATIONS[-1]}"
SOURCES = (*RHOS, OWN, PRUNE, EXTRACTIVE)
MET, CHANCE, NOT_MET = "met", "within chance", "**not met**"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a share is held to, at every number of scenarios or at the most."""

    at_most: float | None = None
    at_least: float | None = None
    at_the_most_scenarios: bool = False

    @property
    def edge(self) -> float:
        return self.at_most if self.at_most is not None else self.at_least or 0.0

    @property
    def worst(self) -> Callable[[Sequence[float]], float]:
        return max if self.at_most is not None else min

    def kept(self, found: Sequence[float], trials: int) -> str:
        asked = self.worst(found[-1:] if self.at_the_most_scenarios else found)
        beyond = asked - self.edge if self.at_most is not None else self.edge - asked
        slack = 2.0 * math.sqrt(self.edge * (1.0 - self.edge) / trials)
        return MET if beyond <= 0.0 else CHANCE if beyond <= slack else NOT_MET

    def __str__(self) -> str:
        at = f" at {SCENARIOS[-1]}" if self.at_the_most_scenarios else ""
        return f"{'≤' if self.at_most is not None else '≥'} {self.edge:.2f}{at}"


ERROR = Bar(at_most=0.06)
POWER = Bar(at_least=0.80, at_the_most_scenarios=True)
RANKS = Bar(at_least=0.94)
DIFFERENCE = Bar(at_least=0.94)
HELD = "held the truth"
REAL = ("retention", "contradiction", "staleness", "hallucination")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A share at every number of scenarios; `short` is where it goes in the short table, as what and source."""

    what: str
    source: str
    share: str
    found: tuple[float, ...]
    trials: int
    bar: Bar | None = None
    short: tuple[str, str] | None = None
    shown: str = ".3f"

    @property
    def kept(self) -> str:
        return self.bar.kept(self.found, self.trials) if self.bar else ""

    def cells(self) -> list[str]:
        told = f"{self.bar}: {self.kept}" if self.bar else ""
        return [*self.head(), *(f"{one:{self.shown}}" for one in self.found), f"{self.trials:,}", told]

    def head(self) -> tuple[str, str, str]:
        return self.what, self.source, self.share


Job = Callable[[], list[Row]]
"""Some rows of one table; in any process it finds the same."""


def interval_jobs(trials: int, seed: int) -> Iterator[Job]:
    for p in RATES:
        for rhos in (CORRELATIONS, (None,)):
            yield partial(_simulated_mean, p, rhos, trials, seed)
    for metric in REAL:
        yield partial(_real_mean, metric, trials, seed)
    for source in SOURCES[:-1]:  # of `extractive` both sides are one: nothing varies but the loss
        yield partial(_difference, source, trials, seed)


def _simulated_mean(p: float, rhos: tuple[float | None, ...], trials: int, seed: int) -> list[Row]:
    many = len(rhos) > 1
    found = tuple(
        min(coverage(Setting(p, rho, n, trials, (seed, 7, n, k))) for k, rho in enumerate(rhos))
        for n in SCENARIOS
    )
    what = f"mean {p}, {'many cells' if many else 'one yes or no'} a scenario"
    source = f"{ALL_RHOS}, the worst" if many else "simulated"
    return [
        Row(
            what=what,
            source=source,
            share=HELD,
            found=found,
            trials=trials,
            bar=Bar(at_least=BARS[p]),
            short=(f"95% interval of a mean of {p}", ALL_RHOS),
        )
    ]


def _real_mean(metric: str, trials: int, seed: int) -> list[Row]:
    truth = trial.pool_mean(metric)
    bar = next((BARS[p] for p in RATES if max(truth, 1.0 - truth) <= p), BARS[RATES[-1]])
    return [
        Row(
            what=f"mean {metric}, {truth:.2f}",
            source=EXTRACTIVE,
            share=HELD,
            found=tuple(trial.mean_coverage(metric, trials, (seed, 8))),
            trials=trials,
            bar=Bar(at_least=bar),
            short=(f"95% interval of {metric}, mean {truth:.2f}", EXTRACTIVE),
        )
    ]


def _difference(source: str, trials: int, seed: int) -> list[Row]:
    return [
        Row(
            what="paired difference, retention 10 points worse",
            source=source,
            share=HELD,
            found=tuple(trial.difference_coverage(source, 0.1, trials, (seed, 9))),
            trials=trials,
            bar=DIFFERENCE,
            short=("95% interval of a paired difference", _group(source)),
        )
    ]


def gate_jobs(trials: int, seed: int) -> Iterator[Job]:
    for source in SOURCES:
        yield partial(_itself, Asked(source, (), DEFAULT, trials // 2, (seed, 1)))
    for source in (*RHOS, OWN, REPEATED, PRUNE, EXTRACTIVE):
        yield partial(_worse, Asked(source, (("retention", 0.1),), DEFAULT, trials // 2, (seed, 2)))
    for metric in ("retention", "deletion_leakage", "injections_obeyed"):
        policy, loss = trial.only(metric), trial.margin(metric)
        for source in SOURCES:
            if metric == "retention" or not source.startswith("real"):  # that is only made worse on retention
                yield partial(_margin, Asked(source, ((metric, loss),), policy, trials, (seed, 3)))


def _itself(asked: Asked) -> list[Row]:
    return _verdicts("itself, another seed", asked, trial.one_look(asked), (ERROR, None))


def _worse(asked: Asked) -> list[Row]:
    return _verdicts("10 points worse on retention", asked, trial.one_look(asked), (POWER, None))


def _margin(asked: Asked) -> list[Row]:
    what = f"{asked.policy.metrics[0]} worse by the margin"
    return _verdicts(what, asked, trial.one_look(asked), (ERROR, ERROR), "worse by the very margin")


def _verdicts(
    what: str, asked: Asked, found: list[trial.Shares], bars: tuple[Bar | None, Bar | None], short: str = ""
) -> list[Row]:
    shares = {"failed": tuple(s.failed for s in found), "passed": tuple(s.passed for s in found)}
    return [
        Row(
            what=what,
            source=asked.source,
            share=share,
            found=shares[share],
            trials=asked.trials,
            bar=bar,
            short=(short or what, _group(asked.source)) if bar else None,
        )
        for share, bar in zip(shares, bars, strict=True)
    ]


def looks_jobs(trials: int, seed: int) -> Iterator[Job]:
    policy = trial.only("retention")
    for source in (RHOS[1], PRUNE):
        for what, loss in (("itself, another seed", 0.0), ("10 points worse", 0.1), ("by the margin", 0.05)):
            yield partial(_looks, what, Asked(source, (("retention", loss),), policy, trials // 2, (seed, 5)))


def _looks(what: str, asked: Asked) -> list[Row]:
    found = trial.looks(asked)
    bars = {0.0: (ERROR, None), 0.1: (POWER, None), 0.05: (ERROR, ERROR)}[asked.worse[0][1]]
    rows = _verdicts(what, asked, found, bars)
    short = (f"{LOOKS} looks at retention, {what}", asked.source)
    taken = Row(
        what=what,
        source=asked.source,
        share="scenarios run",
        found=tuple(s.scenarios for s in found),
        trials=asked.trials,
        shown=".0f",
    )
    return [*(replace(row, short=short if row.bar else None) for row in rows), taken]


def ranks_jobs(trials: int, seed: int) -> Iterator[Job]:
    for rho in CORRELATIONS:
        yield partial(_ranks, rho, trials // 2, seed)


def _ranks(rho: float, trials: int, seed: int) -> list[Row]:
    what = "six entrants, of which three and two tie"
    found = tuple(trial.ranks(rho, trials, (seed, 6)))
    return [
        Row(
            what=what,
            source=f"simulated, rho {rho}",
            share="all true ranks within",
            found=found,
            trials=trials,
            bar=RANKS,
            short=(f"rank intervals, {what}", ALL_RHOS),
        )
    ]


def _group(source: str) -> str:
    """The source's name in the short table."""
    return ALL_RHOS if source in RHOS else source


PARTS: dict[str, tuple[str, Callable[[int, int], Iterator[Job]]]] = {
    "intervals": ("95% intervals", interval_jobs),
    "gate": ("the gate, one look", gate_jobs),
    "looks": (f"the gate on retention alone, {LOOKS} looks", looks_jobs),
    "ranks": ("rank intervals", ranks_jobs),
}


def table(title: str, rows: Sequence[Row]) -> Iterator[str]:
    heads = [title, "source", "share", *(f"{n} scenarios" for n in SCENARIOS), "trials", "bar"]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(one.cells())} |" for one in rows)


def short_table(rows: Sequence[Row]) -> Iterator[str]:
    """What's held to a bar, the worst of every group at each number of scenarios."""
    groups: dict[tuple[tuple[str, str], str, str], list[Row]] = {}
    for row in rows:
        if row.short and row.bar:
            groups.setdefault((row.short, row.share, str(row.bar)), []).append(row)
    heads = ["what", "source", "share", "bar", *(f"{n} scenarios" for n in SCENARIOS), ""]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for (short, share, bar), mine in groups.items():
        worst = mine[0].bar.worst if mine[0].bar else max
        found = [worst(column) for column in zip(*(one.found for one in mine), strict=True)]
        kept = max((one.kept for one in mine), key=[MET, CHANCE, NOT_MET].index)
        yield f"| {' | '.join([*short, share, bar, *(f'{one:.3f}' for one in found), kept])} |"


def page(asked: argparse.Namespace, tables: dict[str, list[Row]]) -> Iterator[str]:
    yield "# How often the gate is wrong, by simulation"
    yield ""
    yield f"Made by `{command(asked)}`; the script says what's simulated. Shares of trials."
    yield ""
    yield "## What's held to a bar, the worst of each sort"
    yield ""
    yield from short_table([row for rows in tables.values() for row in rows])
    yield ""
    yield "## All of it"
    for name, rows in tables.items():
        yield ""
        yield from table(PARTS[name][0], rows)


def command(asked: argparse.Namespace) -> str:
    parts = "".join(f" --part {name}" for name in asked.part or ())
    return f"python benchmarks/gate_error.py --trials {asked.trials} --seed {asked.seed}{parts}"


def run(job: Job) -> list[Row]:
    return job()


def found(asked: argparse.Namespace) -> dict[str, list[Row]]:
    """The rows of every part asked for, each said on stderr as it comes."""
    made: dict[str, list[Row]] = {}
    with ProcessPoolExecutor(asked.jobs, initializer=calm) as pool:
        coming = {
            name: pool.map(run, list(PARTS[name][1](asked.trials, asked.seed))) for name in asked.part or PARTS
        }
        for name, results in coming.items():
            made[name] = []
            for rows in results:
                made[name] += rows
                for row in rows:
                    print(" | ".join(row.cells()), file=sys.stderr, flush=True)
    return made


def calm() -> None:
    """Statsmodels collects garbage at every Holm: all that's there now needn't be gone through."""
    holm([0.5, 0.5])
    gc.freeze()


def main() -> None:
    parser = argparse.ArgumentParser(description="Errors and power of the gate, by simulation.")
    halved = "trials of each number, half as many of all seven metrics, looks and ranks [2000]"
    parser.add_argument("--trials", type=int, default=2000, help=halved)
    parser.add_argument("--seed", type=int, default=1, help="seed of all random numbers [1]")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this; may be repeated")
    parser.add_argument("--jobs", type=int, default=1, help="processes; they change nothing in the numbers [1]")
    asked = parser.parse_args()
    print("\n".join(page(asked, found(asked))))


if __name__ == "__main__":
    main()
