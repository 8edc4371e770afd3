"""The gate itself: from two sides and a policy to a verdict."""

from collections.abc import Sequence
from dataclasses import replace

from rembench.harness.errors import UserError
from rembench.harness.gate.checks import RESAMPLES, Precision, checks
from rembench.harness.gate.decide import Gate, decide, together
from rembench.harness.gate.measured import Measured
from rembench.harness.gate.pairing import Couple, check_common, check_comparable
from rembench.harness.gate.policy import Policy
from rembench.harness.statistics.spending import ONE_LOOK, Look


def gate(
    run: Measured, baseline: Measured, couples: Sequence[Couple], policy: Policy, look: Look = ONE_LOOK
) -> Gate:
    """The verdict on `run`; UserError where the two can't be set against one another."""
    check_comparable(run, baseline)
    check_common(run, baseline)
    _check_metrics(baseline, couples, policy)
    policy, unasked = _asked(run, baseline, couples, policy)
    resamples = RESAMPLES if look == ONE_LOOK else 5 * RESAMPLES  # early looks ask for very small p's
    precision = Precision(interval=1.0 - 2.0 * look.nominal(policy.level), resamples=resamples)
    found = [one for couple in couples for one in checks(run, baseline, couple, policy, precision)]
    decisions = decide(found, policy, look)
    return Gate(
        verdict=together(decisions),
        decisions=decisions,
        policy=policy,
        run=run,
        baseline=baseline,
        notes=(*unasked, *(_notes(run, baseline) if look == ONE_LOOK else ())),
        look=look,
    )


def _check_metrics(baseline: Measured, couples: Sequence[Couple], policy: Policy) -> None:
    for couple in couples:
        has = baseline.contestants[couple.against]
        for rule in policy.rules:
            if rule.margin is not None and rule.metric not in has:
                raise UserError(
                    f"the baseline has no {rule.metric}",
                    where=baseline.where,
                    right="make it again with `rembench gate baseline RUN -o FILE --policy FILE`",
                )


def _asked(
    run: Measured, baseline: Measured, couples: Sequence[Couple], policy: Policy
) -> tuple[Policy, tuple[str, ...]]:
    """The policy without the metrics that nobody's scenarios ask, and a note on each of those."""
    sides = [run.contestants[one.name] for one in couples] + [baseline.contestants[c.against] for c in couples]
    asked = {
        rule.metric
        for rule in policy.rules
        for side in sides
        if any(score.scored + score.missing for score in side.get(rule.metric, {}).values())
    }
    if not any(rule.metric in asked and rule.blocks for rule in policy.rules):
        what = f"none of the policy's metrics is asked in these scenarios: {', '.join(policy.metrics)}"
        raise UserError(what, where=run.where, right="a policy with metrics that are")
    kept = tuple(rule for rule in policy.rules if rule.metric in asked)
    notes = (f"{m} isn't asked in these scenarios: left out" for m in policy.metrics if m not in asked)
    return replace(policy, rules=kept), tuple(notes)


def _notes(run: Measured, baseline: Measured) -> tuple[str, ...]:
    mine, theirs = run.scenarios(), baseline.scenarios()
    if len(mine & theirs) < max(len(mine), len(theirs)):
        shared = len(mine & theirs)
        both = "1 scenario is in both" if shared == 1 else f"{shared} scenarios are in both"
        return (f"{both}: the run has {len(mine)}, the baseline {len(theirs)}",)
    return ()
