"""What may be set against what: packs, versions, consolidators; then the differences, scenario by scenario.

Missing verdicts, of failed nights, of nights not run and of the scorer's abstentions alike: a scenario in which
one side misses a larger share than the other is open on that side. Its value then lies between its bounds, and
"kept" must hold at the worst for the run, "broken" at the best. Where one side misses no larger share of all
opportunities than the policy puts up with, the values seen are taken as they are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.errors import UserError, unknown_name
from rembench.harness.gate.measured import Measured, Scores
from rembench.harness.statistics.pairs import Pairs
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import ScenarioScore


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """A contestant of the run, and the one of the baseline that it's set against."""

    name: str
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Run minus baseline on one metric, turned so that more is better.

    `worst` and `best` hold every open scenario at its ends: None where those aren't known. `missing` is the
    share of opportunities that one side misses and the other doesn't, `open` the number of open scenarios.
    """

    seen: Pairs
    worst: tuple[float, ...] | None
    best: tuple[float, ...] | None
    open: int
    missing: float


def check_comparable(run: Measured, baseline: Measured) -> None:
    """UserError where no difference would mean anything."""
    if sorted(sha for _, sha in run.packs) != sorted(sha for _, sha in baseline.packs):
        raise UserError(
            f"the baseline was made on {_packs(baseline)}, the run on {_packs(run)}",
            where=baseline.where,
            right="run the same packs, or make a baseline on these",
        )
    if run.rembench != baseline.rembench:
        raise UserError(
            f"the baseline was scored by rembench {baseline.rembench}, the run by {run.rembench}",
            where=baseline.where,
            right="make it again from its run with `rembench gate baseline RUN -o FILE`",
        )


def check_common(run: Measured, baseline: Measured) -> None:
    """UserError where the two have no scenario in common."""
    if not run.scenarios() & baseline.scenarios():
        what = "the run and the baseline have no scenario in common"
        raise UserError(what, where=baseline.where, right="run the same shard, or more of the pack")


def couples(
    run: tuple[Sequence[str], Sequence[str]],
    baseline: tuple[Sequence[str], Sequence[str]],
    *,
    where: tuple[str, str],
    asked: Sequence[str] = (),
) -> tuple[Couple, ...]:
    """Who is set against whom: the same name, or else the one contestant against the one contestant.

    `run` and `baseline` are the names of contestants, and those of everyone; `asked` may name a control.
    """
    (contestants, everyone), (theirs, known) = run, baseline
    for name in asked:
        if name not in everyone:
            raise unknown_name("consolidator", name, everyone, where=where[0])
    mine = list(asked or contestants)
    if not mine:
        raise UserError("the run has only controls", where=where[0], right="name one of them with -c")
    if len(mine) == 1 and mine[0] not in known and len(theirs) == 1:
        return (Couple(name=mine[0], against=theirs[0]),)
    for name in mine:
        if name not in known:
            raise unknown_name("consolidator", name, known, where=where[1])
    return tuple(Couple(name=name, against=name) for name in dict.fromkeys(mine))


def compared(metric: Metric, run: Scores, baseline: Scores, *, allowed: float = 0.0) -> Compared:
    """The differences on the scenarios that both were run on; `allowed` is the policy's share of missing."""
    asked = sorted(n for n in run.keys() & baseline.keys() if _cells(run[n]) or _cells(baseline[n]))
    sides = {name: (run[name], baseline[name]) for name in asked}
    sign = -1.0 if metric.better == "lower" else 1.0
    found = {
        name: sign * (mine.value - theirs.value) + 0.0  # no -0
        for name, (mine, theirs) in sides.items()
        if mine.value is not None and theirs.value is not None
    }
    seen = tuple(found.values())
    pairs = Pairs(
        scenarios=tuple(found), differences=seen, unpaired=tuple(name for name in asked if name not in found)
    )
    opened = {name: _beyond(*both) for name, both in sides.items() if _beyond(*both)}
    missing = _missing(opened, sides)
    if missing <= allowed:
        return Compared(seen=pairs, worst=seen, best=seen, open=0, missing=missing)
    ends = [_ends(both, sign) for name, both in sides.items() if name in found or name in opened]
    known = [end for end in ends if end is not None]
    return Compared(
        seen=pairs,
        worst=tuple(low for low, _ in known) if len(known) == len(ends) else None,
        best=tuple(high for _, high in known) if len(known) == len(ends) else None,
        open=len(opened),
        missing=missing,
    )


def _cells(one: ScenarioScore) -> int:
    return one.scored + one.missing


def _beyond(run: ScenarioScore, baseline: ScenarioScore) -> float:
    """The share that the run misses beyond what the baseline does; below 0 the other way round."""
    mine, theirs = (one.missing / max(1, _cells(one)) for one in (run, baseline))
    return mine - theirs


def _missing(opened: Mapping[str, float], sides: Mapping[str, tuple[ScenarioScore, ScenarioScore]]) -> float:
    """The share of all opportunities that one side misses and the other doesn't."""
    if not opened:
        return 0.0
    sizes = {name: max(_cells(mine), _cells(theirs)) for name, (mine, theirs) in sides.items()}
    return math.fsum(abs(share) * sizes[name] for name, share in opened.items()) / sum(sizes.values())


def _ends(sides: tuple[ScenarioScore, ScenarioScore], sign: float) -> tuple[float, float] | None:
    """Between what the difference of one scenario lies; None where that isn't known.

    The side that misses more is the open one; what's missing on both is missing alike.
    """
    run, baseline = sides
    beyond = _beyond(run, baseline)
    left, right = _range(run, is_open=beyond > 0), _range(baseline, is_open=beyond < 0)
    if left is None or right is None:
        return None
    low, high = left[0] - right[1], left[1] - right[0]
    return (low, high) if sign > 0 else (-high + 0.0, -low + 0.0)


def _range(one: ScenarioScore, *, is_open: bool) -> tuple[float, float] | None:
    if one.value is not None and not is_open:
        return one.value, one.value
    return one.bounds


def _packs(side: Measured) -> str:
    return ", ".join(f"{name} sha256 {sha[:12]}" for name, sha in side.packs)
