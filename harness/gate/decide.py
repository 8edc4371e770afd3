"""The verdicts: what's kept, what's broken, and what so many scenarios can't tell.

pass        every blocking check is kept: each p at the level, for only all of them together pass (Berger,
            Multiparameter hypothesis testing and acceptance sampling, Technometrics 24 (1982): no adjustment)
fail        any blocking check is broken: their p's adjusted for their number by Holm
undecided   neither

So both errors keep the level: failing a run that breaks nothing, and passing one that breaks something.
Obligations and prohibitions are decided check by check and never added up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rembench.harness.gate.checks import Check
from rembench.harness.gate.measured import Measured
from rembench.harness.gate.policy import Policy
from rembench.harness.statistics.differences import deviation
from rembench.harness.statistics.holm import holm
from rembench.harness.statistics.margins import scenarios_to_decide
from rembench.harness.statistics.power import detectable
from rembench.harness.statistics.spending import ONE_LOOK, Look
from rembench.harness.statistics.told import Told

Verdict = Literal["pass", "fail", "undecided"]
Role = Literal["obligation", "prohibition", "description"]
ROLES: tuple[Role, ...] = ("obligation", "prohibition", "description")
EXIT_CODES: dict[Verdict, int] = {"pass": 0, "fail": 1, "undecided": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A check with its verdict. `kept` and `broken` are its p's, `broken` adjusted for the number of checks.

    `tests` is that number; `level` the policy's, and `at` what this look asks of a check's p.
    """

    check: Check
    verdict: Verdict
    kept: float
    broken: float
    tests: int
    level: float
    at: float

    @property
    def noticed(self) -> Told:
        """The smallest true loss that so many scenarios would fail 80 times in 100, in the metric's units.

        Of a floor: how far on its wrong side.
        """
        seen = self.check.seen
        found = detectable(deviation(seen), len(seen), level=self.at, sides=1)
        if found.value is None:
            return found
        return Told(found.value + self.margin)

    @property
    def wanted(self) -> Told:
        """So many scenarios, more than there are, would decide 80 times in 100 if what's seen is true.

        What's missing is then missing in the same share, and counts against the answer.
        """
        check, found = self.check, self._answering
        if found is None:
            return Told(None, "what's missing must be made good first")
        told = scenarios_to_decide(found, self.margin, unit=check.unit, tests=self.tests, level=self.level)
        if told.value is None or self.verdict != "undecided":
            return told
        return Told(max(told.value, len(check.seen) + 1.0))  # these were unlucky, or a look asks for more

    @property
    def waits(self) -> bool:
        """Whether no number of scenarios would decide it, as long as so much is missing."""
        return self.verdict == "undecided" and self._answering is None

    @property
    def _answering(self) -> tuple[float, ...] | None:
        """What's seen, with what's missing held against the answer that more scenarios could give.

        None where what's missing leaves both answers open.
        """
        check = self.check
        if self.verdict != "undecided" or not check.open:
            return check.seen
        for found, side in ((check.worst, 1.0), (check.best, -1.0)):
            if check.seen and found and side * (math.fsum(found) / len(found) + self.margin) > 0.0:
                return found
        return None

    @property
    def margin(self) -> float:
        """What the run may be worse by; a floor has none."""
        return self.check.limit if self.check.test == "margin" else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """All of a gate: its verdict, and what it rests on. `look` of how many, where there were several."""

    verdict: Verdict
    decisions: tuple[Decision, ...]
    policy: Policy
    run: Measured
    baseline: Measured
    notes: tuple[str, ...] = ()
    look: Look = ONE_LOOK

    @property
    def wanted(self) -> int | None:
        """The scenarios that would decide all that's undecided and blocks; None where that can't be told."""
        open_ = [d for d in self.decisions if d.verdict == "undecided" and d.check.blocks]
        numbers = [d.wanted.value for d in open_ if d.wanted.value is not None]
        return int(max(numbers)) if numbers and len(numbers) == len(open_) else None

    def of_role(self, role: Role) -> Verdict | None:
        """The verdict of the blocking checks of one role; None where there are none."""
        mine = [d for d in self.decisions if d.check.metric.role == role and d.check.blocks]
        return together(mine) if mine else None


def decide(found: Sequence[Check], policy: Policy, look: Look = ONE_LOOK) -> tuple[Decision, ...]:
    """The verdict of every check; those that don't block are adjusted among themselves."""
    is_last = look.shares[-1] >= 1.0
    kept = [1.0 if one.unbroken and not is_last else look.spent(one.kept) for one in found]
    broken = [look.spent(one.broken) for one in found]
    adjusted: dict[int, float] = {}
    for blocks in (True, False):
        family = [n for n, one in enumerate(found) if one.blocks is blocks]
        for n, p in zip(family, holm([broken[n] for n in family]), strict=True):
            adjusted[n] = 1.0 if p is None else p
    tests = {blocks: sum(one.blocks is blocks for one in found) for blocks in (True, False)}
    return tuple(
        Decision(
            check=one,
            verdict=_verdict(kept[n], adjusted[n], policy.level),
            kept=kept[n],
            broken=adjusted[n],
            tests=tests[one.blocks],
            level=policy.level,
            at=look.nominal(policy.level / tests[one.blocks]),
        )
        for n, one in enumerate(found)
    )


def together(decisions: Sequence[Decision]) -> Verdict:
    """The verdict of several checks: each of those that block must pass."""
    verdicts = {d.verdict for d in decisions if d.check.blocks}
    if "fail" in verdicts:
        return "fail"
    return "undecided" if "undecided" in verdicts else "pass"


def _verdict(kept: float, broken: float, level: float) -> Verdict:
    if broken <= level:
        return "fail"
    return "pass" if kept <= level else "undecided"
