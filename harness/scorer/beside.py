"""Two values of one item stated side by side: has one replaced the other, or do two sources disagree?

    one is marked as current ("since", "now", "again", "back to"), the other isn't   → the other is retired
    each is somebody's word (a quote, a source, "says"), and nothing speaks of change → both are open
    otherwise                                                                        → as they were read

Side by side is: in one segment, or in neighbours of one paragraph, list, table or mapping.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.cues import CHANGES, CUES, CURRENT, SOURCES
from rembench.harness.scorer.mentions import Mention
from rembench.harness.scorer.segments import Segment
from rembench.harness.scorer.status import STATED, Judged, Marks, Status
from rembench.harness.scorer.words import norms

_NEAR = 40  # characters between two lines of one list
_QUOTES = "\"'“”‘’«»"
_LEAD = re.compile(r"\W*([^:]{1,40}):\s")
_BRACKET = re.compile(r"[\w\s]{0,20}\(([^()]{1,60})\)")
_EDGE = re.compile(r"[;,()—–|]|\.\s")
_SEPARATOR = re.compile(r"\s(?:/|vs\.?|versus|against)\s|\s/|/\s", re.IGNORECASE)


def marks(mention: Mention, around: Surroundings) -> Marks:
    """The marks of one mention."""
    segment = mention.segment
    said = [w.norm for w in segment.words]
    return Marks(
        current=_is_current(mention),
        changing=any(w in CHANGES for w in said),
        attributed=_is_attributed(mention, around),
    )


def contrast(mentions: Mapping[int, Sequence[Judged]]) -> dict[int, list[Judged]]:
    """The mentions of an item's values, read again in the light of those beside them."""
    plain = [(v, j) for v, js in mentions.items() for j in js if j.status == STATED]
    return {v: [_again(v, j, plain) for j in js] for v, js in mentions.items()}


def _again(value: int, judged: Judged, plain: Sequence[tuple[int, Judged]]) -> Judged:
    if judged.status != STATED:
        return judged
    segment = judged.mention.segment
    beside = [k for v, k in plain if v != value and _beside(segment, k.mention.segment)]
    if not judged.marks.current and any(k.marks.current for k in beside):
        return replace(judged, status=Status("retired", "beside a value that's said to be the current one"))
    if any(_disagree(judged, k) for k in beside):
        return replace(judged, status=Status("open", "two values side by side, each somebody's word"))
    return judged


def _beside(one: Segment, other: Segment) -> bool:
    if one is other:
        return True
    if one.path != other.path or one.headings[:-1] != other.headings[:-1]:
        return False
    first, second = sorted((one, other), key=lambda s: s.start)
    return one.block == other.block or second.start - first.end <= _NEAR


def _disagree(one: Judged, other: Judged) -> bool:
    if one.marks.changing or other.marks.changing or one.marks.current or other.marks.current:
        return False
    if one.mention.segment is other.mention.segment and _is_separated(one.mention, other.mention):
        return True
    return one.marks.attributed and other.marks.attributed


def _is_separated(one: Mention, other: Mention) -> bool:
    """ "19 / 34", "Dauncey against Hollis"."""
    first, second = sorted((one, other), key=lambda m: m.core.start)
    segment = first.segment
    between = segment.text[first.core.end - segment.start : second.core.start - segment.start]
    return bool(_SEPARATOR.search(between))


def _is_current(mention: Mention) -> bool:
    """Whether a word of the present stands in the mention's own clause."""
    segment = mention.segment
    first, last = min(h.first for h in mention.hits), max(h.last for h in mention.hits)
    before = segment.words[max(0, first - 3) : first]
    after = segment.words[last + 1 : last + 4]
    for word, left, right in (
        *((w, w.end, mention.core.start) for w in before),
        *((w, mention.core.end, w.start) for w in after),
    ):
        between = segment.text[left - segment.start : right - segment.start]
        if word.norm in CURRENT and not _EDGE.search(between):
            return True
    return False


def _is_attributed(mention: Mention, around: Surroundings) -> bool:
    segment, core = mention.segment, mention.core
    text, start, end = segment.text, core.start - segment.start, core.end - segment.start
    written = segment.path.rsplit(".", 1)[-1] in {"json", "yaml", "yml"}
    if not written and start and text[start - 1] in _QUOTES and text[end : end + 1] in _QUOTES:
        return True
    if any(CUES[n].category == "hearsay" for n, _ in around.found.cues):
        return True
    bracket = _BRACKET.match(text, end)
    if bracket and SOURCES & set(norms(bracket[1])):
        return True
    lead = _LEAD.match(text)
    return bool(lead and lead.end() <= start and _is_source(lead[1], mention, around))


def _is_source(lead: str, mention: Mention, around: Surroundings) -> bool:
    """Whether a line begins with somebody's name: "Dmytro: ..."; the item's own names don't count."""
    own = around.found.attributes.get(mention.key.item, ())
    length = len(around.segment.text[: around.segment.text.find(":")]) + around.segment.start
    if any(hit.start < length for hit in own):
        return False
    words = re.split(r"[\s_]+", lead.strip("*_\"' "))
    if SOURCES & {w.lower() for w in words}:
        return True
    return 0 < len(words) <= 3 and all(w[:1].isupper() for w in words if w not in {"and", "&", "of", "the"})
