"""Elliptical mentions: values of which only a part is said, "28 days (it was sixty)", "oven mended".

Beside a full mention of one of an item's values the others may be named by their number or their day alone:
"€95 a week (was 110)", "moved to the 16th, not the 15th", "set 2, previously third". And a value may be
called over or refused by its main word: "Brassica club: no". Such mentions can take a value back or leave it
open; they state one in few forms only (see `elliptic`). Most of a habit's words without the rest leave it
without a verdict.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rembench.harness.scorer.binding import DISTINCTIVE, Binding
from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.matcher import Hit
from rembench.harness.scorer.mentions import Found, Mention, ValueKey
from rembench.harness.scorer.segments import Segment
from rembench.harness.scorer.words import norms
from rembench.harness.types import Item

How = Literal["whole", "bare", "part"]
BY_NUMBER = Binding("bound", "a number alone, by its item's other value or subject")

_HABIT = 2 / 3  # of the groups that a mention needs
_TELLING = 5  # letters: fewer say too little
_FOLLOWERS = frozenset(
    "before until till between for from then to and or in on when was is at again as since by after now per "
    "a the if but so that which instead originally previously formerly earlier only while during back".split()
)
"""Words that may come after a number that stands alone; any other is taken for its unit."""


def elliptic(
    items: Sequence[Item], around: Surroundings, mentions: Sequence[Mention]
) -> list[tuple[Mention, bool]]:
    """The numbers in `around` that stand alone for a value, and whether each may state it.

    It may in a list of subjects ("Terms: Marten 30, Hobb 3"), where it's back ("back to 95"), and beside a
    value that holds on another condition ("three times, or eight during the close"). Else it can only be
    taken back or left open.
    """
    segment = around.segment
    taken = [h for m in mentions for h in m.hits]
    named = {m.key for m in mentions}
    beside = {k.item for k in named}
    near = {k.item for found in around.near for k, _ in found.groups}
    result = []
    for key, hits in around.found.bare.items():
        if key in named:
            continue
        free = [h for h in hits if not _overlaps(h, taken) and _alone(h, segment, items[key.item])]
        listed = [h for h in free if _listed(h, items[key.item], key.item, around)]
        back = [h for h in free if _is_back(h, segment, around.found)]
        listed = listed or back
        if listed or (free and key.item in beside | near):
            states = bool(listed) or (key.item in beside and items[key.item].kind == "conditional")
            result.append((Mention(key, segment, ((listed or free)[0],), 1, False), states))
    return result


def _listed(hit: Hit, item: Item, number: int, around: Surroundings) -> bool:
    """ "Terms: Marten 30, Hobb 3": right after the subject's name, with the attribute in the segment."""
    named = around.found.subjects.get(item.subject, ())
    asked = around.found.attributes.get(number, ())
    after = any(0 < hit.first - n.last <= 2 for n in named)
    return after and any(a.end <= hit.start or a.start >= hit.end for a in asked)


def _is_back(hit: Hit, segment: Segment, found: Found) -> bool:
    """ "Back to 95": said of the one item that has such a number."""
    head = segment.text[: hit.start - segment.start]
    rivals = {k.item for k, hits in found.bare.items() if any(h.start == hit.start for h in hits)}
    return (
        len(rivals) == 1
        and hit.end - hit.start > 1
        and bool(re.search(r"\b[Bb]ack (?:to|at|on)\W{1,3}\Z", head))
    )


def _overlaps(hit: Hit, taken: Iterable[Hit]) -> bool:
    return any(t.start < hit.end and hit.start < t.end for t in taken)


def _alone(hit: Hit, segment: Segment, item: Item) -> bool:
    """Whether no unit, other than one of the item's own, comes after the number."""
    text, offset = segment.text, segment.start
    tail = text[hit.end - offset : hit.end - offset + 40]
    if re.match(r"[.,:/-]\d|%", tail) or re.search(r"[\d#/:-]\Z", text[: hit.start - offset]):
        return False
    following = re.match(r"[\"'’”*_`)\]]*\s*(?:([^\W\d_]+)|\S|\Z)", tail)
    word = following[1] if following else None
    if word is None or re.match(r"[\"'’”*_`]*[)\],.;:]", tail):
        return True
    own = {w for v in item.values for w in norms(v.text)}
    return bool(set(norms(word)) & (_FOLLOWERS | own))


def partial(
    items: Sequence[Item],
    sizes: Mapping[tuple[ValueKey, int], int],
    around: Surroundings,
    mentions: Sequence[Mention],
) -> list[Mention]:
    """Values of which the segment says a telling word but not all that a mention needs.

    `sizes` says how many groups of words that is.
    """
    found, segment = around.found, around.segment
    named = {m.key for m in mentions}
    best: dict[ValueKey, Hit] = {}
    for (key, alternative), groups in found.groups.items():
        size = sizes[key, alternative]
        if key in named:
            continue
        habit = items[key.item].kind == "pattern"
        if habit and (len(groups) < _HABIT * size or key.item not in found.attributes):
            continue
        for hit in (h for hits in groups.values() for h in hits):
            if sum(map(str.isalpha, _text(hit, segment))) >= _TELLING and not _is_anothers(hit, key, found):
                best[key] = max(best.get(key, hit), hit, key=lambda h: h.end - h.start)
    for i, hits in found.attributes.items():
        key = ValueKey(i, 0)
        topics = _topics(items[i]) if key not in named and key not in best else frozenset()
        told = [
            h
            for h in hits
            if topics.issuperset(norms(_text(h, segment))) and not _is_anothers(h, key, found, items[i].subject)
        ]
        if topics and told:
            best[key] = told[0]
    return [Mention(key, segment, (hit,), 1, False) for key, hit in best.items()]


def is_telling(part: Mention, binding: Binding, item: Item) -> bool:
    """Whether the word is tied to its item by more than itself: it's a name, several words, or anchored."""
    if item.kind == "temporary":
        return True
    said = _text(part.core, part.segment)
    return binding.rule != DISTINCTIVE or said[0].isupper() or " " in said


def _topics(item: Item) -> frozenset[str]:
    """The words by which a passing state may be named: those of its only value."""
    if item.kind != "temporary" or len(item.values) > 1:
        return frozenset()
    value = item.values[0]
    return frozenset(norms(" ".join((value.text, *value.aliases))))


def _text(hit: Hit, segment: Segment) -> str:
    return segment.text[hit.start - segment.start : hit.end - segment.start]


def _is_anothers(hit: Hit, key: ValueKey, found: Found, own: str = "") -> bool:
    """Whether the words also belong to a subject or to another item's value."""
    others = (hits for (k, _), groups in found.groups.items() if k.item != key.item for hits in groups.values())
    subjects = (hits for name, hits in found.subjects.items() if name != own)
    return any(_overlaps(hit, hits) for hits in (*others, *subjects))
