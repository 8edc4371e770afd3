"""Amounts that aren't the value's: the same number with another unit, the same unit with another number.

"25 hours" doesn't state 25 minutes, nor "three lamps" two lamps, though all but one word is there. Such a
statement changes a value; it doesn't give it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rembench.harness.scorer.forms import pattern_lists
from rembench.harness.scorer.words import Word, norms
from rembench.harness.types import Value

_UNITS = {
    name: unit
    for unit, names in {
        "euro": "€ eur euro euros", "pound": "£ gbp pound pounds quid", "dollar": "$ usd dollar dollars",
        "percent": "% percent", "second": "second seconds sec secs", "minute": "minute minutes min mins",
        "hour": "hour hours hr hrs h", "day": "day days", "week": "week weeks", "month": "month months",
        "year": "year years", "gram": "gram grams g", "kilogram": "kilogram kilograms kilo kilos kg",
        "kilometre": "kilometre kilometres kilometer kilometers km", "mile": "mile miles",
        "metre": "metre metres meter meters", "centimetre": "centimetre centimetres cm",
        "millimetre": "millimetre millimetres mm", "litre": "litre litres liter liters",
        "kilobyte": "kb kib", "megabyte": "mb mib", "gigabyte": "gb gib", "terabyte": "tb tib",
        "line": "line lines", "file": "file files", "row": "row rows", "column": "column columns",
        "page": "page pages", "word": "word words", "character": "character characters chars",
        "token": "token tokens", "commit": "commit commits", "user": "user users",
    }.items()
    for name in names.split()
}  # fmt: skip
_TIMES = frozenset("second minute hour day week month year".split())
_SIGNS = frozenset("€ £ $ eur gbp usd".split())
_QUALIFIERS = frozenset("working business calendar full whole more extra".split())
_FUNCTION = frozenset(
    "a an the and or to of in on at by for from with until till per before after is was are were it that this "
    "as not but if then than so each every about over under above below plus minus".split()
)
_REACH = 4  # words


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the numbers of a value stand beside: their units, and the words after (or before) them."""

    numbers: frozenset[str]
    units: frozenset[tuple[str, str]]
    counted: frozenset[tuple[str, str]]


def amounts_of(value: Value) -> Amounts:
    """The amounts in all the ways of writing `value`."""
    own = [norms(text) for text in (value.text, *value.aliases)]
    written = [norms(p) for groups in pattern_lists(value) for group in groups for p in group] + own
    return Amounts(
        numbers=frozenset(w for text in written for w in text if _is_number(w)),
        units=frozenset((w, u) for text in written for w, u in _units(text)),
        counted=frozenset((w, n) for text in own for w, n in _counted(text)),
    )


def is_changed(amounts: Amounts, words: Sequence[Word], spans: Iterable[tuple[int, int]]) -> bool:
    """Whether `words`, near the mention's `spans`, have one of the amounts with its number or unit changed."""
    if not amounts.numbers and not amounts.units:
        return False
    first, last = min(f for f, _ in spans), max(e for _, e in spans)
    near = [w.norm for w in words[max(0, first - _REACH) : last + 1 + _REACH]]
    said = set(near)
    units = list(_units(near))
    for number in {n for n, _ in units}:
        mine = {u for n, u in amounts.units if n == number}
        if mine and not mine & {u for n, u in units if n == number}:
            return True
    for number, counted in _counted(near):
        rivals = {n for n, c in amounts.counted if c == counted}
        if number not in amounts.numbers and rivals and not rivals & said:
            return True
    return False


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def _units(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each number with its unit, where one stands beside it; "a minute" is one."""
    for i, word in enumerate(words):
        if word in {"a", "an", "one"} and i + 1 < len(words) and words[i + 1] in _TIMES:
            yield "1", _UNITS[words[i + 1]]
        if not _is_number(word):
            continue
        before = words[i - 1] if i else ""
        after = [w for w in words[i + 1 : i + 3] if w not in _QUALIFIERS][:1]
        if before in _SIGNS:
            yield word, _UNITS[before]
        elif after and after[0] in _UNITS:
            yield word, _UNITS[after[0]]


def _counted(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each number with the word that it counts or that it comes after."""
    for i, word in enumerate(words):
        if not _is_number(word):
            continue
        for k in (i + 1, i - 1):
            if 0 <= k < len(words) and words[k] not in _FUNCTION and words[k].isalpha() and len(words[k]) > 1:
                yield word, f"{words[k]} {'after' if k > i else 'before'}"
