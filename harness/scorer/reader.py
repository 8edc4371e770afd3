"""Reads memories of one scenario: the only door to the scorer.

scorer = ScenarioScorer(scenario)
reading = scorer.read(memory, "c1")     # a verdict for every value of every item, and findings
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from rembench.harness.night import Memory
from rembench.harness.scorer.atoms import AtomReader
from rembench.harness.scorer.beside import marks
from rembench.harness.scorer.binding import Binder, Binding
from rembench.harness.scorer.closed_world import ClosedWorld
from rembench.harness.scorer.context import Surroundings, surroundings
from rembench.harness.scorer.cues import AVOIDANCE
from rembench.harness.scorer.decision import Decision, decide
from rembench.harness.scorer.forms import month_number
from rembench.harness.scorer.leaks import LeakReader
from rembench.harness.scorer.mentions import Mention, Patterns, ValueKey
from rembench.harness.scorer.segments import segments
from rembench.harness.scorer.status import About, Avoids, Judged, status
from rembench.harness.scorer.words import norms
from rembench.harness.tokens import count_tokens, first_tokens
from rembench.harness.types import STORE, Item, Reading, Scenario, Stance, Verdict

_EXCLUSIVE = frozenset({"fact", "update", "temporary", "conflict", "trap", "control", "scope"})
_ENTRY = re.compile(
    r"\A\W*(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?P<month>[A-Za-z]{3,9})"
    r"|(?P<month2>[A-Z][a-z]{2,8})\s+(?P<day2>\d{1,2}))\b"
)
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_QUOTE = 300


class ScenarioScorer:
    """The scorer of one scenario; its patterns are compiled once, its memories read many times."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._patterns = Patterns(scenario)
        self._binder = Binder(self._patterns)
        self._leaks = LeakReader(scenario)
        self._atoms = AtomReader(scenario)
        self._world = ClosedWorld(scenario, self._atoms.sources)
        self._avoids: dict[ValueKey, Avoids] = {
            ValueKey(i, v): _avoids(item, v)
            for i, item in enumerate(scenario.items)
            for v in range(len(item.values))
        }
        self._dates = {night.id: _day(night.at) for night in scenario.nights}

    def read(self, memory: Memory, checkpoint: str, *, budget: int | None = None) -> Reading:
        """What `memory` conveys at `checkpoint` (or `STORE`).

        With `budget`, verdicts also say what remains when only the first `budget` tokens are read.
        """
        verdicts, arounds, bonds = self._verdicts(memory, checkpoint)
        if budget is not None:
            verdicts = self._at_budget(verdicts, memory, checkpoint, budget)
        atoms, unsupported = self._atoms.read(memory, checkpoint)
        errors = self._world.find(checkpoint, arounds, bonds, verdicts)
        return Reading(
            checkpoint=checkpoint,
            verdicts=tuple(verdicts),
            findings=(*errors, *unsupported),
            atoms=atoms,
        )

    def _verdicts(
        self, memory: Memory, checkpoint: str
    ) -> tuple[list[Verdict], tuple[Surroundings, ...], list[tuple[Mention, Binding]]]:
        arounds = surroundings(self._patterns, segments(memory))
        judged: dict[int, dict[int, list[Judged]]] = {}
        taken: list[tuple[Mention, Binding]] = []
        for around in arounds:
            for one, bond, verdict in self._judge(around, checkpoint):
                taken.append((one, bond))
                if verdict:
                    by_value = judged.setdefault(one.key.item, {})
                    by_value.setdefault(one.key.value, []).append(verdict)
        verdicts = []
        for i, item in enumerate(self.scenario.items):
            exclusive = item.kind in _EXCLUSIVE
            decisions = decide(judged.get(i, {}), len(item.values), exclusive=exclusive)
            for v, decision in enumerate(decisions):
                found = _verdict(checkpoint, item, v, decision)
                verdicts.append(self._leaks.level(found, ValueKey(i, v), memory, arounds))
        return verdicts, arounds, taken

    def _judge(self, around: Surroundings, checkpoint: str) -> list[tuple[Mention, Binding, Judged | None]]:
        mentions = self._patterns.mentions(around.segment, around.found, (*around.near, *around.above))
        bonds = [(m, self._binder.bind(m, around)) for m in mentions]
        today = self._dates.get(checkpoint)
        entry = _entry_date(around, today)
        result: list[tuple[Mention, Binding, Judged | None]] = []
        for mention, bond in bonds:
            if bond.bond not in {"bound", "weak"}:
                result.append((mention, bond, None))
                continue
            key = mention.key
            others = [m for m in mentions if m.key.item == key.item and m.key.value != key.value]
            item = self.scenario.items[key.item]
            about = About(others, self._avoids[key], item.kind in _EXCLUSIVE, today)
            found = status(mention, around, about)
            result.append(
                (mention, bond, Judged(mention, found, bond.bond == "weak", entry, marks(mention, around)))
            )
        return result

    def _at_budget(
        self, verdicts: Sequence[Verdict], memory: Memory, checkpoint: str, budget: int
    ) -> list[Verdict]:
        head = _head(memory, budget)
        if head == dict(memory):
            return [replace(v, at_budget=v.observed) for v in verdicts]
        read, _, _ = self._verdicts(head, checkpoint)
        return [replace(v, at_budget=h.observed) for v, h in zip(verdicts, read, strict=True)]


def _avoids(item: Item, v: int) -> Avoids:
    """Whether the value is itself about what isn't done, or its attribute is."""
    value = item.values[v]
    if AVOIDANCE & set(norms(" ".join((value.text, *value.aliases)))):
        return "value"
    return "attribute" if AVOIDANCE & set(norms(f"{item.attribute} {item.question}")) else "no"


def _head(memory: Memory, budget: int) -> dict[str, str]:
    """The first `budget` tokens of a memory, files in the order of their paths."""
    head = {}
    for path in sorted(memory):
        text = first_tokens(memory[path], budget)
        budget -= count_tokens(text)
        if text:
            head[path] = text
        if budget <= 0:
            break
    return head


def _verdict(checkpoint: str, item: Item, v: int, decision: Decision) -> Verdict:
    expected: Stance | None = None
    if checkpoint != STORE:
        expected = item.values[v].expect.get(checkpoint)
    place: Mapping[str, object] = {}
    if decision.by:
        mention = decision.by.mention
        start, end = min(hit.start for hit in mention.hits), max(hit.end for hit in mention.hits)
        place = {"path": mention.segment.path, "start": start, "end": end}
    return Verdict(
        checkpoint=checkpoint,
        item=item.id,
        value=v,
        expected=expected,
        observed=decision.stance,
        rule=decision.rule,
        reason=None if decision.stance else f"abstained: {decision.rule}",
        readings=decision.readings,
        quote=decision.by.mention.segment.text[:_QUOTE] if decision.by else None,
        **place,  # type: ignore[arg-type]
    )


def _day(at: str) -> date | None:
    try:
        return datetime.fromisoformat(at).date()
    except ValueError:
        return None


def _entry_date(around: Surroundings, today: date | None) -> date | None:
    """The date that opens the segment's block or the heading above it, as journals have it."""
    for text in (around.segment.text, around.entry, *reversed(around.segment.headings)):
        match = _ENTRY.match(text)
        if not match:
            continue
        found = _read_date(match, today)
        if found:
            return found
    return None


def _read_date(match: "re.Match[str]", today: date | None) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        name = match["month"] or match["month2"]
        if name[:3].lower() not in _MONTHS or today is None:
            return None
        found = date(today.year, month_number(name), int(match["day"] or match["day2"]))
    except ValueError:
        return None
    # An entry is never later than the memory: "12 December" in a memory of January is last year's.
    return found.replace(year=today.year - 1) if found > today and found.day < 29 else found
