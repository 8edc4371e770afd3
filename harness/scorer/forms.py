"""Normal forms: all the ways in which a value may be written, as groups of patterns.

A value is mentioned where every group of one of its lists is met. Lists come from the scenario
(`match`, `match_any`), from the value's own text and, where the scenario gives no groups, from its
aliases; a text that as a whole is a date, a time, an amount of money, a version or a number with a unit
adds the other usual ways of writing it.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import partial

from rembench.harness.scorer.words import norms
from rembench.harness.types import Groups, Value

_MONTHS = ("january february march april may june july august september october november december").split()
_MONTH_NAMES = frozenset({*_MONTHS, *(m[:3] for m in _MONTHS), "sept"})
_MONTH = "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + "|sept"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)"
_DAY_FIRST = re.compile(
    rf"(?:{_WEEKDAY},?\s+)?(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+({_MONTH})\.?"
    r"(?:,?\s+(\d{4}))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?:{_WEEKDAY},?\s+)?({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:\s*(am|pm|h))?", re.IGNORECASE)
_MONEY = re.compile(
    r"(?:(€|\$|£|EUR|USD|GBP)\s*)?(\d[\d,]*(?:\.\d+)?)(?:\s*(€|\$|£|EUR|USD|GBP|euros?|dollars?|pounds?))?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:v|version\s+)?(\d+(?:\.\d+)+(?:[-+.]?[a-z]+\d*)?)", re.IGNORECASE)
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)[\s-]?([A-Za-z%]+)")
_PARTS = frozenset({"hundred", "thousand", "half", "dozen", "quarter"})
_SHORT = 6  # words: a longer value is more than a number with its unit
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_LANGUAGES = {
    "english": "EN", "french": "FR", "german": "DE", "spanish": "ES", "portuguese": "PT", "dutch": "NL",
    "polish": "PL", "swedish": "SV", "finnish": "FI", "czech": "CS", "russian": "RU", "japanese": "JA",
    "chinese": "ZH",
}  # fmt: skip
"""Languages by their ISO 639-1 codes, but for those that are words or countries too."""
_CURRENCY = {
    "€": ("€", "EUR", "euro", "euros"),
    "$": ("$", "USD", "dollar", "dollars"),
    "£": ("£", "GBP", "pound", "pounds"),
}


def pattern_lists(value: Value, year: int = 0) -> tuple[Groups, ...]:
    """Every list of groups by which `value` may be mentioned; the value's own text comes first.

    `year` is the one that a date without a year is meant in, 0 if it's not known.
    """
    lists: list[Groups] = [((value.text,),)]
    if value.match is not None:
        lists.append(value.match)
    elif value.match_any is not None:
        lists.extend(value.match_any)
    else:
        lists.extend(((alias,),) for alias in value.aliases)
    other = tuple(s for text in (value.text, *value.aliases) for s in surfaces(text, year))
    if other:
        lists.append((other,))
    return tuple(lists)


def surfaces(text: str, year: int = 0) -> tuple[str, ...]:
    """Other ways of writing `text`, if as a whole it's a date, time, amount, version or quantity."""
    text = text.strip()
    if text.lower() in _LANGUAGES:
        return (_LANGUAGES[text.lower()],)
    for reader in (partial(_dates, this=year), _times, _money, _versions, _quantities):
        found = reader(text)
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _dates(text: str, this: int = 0) -> list[str]:
    iso, day_first, month_first = (p.fullmatch(text) for p in (_ISO, _DAY_FIRST, _MONTH_FIRST))
    if iso:
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return []
    elif day_first:
        day, month, year = int(day_first[1]), month_number(day_first[2]), int(day_first[3] or 0)
    elif month_first:
        day, month, year = (
            int(month_first[2]),
            month_number(month_first[1]),
            int(month_first[3] or 0),
        )
    else:
        return []
    return [*date_surfaces(day, month, year), *_weekday_surfaces(day, month, year or this)]


def _weekday_surfaces(day: int, month: int, year: int) -> list[str]:
    """ "first Monday of June", if the year says which weekday it is."""
    try:
        weekday = _WEEKDAYS[date(year, month, day).weekday()]
    except ValueError:
        return []
    nth, name = _ORDINALS[(day - 1) // 7], _MONTHS[month - 1]
    return [f"{nth} {weekday} {word} {name}" for word in ("of", "in")]


def is_month(word: str) -> bool:
    """Whether `word` is a month's English name, whole or cut short ("Sep", "Sept")."""
    return word.lower() in _MONTH_NAMES


def is_weekday(word: str) -> bool:
    """Whether `word` is a weekday's English name, one or many, whole or cut short."""
    one = word.lower().removesuffix("s")
    return any(one == name or (len(one) >= 3 and name.startswith(one)) for name in _WEEKDAYS)


def month_number(name: str) -> int:
    """1 to 12 for a month's English name or its first three letters."""
    return [m[:3] for m in _MONTHS].index(name.lower()[:3]) + 1


def date_surfaces(day: int, month: int, year: int) -> list[str]:
    """Ways of writing a date; `year` 0 is unknown."""
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    found = []
    for name in (_MONTHS[month - 1], _MONTHS[month - 1][:3]):
        for number in (str(day), f"{day}{suffix}"):
            found += [f"{number} {name}", f"{name} {number}", f"{number} of {name}"]
    found += [f"{day}.{month}.", f"{day:02}.{month:02}.", f"{month:02}-{day:02}"]
    if year:
        found += [
            f"{year}-{month:02}-{day:02}",
            f"{day}.{month}.{year}",
            f"{day:02}/{month:02}/{year}",
        ]
    return found


def _times(text: str) -> list[str]:
    match = _TIME.fullmatch(text)
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        return []
    hour, minute, half = int(match[1]), match[2], (match[3] or "").lower()
    if half == "pm" and hour < 12:
        hour += 12
    found = [f"{hour}:{minute}", f"{hour:02}:{minute}", f"{hour}.{minute}", f"{hour}h{minute}"]
    twelve = hour % 12 or 12
    part = "pm" if hour >= 12 else "am"
    found += [f"{twelve}:{minute} {part}", f"{twelve}:{minute}{part}"]
    if minute == "00":
        found += [f"{twelve} {part}", f"{twelve}{part}", f"{hour} o'clock", f"{twelve} o'clock"]
    after, left, following = int(minute), 60 - int(minute), twelve % 12 + 1
    if after % 5 == 0 and after:
        names = {15: "quarter", 30: "half"}
        found += [f"{names.get(after, after)} past {twelve}"] if after <= 30 else []
        found += [f"{names.get(left, left)} to {following}"] if after > 30 else []
    return found


def _money(text: str) -> list[str]:
    match = _MONEY.fullmatch(text)
    if not match or not (match[1] or match[3]):
        return []
    amount = match[2].replace(",", "")
    sign = (match[1] or match[3]).lower()
    for names in _CURRENCY.values():
        if sign in {n.lower() for n in names}:
            amounts = {amount, amount.removesuffix(".00")}
            short = [f"{amount[:-3]}k"] if amount.endswith("000") else []
            return (
                short
                + [f"{a} {n}" for a in sorted(amounts) for n in names]
                + [f"{names[k]} {a}" for a in sorted(amounts) for k in (0, 1)]
            )
    return []


def _versions(text: str) -> list[str]:
    match = _VERSION.fullmatch(text)
    return [f"v{match[1]}", match[1], f"version {match[1]}"] if match else []


def _quantities(text: str) -> list[str]:
    match = _QUANTITY.fullmatch(text)
    if not match:
        return []
    number, unit = match[1], match[2].lower()
    found = [f"{number} {unit}"]
    short = {
        "days": ("day", "d"), "hours": ("hour", "h"), "minutes": ("minute", "min", "mins"),
        "weeks": ("week",), "months": ("month",), "seconds": ("second", "s", "sec"),
        "grams": ("gram", "g"), "g": ("gram", "grams"), "kg": ("kilo", "kilos", "kilograms"),
        "km": ("kilometres", "kilometers", "k"), "percent": ("%",), "%": ("percent", "per cent"),
    }  # fmt: skip
    return found + [f"{number} {other}" for other in short.get(unit, ())] + _durations(number, unit)


def _durations(number: str, unit: str) -> list[str]:
    """The same time in another unit: 14 days are two weeks, 12 months a year."""
    found = []
    for small, count, large in (
        ("day", 7, "week"),
        ("month", 12, "year"),
        ("hour", 24, "day"),
        ("minute", 60, "hour"),
    ):
        if not number.isdigit():
            break
        n = int(number)
        if unit.removesuffix("s") == small and n and n % count == 0:
            found += [f"{n // count} {large}s"] if n > count else [f"a {large}", f"one {large}", f"an {large}"]
        if unit.removesuffix("s") == large:
            found += [f"{n * count} {small}s", f"{n * count} {small}"]
    return found + (["fortnight"] if (number, unit) in {("14", "days"), ("2", "weeks")} else [])


def bare_forms(value: Value) -> tuple[str, ...]:
    """What may be left of `value`: its one number, or the day of its date."""
    forms: dict[str, None] = {}
    for text in (value.text, *value.aliases):
        said = norms(text)
        if len(said) > _SHORT or _PARTS & set(said):
            continue
        numbers = [w for w in said if w[0].isdigit()]
        if any(map(is_month, said)) and numbers and numbers[0].isdigit() and int(numbers[0]) < 32:
            forms |= dict.fromkeys(_ordinals(int(numbers[0])))
        elif len(numbers) == 1 and re.fullmatch(r"\d+(?:\.\d+)?", numbers[0]):
            forms[numbers[0]] = None
            if numbers[0].endswith("000"):
                forms[numbers[0][:-3]] = None
            if numbers[0].isdigit() and 0 < int(numbers[0]) < 13:
                forms |= dict.fromkeys(_ordinals(int(numbers[0])))
    return tuple(forms)


def _ordinals(n: int) -> Iterable[str]:
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    yield f"{n}{suffix}"
    if n <= len(_ORDINALS):
        yield _ORDINALS[n - 1]
