"""Reads memories of one scenario: the only door to the scorer.

scorer = ScenarioScorer(scenario)
reading = scorer.read(memory, "c1")     # a verdict for every value of every item, and findings
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from rembench.harness.scorer.elliptic import BY_NUMBER, How, elliptic, is_telling, partial
from rembench.harness.scorer.forms import is_month, month_number
from rembench.harness.scorer.leaks import LeakReader
from rembench.harness.scorer.mentions import Mention, Patterns, ValueKey
from rembench.harness.scorer.opposites import oppose, opposites
from rembench.harness.scorer.segments import file_segments, is_structured
from rembench.harness.scorer.status import SIDE_BY_SIDE, About, Avoids, Judged, Status, status
from rembench.harness.scorer.words import norms
from rembench.harness.tokens import count_tokens, first_tokens
from rembench.harness.types import STORE, Item, Reading, Scenario, Stance, Verdict

_EXCLUSIVE = frozenset({"fact", "update", "temporary", "conflict", "trap", "control", "scope"})
_ENTRY = re.compile(
    r"\A\W*(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?P<month>[A-Za-z]{3,9})"
    r"|(?P<month2>[A-Z][a-z]{2,8})\s+(?P<day2>\d{1,2})\b(?!\d)|(?P<month3>[A-Z][a-z]{2,8})(?=[*_]*[.:]))"
    r"(?:,?\s+(?P<year>\d{4})\b)?"
)
_QUOTE = 300
_LIST = 6  # words: an entry of a list says no more than what it's about


class ScenarioScorer:
    """The scorer of one scenario; its patterns are compiled once, its memories read many times.

    `without` are rules of the cue table, as verdicts cite them, that aren't used.
    """

    def __init__(self, scenario: Scenario, without: Collection[str] = ()) -> None:
        self.scenario = scenario
        self._patterns = Patterns(scenario, without)
        self._binder = Binder(self._patterns)
        self._leaks = LeakReader(scenario, self._patterns.sought)
        self._atoms = AtomReader(scenario)
        self._world = ClosedWorld(scenario, self._atoms.sources)
        self._avoids: dict[ValueKey, Avoids] = {
            ValueKey(i, v): _avoids(item, v)
            for i, item in enumerate(scenario.items)
            for v in range(len(item.values))
        }
        self._opposites = [opposites(item) for item in scenario.items]
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
        arounds: list[Surroundings] = []
        judged: dict[int, dict[int, list[Judged]]] = {}
        taken: list[tuple[Mention, Binding]] = []
        for around in self._surroundings(memory):
            if around.found.groups or around.found.attributes:
                arounds.append(around)
            for one, bond, verdict in self._judge(around, checkpoint):
                taken.append((one, bond))
                if verdict:
                    by_value = judged.setdefault(one.key.item, {})
                    by_value.setdefault(one.key.value, []).append(verdict)
        verdicts: list[tuple[ValueKey, Verdict]] = []
        for i, item in enumerate(self.scenario.items):
            exclusive = item.kind in _EXCLUSIVE
            decided = decide(judged.get(i, {}), len(item.values), exclusive=exclusive)
            decisions = oppose(decided, self._opposites[i])
            for v, decision in enumerate(decisions):
                verdicts.append((ValueKey(i, v), _verdict(checkpoint, item, v, decision)))
        return self._leaks.levels(verdicts, memory, arounds), tuple(arounds), taken

    def _surroundings(self, memory: Memory) -> Iterator[Surroundings]:
        """Every segment with its context, file by file: no more than one file is held at a time."""
        for path in sorted(memory):
            yield from surroundings(self._patterns, tuple(file_segments(path, memory[path])))

    def _said(self, around: Surroundings) -> list[tuple[Mention, Binding, How]]:
        """Every mention in a segment, whole or elliptical, with what it's bound to."""
        items = self.scenario.items
        whole = self._patterns.mentions(around.segment, around.found, (*around.near, *around.above))
        result: list[tuple[Mention, Binding, How]] = [(m, self._binder.bind(m, around), "whole") for m in whole]
        bare = elliptic(items, around, [m for m, bond, _ in result if bond.bond in {"bound", "changed"}])
        result += [(m, BY_NUMBER, "whole" if states else "bare") for m, states in bare]
        for part in partial(items, self._patterns.sizes, around, [m for m, _, _ in result]):
            bond = self._binder.bind(part, around)
            sought = self._patterns.sought(part.key, around.segment.path)
            if sought and bond.bond == "bound" and is_telling(part, bond, items[part.key.item]):
                result.append((part, bond, "part"))
        return result

    def _judge(self, around: Surroundings, checkpoint: str) -> list[tuple[Mention, Binding, Judged | None]]:
        said = self._said(around)
        today = self._dates.get(checkpoint)
        entry = _entry_date(around, today)
        result: list[tuple[Mention, Binding, Judged | None]] = []
        for mention, bond, how in said:
            if bond.bond not in {"bound", "weak"}:
                result.append((mention, bond, None))
                continue
            key = mention.key
            item = self.scenario.items[key.item]
            about = About(
                [m for m, _, h in said if h != "part" and m.key.item == key.item and m.key.value != key.value],
                self._avoids[key],
                item.kind in _EXCLUSIVE,
                today,
                entry,
                bool(item.values[key.value].condition),
                item.kind == "temporary",
            )
            found = status(mention, around, about)
            habit = how == "part" and item.kind == "pattern"
            if how == "whole" or habit or _takes_back(found, mention, how):
                weak = bond.bond == "weak" or habit
                judged = Judged(mention, found, weak, entry, marks(mention, around), how == "part")
                result.append((mention, bond, judged))
        return result

    def _at_budget(
        self, verdicts: Sequence[Verdict], memory: Memory, checkpoint: str, budget: int
    ) -> list[Verdict]:
        head = _head(memory, budget)
        if head == dict(memory):
            return [replace(v, at_budget=v.observed) for v in verdicts]
        read, _, _ = self._verdicts(head, checkpoint)
        return [replace(v, at_budget=h.observed) for v, h in zip(verdicts, read, strict=True)]


def _takes_back(found: Status, mention: Mention, how: How) -> bool:
    """Whether an elliptical mention counts: where it takes the value back, or its number leaves it open."""
    if how == "bare":
        return found.force != "held" and found != SIDE_BY_SIDE
    return found.force == "retired" and (found.by_cue or len(mention.segment.words) <= _LIST)


def _avoids(item: Item, v: int) -> Avoids:
    """Whether the value is itself about what isn't done, or what's asked is, or another way to say it."""
    value = item.values[v]
    if (AVOIDANCE - {"only"}) & set(norms(value.text)):
        return "value"
    asked = norms(" ".join((item.attribute, item.question, *value.aliases)))
    return "attribute" if AVOIDANCE & set(asked) else "no"


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
    """The date that opens the segment's block or the heading above it, as journals have it.

    Under a key a date is a value, not an entry's.
    """
    own = () if is_structured(around.segment.path) else (around.segment.text, around.entry)
    for text in (*own, *reversed(around.segment.headings)):
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
        name = match["month"] or match["month2"] or match["month3"]
        if not is_month(name) or today is None:
            return None
        year = int(match["year"]) if match["year"] else today.year
        found = date(year, month_number(name), int(match["day"] or match["day2"] or 1))
    except ValueError:
        return None
    if match["year"]:
        return found if found <= today else None
    # An entry is never later than the memory: "12 December" in a memory of January is last year's.
    return found.replace(year=today.year - 1) if found > today and found.day < 29 else found
