"""The trials behind `gate_error.py`: what gate, looks, ranks and intervals say of what was made up.

Every function makes its own random numbers from the seed that it's given, and gives one value for each number
of scenarios: what it finds doesn't depend on what else is asked, or on how many processes ask.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pretend_runs import Maker, Scores, Sides, drawn, entrants, measured_pools, simulated

from rembench.harness.gate.checks import Precision, checks, mean_interval
from rembench.harness.gate.decide import Verdict, decide, together
from rembench.harness.gate.measured import Measured
from rembench.harness.gate.pairing import Couple
from rembench.harness.gate.policy import DEFAULT, Policy, Rule
from rembench.harness.statistics.intervals import LEVEL, Interval, student
from rembench.harness.statistics.ranks import rank_intervals
from rembench.harness.statistics.spending import ONE_LOOK, Look
from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioScore

SCENARIOS = (24, 48, 96)
CORRELATIONS = (0.1, 0.2, 0.3)
OWN = "simulated, rho 0.2, own 0.05"
REPEATED = f"{OWN}, 2 repeats"
PRUNE, EXTRACTIVE = "real: random-prune, two seeds", "real: extractive"
IT = Couple(name="it", against="it")
RESAMPLES, RESAMPLES_OF_LOOKS = 4999, 9999
LOOKS = 4
Seed = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each verdict was given, and how many scenarios it took on the average."""

    failed: float
    passed: float
    scenarios: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What's truly worse by how much, where from, and what it's held to."""

    source: str
    worse: tuple[tuple[str, float], ...]
    policy: Policy
    trials: int
    seed: Seed

    def maker(self) -> Maker:
        return sources()[self.source](dict(self.worse))


def sources() -> dict[str, Callable[[Mapping[str, float]], Maker]]:
    """From what's truly worse by how much to what makes it, by the name of the source."""
    pools = measured_pools()
    prune, extractive = [pools["random-prune 0"], pools["random-prune 1"]], [pools["extractive 0"]] * 2
    return {
        **{f"simulated, rho {rho}": _simulated(rho) for rho in CORRELATIONS},
        OWN: _simulated(0.2, 0.05),
        REPEATED: _simulated(0.2, 0.05, 2),
        PRUNE: lambda worse: drawn(*prune, worse.get("retention", 0.0)),
        EXTRACTIVE: lambda worse: drawn(*extractive, worse.get("retention", 0.0)),
    }


def _simulated(rho: float, own: float = 0.0, repeats: int = 1) -> Callable[[Mapping[str, float]], Maker]:
    return lambda worse: simulated(rho, worse, own, repeats)


def only(metric: str) -> Policy:
    """The default policy's rule of this metric, alone."""
    return Policy(rules=(Rule(metric=metric, margin=margin(metric)),))


def margin(metric: str) -> float:
    return next(rule.margin for rule in DEFAULT.rules if rule.metric == metric) or 0.0


def verdict(sides: Sides, policy: Policy, resamples: int, look: Look = ONE_LOOK) -> Verdict:
    precision = Precision(interval=0.9, resamples=resamples)
    found = list(checks(_side(sides[1]), _side(sides[0]), IT, policy, precision))
    return together(decide(found, policy, look))


def _side(metrics: Mapping[str, Mapping[str, ScenarioScore]]) -> Measured:
    return Measured(
        where="", rembench="", created="", packs=(), seed=0, repeats=1, versions={}, contestants={"it": metrics}
    )


def one_look(asked: Asked, scenarios: Sequence[int] = SCENARIOS) -> list[Shares]:
    """The verdicts at every number of scenarios."""
    found, make = [], asked.maker()
    for n in scenarios:
        chance = np.random.default_rng([*asked.seed, n])
        given = [
            verdict(make(chance, n, asked.policy.metrics), asked.policy, RESAMPLES) for _ in range(asked.trials)
        ]
        found.append(Shares(given.count("fail") / asked.trials, given.count("pass") / asked.trials, n))
    return found


def looks(asked: Asked) -> list[Shares]:
    """The verdicts of looks at a growing number of scenarios."""
    return [_looks(asked, n) for n in SCENARIOS]


def _looks(asked: Asked, n: int) -> Shares:
    chance, make = np.random.default_rng([*asked.seed, n]), asked.maker()
    failed = passed = used = 0
    for _ in range(asked.trials):
        sides = make(chance, n, asked.policy.metrics)
        for look in range(1, LOOKS + 1):
            size = n * look // LOOKS
            part = (_first(sides[0], size), _first(sides[1], size))
            now = Look(tuple(k / LOOKS for k in range(1, look + 1)))
            given = verdict(part, asked.policy, RESAMPLES_OF_LOOKS, now)
            if given != "undecided" or look == LOOKS:
                failed, passed, used = failed + (given == "fail"), passed + (given == "pass"), used + size
                break
    return Shares(failed / asked.trials, passed / asked.trials, used / asked.trials)


def _first(metrics: Mapping[str, Scores], size: int) -> dict[str, Scores]:
    ids = [f"s{k}" for k in range(size)]
    return {name: {k: scores[k] for k in ids if k in scores} for name, scores in metrics.items()}


def ranks(rho: float, trials: int, seed: Seed) -> list[float]:
    """How often every true rank of six is within its interval; of the six three are alike, and two."""
    losses = {"a": 0.0, "b": 0.08, "c": 0.08, "d": 0.08, "e": 0.16, "f": 0.16}
    true = {"a": (1, 1), "b": (2, 4), "c": (2, 4), "d": (2, 4), "e": (5, 6), "f": (5, 6)}
    shares = []
    for n in SCENARIOS:
        chance, held = np.random.default_rng([*seed, n]), 0
        for trial in range(trials):
            found = rank_intervals(entrants(chance, n, rho, losses), resamples=RESAMPLES, seed=trial).ranks
            held += all(found[k].best <= low and high <= found[k].worst for k, (low, high) in true.items())
        shares.append(held / trials)
    return shares


def mean_coverage(metric: str, trials: int, seed: Seed) -> list[float]:
    """How often the interval of scenarios drawn from the measured ones holds the mean of all of those."""
    pool = [s for s in measured_pools()["extractive 0"][metric] if s is not None and s.value is not None]
    truth = pool_mean(metric)
    shares = []
    for n in SCENARIOS:
        places = np.random.default_rng([*seed, n]).integers(0, len(pool), (trials, n)).tolist()
        found = (_mean_interval(metric, [pool[k] for k in row]) for row in places)
        shares.append(sum(_holds(one, truth) for one in found) / trials)
    return shares


def pool_mean(metric: str) -> float:
    """Of `extractive`, over the scenarios that were measured."""
    pool = [s for s in measured_pools()["extractive 0"][metric] if s is not None]
    return sum(s.value or 0.0 for s in pool) / len(pool)


def _mean_interval(metric: str, scores: Sequence[ScenarioScore]) -> Interval:
    values = [s.value or 0.0 for s in scores]
    return mean_interval(METRICS[metric], values, sum(s.scored for s in scores), LEVEL)


def difference_coverage(source: str, loss: float, trials: int, seed: Seed) -> list[float]:
    """How often the interval of the paired differences holds the true loss of retention."""
    make, shares = sources()[source]({"retention": loss}), []
    for n in SCENARIOS:
        chance = np.random.default_rng([*seed, n])
        held = 0
        for _ in range(trials):
            before, after = (side["retention"] for side in make(chance, n, ("retention",)))
            found = [(after[s].value or 0.0) - (before[s].value or 0.0) for s in before]
            held += _holds(student(found, (-1.0, 1.0)), -loss)
        shares.append(held / trials)
    return shares


def _holds(interval: Interval, truth: float) -> bool:
    return interval.low is not None and interval.high is not None and interval.low <= truth <= interval.high
