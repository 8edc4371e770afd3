"""Finds all patterns of a scenario in one pass over the words of a text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rembench.harness.scorer.words import Word, glued, pattern_words

_MARKS = "`\"'“”‘’"
_CLOSERS = frozenset(_MARKS)
_CODE = 3  # letters


Written = Literal["any", "marked", "capitals"]
Kind = Literal["value", "bare", "subject", "attribute", "name", "condition", "cue"]


@dataclass(frozen=True, slots=True)
class PatternKey:
    """What a pattern stands for; the numbers are places in the scenario, in the value's pattern lists.

    `name` is the subject of a subject's pattern and the category of a heading's; `item` is the cue's
    number in the cue table for a cue.
    """

    kind: Kind
    item: int = 0
    value: int = 0
    alternative: int = 0
    group: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Pattern `key` stands in characters [start, end), words [first, last]."""

    key: PatternKey
    start: int
    end: int
    first: int
    last: int


class Matcher:
    """Patterns by their first word; an open-ended pattern's last word matches any ending.

    A pattern in quotes or backticks ("`backup`") matches only words that are set off like that, a short one
    in capitals ("FR", "IT") only capitals.
    """

    def __init__(self, patterns: Iterable[tuple[PatternKey, str]]) -> None:
        self._exact: dict[str, list[tuple[tuple[str, ...], bool, PatternKey, Written]]] = {}
        self._prefix: dict[str, list[PatternKey]] = {}
        for key, pattern in patterns:
            parts, open_ended = pattern_words(pattern)
            if not parts:
                continue
            if open_ended and len(parts) == 1:
                self._prefix.setdefault(parts[0], []).append(key)
            else:
                self._exact.setdefault(parts[0], []).append((parts[1:], open_ended, key, _written(pattern)))
        self._sizes = sorted({len(prefix) for prefix in self._prefix})

    def find(self, text: str, found: Sequence[Word], offset: int = 0) -> Iterator[Hit]:
        """Every hit in `text`, whose words are `found` (their places minus `offset` are in `text`)."""
        for i, word in enumerate(found):
            for rest, open_ended, key, written in self._exact.get(word.norm, ()):
                if _follows(found, i + 1, rest, open_ended):
                    hits = _hit(text, found, key, (i, i + len(rest)), offset)
                    yield from (h for h in hits if _is_so_written(text, h, offset, written))
            yield from self._open_ended(text, found, i, offset)

    def _open_ended(self, text: str, found: Sequence[Word], i: int, offset: int) -> Iterator[Hit]:
        norm = found[i].norm
        for size in self._sizes:
            for key in self._prefix.get(norm[:size], ()) if size <= len(norm) else ():
                yield from _hit(text, found, key, (i, i), offset)


def _written(pattern: str) -> Written:
    if pattern[0] in _MARKS and pattern[-1] in _MARKS:
        return "marked"
    return "capitals" if len(pattern) <= _CODE and pattern.isalpha() and pattern.isupper() else "any"


def _is_so_written(text: str, hit: Hit, offset: int, written: Written) -> bool:
    start, end = hit.start - offset, hit.end - offset
    if written == "marked":
        return text[start - 1 : start] in _CLOSERS and text[end : end + 1] in _CLOSERS
    return written == "any" or text[start:end].isupper()


def _follows(found: Sequence[Word], at: int, rest: tuple[str, ...], open_ended: bool) -> bool:
    if at + len(rest) > len(found):
        return False
    for k, part in enumerate(rest):
        norm = found[at + k].norm
        last = k == len(rest) - 1
        if norm != part and not (open_ended and last and norm.startswith(part)):
            return False
    return True


def _hit(
    text: str, found: Sequence[Word], key: PatternKey, span: tuple[int, int], offset: int
) -> Iterator[Hit]:
    first, last = span
    start, end = found[first].start, found[last].end
    if not glued(text, start - offset, end - offset):
        yield Hit(key, start, end, first, last)
