"""Mutants noticed: of the wrong statements put into the oracle's memories, how many change anything.

A mutant of `mutate` is noticed when the verdict of the value that it was made of isn't what it was, or when
a finding that wasn't there before is on the item or in the changed line. The bar: at least 95% of every
type. Which verdict it should be isn't asked here: agreement with readers is.
"""

from collections.abc import Sequence
from typing import Any

from rembench.harness.audit.entries import read_entries
from rembench.harness.audit.mutate import MUTATIONS, Mutant, mutants
from rembench.harness.audit.nights import packs
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Finding, Reading, Scenario

LEAST = 0.95
BAR = f"≥ {LEAST:.0%} of every type noticed"
_EXAMPLES = 5


def measure(full: bool) -> dict[str, Any]:
    """Every type on the natural pack; with `full` on the recorded one too."""
    return of(packs(full=full))


def of(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The share noticed per type on some scenarios, with the first that weren't."""
    made = dict.fromkeys(MUTATIONS, 0)
    missed: dict[str, list[str]] = {name: [] for name in MUTATIONS}
    for scenario in scenarios:
        scorer = ScenarioScorer(scenario)
        for night in scenario.nights:
            oracle = oracle_memory(scenario, night.id)
            before = scorer.read(oracle, night.id)
            for mutant in mutants(read_entries(scenario, night.id, oracle)):
                made[mutant.type] += 1
                if not is_noticed(mutant, before, scorer.read(mutant.memory, night.id)):
                    missed[mutant.type].append(f"{scenario.id} {night.id} {mutant.item}: {mutant.after}")
    found = {name: _share(made[name], missed[name]) for name in MUTATIONS if made[name]}
    return {"bar": BAR, "met": all(f["met"] for f in found.values()), "types": found}


def _share(made: int, missed: Sequence[str]) -> dict[str, Any]:
    share = 1 - len(missed) / made
    examples = list(dict.fromkeys(missed))[:_EXAMPLES]
    noticed = made - len(missed)
    return {"made": made, "noticed": noticed, "share": share, "met": share >= LEAST, "examples": examples}


def is_noticed(mutant: Mutant, before: Reading, after: Reading) -> bool:
    """Whether the value's verdict changed, or the item or the changed line has a new finding."""
    was, now = (
        [v.observed for v in reading.verdicts if (v.item, v.value) == (mutant.item, mutant.value)]
        for reading in (before, after)
    )
    known = {_key(f) for f in before.findings}
    return was != now or any(_key(f) not in known and _is_on(f, mutant) for f in after.findings)


def _key(finding: Finding) -> tuple[str, str | None, int | None, str]:
    return finding.type, finding.item, finding.value, finding.quote


def _is_on(finding: Finding, mutant: Mutant) -> bool:
    inside = finding.path == mutant.path and finding.start < mutant.end and mutant.start < finding.end
    return inside or finding.item == mutant.item
