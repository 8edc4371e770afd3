"""Ends that are written out, "closed until 24 April": by the memory's own date, over or still in force."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from rembench.harness.scorer.forms import is_month, month_number
from rembench.harness.scorer.mentions import Mention
from rembench.harness.scorer.words import norms

_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
_LONGEST = 60  # of a unit
_MARK = re.compile(r"[;—–]|\.\s|\s-\s")
_UNTIL = re.compile(
    r"\b(?:until|till|up to|through|so until|to the end of)\s+(?:the\s+)?(?:end of\s+)?(?:\w+day,?\s+)?"
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>[A-Z][a-z]{2,8})"
    r"(?:,?\s+(?P<year>\d{4}))?|(?P<month2>[A-Z][a-z]{2,8})\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:,?\s+(?P<year2>\d{4}))?)"
)
_UNTIL_DAY = re.compile(
    r"\b(?:until|till|up to)\s+(?:\w+day,?\s+)?the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+of)"
)
_RAN_TO = re.compile(
    r"\b(?:(?:19|20)\d{2}|ran|lasted)\s+(?:to|until|–|-)\s+(?:(?P<month>[A-Z][a-z]{2,8})\s+)?(?P<year>(?:19|20)\d{2})\b"
)
_UNTIL_YEAR = re.compile(
    r"\b(?:until|till|up to|through|to the end of)\s+(?:the\s+)?(?:end of\s+)?"
    r"(?:(?P<month>[A-Z][a-z]{2,8}),?\s+)?(?P<year>(?:19|20)\d{2})\b(?!-)"
)


def ended(mention: Mention, today: date | None, entry: date | None, *, passing: bool = False) -> date | None:
    """The day until which the mention's value holds, if the text names it and it's before `today`.

    `entry` is the date of the entry that the mention stands in: "until the 19th" counts from it, and so does
    "two weeks", if the value is a `passing` state.
    """
    if today is None:
        return None
    segment = mention.segment
    rest = segment.text[mention.core.start - segment.start :]
    for pattern, read, since in _ENDS:
        match = pattern.search(rest)
        origin = entry if since else today
        end = read(match, origin) if match and origin else None
        if end is None or match is None or end >= today:
            continue
        between = rest[: match.start()]
        if not _MARK.search(between) and between.count("(") <= between.count(")"):
            return end
    return _lasted(rest, today, entry) if passing and entry else None


def _lasted(rest: str, today: date, entry: date) -> date | None:
    """The end of "two weeks" that are over; a stop ends the search."""
    clause = _MARK.split(rest)[0]
    words = norms(clause)
    for number, unit in pairwise(words):
        count = (
            int(number) if number.isdigit() and int(number) < _LONGEST else 1 if number in {"a", "one"} else 0
        )
        days = _DAYS.get(unit.removesuffix("s"), 0) * count
        if days:
            end = entry + timedelta(days=days)
            return end if end < today else None
    return None


def _next_day(match: "re.Match[str]", entry: date) -> date | None:
    """The first day of that number after the entry: "until the 19th", written on the 10th."""
    day = int(match["day"])
    for month in (entry.month, entry.month % 12 + 1):
        try:
            found = date(entry.year + (month < entry.month), month, day)
        except ValueError:
            continue
        if found >= entry:
            return found
    return None


def _year_end(match: "re.Match[str]", today: date) -> date | None:
    """The last day of a year, or of a month and year."""
    year = int(match["year"])
    if not today.year - 100 < year < today.year + 100:
        return None
    name = match["month"]
    if name is None:
        return date(year, 12, 31)
    if not is_month(name):
        return None
    month = month_number(name)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _date(match: "re.Match[str]", today: date) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        name = match["month"] or match["month2"]
        if not is_month(name):
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


_ENDS: tuple[tuple["re.Pattern[str]", Callable[["re.Match[str]", date], date | None], bool], ...] = (
    (_UNTIL, _date, False),
    (_UNTIL_YEAR, _year_end, False),
    (_RAN_TO, _year_end, False),
    (_UNTIL_DAY, _next_day, True),
)
"""How an end is written, its reader, and whether it counts from the entry's date."""
