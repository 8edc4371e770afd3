"""Elliptical mentions: a former value of which only the number is left, "28 days (it was sixty)".

Beside a full mention of one of an item's values the others may be named by their number or their day alone:
"€95 a week (was 110)", "moved to the 16th, not the 15th", "set 2, previously third". Such a mention
can only take a value back or leave it open; it never states one.
"""

import re
from collections.abc import Iterable, Sequence

from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.matcher import Hit
from rembench.harness.scorer.mentions import Mention
from rembench.harness.scorer.words import norms
from rembench.harness.types import Item

_FOLLOWERS = frozenset(
    "before until till between for from then to and or in on when was is at again as since by after now per "
    "a the if but so that which instead originally previously formerly earlier only while during back".split()
)
"""Words that may come after a number that stands alone; any other is taken for its unit."""


def elliptic(
    items: Sequence[Item], around: Surroundings, mentions: Sequence[Mention]
) -> list[Mention]:
    """The numbers in `around` that stand alone for a value beside another value of their item."""
    segment = around.segment
    taken = [h for m in mentions for h in m.hits]
    named = {m.key for m in mentions}
    spoken = {k.item for k in named}
    result = []
    for key, hits in around.found.bare.items():
        if key.item not in spoken or key in named:
            continue
        free = [h for h in hits if _alone(h, segment.text, segment.start, items[key.item]) and not _overlaps(h, taken)]
        if free:
            result.append(Mention(key, segment, (free[0],), 1, False))
    return result


def _overlaps(hit: Hit, taken: Iterable[Hit]) -> bool:
    return any(t.start < hit.end and hit.start < t.end for t in taken)


def _alone(hit: Hit, text: str, offset: int, item: Item) -> bool:
    """Whether no unit, other than one of the item's own, comes after the number."""
    tail = text[hit.end - offset : hit.end - offset + 40]
    if re.match(r"[.,:/-]\d|%", tail) or re.search(r"[\d#/:-]\Z", text[: hit.start - offset]):
        return False
    following = re.match(r"[\"'’”*_`)\]]*\s*(?:([^\W\d_]+)|\S|\Z)", tail)
    word = following[1] if following else None
    if word is None or re.match(r"[\"'’”*_`]*[)\],.;:]", tail):
        return True
    own = {w for v in item.values for w in norms(v.text)}
    return bool(set(norms(word)) & (_FOLLOWERS | own))
