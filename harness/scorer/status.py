"""Status: what the words around a mention make of it (cue table in `cues`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.cues import (
    AVOIDANCE,
    CHRONICLES,
    CUES,
    LIMITS,
    NEGATORS,
    NOT_AFTER,
    NOT_CUES,
    TERMINATORS,
    TITLE_FILLERS,
    TITLES,
    Cue,
)
from rembench.harness.scorer.expiry import ended
from rembench.harness.scorer.matcher import Hit
from rembench.harness.scorer.mentions import Mention, within
from rembench.harness.scorer.segments import Segment
from rembench.harness.scorer.words import norms

Avoids = Literal["no", "attribute", "value"]
Attributed = Literal["", "quote", "word", "lead"]
Force = Literal["held", "retired", "open", "was"]

_ARROW = re.compile(r"\s{0,3}[\"'`*_)]{0,4}\s{0,3}(?:→|->|=>|⟶|➜)")
_STRUCK = re.compile(r"~~[^~\n]+~~")
_LEAD = re.compile(r"\W{0,10}([^:;,.()\n]{1,40}?)[\"'*_`]{0,4}:\s")
_MARK = re.compile(r"[;—–]|\.\s|\s-\s")
_BRACKET = re.compile(r"\((?!\W{0,9}\Z)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_CLOSES = re.compile(
    r"""[*_~"'”’)\]]{0,6}(?:[.,;:!?)\]]|\s{0,9}\Z|\s{1,3}[-–—(]|\s(?:(?:on|since|from|in)\s)?(?:the\s)?"""
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}\b|\d{{4}}-\d\d|\d{{1,2}}(?:st|nd|rd|th)\b))",
    re.IGNORECASE,
)
_PLAIN_NEGATIONS = frozenset({"not", "n't", "no", "never", "without", "isn't", "aren't", "nor"})
_NAMED = re.compile(r"[./](?=\w)")
_AND = re.compile(r"[\s,-]*(?:and|or|nor|/|&)[\s-]*")

_FOR_A_TIME = frozenset({"during", "while", "briefly", "temporarily"})

_FORCE: dict[str, Force] = {
    "negated": "retired",
    "past": "retired",
    "rejected": "retired",
    "hypothetical": "retired",
    "unsettled": "open",
    "was": "was",
}
_ORDER = ("rejected", "negated", "past", "unsettled", "hypothetical")


@dataclass(frozen=True, slots=True)
class Status:
    """What one mention says of its value, and by which rule; "was": past tense and nothing more."""

    force: Force
    rule: str

    @property
    def by_cue(self) -> bool:
        """Whether a trigger word in the segment decided."""
        return ": “" in self.rule


_EXCHANGED = frozenset({"swapped", "ditched", "dropped", "abandoned"})
_REFUSALS = frozenset(c.phrase for c in CUES if c.category == "rejected" and c.phrase.endswith("ed"))
STATED = Status("held", "stated")
SIDE_BY_SIDE = Status("open", "two values side by side, each somebody's word")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the words round a mention say of its place among an item's values (see `beside`)."""

    current: bool = False
    changing: bool = False
    attributed: Attributed = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One bound mention with its status; `entry` is the date of the entry that it stands in.

    `part`: only a telling word of the value is there, and it's called over or refused.
    """

    mention: Mention
    status: Status
    weak: bool
    entry: date | None
    marks: Marks = Marks()
    part: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What's known of the value beside its mention.

    `others` are mentions of the item's other values in the same segment; `avoids` says whether the value
    or its attribute is itself about what isn't done ("no pork", an allergy), so that a plain negation
    doesn't deny it; `today` is the memory's date, `entry` that of the entry which the mention stands in;
    `conditional`: the value holds on a condition, which "if" names; `passing`: it's a state that passes.
    """

    others: Sequence[Mention]
    avoids: Avoids
    exclusive: bool
    today: date | None
    entry: date | None = None
    conditional: bool = False
    passing: bool = False


def status(mention: Mention, around: Surroundings, about: About) -> Status:
    """The status of `mention` in its segment."""
    segment = mention.segment
    if segment.struck or _is_struck(mention):
        return Status("retired", "struck through")
    end = ended(mention, about.today, about.entry, passing=about.passing)
    if end:
        return Status("retired", f"until {end.isoformat()}, which is past")
    if _is_left_of_change(mention, about.others):
        return Status("retired", "changed to another value")
    if about.exclusive and any(_either(mention, other) for other in about.others):
        return Status("open", "either one or the other")
    names = around.found.attributes.get(mention.key.item, ())
    cues = [
        CUES[n]
        for n, hit in around.found.cues
        if _is_cue(CUES[n], hit, segment)
        and _bears(CUES[n], hit, mention)
        and not within(hit, names)
        and not (about.conditional and CUES[n].phrase == "if")
        and not (_shifts(CUES[n]) and _is_between(hit, mention, about.others))
        and not (
            CUES[n].phrase in {*_PLAIN_NEGATIONS, "no longer"} and _is_avoidance(hit, mention, about.avoids)
        )
    ]
    doubtful = any(
        CUES[n].phrase in {"may", "might"} and not _is_month(hit, segment.text, segment.start)
        for n, hit in around.found.cues
    )
    strong = _strongest(cues, doubtful)
    if strong:
        return strong
    told = any(c.category == "hearsay" for c in cues) and not any(c.phrase in {"was", "were"} for c in cues)
    if about.exclusive and about.others and told:
        return SIDE_BY_SIDE
    heading = _heading(around)
    if heading:
        return heading
    for cue in cues:
        if cue.category == "was":
            if cue.phrase in {"was", "were", "had been"} and _FOR_A_TIME & {w.norm for w in segment.words}:
                return Status("retired", f"past tense, for a time: “{cue.phrase}”")
            return Status("was", cue.rule)
    return Status("held", "stated")


def _is_cue(cue: Cue, hit: Hit, segment: Segment) -> bool:
    """Whether the words are the cue, and not parts of two clauses or of another phrase."""
    text = segment.text[hit.start - segment.start : hit.end - segment.start]
    if re.search(r"[;:!?()]|\.\s", text):
        return False
    if _NAMED.match(segment.text, hit.end - segment.start):
        return False  # "old.txt"
    first = segment.words[0].start if segment.words else 0
    after = segment.words[hit.last + 1].norm if hit.last + 1 < len(segment.words) else ""
    before = segment.words[hit.first - 1].norm if hit.first > 0 and first < hit.start else ""
    if cue.category in {"rejected", "past"} and hit.first == hit.last and before in _PLAIN_NEGATIONS:
        return False  # "not refused", "isn't over"
    if cue.category == "negated" and after in _REFUSALS:
        return False
    return after not in NOT_CUES.get(cue.phrase, ()) and before not in NOT_AFTER.get(cue.phrase, ())


def _shifts(cue: Cue) -> bool:
    """Whether a cue speaks of one value only, so that a nearer one takes it."""
    return cue.scope != "segment" and cue.category not in {"unsettled", "hearsay"}


def _is_between(hit: Hit, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether another value of the item stands between cue and mention: then the cue is about that one."""
    nearest = min(mention.hits, key=lambda h: abs(h.start - hit.start))
    low, high = sorted((hit.start, nearest.start))
    between = [o for o in others if low < o.core.start < high]
    return any(not _are_coordinated(o, mention) for o in between)


def _are_coordinated(one: Mention, other: Mention) -> bool:
    """ "the 90- and 60-day versions": what's said of one is said of both."""
    first, second = sorted((one, other), key=lambda m: m.core.start)
    segment = first.segment
    between = segment.text[first.core.end - segment.start : second.core.start - segment.start]
    return bool(_AND.fullmatch(between))


def _is_avoidance(hit: Hit, mention: Mention, avoids: Avoids) -> bool:
    """Whether a plain negation says what's avoided and doesn't deny it.

    "Not the cache" at the start denies whatever is meant; of an allergy "not nuts" and "isn't nuts" deny,
    "no nuts" and "can't have nuts" don't.
    """
    near = hit.last < mention.core.first <= hit.last + 3
    words = mention.segment.words
    if avoids == "no" or (hit.first == 0 and near):
        return False
    if any(w.norm in AVOIDANCE - NEGATORS for w in words[hit.last + 1 : hit.last + 2]):
        return False  # "isn't allergic to it" denies
    if avoids == "value":
        return True
    segment = mention.segment
    said = segment.words[hit.last].norm
    before = segment.words[hit.first - 1].norm if hit.first else ""
    denies = said == "not" or (said == "n't" and before in {"is", "are", "was", "were"})
    return not (denies and near)


def _strongest(cues: Sequence[Cue], doubtful: bool) -> Status | None:
    for category in _ORDER:
        if category == "hypothetical" and doubtful:
            return Status("open", "unsettled: “may”") if any(c.category == category for c in cues) else None
        for cue in cues:
            if cue.category == category:
                return Status(_FORCE[category], cue.rule)
    return None


def _heading(around: Surroundings) -> Status | None:
    stem = around.segment.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = stem if stem.lower() not in CHRONICLES else ""
    lead = _LEAD.match(around.segment.text)
    for title in (lead[1] if lead else "", *reversed(around.segment.headings), stem):
        force = title_force(title)
        if force:
            return Status(force, f"under a heading of {'the past' if force == 'retired' else 'open points'}")
    return None


@lru_cache(maxsize=10_000)
def title_force(title: str) -> Force | None:
    """What a heading, key or file name says of everything under it: only if it says nothing else."""
    said = " ".join(w for w in norms(title.replace("_", " ").replace("-", " ")) if w not in TITLE_FILLERS)
    return TITLES.get(said)


def _bears(cue: Cue, hit: Hit, mention: Mention) -> bool:
    """Whether a cue reaches the mention: outside its own words, on the right side, near enough."""
    segment = mention.segment
    opens = hit.first == 0 and cue.phrase == "not" and mention.core.first <= hit.last + 3
    if not opens and any(hit.start < h.end and h.start < hit.end for h in mention.hits):
        return False
    if cue.phrase == "may" and _is_month(hit, segment.text, segment.start):
        return False
    if cue.scope == "segment":
        return True
    return any(_reaches(cue, hit, part, mention) for part in mention.hits)


def _reaches(cue: Cue, hit: Hit, part: Hit, mention: Mention) -> bool:
    """Whether the cue stands on its side of one of the mention's words, near enough."""
    segment = mention.segment
    if hit.last < part.first:
        return cue.scope == "after" and _clear(cue, (hit, part), mention)
    if cue.scope == "closing" and not _CLOSES.match(segment.text, hit.end - segment.start):
        return False
    return cue.scope in {"before", "closing"} and _clear(cue, (part, hit), mention)


def _is_month(hit: Hit, text: str, offset: int) -> bool:
    return text[hit.start - offset].isupper()


def _clear(cue: Cue, pair: tuple[Hit, Hit], mention: Mention) -> bool:
    left, right = pair
    if right.first - left.last - 1 > cue.reach:
        return False
    segment = mention.segment
    between = segment.text[left.end - segment.start : right.start - segment.start]
    close = cue.scope != "after" and right.first - left.last <= 3 and ";" not in between and "." not in between
    if (_MARK.search(between) and not close) or _crosses(cue, between):
        return False
    inner = {w.norm for w in segment.words[left.last + 1 : right.first]}
    if (cue.phrase == "until then" and ":" in between) or (cue.phrase == "if" and "," in between):
        return False
    colon = cue.scope == "after" and ":" in between
    if cue.phrase in _PLAIN_NEGATIONS and (inner & LIMITS or colon):
        return False
    if (cue.phrase.endswith("from") or cue.phrase in _EXCHANGED) and inner & {"to", "for"}:
        return False  # "swapped the old one for": what comes after is the new one
    if cue.phrase == "then" and "," in between:
        return False  # "fourteen days, then": so it is
    return not inner & TERMINATORS


def _crosses(cue: Cue, between: str) -> bool:
    """Whether a bracket keeps the cue to itself: "68.9 (was 71.4)", "ochre (not teal, dropped)"."""
    if cue.scope == "after":
        return ")" in between
    return bool(_BRACKET.search(between)) or (cue.phrase == "was" and "(" in between)


def _either(mention: Mention, other: Mention) -> bool:
    """ "Either 30 (the plate) or 45 (the manual)"."""
    first, second = sorted((mention, other), key=lambda m: m.core.start)
    segment = first.segment
    head = segment.text[: first.core.start - segment.start]
    between = segment.text[first.core.end - segment.start : second.core.start - segment.start]
    return bool(re.search(r"\b[Ee]ither\b", head) and re.search(r"\bor\b", between))


def _is_struck(mention: Mention) -> bool:
    segment, core = mention.segment, mention.core
    return any(
        m.start() + segment.start <= core.start and core.end <= m.end() + segment.start
        for m in _STRUCK.finditer(segment.text)
    )


def _is_left_of_change(mention: Mention, others: Sequence[Mention]) -> bool:
    """ "X → Y", "from X to Y": X, where Y is another value of the same item."""
    segment, core = mention.segment, mention.core
    later = [o for o in others if o.core.start >= core.end]
    if not later:
        return False
    tail = segment.text[core.end - segment.start :]
    if _ARROW.match(tail) or re.match(r"[^;.→]{0,25}(?:→|->|=>)", tail):
        return True
    head = segment.text[: core.start - segment.start]
    between = segment.text[core.end - segment.start : later[0].core.start - segment.start]
    return bool(re.search(r"\bfrom\W+(?:\w+\W+){0,2}\Z", head, re.IGNORECASE)) and bool(
        re.search(r"\bto\b", between)
    )
