"""Mutants noticed: of the wrong statements put into the oracle's memories, how many the scorer tells of.

A mutant of `mutate` is noticed only by what tells of its own fault, as `TELLS` lists it:

    lost      the value was held and is now retired or absent; hedged, or no verdict, isn't enough
    findings  a finding of such a type that wasn't there before, on the item or in the changed line

A year that a tense shift brought along and that no source has is unsupported, but says nothing of the tense:
it doesn't count. The bar: at least 95% of every type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.audit.entries import read_entries
from rembench.harness.audit.mutate import MUTATIONS, Mutant, mutants
from rembench.harness.audit.nights import packs
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Finding, Reading, Scenario, Stance

LEAST = 0.95
BAR = f"≥ {LEAST:.0%} of every type noticed"
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Tells:
    """What tells of a fault: that the value isn't held any more (`lost`), or a new finding of these types."""

    lost: bool
    findings: frozenset[str]


_OTHER_VALUE = Tells(lost=True, findings=frozenset({"distorted", "misbound", "unsupported"}))
_OTHER_NUMBER = Tells(lost=True, findings=frozenset({"distorted", "unsupported"}))
_DENIED = Tells(lost=True, findings=frozenset())
TELLS: Mapping[str, Tells] = {
    "value swapped": _OTHER_VALUE,
    "subject swapped": Tells(lost=True, findings=frozenset({"misbound"})),
    "negated": _DENIED,
    "tense shifted": _DENIED,
    "condition dropped": Tells(lost=False, findings=frozenset({"condition_dropped"})),
    "off by one": _OTHER_NUMBER,
    "unit changed": _OTHER_NUMBER,
}
"""By the types of `mutate`."""
_GONE: frozenset[Stance] = frozenset({"retired", "absent"})


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
    """Whether the second reading tells of the fault and the first, of the memory without it, doesn't."""
    tells = TELLS[mutant.type]
    if tells.lost and _stance(mutant, before) == "held" and _stance(mutant, after) in _GONE:
        return True
    known = {_key(f) for f in before.findings}
    new = (f for f in after.findings if _key(f) not in known and f.type in tells.findings)
    return any(_is_on(f, mutant) for f in new)


def _stance(mutant: Mutant, reading: Reading) -> Stance | None:
    found = (v.observed for v in reading.verdicts if (v.item, v.value) == (mutant.item, mutant.value))
    return next(found)


def _key(finding: Finding) -> tuple[str, str | None, int | None, str]:
    return finding.type, finding.item, finding.value, finding.quote


def _is_on(finding: Finding, mutant: Mutant) -> bool:
    inside = finding.path == mutant.path and finding.start < mutant.end and mutant.start < finding.end
    return inside or (finding.item == mutant.item and finding.value in {None, mutant.value})
