"""Binding: is this mention about the item's subject and attribute, or about something else?

Anchors are the subject's and the attribute's names. They are looked for in the segment, then in its
context (headings, keys, file name, the sentences beside it). A subject that the scenario also knows
and that stands nearer to the value takes it away.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rembench.harness.scorer.amounts import amounts_of, is_changed
from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.forms import is_weekday
from rembench.harness.scorer.matcher import Hit
from rembench.harness.scorer.mentions import Found, Mention, Patterns, ValueKey
from rembench.harness.scorer.words import norms
from rembench.harness.types import Item

_JOINERS = frozenset({"and", "or", "to"})
_SPEECH = re.compile(r"\W{0,5}([^:\n]{1,40}):\s[\"'“‘]?(?:we|our|ours|i|my|us)\b", re.IGNORECASE)
_PREDICATE = re.compile(
    r"[*_'\"]{0,4}(?:,\s|\s(?:is|has|was|had|wants|likes|eats|needs|prefers|takes|uses|plays|lives|works|owns|drinks|does|doesn't|"
    r"can't|isn't|hasn't|never|always)\b)"
)
DISTINCTIVE = "distinctive value"

Bond = Literal["bound", "weak", "other", "unbound", "changed"]


@dataclass(frozen=True, slots=True)
class Binding:
    """How a mention is bound, by which rule.

    `subject` is who took it, where it's `other`; `changed`: it's the item's, with another number or unit.
    """

    bond: Bond
    rule: str
    subject: str | None = None


class Binder:
    """Binds the mentions of one scenario."""

    def __init__(self, patterns: Patterns) -> None:
        self._items = patterns.items
        self._names = {item.subject: _names(item) for item in patterns.items}
        self._values = {
            item.id: frozenset(norms(text) for v in item.values for text in (v.text, *v.aliases))
            for item in patterns.items
        }
        self._amounts = {
            ValueKey(i, v): amounts_of(value)
            for i, item in enumerate(patterns.items)
            for v, value in enumerate(item.values)
        }
        self._shared = _shared_texts(patterns.items)

    def bind(self, mention: Mention, around: Surroundings) -> Binding:
        """Where the mention belongs."""
        item = self._items[mention.key.item]
        found = self._bind(item, mention, around)
        words, spans = mention.segment.words, [(h.first, h.last) for h in mention.hits]
        if found.bond in {"bound", "weak"} and is_changed(self._amounts[mention.key], words, spans):
            return Binding("changed", "another number, or another unit")
        return found

    def _bind(self, item: Item, mention: Mention, around: Surroundings) -> Binding:
        named = self._labelled(item, mention, around)
        if named:
            return Binding("other", "the line is labelled with another subject", named)
        attribute = self._attribute(mention, around)
        taken = self._taken(item, mention, around, attribute)
        if taken:
            return taken
        if mention.groups > 1:
            return Binding("bound", "its groups carry the attribute")
        if attribute == "segment":
            return Binding("bound", "attribute in the segment")
        distinct = self._distinct(mention)
        if mention.key in self._shared and attribute == "none":
            return Binding("unbound", "the same words are another item's value")
        if attribute == "context":
            return Binding("bound", "attribute in the context")
        if distinct and (self._own_subject(item, around.found, mention) or not _is_common(mention)):
            return Binding("bound", DISTINCTIVE)
        if self._own_subject(item, around.found, mention):
            return Binding("weak", "subject in the segment, attribute nowhere")
        return Binding("unbound", "neither subject nor attribute near it")

    def _taken(self, item: Item, mention: Mention, around: Surroundings, attribute: str) -> Binding | None:
        """What another subject in the segment makes of the mention; None if there's none, or it leaves it."""
        taker = self._nearer_subject(item, mention, around)
        if taker is None:
            return None
        if self._own_subject(item, around.found, mention):
            if self._owner(taker, item, mention, around) == taker:
                return Binding("other", "another subject of that attribute stands before it", taker)
            return None
        for subject in self._others(item, around):
            if _speaks_of(around.found.subjects[subject], mention):
                return Binding("other", "the sentence is about another subject", subject)
        if attribute != "none" and self._own_around(item, around):
            return Binding("bound", "its subject and attribute are in the context")
        if self._comes_after(taker, mention, around):
            if attribute == "segment":
                return Binding("bound", "attribute in the segment, another subject only after it")
            given = self._given_to(taker, mention, around) or self._asked_of(taker, item)
            if not given and self._distinct(mention):
                return Binding("bound", "distinctive value, another subject without that attribute after it")
        return Binding("other", "another subject is nearer", taker)

    def _attribute(self, mention: Mention, around: Surroundings) -> str:
        i = mention.key.item
        if _outside(around.found.attributes.get(i, ()), mention):
            return "segment"
        if any(i in found.attributes for found in (*around.near, *around.above, around.file)):
            return "context"
        return "none"

    @staticmethod
    def _own_subject(item: Item, found: Found, mention: Mention) -> bool:
        hits = found.subjects.get(item.subject, ())
        return bool(_outside(hits, mention))

    @staticmethod
    def _own_around(item: Item, around: Surroundings) -> bool:
        return any(item.subject in found.subjects for found in (*around.near, *around.above, around.file))

    def _nearer_subject(self, item: Item, mention: Mention, around: Surroundings) -> str | None:
        """The subject in the same segment that isn't the item's, if there is one."""
        for subject in self._others(item, around):
            if any(_takes(hit, mention) for hit in _outside(around.found.subjects[subject], mention)):
                return subject
        return None

    def _others(self, item: Item, around: Surroundings) -> list[str]:
        """The subjects named in the segment that aren't the item's, nor its value."""
        own = self._names[item.subject] | self._values[item.id]
        return [s for s in sorted(around.found.subjects) if s != item.subject and not self._names[s] & own]

    def _labelled(self, item: Item, mention: Mention, around: Surroundings) -> str | None:
        """The other subject by which a line begins that then names the attribute: "the annex, tiler: ..."."""
        segment = mention.segment
        if self._own_subject(item, around.found, mention):
            return None
        asked = [
            h.start for h in around.found.attributes.get(mention.key.item, ()) if h.end <= mention.core.start
        ]
        for subject, hits in sorted(around.found.subjects.items()):
            if subject == item.subject or self._names[subject] & self._names[item.subject]:
                continue
            for hit in hits:
                tail = segment.text[hit.end - segment.start : mention.core.start - segment.start]
                if hit.first <= 1 and ":" in tail and tail.startswith(",") and any(a > hit.end for a in asked):
                    return subject
        return None

    @staticmethod
    def _comes_after(subject: str, mention: Mention, around: Surroundings) -> bool:
        hits = _outside(around.found.subjects.get(subject, ()), mention)
        return all(hit.start >= mention.core.end for hit in hits)

    @staticmethod
    def _given_to(subject: str, mention: Mention, around: Surroundings) -> bool:
        """ "The larger room for Alva"."""
        segment = mention.segment
        tail = segment.text[mention.core.end - segment.start :]
        hits = around.found.subjects.get(subject, ())
        starts = [h.start - mention.core.end for h in hits if h.start >= mention.core.end]
        return bool(starts) and bool(
            re.fullmatch(r"(?:\W+\w+)?\W+(?:for|of)\W+(?:the\W+)?", tail[: min(starts)])
        )

    def _owner(self, taker: str, item: Item, mention: Mention, around: Surroundings) -> str | None:
        """Who stands nearest before the mention, if the other one has such an attribute too."""
        same = {self._items[i].subject for i in around.found.attributes if self._items[i].subject == taker} | {
            o.subject for o in self._items if o.attribute == item.attribute and o.subject == taker
        }
        if taker not in same:
            return None
        named = around.found.attributes.get(mention.key.item, ())
        before = [
            (hit.end, hit.end - hit.start, subject == item.subject)
            for subject in (taker, item.subject)
            for hit in _outside(around.found.subjects.get(subject, ()), mention)
            if hit.end <= mention.core.start and not any(hit.start < n.end and n.start < hit.end for n in named)
        ]
        return taker if before and not max(before)[2] else None

    def _asked_of(self, subject: str, item: Item) -> bool:
        """Whether an item of that subject asks for an attribute of the same name."""
        mine = {norms(a) for a in (item.attribute, *item.attribute_aliases)}
        return any(
            norms(a) in mine
            for other in self._items
            if other.subject == subject
            for a in (other.attribute, *other.attribute_aliases)
        )

    def _distinct(self, mention: Mention) -> bool:
        """Whether the words of the hit say by themselves what they are about."""
        core = mention.core
        spoken = mention.segment.text[core.start - mention.segment.start : core.end - mention.segment.start]
        parts = norms(spoken)
        letters = sum(c.isalpha() for p in parts for c in p)
        digits = sum(c.isdigit() for p in parts for c in p)
        return len(parts) > 1 or letters >= 4 or digits >= 4


def _takes(hit: Hit, mention: Mention) -> bool:
    """Whether the hit may take the mention away; a description ("the plasterer") only in its own clause."""
    segment = mention.segment
    speech = _SPEECH.match(segment.text)
    if not _is_name(hit, mention) or (speech and hit.end - segment.start <= speech.end(1)):
        return False
    if (
        segment.text[hit.start - segment.start : hit.end - segment.start]
        != segment.text[hit.start - segment.start : hit.end - segment.start].lower()
    ):
        return True
    low, high = sorted((hit, mention.core), key=lambda h: h.start)
    return not re.search(r"[,;:—–]", segment.text[low.end - segment.start : high.start - segment.start])


def _is_name(hit: Hit, mention: Mention) -> bool:
    """Whether the hit is written as a name: "office" may stand for many things, "Alva" is Alva."""
    segment = mention.segment
    return hit.last > hit.first or segment.text[hit.start - segment.start].isupper()


def _is_common(mention: Mention) -> bool:
    """Whether the hit is weekdays only, which any statement may have."""
    segment, core = mention.segment, mention.core
    said = norms(segment.text[core.start - segment.start : core.end - segment.start])
    return all(is_weekday(word) or word in _JOINERS for word in said)


def _speaks_of(hits: Iterable[Hit], mention: Mention) -> bool:
    """Whether the sentence begins with one of `hits` and goes on with what that one is or has."""
    segment = mention.segment
    return any(
        hit.first == 0
        and hit.end <= mention.core.start
        and _PREDICATE.match(segment.text, hit.end - segment.start)
        for hit in hits
    )


def _outside(hits: Iterable[Hit], mention: Mention) -> list[Hit]:
    """The hits that aren't part of the mention's own core."""
    core = mention.core
    return [h for h in hits if h.end <= core.start or h.start >= core.end]


def _names(item: Item) -> frozenset[tuple[str, ...]]:
    return frozenset(norms(name) for name in (item.subject, *item.subject_aliases))


def _shared_texts(items: tuple[Item, ...]) -> frozenset[ValueKey]:
    """Values of which a text is also a value of another attribute, or a subject's name."""
    seen: dict[tuple[str, ...], list[ValueKey]] = {}
    subjects = {norms(item.subject) for item in items}
    about = [(item.subject, item.attribute) for item in items]
    for i, item in enumerate(items):
        for v, value in enumerate(item.values):
            for text in {norms(value.text), *(norms(a) for a in value.aliases)}:
                seen.setdefault(text, []).append(ValueKey(i, v))
    return frozenset(
        k
        for text, keys in seen.items()
        if text in subjects or len({about[k.item] for k in keys}) > 1
        for k in keys
    )
