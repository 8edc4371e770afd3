"""Mutants: an oracle's memory with one statement made wrong, as a reader would have to notice.

    value swapped      another value in the held one's place: an older one of the item, else another item's
    subject swapped    the statement given to another subject, in that subject's file
    negated            "not Tallow 112"
    tense shifted      "formerly Tallow 112"
    condition dropped  "Tamsin" for "Tamsin (on weekdays in the daytime)"
    off by one         "net 15" for "net 14"
    unit changed       "25 hours" for "25 minutes"

Every one really means something else than the memory did. Those that would not (a number that isn't
there, a subject that can't be told from the other) aren't made. The same memory and seed give the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from rembench.harness.audit.entries import Entry, stated, write_lines
from rembench.harness.night import Memory
from rembench.harness.types import Item, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A memory in which the statement of one value was changed from `before` to `after`.

    `path`, `start` and `end` are the place of the changed line in the new memory.
    """

    type: str
    item: str
    value: int
    before: str
    after: str
    memory: Memory
    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """What a mutation may look at: the entry to change, all entries, and chance."""

    entry: Entry
    entries: Sequence[Entry]
    random: Random

    @property
    def value(self) -> Value:
        """The value that the entry states."""
        return self.entry.item.values[self.entry.values[0]]


def mutants(entries: Sequence[Entry], seed: int = 0, types: Sequence[str] = ()) -> Iterator[Mutant]:
    """Every mutant of the held entries, or of `types`; one of each type where it can be made."""
    for n, entry in enumerate(entries):
        if entry.stance != "held" or _is_said_twice(entry, entries):
            continue
        for name in types or MUTATIONS:
            chance = Random(f"{seed} {name} {entry.path} {entry.line}")  # noqa: S311
            changed = MUTATIONS[name](Place(entry, entries, chance))
            if changed is not None and changed.line != entry.line:
                yield _mutant(name, entries, n, changed)


def _is_said_twice(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether another entry gives it away too: the parts of what's deleted can be told from each other."""
    return entry.item.kind == "deletion" and sum(e.item is entry.item for e in entries) > 1


def _mutant(name: str, entries: Sequence[Entry], n: int, changed: Entry) -> Mutant:
    before = entries[n]
    rest = [*entries[:n], *entries[n + 1 :]]
    at = n if changed.path == before.path else len(rest)
    lines = [(e.path, e.line) for e in rest]
    lines.insert(at, (changed.path, changed.line))
    memory = write_lines(lines)
    start = sum(len(line) + 1 for path, line in lines[:at] if path == changed.path)
    return Mutant(
        type=name, item=before.item.id, value=before.values[0], before=before.line, after=changed.line,
        memory=memory, path=changed.path, start=start, end=start + len(changed.line),
    )  # fmt: skip


def value_swapped(place: Place) -> Entry | None:
    """Another value of the item that isn't in the memory, else one of another item with its sort of text."""
    entry, mine = place.entry, place.value
    said = {v for e in place.entries if e.item is entry.item for v in e.values}
    choices = (
        [v for n, v in enumerate(entry.item.values) if n not in said and not _texts(v) & _texts(mine)],
        [v for v in _held_elsewhere(place, same_attribute=True) if not _words(v) & _words(mine)],
        [v for v in _held_elsewhere(place) if not _words(v) & _words(mine)],
    )
    for choice in choices:
        if choice:
            text = place.random.choice(sorted(v.text for v in choice))
            return replace(entry, stated=stated(replace(mine, text=text)))
    return None


def _held_elsewhere(place: Place, *, same_attribute: bool = False) -> list[Value]:
    """Held values of other items: with the same attribute, or else with the same sort of text."""
    others = [e for e in place.entries if e.item is not place.entry.item and e.stance == "held"]
    if same_attribute:
        return [e.item.values[e.values[0]] for e in others if e.attribute == place.entry.attribute]
    found = [e.item.values[e.values[0]] for e in others]
    return [v for v in found if _sort(v.text) == _sort(place.value.text)]


def _sort(text: str) -> tuple[bool, bool, bool]:
    """Whether it has a number, is long, and begins with a capital."""
    return any(c.isdigit() for c in text), len(text.split()) > _LONG, text[:1].isupper()


def _texts(value: Value) -> set[str]:
    return {text.casefold() for text in (value.text, *value.aliases)}


def _words(value: Value) -> set[str]:
    return {word for text in (value.text, *value.aliases) for word in _content(text)}


def subject_swapped(place: Place) -> Entry | None:
    """The statement under another subject that the memory has a file for and that can't be mistaken."""
    entry = place.entry
    if _names(entry.item) & _content(f"{entry.stated} {entry.attribute}"):
        return None
    others = {
        e.subject: e.path
        for e in place.entries
        if not _names(e.item) & _names(entry.item)
        and e.attribute != entry.attribute
        and _sort(e.subject)[2] == _sort(entry.subject)[2]
    }
    if not others:
        return None
    subject = place.random.choice(sorted(others))
    return replace(entry, subject=subject, path=others[subject])


def _names(item: Item) -> set[str]:
    return {word for name in (item.subject, *item.subject_aliases) for word in _content(name)}


def _content(text: str) -> set[str]:
    """The words of a text, without small ones; "Oke's" is "oke"."""
    small = {"the", "and", "for", "of", "in", "on", "to", "a", "s", "with", "at"}
    return {w for w in re.findall(r"[^\W_]+", text.casefold()) if w not in small}


_NEGATIVE = re.compile(r"\b(?:not|no|never|without|only|except|free|less|under)\b|n['’]t\b", re.IGNORECASE)
_CLAUSE = re.compile(r"^[a-z-]+s\b.|\b(?:they|he|she|it)\b|\b(?:are|is|has|have|come|go|goes)\b")
_LONG = 4
_DENIED = ("not {}", "isn't {}", "definitely not {}", "no, not {}", "anything but {}")
_DENIED_WHOLE = ('the claim "{}" is false', "{} - no, that is untrue", 'it is wrong to say "{}"')
_PAST = ("formerly {}", "used to be {}", "was {} until the end of 2019", "{} in the past, no longer")
_PAST_WHOLE = ("in the past: {}; this no longer holds", "{} - this was so until 2019 and is over")


def _is_phrase(said: str) -> bool:
    """Whether "not" or "formerly" can stand before it: it's short, no clause and no denial itself."""
    return len(said.split()) <= _LONG and not _NEGATIVE.search(said) and not _CLAUSE.search(said)


def negated(place: Place) -> Entry:
    """The statement denied; one that's a denial itself is affirmed or called false."""
    said = place.entry.stated
    affirmed = re.sub(r"^doesn['’]t (\w+)", r"\1s", said)
    if affirmed != said:
        return replace(place.entry, stated=affirmed)
    forms = _DENIED if _is_phrase(said) else _DENIED_WHOLE
    return replace(place.entry, stated=place.random.choice(forms).format(said))


def tense_shifted(place: Place) -> Entry:
    """The statement put into the past, as over."""
    said = place.entry.stated
    forms = _PAST if _is_phrase(said) else _PAST_WHOLE
    return replace(place.entry, stated=place.random.choice(forms).format(said))


def condition_dropped(place: Place) -> Entry | None:
    """The value without its condition."""
    return replace(place.entry, stated=place.value.text) if place.value.condition else None


_NUMBER = re.compile(r"(?<![\w])(?P<number>\d+)(?!\d)|(?<=[.:,-])(?P<part>\d+)(?![\d])")
_NEXT = dict(zip(*(lambda w: (w, [*w[1:], "thirteen"]))(
    "two three four five six seven eight nine ten eleven twelve".split()
), strict=True))  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NEXT)})\b")


def off_by_one(place: Place) -> Entry | None:
    """The last number of the value one more, or one less where more would be no date."""
    text = place.value.text
    found = list(_NUMBER.finditer(text))
    if found:
        last = found[-1]
        changed = text[: last.start()] + _one_more(last.group()) + text[last.end() :]
    else:
        changed = _NUMBER_WORD.sub(lambda m: _NEXT[m.group()], text, count=1)
    if changed == text:
        return None
    return replace(place.entry, stated=stated(replace(place.value, text=changed)))


def _one_more(digits: str) -> str:
    number = int(digits) - 1 if digits in {"28", "30", "31"} else int(digits) + 1
    return str(number).zfill(len(digits))


_UNITS: tuple[tuple[str, str], ...] = (
    (r"minutes", "hours"), (r"hours", "minutes"), (r"(?<=\d) ?days", " weeks"), (r"(?<= )days", "weeks"),
    (r"weeks", "days"), (r"months", "weeks"), (r"seconds", "minutes"), (r"(?<=\d) ?kg\b", " g"),
    (r"(?<=\d) ?g\b", " kg"), (r"(?<=\d) ?km\b", " miles"), (r"(?<=\d) ?m\b", " ft"), (r"°C", "°F"),
    (r"€", "£"), (r"£", "€"), (r"(?<=\d )euros", "dollars"), (r"(?<=\d )pounds", "dollars"),
    (r"(?<=\d )bytes", "kilobytes"), (r"(?<=\d )lines", "files"), (r"(?<=\d )ns\b", "µs"),
    (r"(?<=\d )MB\b", "GB"), (r"(?<=\d )lux\b", "lumens"), (r"(?<=\d )frames", "seconds"),
    (r"\ba week\b", "a month"), (r"\ba minute\b", "an hour"), (r"\ban hour\b", "a day"),
)  # fmt: skip


def unit_changed(place: Place) -> Entry | None:
    """The first unit of a value that has a number, changed for another of its kind."""
    text = place.value.text
    if not _sort(text)[0] and not _NUMBER_WORD.search(text):
        return None
    for unit, other in _UNITS:
        changed = re.sub(unit, other, text, count=1)
        if changed != text:
            return replace(place.entry, stated=stated(replace(place.value, text=changed)))
    return None


MUTATIONS: dict[str, Callable[[Place], Entry | None]] = {
    "value swapped": value_swapped,
    "subject swapped": subject_swapped,
    "negated": negated,
    "tense shifted": tense_shifted,
    "condition dropped": condition_dropped,
    "off by one": off_by_one,
    "unit changed": unit_changed,
}
"""Type → how it's made; None where it can't be."""
