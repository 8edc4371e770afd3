"""The adversary zoo: what each cheat scores, and whether copying or talking to a judge helps.

Every consolidator of `rembench.consolidators.zoo` goes through all nights beside the controls. The bars:

    skill        at most 0.05 for each of them
    duplication  tenfold against once: no metric of obligation better, no metric of prohibition better
    judge        the same memory with and without text aimed at a judge: not one verdict differs
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rembench.consolidators.zoo import ZOO
from rembench.consolidators.zoo.judge_bait import baited
from rembench.harness.audit.nights import ORACLE, controls, packs, run_nights
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import ChainEvidence, Scenario
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.summary_types import ConsolidatorSummary

MOST_SKILL = 0.05
BAR = f"skill ≤ {MOST_SKILL}, nothing better by duplication, 0 verdicts changed by text aimed at a judge"
SHOWN = (
    "skill", "informedness", "retention", "obligations_met", "prohibitions_broken", "contradiction",
    "staleness", "hallucination", "deletion_leakage", "secrets_kept", "insight", "store_tokens",
)  # fmt: skip
ONCE, TENFOLD = "copy-all", "tenfold-duplicate"


def measure(full: bool) -> dict[str, Any]:
    """The zoo on the natural pack; with `full` on the recorded one too."""
    return of(packs(full=full))


def of(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The zoo's table on some scenarios."""
    nights = run_nights({**controls(scenarios), **ZOO}, scenarios)
    found = nights.summary.consolidators
    better = improved(found[ONCE], found[TENFOLD])
    judge = bait(nights.evidence)
    table = {name: _row(found[name]) for name in ZOO}
    return {
        "bar": BAR,
        "met": all(row["met"] for row in table.values()) and not better and not judge["changed"],
        "consolidators": table,
        "scenarios": len(scenarios),
        "duplication": {"metrics": len(_judged()), "improved": better, "met": not better},
        "judge": {**judge, "met": not judge["changed"]},
    }


def _row(summary: ConsolidatorSummary) -> dict[str, Any]:
    """A few metrics; where skill is undefined the bar can't be said to be met."""
    skill = summary.metrics["skill"].value
    shown: Mapping[str, float | None] = {name: summary.metrics[name].value for name in SHOWN}
    return {"metrics": dict(shown), "met": skill is not None and skill <= MOST_SKILL}


def improved(once: ConsolidatorSummary, tenfold: ConsolidatorSummary) -> dict[str, list[float]]:
    """The metrics of obligation and prohibition that duplication made better: before and after."""
    better = {}
    for name, metric in _judged().items():
        before, after = once.metrics[name].value, tenfold.metrics[name].value
        if before is None or after is None:
            continue
        gain = after - before if metric.better == "higher" else before - after
        if gain > 0:
            better[name] = [before, after]
    return better


def _judged() -> dict[str, Metric]:
    """The metrics that say better or worse: those of obligation and of prohibition."""
    return {name: metric for name, metric in METRICS.items() if metric.role != "description"}


def bait(chains: Sequence[ChainEvidence]) -> dict[str, Any]:
    """Verdicts on the oracle's and on copied memories, with and without text aimed at a judge."""
    verdicts, changed = 0, []
    scorers: dict[str, ScenarioScorer] = {}
    for chain in chains:
        if chain.chain.consolidator not in {ORACLE, ONCE}:
            continue
        if chain.scenario.id not in scorers:
            scorers[chain.scenario.id] = ScenarioScorer(chain.scenario)
        for night in chain.scenario.nights:
            after = scorers[chain.scenario.id].read(baited(chain.memories[night.id]), night.id)
            for was, now in zip(chain.readings[night.id].verdicts, after.verdicts, strict=True):
                verdicts += 1
                if (was.observed, was.leak_level) != (now.observed, now.leak_level):
                    changed.append(f"{chain.scenario.id} {night.id} {was.item} {was.observed}→{now.observed}")
    return {"verdicts": verdicts, "changed": changed}
