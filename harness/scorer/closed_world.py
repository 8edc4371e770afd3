"""Closed-world errors: planted values that were changed, given away, or stripped of their condition.

distorted          a number with the unit of one of the item's values, beside the item's attribute,
                   that the item never had and that no source says; or one of its values with another
                   number or unit (see `amounts`)
misbound           an item's value, with the item's attribute, given to another known subject
condition_dropped  a value that holds only under a condition, stated without it
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.scorer.binding import Binding
from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.forms import pattern_lists
from rembench.harness.scorer.mentions import Mention, ValueKey
from rembench.harness.scorer.words import norms
from rembench.harness.types import Condition, Finding, Item, Scenario, Verdict

_AMOUNT = re.compile(
    r"(?P<sign>[€$£])\s?(?P<money>\d[\d,]{0,20}(?:\.\d{1,9})?)|"
    r"(?<!\d)(?P<number>\d[\d,]{0,20}(?:\.\d{1,9})?)[ -]?(?P<unit>%|°C|[A-Za-z]{1,12})"
)
_NO_UNITS = frozenset(
    "and or to in on at of the for with from by is was are as per a an than then but it st nd rd th "
    "am pm january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


_CONDITIONAL = frozenset(
    "if when whenever unless except otherwise only during while until generally default else rest "
    "depending usually mostly normally case weekday weekdays weekend weekends workday workdays working daytime "
    "morning mornings afternoon afternoons evening evenings night nights holidays".split()
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit; plural and sign don't count ("14 days" is 14, day)."""

    number: str
    unit: str


class ClosedWorld:
    """Knows every amount that the values of one scenario have, item by item."""

    def __init__(self, scenario: Scenario, sources: Mapping[str, frozenset[str]]) -> None:
        self._items = scenario.items
        self._sources = sources
        self._own = [frozenset(_item_amounts(item)) for item in scenario.items]
        self._conditions = {
            ValueKey(i, v): _words(value.condition)
            for i, item in enumerate(scenario.items)
            for v, value in enumerate(item.values)
            if value.condition
        }
        self._subjects = {n for i in scenario.items for t in (i.subject, *i.subject_aliases) for n in norms(t)}
        self._units = [_text_units(item) for item in scenario.items]
        self._numbers = frozenset(a.number for amounts in self._own for a in amounts)

    def find(
        self,
        checkpoint: str,
        arounds: Sequence[Surroundings],
        mentions: Sequence[tuple[Mention, Binding]],
        verdicts: Sequence[Verdict],
    ) -> tuple[Finding, ...]:
        """All closed-world errors of one memory."""
        return (
            *self._distorted(checkpoint, arounds),
            *self._changed(checkpoint, arounds, mentions, verdicts),
            *self._misbound(checkpoint, arounds, mentions, verdicts),
            *self._unconditional(checkpoint, arounds, mentions, verdicts),
        )

    def _distorted(self, checkpoint: str, arounds: Sequence[Surroundings]) -> Iterator[Finding]:
        source = self._sources[checkpoint]
        for around in arounds:
            items = [i for i in around.found.attributes if self._units[i]]
            if not items:
                continue
            for start, end, amount in amounts(around.segment.text):
                if amount.number in self._numbers or amount.number in source:
                    continue
                for i in items:
                    if amount.unit in self._units[i]:
                        place = (around.segment.start + start, around.segment.start + end)
                        yield self._finding(checkpoint, "distorted", around, (i, None, place))
                        break

    def _changed(
        self,
        checkpoint: str,
        arounds: Sequence[Surroundings],
        mentions: Sequence[tuple[Mention, Binding]],
        verdicts: Sequence[Verdict],
    ) -> Iterator[Finding]:
        by_segment = {id(a.segment): a for a in arounds}
        gone = {(v.item, v.value) for v in verdicts if v.observed == "absent"}
        stated = {(id(m.segment), m.key.item) for m, b in mentions if b.bond == "bound"}
        for mention, binding in mentions:
            if (id(mention.segment), mention.key.item) in stated:
                continue  # the other number is another value's
            key, around = mention.key, by_segment[id(mention.segment)]
            asked = key.item in around.found.attributes
            if binding.bond == "changed" and asked and (self._items[key.item].id, key.value) in gone:
                place = (mention.core.start, mention.core.end)
                yield self._finding(checkpoint, "distorted", around, (key.item, key.value, place))

    def _misbound(
        self,
        checkpoint: str,
        arounds: Sequence[Surroundings],
        mentions: Sequence[tuple[Mention, Binding]],
        verdicts: Sequence[Verdict],
    ) -> Iterator[Finding]:
        by_segment = {id(a.segment): a for a in arounds}
        gone = {(v.item, v.value) for v in verdicts if v.observed == "absent"}
        for mention, binding in mentions:
            if binding.bond != "other" or binding.subject is None:
                continue
            if (self._items[mention.key.item].id, mention.key.value) not in gone:
                continue
            around = by_segment[id(mention.segment)]
            key = mention.key
            if key.item not in around.found.attributes or mention.groups > 1:
                continue
            if self._also_theirs(key, binding.subject):
                continue
            core = mention.core
            yield self._finding(checkpoint, "misbound", around, (key.item, key.value, (core.start, core.end)))

    def _also_theirs(self, key: ValueKey, subject: str) -> bool:
        """Whether `subject` has a value with words in common, or the value is itself a subject's name."""
        text = self._items[key.item].values[key.value].text
        said = set(norms(text))
        if (said | {n.removesuffix("s") for n in said}) & self._subjects:
            return True
        return any(
            said & set(norms(value.text)) or said & {n for a in value.aliases for n in norms(a)}
            for item in self._items
            if item.subject == subject
            for value in item.values
        )

    def _unconditional(
        self,
        checkpoint: str,
        arounds: Sequence[Surroundings],
        mentions: Sequence[tuple[Mention, Binding]],
        verdicts: Sequence[Verdict],
    ) -> Iterator[Finding]:
        held = {(v.item, v.value) for v in verdicts if v.observed == "held"}
        by_segment = {id(a.segment): a for a in arounds}
        for i, item in enumerate(self._items):
            for v, value in enumerate(item.values):
                if value.condition is None or (item.id, v) not in held:
                    continue
                key = ValueKey(i, v)
                said = [m for m, b in mentions if m.key == key and b.bond == "bound"]
                if said and not any(self._conditioned(m, by_segment[id(m.segment)]) for m in said):
                    core = said[0].core
                    where = (i, v, (core.start, core.end))
                    yield self._finding(checkpoint, "condition_dropped", by_segment[id(said[0].segment)], where)

    def _conditioned(self, mention: Mention, around: Surroundings) -> bool:
        """Whether the condition, one of its words, or any words of condition stand near the value.

        Words of the value itself don't count, nor those of the attribute and a subject in the line's label.
        """
        key = mention.key
        if any(key in found.conditions for found in (*around.near, *around.above, around.file)):
            return True
        segment = around.segment
        label = segment.start + segment.text.rfind(":", 0, mention.core.start - segment.start)
        others = (around.found.attributes.get(key.item, ()), *around.found.subjects.values())
        covered = [(h.start, h.end) for h in mention.hits]
        covered += [(h.start, h.end) for hits in others for h in hits if h.end <= label]
        own = [w for w in segment.words if not any(s < w.end and w.start < e for s, e in covered)]
        if any(h.start <= w.start < h.end for h in around.found.conditions.get(key, ()) for w in own):
            return True
        said = {w.norm for w in own} | {w.norm for s in around.siblings for w in s.words}
        said |= {n for heading in around.segment.headings for n in norms(heading)}
        return bool(said & (_CONDITIONAL | self._conditions[key]))

    def _finding(
        self,
        checkpoint: str,
        kind: str,
        around: Surroundings,
        where: tuple[int, int | None, tuple[int, int]],
    ) -> Finding:
        item, value, (start, end) = where
        rules = {
            "distorted": "an amount of the attribute's unit that the item never had",
            "misbound": "another subject is nearer to the item's value and attribute",
            "condition_dropped": "stated nowhere with its condition",
        }
        return Finding(
            checkpoint=checkpoint, type=kind, rule=rules[kind], path=around.segment.path,  # type: ignore[arg-type]
            start=start, end=end, quote=around.segment.text[:300], item=self._items[item].id, value=value,
        )  # fmt: skip


def _words(condition: Condition) -> frozenset[str]:
    """The words of a condition that say something, with and without a plural's s."""
    said = {n for t in (condition.text, *condition.aliases) for n in norms(t) if len(n) > 3}
    return frozenset(said | {n.removesuffix("s") for n in said} | {f"{n}s" for n in said})


def amounts(text: str) -> Iterator[tuple[int, int, Amount]]:
    """Numbers with a unit in `text`, with their places."""
    for match in _AMOUNT.finditer(text):
        unit = match["sign"] or (match["unit"] or "").lower()
        if unit in _NO_UNITS:
            continue
        number = (match["money"] or match["number"]).replace(",", "")
        yield match.start(), match.end(), Amount(number, _unit(unit))


def _unit(unit: str) -> str:
    known = {"€": "eur", "euro": "eur", "euros": "eur", "$": "usd", "dollars": "usd", "£": "gbp",
             "pounds": "gbp", "percent": "%"}  # fmt: skip
    return known.get(unit, unit.removesuffix("s") if len(unit) > 2 else unit)


def _item_amounts(item: Item) -> Iterator[Amount]:
    for value in item.values:
        for groups in pattern_lists(value):
            for alternatives in groups:
                for text in alternatives:
                    yield from (a for _, _, a in amounts(text))


def _text_units(item: Item) -> frozenset[str]:
    """The units of values that are an amount and little more ("14 days", "about 300 lines")."""
    return frozenset(
        a.unit for value in item.values if len(norms(value.text)) <= 4 for _, _, a in amounts(value.text)
    )
