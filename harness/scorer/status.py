"""Status: what the words around a mention make of it (cue table in `cues`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from rembench.harness.scorer.context import Surroundings
from rembench.harness.scorer.cues import (
    CHRONICLES,
    CUES,
    LIMITS,
    NOT_AFTER,
    NOT_CUES,
    OPEN_TITLES,
    PAST_TITLES,
    TERMINATORS,
    TITLE_FILLERS,
    Cue,
)
from rembench.harness.scorer.forms import month_number
from rembench.harness.scorer.matcher import Hit
from rembench.harness.scorer.mentions import Mention, within
from rembench.harness.scorer.segments import Segment
from rembench.harness.scorer.words import norms

Avoids = Literal["no", "attribute", "value"]
Force = Literal["held", "retired", "open", "was"]

_ARROW = re.compile(r"\s*[\"'`*_)]*\s*(?:→|->|=>|⟶|➜)")
_STRUCK = re.compile(r"~~[^~\n]+~~")
_LEAD = re.compile(r"[\s\W]*([^:;,.()\n]{1,40}?)[\"'*_`]*:\s")
_MARK = re.compile(r"[;—–]|\.\s|\s-\s")
_BRACKET = re.compile(r"\((?!\W*\Z)")
_CLOSES = re.compile(r"""[*_~"'”’)\]]*(?:[.,;:!?)\]]|\s*\Z|\s+[-–—(])""")
_PLAIN_NEGATIONS = frozenset({"not", "n't", "no", "never", "without", "isn't", "aren't", "nor"})
_UNTIL = re.compile(
    r"\b(?:until|till|up to|through|so until|to the end of)\s+(?:the\s+)?(?:end of\s+)?(?:\w+day,?\s+)?"
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>[A-Z][a-z]{2,8})"
    r"(?:,?\s+(?P<year>\d{4}))?|(?P<month2>[A-Z][a-z]{2,8})\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:,?\s+(?P<year2>\d{4}))?)"
)
_UNTIL_YEAR = re.compile(
    r"\b(?:until|till|up to|through|to the end of)\s+(?:the\s+)?(?:end of\s+)?"
    r"(?:(?P<month>[A-Z][a-z]{2,8}),?\s+)?(?P<year>(?:19|20)\d{2})\b(?!-)"
)
_AND = re.compile(r"[\s,-]*(?:and|or|nor|/|&)[\s-]*")
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())

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


STATED = Status("held", "stated")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the words round a mention say of its place among an item's values (see `beside`)."""

    current: bool = False
    changing: bool = False
    attributed: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One bound mention with its status; `entry` is the date of the entry that it stands in."""

    mention: Mention
    status: Status
    weak: bool
    entry: date | None
    marks: Marks = Marks()


@dataclass(frozen=True, slots=True)
class About:
    """What's known of the value beside its mention.

    `others` are mentions of the item's other values in the same segment; `avoids` says whether the value
    or its attribute is itself about what isn't done ("no pork", an allergy), so that a plain negation
    doesn't deny it; `today` is the memory's date.
    """

    others: Sequence[Mention]
    avoids: Avoids
    exclusive: bool
    today: date | None


def status(mention: Mention, around: Surroundings, about: About) -> Status:
    """The status of `mention` in its segment."""
    segment = mention.segment
    if segment.struck or _is_struck(mention):
        return Status("retired", "struck through")
    expiry = _expired(mention, about.today)
    if expiry:
        return expiry
    if _is_left_of_change(mention, about.others):
        return Status("retired", "changed to another value")
    names = around.found.attributes.get(mention.key.item, ())
    cues = [
        CUES[n]
        for n, hit in around.found.cues
        if _is_cue(CUES[n], hit, segment)
        and _bears(CUES[n], hit, mention)
        and not within(hit, names)
        and not (_shifts(CUES[n]) and _is_between(hit, mention, about.others))
        and not (CUES[n].phrase in _PLAIN_NEGATIONS and _is_avoidance(hit, mention, about.avoids))
    ]
    strong = _strongest(cues)
    if strong:
        return strong
    if about.exclusive and about.others and any(c.category == "hearsay" for c in cues):
        return Status("open", "two values side by side, each somebody's word")
    heading = _heading(around)
    if heading:
        return heading
    for cue in cues:
        if cue.category == "was":
            return Status("was", cue.rule)
    return Status("held", "stated")


def _is_cue(cue: Cue, hit: Hit, segment: Segment) -> bool:
    """Whether the words are the cue, and not parts of two clauses or of another phrase."""
    text = segment.text[hit.start - segment.start : hit.end - segment.start]
    if re.search(r"[;:!?()]|\.\s", text):
        return False
    first = segment.words[0].start if segment.words else 0
    after = segment.words[hit.last + 1].norm if hit.last + 1 < len(segment.words) else ""
    before = segment.words[hit.first - 1].norm if hit.first > 0 and first < hit.start else ""
    return after not in NOT_CUES.get(cue.phrase, ()) and before not in NOT_AFTER.get(cue.phrase, ())


def _shifts(cue: Cue) -> bool:
    """Whether a cue speaks of one value only, so that a nearer one takes it."""
    return cue.scope != "segment" and cue.category not in {"unsettled", "hearsay"}


def _is_between(hit: Hit, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether another value of the item stands between cue and mention: then the cue is about that one."""
    low, high = sorted((hit.start, mention.core.start))
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
    if avoids == "no" or (hit.first == 0 and near):
        return False
    if avoids == "value":
        return True
    segment = mention.segment
    said = segment.words[hit.last].norm
    before = segment.words[hit.first - 1].norm if hit.first else ""
    denies = said == "not" or (said == "n't" and before in {"is", "are", "was", "were"})
    return not (denies and near)


def _strongest(cues: Sequence[Cue]) -> Status | None:
    for category in _ORDER:
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
    if said in PAST_TITLES:
        return "retired"
    return "open" if said in OPEN_TITLES else None


def _bears(cue: Cue, hit: Hit, mention: Mention) -> bool:
    """Whether a cue reaches the mention: outside its own words, on the right side, near enough."""
    if any(hit.start < h.end and h.start < hit.end for h in mention.hits):
        return False
    segment = mention.segment
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
    if cue.phrase in _PLAIN_NEGATIONS and (inner & LIMITS or ":" in between):
        return False
    if cue.phrase.endswith("from") and "to" in inner:
        return False
    return not inner & TERMINATORS


def _crosses(cue: Cue, between: str) -> bool:
    """Whether a bracket keeps the cue to itself: "68.9 (was 71.4)", "Tallow (not Slate, dropped)"."""
    if cue.scope == "after":
        return ")" in between
    return bool(_BRACKET.search(between)) or (cue.phrase == "was" and "(" in between)


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


def _expired(mention: Mention, today: date | None) -> Status | None:
    """ "closed until 24 April", "£220 until the end of 2024": by the memory's own date, over or in force."""
    if today is None:
        return None
    segment = mention.segment
    rest = segment.text[mention.core.start - segment.start :]
    for pattern, read in ((_UNTIL, _date), (_UNTIL_YEAR, _year_end)):
        match = pattern.search(rest)
        until = read(match, today) if match else None
        if until is None or match is None or _MARK.search(rest[: match.start()]):
            continue
        if _BRACKET.search(rest[: match.start()]) or until >= today:
            continue
        return Status("retired", f"until {until.isoformat()}, which is past")
    return None


def _year_end(match: "re.Match[str]", today: date) -> date | None:
    """The last day of a year, or of a month and year."""
    year = int(match["year"])
    if not today.year - 100 < year < today.year + 100:
        return None
    name = match["month"]
    if name is None:
        return date(year, 12, 31)
    if name[:3].lower() not in _MONTHS:
        return None
    month = month_number(name)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _date(match: "re.Match[str]", today: date) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        name = match["month"] or match["month2"]
        if name[:3].lower() not in _MONTHS:
            return None
        day, year = int(match["day"] or match["day2"]), match["year"] or match["year2"]
        found = date(int(year) if year else today.year, month_number(name), day)
    except ValueError:
        return None
    if year:
        return found
    # Without a year the nearest one is meant: "until 5 January", said in December, is next month.
    years = [found.replace(year=today.year + n) for n in (-1, 0, 1) if found.day < 29 or n == 0]
    return min(years, key=lambda d: abs((d - today).days))
