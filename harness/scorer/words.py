"""Words of a text, normalised, each with its place in the text.

Case, accents, markup, quotes and the punctuation between words don't count. A number keeps its inner
marks ("1:48", "2.5") and loses its thousands separators; "<" and "≥" before one are words, number words
become digits, and "n't" is a word of its own. Patterns and memories go through the same door, so they meet.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"\d+(?:[.,:]\d+)*|[^\W\d_]+?(?=[nN]['’][tT](?![^\W\d_]))|[nN]['’][tT](?![^\W\d_])|[^\W\d_]+"
    r"|[%€$£*]|(?<![-=])[<>≤≥]=?(?=\s?v?\d)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN_NUMBERS = frozenset({"x", "h", "am", "pm", "m", "to"})
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_DOTTED_THOUSANDS = re.compile(r"\d{1,3}(?:\.000)+\Z")

_UNITS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = frozenset({"hundred", "thousand"})
_NUMBERS = {word: str(n) for n, word in enumerate(_UNITS, start=2)}
_NUMBERS |= {word: str(n * 10) for n, word in enumerate(_TENS, start=2)}


@dataclass(frozen=True, slots=True)
class Word:
    """One normalised word; `start` and `end` are offsets into the text it came from."""

    norm: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def normalise(raw: str) -> str:
    """The normal form of one word: no case, no accents, digits for number words."""
    if raw[0].isdigit():
        if _DOTTED_THOUSANDS.match(raw):
            return raw.replace(".", "")
        return raw.replace(",", "") if _THOUSANDS.match(raw) else raw
    folded = unicodedata.normalize("NFKD", raw).casefold().replace("ł", "l").replace("ø", "o")
    plain = "".join(c for c in folded if not unicodedata.combining(c)).replace("’", "'")
    return _NUMBERS.get(plain, plain)


def words(text: str, offset: int = 0) -> tuple[Word, ...]:
    """The words of `text`; `offset` is added to every place."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        if raw == "*":
            continue
        word = Word(normalise(raw), match.start() + offset, match.end() + offset)
        spelled = found and raw[0].isalpha() and text[found[-1].start - offset].isalpha()
        if spelled and _is_compound(found[-1].norm, word.norm, text[found[-1].end - offset : match.start()]):
            tens = found.pop()
            word = Word(str(int(tens.norm) + _unit(word.norm)), tens.start, word.end)
        found.append(word)
    return tuple(_hundreds(found) if any(w.norm in _SCALES for w in found) else found)


def _hundreds(found: list[Word]) -> list[Word]:
    """ "five hundred", "eighteen thousand four hundred and twenty" as one number each."""
    result: list[Word] = []
    i = 0
    while i < len(found):
        number = _spelled(found, i)
        if number:
            result.append(Word(str(number[0]), found[i].start, found[number[1] - 1].end))
            i = number[1]
        else:
            result.append(found[i])
            i += 1
    return result


def _spelled(found: list[Word], i: int) -> tuple[int, int] | None:
    """The number written in words from word `i` on, with its end, if a hundred or a thousand is in it."""
    total, part, at, scaled = 0, -1, i, False
    while at < len(found):
        norm = found[at].norm
        one = norm in {"a", "one"} and at + 1 < len(found) and found[at + 1].norm in _SCALES
        if norm.isdigit() and int(norm) < 100 and part in {-1, 0}:
            part = int(norm)
        elif norm.isdigit() and int(norm) < 100 and part >= 100 and part % 100 == 0:
            part += int(norm)
        elif one and part == -1:
            part = 1
        elif norm == "hundred" and 0 < part < 100:
            part, scaled = part * 100, True
        elif norm == "thousand" and part > 0 and total == 0:
            total, part, scaled = part * 1000, 0, True
        elif not (norm == "and" and scaled and _adds(found, at + 1)):
            break
        at += 1
    return (total + max(part, 0), at) if scaled else None


def _adds(found: list[Word], at: int) -> bool:
    return at < len(found) and found[at].norm.isdigit() and int(found[at].norm) < 100


def norms(text: str) -> tuple[str, ...]:
    """The normal forms of the words of `text`."""
    return tuple(word.norm for word in words(text))


def _is_compound(left: str, right: str, between: str) -> bool:
    """Whether "twenty" "-" "one" stand side by side as one number, both written in letters."""
    return (
        between in {"-", "‑"}
        and left in {"20", "30", "40", "50", "60", "70", "80", "90"}
        and 1 <= _unit(right) <= 9
    )


def _unit(norm: str) -> int:
    """ "one" alone stays a word (it's a pronoun too), after "twenty-" it's a number."""
    return 1 if norm == "one" else int(norm) if norm.isdigit() else 0


@lru_cache(maxsize=50_000)
def pattern_words(pattern: str) -> tuple[tuple[str, ...], bool]:
    """The words of a pattern, and whether its last word may have any ending (`*`)."""
    stripped = pattern.rstrip()
    open_ended = stripped.endswith("*")
    return norms(stripped.rstrip("*")), open_ended


def glued(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is cut out of a longer word or number ("2" in "v2", "5" in "2.5")."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start].isalnum() and before.isalpha() and text[start].isdigit():
        return True
    if not (text[end - 1].isdigit() and after.isalpha()):
        return False
    run = _LETTERS.match(text, end, end + 12)
    letters, then = (run[0], text[run.end() : run.end() + 1]) if run else ("", "")
    return len(letters) > 3 or (then.isdigit() and letters not in _BETWEEN_NUMBERS)
