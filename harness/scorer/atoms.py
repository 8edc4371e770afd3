"""Unsupported atoms: numbers, addresses, paths, versions and names that no source contains.

Sources at a checkpoint are the starting store, every session handed over up to that night, deletion
requests, the dates of all of them, and the planted values whose evidence lies in those sessions (a
value's text is the scenario's own reading of its evidence). An atom is supported if its words are in
the sources, in any order and wherever: what's reported is a lower bound. For the same reason a number
that's given as rough ("about 40") isn't asked for, nor the day of a date near the sessions: a right memory
works both out.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from rembench.harness.night import Memory
from rembench.harness.scenario.handover import handovers
from rembench.harness.scorer.forms import is_month, month_number
from rembench.harness.scorer.words import normalise, norms
from rembench.harness.types import STORE, Finding, Scenario

_URL = r"(?:https?://|www\.)[^\s<>()\"'`]+"
_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_PATH = (
    r"(?<![\w./-])(?:[~.]{0,2}/(?:[\w.-]{1,100}/){0,30}[\w.-]{1,100}"
    r"|(?:[\w.-]{1,100}/){1,30}[\w-]{0,100}\.[A-Za-z]\w{0,5})\b"
)
_NUMBER = r"\d+(?:[.,:]\d+)*"
_CAPITALISED = r"[A-ZÀ-ÞĀ-Ž][^\W\d_A-ZÀ-Þ]{2,}"
_NAME = rf"(?<=[a-z,;] ){_CAPITALISED}(?: {_CAPITALISED})+"
_ATOM = re.compile(
    rf"(?P<url>{_URL})|(?P<email>{_EMAIL})|(?P<path>{_PATH})|(?P<number>{_NUMBER})|(?P<name>{_NAME})"
)
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_ROUGH = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.|c\.|some|nearly|almost|"
    r"(?:just|a little|a bit) (?:before|after|under|over))|[~≈])\s{0,3}\Z",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"
    r"|\b(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<name>[A-Z][a-z]{2,8})\b"
    r"|\b(?P<name2>[A-Z][a-z]{2,8})\s+(?P<day3>\d{1,2})\b(?![:.,]\d)"
    r"|\b(?P<day4>\d{1,2})\.(?P<month4>\d{1,2})\.(?!\d)"
)
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=92)
_MOST = 20_000  # atoms looked at in one memory: a hoarder's logs don't stall the scorer


class AtomReader:
    """Knows the sources of one scenario: `sources[checkpoint]` are all their words."""

    def __init__(self, scenario: Scenario) -> None:
        self.sources: dict[str, frozenset[str]] = {}
        seen = set(_lexicon(scenario.store.values()) | _lexicon(scenario.store))
        seen |= _lexicon((scenario.domain,))
        self.sources[STORE] = frozenset(seen)
        self._spans: dict[str, tuple[date | None, date | None]] = {STORE: (None, None)}
        days: list[date] = []
        told: set[str] = set()
        for handover in handovers(scenario):
            texts = [m.content for s in handover.sessions for m in s.messages]
            texts += [f"{s.user or ''} {s.agent or ''} {s.outcome or ''}" for s in handover.sessions]
            texts += [d.request for d in handover.deletions]
            texts.append(handover.step.instructions or "")
            seen |= _lexicon(texts)
            for at in (*(s.at for s in handover.sessions), handover.step.at):
                seen |= _date_words(at)
                days += [d for d in [_day(at)] if d]
            self._spans[handover.step.id] = (min(days, default=None), max(days, default=None))
            told |= {s.id for s in handover.sessions}
            seen |= _lexicon(_planted(scenario, told))
            self.sources[handover.step.id] = frozenset(seen)

    def _near_dates(self, text: str, checkpoint: str) -> list[tuple[int, int]]:
        """Where dates stand that lie near the sessions."""
        first, last = self._spans[checkpoint]
        if first is None or last is None:
            return []
        return [
            m.span()
            for m in _DATE.finditer(text)
            if any(first - _BEFORE <= found <= last + _AFTER for found in _days(m, {first.year, last.year}))
        ]

    def read(self, memory: Memory, checkpoint: str) -> tuple[int, tuple[Finding, ...]]:
        """The number of atoms in `memory`, and a finding for each that no source supports."""
        source = self.sources[checkpoint]
        count = 0
        found: list[Finding] = []
        for path in sorted(memory):
            near = self._near_dates(memory[path], checkpoint)
            for atom in _ATOM.finditer(memory[path]):
                if atom.lastgroup == "name" and _in_heading(memory[path], atom.start()):
                    continue
                if count == _MOST:
                    return count, tuple(found)
                count += 1
                text = memory[path]
                if atom.lastgroup == "number" and (
                    _ROUGH.search(text[max(0, atom.start() - 20) : atom.start()])
                    or any(start <= atom.start() < end for start, end in near)
                ):
                    continue
                parts = norms(atom.group())
                if not all(_known(part, source) for part in parts):
                    found.append(_finding(checkpoint, path, atom))
        return count, tuple(found)


def _day(at: str) -> date | None:
    try:
        return datetime.fromisoformat(at).date()
    except ValueError:
        return None


def _days(match: "re.Match[str]", years: set[int]) -> Iterator[date]:
    """The day that a date means, in each of the years if it names none."""
    name = match["name"] or match["name2"]
    if name and not is_month(name):
        return
    day = int(match["day"] or match["day2"] or match["day3"] or match["day4"])
    month = month_number(name) if name else int(match["month"] or match["month4"])
    for year in {int(match["year"])} if match["year"] else years:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _in_heading(text: str, at: int) -> bool:
    """Headings are the memory's own words: capitals in them name nobody."""
    return text.startswith("#", text.rfind("\n", 0, at) + 1)


def _finding(checkpoint: str, path: str, atom: "re.Match[str]") -> Finding:
    return Finding(
        checkpoint=checkpoint, type="unsupported", rule=f"{atom.lastgroup} in no source", path=path,
        start=atom.start(), end=atom.end(), quote=atom.group()[:200],
    )  # fmt: skip


def _known(part: str, source: frozenset[str]) -> bool:
    if part in source or part in _CALENDAR:
        return True
    if part[0].isdigit():
        return part.lstrip("0") in source or any(p in source for p in _respelled(part))
    return part.endswith("s") and part[:-1] in source


def _respelled(number: str) -> Iterator[str]:
    """Other ways of writing the same number: 07:30 and 7:30, 22.10 and 22 10, 9.50 and 9.5."""
    yield number.replace(",", "").replace(".", "")
    yield number.replace(":", ".")
    clock = re.fullmatch(r"(\d{1,2}):(\d\d)", number)
    if clock:
        hour, minute = int(clock[1]) % 24, clock[2]
        yield from (f"{other}:{minute}" for other in (hour % 12, hour % 12 + 12, f"0{hour % 12}"))
        if minute == "00":
            yield from (str(hour), str(hour % 12 or 12))
    if re.fullmatch(r"0\.\d{1,4}", number):
        yield f"{float(number) * 100:g}"  # a rate for a percentage
    if number.endswith(".99") and number[:-3].isdigit():
        yield str(int(number[:-3]) + 1)  # "under 40"
    yield number.replace(".", ":")
    yield ":".join(p.lstrip("0") or "0" for p in number.split(":"))
    yield f"0{number}"
    yield f"{number}0"
    if "." in number:
        yield number.rstrip("0").rstrip(".")
    else:
        yield f"{number}.0"
        yield f"{number}.00"
    if number.isdigit() and len(number) == 4 and number[:2] in {"19", "20"}:
        yield number[2:]


def _lexicon(texts: Iterable[str]) -> set[str]:
    """Every word of the texts; of a number with marks also its parts ("2026-10-22", "16:30")."""
    known: set[str] = set()
    for text in texts:
        for word in norms(text):
            known.add(word)
            if word[0].isdigit() and not word.isdigit():
                known.update(_parts(word))
                known.add(word.replace(",", "").replace(".", ""))
    known |= {str(month_number(word)) for word in known if is_month(word)}
    return known | {w.lstrip("0") for w in known if w.startswith("0")}


def _parts(number: str) -> Iterator[str]:
    """The number's runs of parts, so that "1.6" is known where "2026.1.6" is."""
    marks = [m.start() for m in re.finditer(r"[.,:]", number)][:6]
    edges = [-1, *marks, len(number)]
    for n, left in enumerate(edges):
        yield from (normalise(number[left + 1 : right]) for right in edges[n + 1 :])


def _date_words(at: str) -> set[str]:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return set()
    parts = {str(moment.year), str(moment.month), str(moment.day), f"{moment.month:02}"}
    return parts | _lexicon((at, at.replace("T", " ")))


def _planted(scenario: Scenario, told: set[str]) -> Iterator[str]:
    for item in scenario.items:
        yield item.subject
        yield item.attribute
        for value in item.values:
            if not value.evidence or any(ref.session in told for ref in value.evidence):
                yield value.text
                if value.condition:
                    yield value.condition.text
