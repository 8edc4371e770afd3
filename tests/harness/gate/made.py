"""Sides of a gate, written by hand."""

from rembench.harness.gate.checks import Precision, checks
from rembench.harness.gate.decide import decide
from rembench.harness.gate.measured import Measured
from rembench.harness.gate.pairing import Couple
from rembench.harness.gate.policy import Policy, Rule
from rembench.reports.by_scenario import ScenarioScore

IT = Couple(name="it", against="it")


KNOWN = "both are the value"


def score(value, *, bounds=KNOWN, scored=20, missing=0, opportunities=20):
    ends = bounds
    if bounds is KNOWN:
        ends = None if value is None else (value, value)
    return ScenarioScore(value=value, bounds=ends, scored=scored, missing=missing, opportunities=opportunities)


def scores(values, **more):
    """Scenarios s00, s01 ... with these values; a score may stand for itself."""
    made = {f"s{n:02d}": v if isinstance(v, ScenarioScore) else score(v, **more) for n, v in enumerate(values)}
    return {name: one for name, one in made.items() if one.value is not None or one.missing}


def side(metrics, *, name="it", where="a run", packs=(("core", "abc"),), rembench="1", repeats=1):
    """A side with one contestant: metric → values or scores."""
    found = {m: v if isinstance(v, dict) else scores(v) for m, v in metrics.items()}
    return Measured(
        where=where, rembench=rembench, created="2030-01-01T00:00:00+00:00", packs=packs, seed=0,
        repeats=repeats, versions={"python": "3"}, contestants={name: found},
    )  # fmt: skip


def check(metric, run, baseline=(), *, missing=0.0, **rule):
    """The one check of a rule."""
    policy = Policy(rules=(Rule(metric=metric, **rule),), missing=missing)
    sides = side({metric: run}), side({metric: baseline})
    (one,) = checks(*sides, IT, policy, Precision(interval=0.9, resamples=999))
    return one


def decision(metric, run, baseline=(), *, missing=0.0, **rule):
    """The decision on the one check of a rule."""
    policy = Policy(rules=(Rule(metric=metric, **rule),))
    (one,) = decide([check(metric, run, baseline, missing=missing, **rule)], policy)
    return one
