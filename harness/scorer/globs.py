"""Globs of store paths: where in a store a value is looked for.

`*` stands for any characters and `?` for one, "/" in neither; `**` crosses folders, and `**/` at the
beginning of a part may also stand for no folder. Everything else stands for itself. A path is read once,
character by character, with the set of places in the glob that it may have come to: the time is at most
the product of both lengths, whatever the glob.
"""

import re
from collections.abc import Iterable

_FOLDERS = re.compile(r"(?:(?<=/)|\A)(?=\*\*/)")
_TOKEN = re.compile(r"\*\*|.", re.DOTALL)
_PERHAPS = "\0"  # no path has it: here "**/" may be left out


class Glob:
    """One glob, taken apart once."""

    def __init__(self, glob: str) -> None:
        self._tokens = _TOKEN.findall(_FOLDERS.sub(_PERHAPS, glob.removesuffix("/")))
        self._begin = self._further({0})

    def matches(self, path: str) -> bool:
        """Whether `path` as a whole matches."""
        places = self._begin
        for char in path:
            places = self._further(self._after(place, char) for place in places)
            if not places:
                return False
        return len(self._tokens) in places

    def _after(self, at: int, char: str) -> int:
        """The place that `char` leads to from place `at`, -1 for none."""
        asked = self._tokens[at] if at < len(self._tokens) else _PERHAPS
        if asked == "**" or (asked == "*" and char != "/"):
            return at
        return at + 1 if asked == char or (asked == "?" and char != "/") else -1

    def _further(self, places: Iterable[int]) -> frozenset[int]:
        """These places, and those that are reached without another character."""
        found: set[int] = set()
        todo = [place for place in places if place >= 0]
        while todo:
            at = todo.pop()
            if at in found:
                continue
            found.add(at)
            asked = self._tokens[at] if at < len(self._tokens) else ""
            if asked in {_PERHAPS, "*", "**"}:
                todo.append(at + 1)
            if asked == _PERHAPS:
                todo.append(at + 3)
        return frozenset(found)
