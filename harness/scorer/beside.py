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
from rembench.harness.scorer.segments import Segment, is_structured
from rembench.harness.scorer.status import SIDE_BY_SIDE, STATED, Attributed, Judged, Marks, Status
from rembench.harness.scorer.words import Word, norms

_WINDOW = 8  # words
_NEAR = 40  # characters between two lines of one list
_QUOTED = re.compile(r"\"[^\"]{1,120}\"|“[^”]{1,120}”|«[^»]{1,120}»|(?<!\w)['‘][^'’]{1,120}['’](?!\w)")
_LEAD = re.compile(r"\W{0,10}([^:]{1,40}):\s")
_BRACKET = re.compile(r"[\w\s]{0,20}\(([^()]{1,60})\)")
_EDGE = re.compile(r"[;,()—–|]|\.\s")
_SEPARATOR = re.compile(r"\s(?:/|vs\.?|versus|against)\s|\s/|/\s", re.IGNORECASE)
_OR = re.compile(r"\W*(?:\w+\W+){0,3}or\W+(?:on|at|in|by|from|for|under)\W+(?:\w+\W+){0,3}", re.IGNORECASE)


def marks(mention: Mention, around: Surroundings) -> Marks:
    """The marks of one mention."""
    segment = mention.segment
    first, last = min(h.first for h in mention.hits), max(h.last for h in mention.hits)
    window = segment.words[max(0, first - _WINDOW) : last + 1 + _WINDOW]
    said = [w.norm for w in window if _in_clause(w, mention)]
    return Marks(
        current=_is_current(mention),
        changing=any(w in CHANGES for w in said),
        attributed=_attributed(mention, around),
    )


def contrast(mentions: Mapping[int, Sequence[Judged]]) -> dict[int, list[Judged]]:
    """The mentions of an item's values, read again in the light of those beside them."""
    plain = [(v, j) for v, js in mentions.items() for j in js if j.status in {STATED, SIDE_BY_SIDE}]
    return {v: [_again(v, j, plain) for j in js] for v, js in mentions.items()}


def _again(value: int, judged: Judged, plain: Sequence[tuple[int, Judged]]) -> Judged:
    segment = judged.mention.segment
    if judged.status == SIDE_BY_SIDE and not any(v != value and k.mention.segment is segment for v, k in plain):
        return replace(judged, status=STATED)
    if judged.status != STATED:
        return judged
    beside = [k for v, k in plain if v != value and _beside(segment, k.mention.segment)]
    if not judged.marks.current and any(
        k.marks.current and not _is_added(judged.mention, k.mention) for k in beside
    ):
        return replace(judged, status=Status("retired", "beside a value that's said to be the current one"))
    if any(_disagree(judged, k) for k in beside):
        return replace(judged, status=SIDE_BY_SIDE)
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
    if one.mention.segment is other.mention.segment and "lead" in (
        one.marks.attributed,
        other.marks.attributed,
    ):
        return False  # one source doesn't disagree with itself
    return bool(one.marks.attributed and other.marks.attributed)


def _is_added(one: Mention, other: Mention) -> bool:
    """ "No visits on Sundays, and they are now by appointment": the second comes on top of the first."""
    segment = one.segment
    if segment is not other.segment or one.core.start > other.core.start:
        return False
    between = segment.text[one.core.end - segment.start : other.core.start - segment.start]
    return bool(re.match(r"[^,;.]*,? and (?!(?:is |are |has |have )?(?:now|since|then)\b)", between))


def _is_separated(one: Mention, other: Mention) -> bool:
    """ "19 / 34", "the mill against the quarry", "by train or by boat"."""
    first, second = sorted((one, other), key=lambda m: m.core.start)
    segment = first.segment
    between = segment.text[first.core.end - segment.start : second.core.start - segment.start]
    return bool(_SEPARATOR.search(between) or _OR.fullmatch(between))


def _in_clause(word: Word, mention: Mention) -> bool:
    """Whether nothing but words stands between the word and the mention."""
    segment = mention.segment
    start, end = min(h.start for h in mention.hits), max(h.end for h in mention.hits)
    low, high = (word.end, start) if word.start < start else (end, word.start)
    return low >= high or not _EDGE.search(segment.text[low - segment.start : high - segment.start])


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


def _attributed(mention: Mention, around: Surroundings) -> Attributed:
    segment, core = mention.segment, mention.core
    text, start, end = segment.text, core.start - segment.start, core.end - segment.start
    if not is_structured(segment.path) and any(
        q.start() < start and end < q.end() for q in _QUOTED.finditer(text)
    ):
        return "quote"
    if any(CUES[n].category == "hearsay" for n, _ in around.found.cues):
        return "word"
    bracket = _BRACKET.match(text, end)
    if bracket and SOURCES & set(norms(bracket[1])):
        return "word"
    lead = _LEAD.match(text)
    return "lead" if lead and lead.end() <= start and _is_source(lead[1], mention, around) else ""


def _is_source(lead: str, mention: Mention, around: Surroundings) -> bool:
    """Whether a line begins with somebody's name: "Alva: ..."; the item's own names don't count."""
    own = around.found.attributes.get(mention.key.item, ())
    length = len(around.segment.text[: around.segment.text.find(":")]) + around.segment.start
    if any(hit.start < length for hit in own):
        return False
    words = re.split(r"[\s_]+", lead.strip("*_\"' "))
    if SOURCES & {w.lower() for w in words}:
        return True
    return 0 < len(words) <= 3 and all(w[:1].isupper() for w in words if w not in {"and", "&", "of", "the"})
