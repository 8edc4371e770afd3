"""Invariance: the share of verdicts that stay the same when a memory is only written otherwise.

Read before and after every transformation of `restyle`: the oracle's memories, the same with what came
before ("formerly ..."), and the stores as the scenarios have them (not laid out anew: they're free text).
Memories that a transformation leaves as they are don't count. The bar: layouts and marks 100%, formats of
dates, numbers and letters at least 98%. `new_findings` counts the memories in which a transformation made
a finding of a type and item that wasn't there before; no bar is set on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembench.harness.audit.entries import Entry, read_entries, with_history, write_entries
from rembench.harness.audit.nights import packs
from rembench.harness.audit.restyle import FORMATS, LAYOUTS, MARKS
from rembench.harness.night import Memory
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import STORE, Reading, Scenario

EXACT, NEARLY = 1.0, 0.98
BAR = f"layouts and marks {EXACT:.0%} identical, formats ≥ {NEARLY:.0%}"
_EXAMPLES = 3


@dataclass(slots=True)
class _Count:
    """What one transformation did to the verdicts."""

    bar: float
    verdicts: int = 0
    identical: int = 0
    findings: int = 0
    examples: list[dict[str, str | None]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        share = self.identical / self.verdicts if self.verdicts else None
        return {
            "verdicts": self.verdicts,
            "changed": self.verdicts - self.identical,
            "identical": share,
            "bar": self.bar,
            "met": share is not None and share >= self.bar,
            "new_findings": self.findings,
            "examples": self.examples,
        }


@dataclass(frozen=True, slots=True)
class _Base:
    """A memory to be written otherwise; without entries it's free text."""

    checkpoint: str
    memory: Memory
    entries: tuple[Entry, ...] = ()


def measure(full: bool) -> dict[str, Any]:
    """Every transformation on the natural pack; with `full` on the recorded one too."""
    return of(packs(full=full))


def of(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The share of identical verdicts per transformation on some scenarios."""
    counts = {name: _Count(NEARLY if name in FORMATS else EXACT) for name in (*LAYOUTS, *MARKS, *FORMATS)}
    for scenario in scenarios:
        scorer = ScenarioScorer(scenario)
        for base in _bases(scenario):
            before = scorer.read(base.memory, base.checkpoint)
            for name, memory in _rewritten(base):
                _compare(counts[name], before, scorer.read(memory, base.checkpoint), scenario.id)
    found = {name: count.to_json() for name, count in counts.items() if count.verdicts}
    return {"bar": BAR, "met": all(f["met"] for f in found.values()), "transformations": found}


def _bases(scenario: Scenario) -> Iterator[_Base]:
    for night in scenario.nights:
        entries = read_entries(scenario, night.id, oracle_memory(scenario, night.id))
        yield _Base(night.id, write_entries(entries), entries)
        past = with_history(entries, scenario, night.id)
        if past != entries:
            yield _Base(night.id, write_entries(past), past)
    yield _Base(STORE, scenario.store)


def _rewritten(base: _Base) -> Iterator[tuple[str, Memory]]:
    """Every transformation that changes the memory."""
    made = {name: change(base.memory) for name, change in (*MARKS.items(), *FORMATS.items())}
    if base.entries:
        made |= {name: layout(base.entries) for name, layout in LAYOUTS.items()}
    yield from ((name, memory) for name, memory in made.items() if memory != base.memory)


def _compare(count: _Count, before: Reading, after: Reading, scenario: str) -> None:
    for was, now in zip(before.verdicts, after.verdicts, strict=True):
        count.verdicts += 1
        count.identical += was.observed == now.observed
        if was.observed != now.observed and len(count.examples) < _EXAMPLES:
            count.examples.append(
                {
                    "scenario": scenario, "checkpoint": was.checkpoint, "item": was.item,
                    "before": was.observed, "after": now.observed, "rule": now.rule,
                    "quote": now.quote or was.quote,
                }
            )  # fmt: skip
    known = {(f.type, f.item) for f in before.findings}
    count.findings += any((f.type, f.item) not in known for f in after.findings)
