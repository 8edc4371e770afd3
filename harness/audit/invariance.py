"""Invariance: the share of verdicts and findings that stay the same when a memory is only written otherwise.

Read before and after every transformation of `restyle`: the oracle's memories, the same with what came
before ("formerly ..."), the same with stale, adopted, leaked and secret values stated, and the stores as the
scenarios have them; with `full` the labelled memories too. What's free text isn't laid out anew. Memories that
a transformation leaves as they are don't count.

    identical           verdicts with the same stance and leak level as before / verdicts
    identical_findings  memories with the same findings as before, by type, item and value / memories

The bar, for both: layouts and marks 100%, formats of dates, numbers and letters at least 98%.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembench.harness.audit.entries import Entry, read_entries, with_history, write_entries
from rembench.harness.audit.inject import with_errors
from rembench.harness.audit.nights import packs
from rembench.harness.audit.restyle import FORMATS, LAYOUTS, MARKS
from rembench.harness.audit.validity import LabelledMemory, load_sets, shipped_sets
from rembench.harness.night import Memory
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import STORE, Reading, Scenario, Verdict

EXACT, NEARLY = 1.0, 0.98
BAR = f"layouts and marks {EXACT:.0%} identical, formats ≥ {NEARLY:.0%}"
WRONG = ("stale", "adopted", "leaked", "secret")
_EXAMPLES = 3


@dataclass(slots=True)
class _Count:
    """What one transformation did to the verdicts."""

    bar: float
    verdicts: int = 0
    identical: int = 0
    memories: int = 0
    identical_findings: int = 0
    examples: list[dict[str, str | None]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        shares = _share(self.identical, self.verdicts), _share(self.identical_findings, self.memories)
        return {
            "verdicts": self.verdicts,
            "changed": self.verdicts - self.identical,
            "identical": shares[0],
            "memories": self.memories,
            "changed_findings": self.memories - self.identical_findings,
            "identical_findings": shares[1],
            "bar": self.bar,
            "met": all(share is not None and share >= self.bar for share in shares),
            "examples": self.examples,
        }


@dataclass(frozen=True, slots=True)
class _Base:
    """A memory to be written otherwise; without entries it's free text."""

    checkpoint: str
    memory: Memory
    entries: tuple[Entry, ...] = ()


def measure(full: bool) -> dict[str, Any]:
    """Every transformation on the natural pack; `full`: on the recorded one and the labelled memories too."""
    labelled = load_sets(shipped_sets()) if full else ()
    return of(packs(full=full), [memory for one in labelled for memory in one.memories])


def of(scenarios: Sequence[Scenario], labelled: Sequence[LabelledMemory] = ()) -> dict[str, Any]:
    """The shares per transformation on some scenarios, and on labelled memories."""
    counts = {name: _Count(NEARLY if name in FORMATS else EXACT) for name in (*LAYOUTS, *MARKS, *FORMATS)}
    bases = [(scenario, list(_bases(scenario))) for scenario in scenarios]
    bases += [(one.scenario, [_Base(one.checkpoint, one.memory)]) for one in labelled]
    for scenario, mine in bases:
        scorer = ScenarioScorer(scenario)
        for base in mine:
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
        wrong = with_errors(entries, (scenario, night.id), WRONG)
        if wrong != entries:
            yield _Base(night.id, write_entries(wrong), wrong)
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
        same = (was.observed, was.leak_level) == (now.observed, now.leak_level)
        count.identical += same
        if not same and len(count.examples) < _EXAMPLES:
            count.examples.append(
                {
                    "scenario": scenario, "checkpoint": was.checkpoint, "item": was.item,
                    "before": _shown(was), "after": _shown(now), "rule": now.rule,
                    "quote": now.quote or was.quote,
                }
            )  # fmt: skip
    _compare_findings(count, before, after, scenario)


def _compare_findings(count: _Count, before: Reading, after: Reading, scenario: str) -> None:
    """By type, item and value: the words that are quoted are written otherwise."""
    was, now = (Counter((f.type, f.item, f.value) for f in r.findings) for r in (before, after))
    count.memories += 1
    count.identical_findings += was == now
    for change, rule in (((was - now), "finding gone"), ((now - was), "new finding")):
        for type_, item, _ in sorted(change, key=str):
            if len(count.examples) < _EXAMPLES:
                quotes = (f.quote for r in (after, before) for f in r.findings if f.type == type_)
                pair = (type_, None) if rule == "finding gone" else (None, type_)
                count.examples.append(
                    {
                        "scenario": scenario, "checkpoint": before.checkpoint, "item": item,
                        "before": pair[0], "after": pair[1], "rule": rule, "quote": next(quotes, None),
                    }
                )  # fmt: skip


def _shown(verdict: Verdict) -> str | None:
    return f"{verdict.observed} at {verdict.leak_level}" if verdict.leak_level else verdict.observed


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
