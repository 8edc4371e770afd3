"""Values that nobody could guess, and the other ways in which people write them.

A value is drawn from its slot's spec until it's unlike every value of the scenario so far: what is read in
a memory must name one value only.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rembench.harness.generator.domain import ValueSpec
from rembench.harness.generator.draw import Draw
from rembench.harness.generator.lexicon import lexicon
from rembench.harness.types import ValueType

_TRIES = 400
_TYPES: Mapping[str, ValueType] = {"person": "name"}
_MONTHS = "January February March April May June July August September October November December".split()
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]+")
_PADDED = re.compile(r"(?<![\d,])0\d")  # as no number and no part of a version begins
_CURRENCIES = {"€": "euros", "$": "dollars", "£": "pounds"}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_BOTH = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value: its text, the other ways of writing it (`aliases`), and its type in the format."""

    text: str
    aliases: tuple[str, ...]
    type: ValueType

    def said(self, draw: Draw, depth: float) -> str:
        """How it's written this time: with probability `depth` in another way."""
        return draw.one(self.aliases) if self.aliases and draw.chance(depth) else self.text


class NoneLeftError(Exception):
    """There's no value, or nobody, left that's unlike all others."""


class Values:
    """Draws values of one scenario, no two alike."""

    def __init__(self, draw: Draw, start: date) -> None:
        self._draw, self._start = draw, start
        self._taken: set[str] = set()
        self._parts: set[str] = set()  # of all names
        self._alone: set[str] = set()  # those of them that are somebody's or something's own

    def take(self, text: str) -> bool:
        """Take note of a text; False if it, or its only number, is taken."""
        marks = _marks(text)
        if marks & self._taken:
            return False
        self._taken |= marks
        return True

    def take_name(self, name: str, own: Sequence[str] = ()) -> bool:
        """Take note of a name; `own` are the parts of it that nobody and nothing else may have in its name.

        False if it's taken, has another's own part in it, or one of `own` is in another name.
        """
        parts, alone = _parts(_flat(name)), {_flat(part) for part in own}
        if parts & self._alone or alone & (self._parts | self._taken) or not self.take(name):
            return False
        self._parts |= parts
        self._alone |= alone
        self._taken |= alone
        return True

    def draw(self, spec: ValueSpec, near: str | None = None) -> Drawn:
        """A new value of that spec; with `near` one that looks like it, if there's one."""
        for attempt in range(_TRIES):
            text = self._look_alike(spec, near) if near and attempt < _TRIES // 2 else self._text(spec)
            if text and self._takes(spec, text, attempt):
                return _drawn(spec, text)
        raise NoneLeftError(spec.model_dump_json()[:200])

    def _takes(self, spec: ValueSpec, text: str, attempt: int) -> bool:
        if spec.type == "person":
            return self.take_name(text, text.split(" ", 1) if attempt < _TRIES // 2 else ())
        return self.take(text)

    def _text(self, spec: ValueSpec) -> str:
        draw = self._draw
        match spec.type:
            case "number" | "money":
                return _amount(spec, _step(draw, spec))
            case "date":
                return _day(self._start + timedelta(days=draw.between(20, 330)))
            case "time":
                return _clock(_minutes(spec.low) + spec.step * draw.below(_times(spec)))
            case "version":
                return f"{draw.between(1, 19)}.{draw.between(0, 40)}.{draw.between(1, 30)}"
            case "person":
                return person(draw)
            case "code":
                return _code(draw, spec.pattern)
            case "choice":
                return draw.one(spec.options) if spec.options else " ".join(draw.one(p) for p in spec.parts)
        template = spec.pattern if spec.type == "path" else spec.text
        return _filled(draw, template, spec.lists())

    def _look_alike(self, spec: ValueSpec, near: str) -> str | None:
        """A value that differs from `near` in little: two digits changed places, or one digit."""
        digits = [m.start() for m in re.finditer(r"\d", near)]
        if spec.type in {"date", "time", "person", "phrase", "choice", "path"} or len(digits) < 2:
            return None
        i = self._draw.below(len(digits) - 1)
        a, b = digits[i], digits[i + 1]
        text = list(near)
        if text[a] != text[b] and text[b] != "0" and self._draw.chance(0.6):
            text[a], text[b] = text[b], text[a]
        else:
            text[b] = str((int(text[b]) + self._draw.between(1, 8)) % 10)
        made = "".join(text)
        return None if spec.type != "code" and _PADDED.search(made) else made


def person(draw: Draw) -> str:
    """A fictional person's name."""
    names = lexicon()
    return f"{draw.one(names.given)} {draw.one(names.family)}"


def joined(pattern: str, first: Drawn, second: Drawn) -> Drawn:
    """A value made of two."""
    text = pattern.replace("{A}", first.text).replace("{B}", second.text)
    other = [pattern.replace("{A}", a).replace("{B}", b) for a in _ways(first) for b in _ways(second)]
    return Drawn(text, tuple(t for t in other if t != text), "phrase")


def _ways(value: Drawn) -> tuple[str, ...]:
    return (value.text, *value.aliases[:2])


def _drawn(spec: ValueSpec, text: str) -> Drawn:
    return Drawn(text, tuple(dict.fromkeys(_aliases(spec, text))), _TYPES.get(spec.type, spec.type))  # type: ignore[arg-type]


def _step(draw: Draw, spec: ValueSpec) -> int:
    low, high = int(spec.low), int(spec.high)
    return low + spec.step * draw.below((high - low) // spec.step + 1)


def _amount(spec: ValueSpec, number: int) -> str:
    plain = f"{number:,}"
    return f"{spec.currency}{plain}" if spec.type == "money" else f"{plain} {spec.unit}".strip()


def _aliases(spec: ValueSpec, text: str) -> list[str]:
    match spec.type:
        case "money":
            number = text[1:].replace(",", "")
            return [f"{number} {_CURRENCIES[text[0]]}", *_spelled(number, _CURRENCIES[text[0]])]
        case "number":
            number, _, unit = text.partition(" ")
            plain = number.replace(",", "")
            short = [f"{plain} {unit}".strip()] if plain != number else []
            return [*short, *_spelled(plain, unit)]
        case "date":
            day, month = text.split()
            return [f"{month} {day}", f"the {_ordinal(int(day))} of {month}", f"{day} {month[:3]}"]
        case "time":
            hour, minute = text.split(":")
            half = "am" if int(hour) < 12 else "pm"
            return [f"{int(hour) % 12 or 12}:{minute} {half}", f"{int(hour)}h{minute}"]
        case "version":
            return [f"v{text}", f"version {text}"]
    return []


def _spelled(number: str, unit: str) -> list[str]:
    n = int(number)
    return [f"{in_words(n)} {unit}"] if unit and n < 1000 else []


def in_words(n: int) -> str:
    """A number below 1,000 in words."""
    if n >= 100:
        rest = f" and {in_words(n % 100)}" if n % 100 else ""
        return f"{'a' if n < 200 else in_words(n // 100)} hundred{rest}"
    if n >= 20:
        return _TENS[n // 10 - 2] + (f"-{_UNITS[n % 10]}" if n % 10 else "")
    return _UNITS[n]


def _ordinal(n: int) -> str:
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def day_of(day: date) -> str:
    """A date as people write it: "14 March"."""
    return _day(day)


def _minutes(clock: int | str) -> int:
    hour, _, minute = str(clock).partition(":")
    return int(hour) * 60 + int(minute or 0)


def _times(spec: ValueSpec) -> int:
    return (_minutes(spec.high) - _minutes(spec.low)) // spec.step + 1


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _code(draw: Draw, pattern: str) -> str:
    alphabet = {"#": "0123456789", "@": _LETTERS, "&": _BOTH}
    return "".join(draw.one(alphabet[c]) if c in alphabet else c for c in pattern)


def _filled(draw: Draw, template: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: draw.one(lists[m[1]]), template)


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _parts(flat: str) -> set[str]:
    """All runs of words of a text."""
    words = flat.split()
    return {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}


def _marks(text: str) -> frozenset[str]:
    """What of a text must be its own: the whole, and its one number if it has just one."""
    flat = _flat(text)
    numbers = re.findall(r"\d[\d.,:]*\d|\d", text)
    own = {flat}
    if len(numbers) == 1 and not _DATE.fullmatch(text):
        own.add(f"#{numbers[0].replace(',', '').lstrip('0')}")
    return frozenset(own)
