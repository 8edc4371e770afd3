"""A value of a JSON document together with its place, and typed ways to take it apart.

Every method either returns what was asked for or raises a UserError that names the place
("pack.jsonl:12: items[3].values[0].text: ..."), what is wrong and what would be right.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import UserError, nearest, one_line

PRIVATE = "x_"
"""Keys that begin so are anybody's own notes: they are read past."""

LARGEST = 2**53 - 1
"""The largest whole number that every JSON program reads exactly."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE = re.compile(r":\d+$")
_IDENTIFIER = re.compile(r"(?!\.+$)[A-Za-z0-9._-]{1,100}")
_TYPE_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number",
               float: "a number", type(None): "null"}  # fmt: skip


class _Doubled(dict[str, Any]):
    """An object in which a key came twice."""

    key = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A JSON value, the file it's in (`where`) and the steps that lead to it from the top."""

    value: Any
    where: str
    parent: "Place | None" = None
    step: str | int = ""

    def path(self) -> str:
        """Where in the document this is: "items[3].values[0]", "" for the top."""
        parts: list[str] = []
        at: Place | None = self
        while at is not None and at.parent is not None:
            parts.append(path_step(at.step))
            at = at.parent
        return "".join(reversed(parts)).removeprefix(".")

    def error(self, what: str, right: str = "") -> UserError:
        """The error that `what` is wrong at this place."""
        path = self.path()
        return UserError(f"{path}: {what}" if path else what, where=self.where, right=right)

    def to(self, step: str | int) -> "Place":
        """The value one step further in."""
        return Place(self.value[step], self.where, self, step)

    def given(self, key: str) -> "Place | None":
        """The value of a key of this object, None when it's missing or null."""
        return self.to(key) if self.value.get(key) is not None else None

    def object(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Refuse anything but an object with these keys and no other."""
        found = self.mapping()
        for key in found:
            if key not in required and key not in optional and not key.startswith(PRIVATE):
                raise self._unknown("key", key, [*required, *optional])
        for key in required:
            if key not in found:
                raise self.error(f"{key!r} is missing")

    def mapping(self) -> Mapping[str, Any]:
        """This object, whatever its keys."""
        if not isinstance(self.value, dict):
            raise self._wrong_type("an object")
        if isinstance(self.value, _Doubled):
            raise self.error(f"the key {_shown(self.value.key)} comes twice", "every key once")
        for key in self.value:
            if fault := text_fault(key):
                raise self.error(f"a key has {fault}")
        return self.value

    def text(self) -> str:
        """This text, which may be empty."""
        if not isinstance(self.value, str):
            raise self._wrong_type("text")
        if fault := text_fault(self.value):
            raise self.error(fault)
        return self.value

    def words(self) -> str:
        """This text, which must say something."""
        text = self.text()
        if not text.strip():
            raise self.error("is empty", "some text is needed")
        return text

    def identifier(self) -> str:
        """This text, which must do for an id."""
        text = self.text()
        if not _IDENTIFIER.fullmatch(text):
            raise self.error(f"{_shown(text)} can't be an id", "1 to 100 letters, digits, '.', '_' and '-'")
        return text

    def choice(self, known: Collection[str]) -> str:
        """This text, which must be one of `known`."""
        text = self.text()
        if text not in known:
            raise self._unknown("value", text, list(known))
        return text

    def number(self) -> int:
        """This whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self._wrong_type("a whole number")
        if abs(self.value) > LARGEST:
            raise self.error("is too large", f"at most {LARGEST}")
        return self.value

    def count(self, least: int = 0, most: int = LARGEST) -> int:
        """This whole number, which must lie between these."""
        if not least <= self.number() <= most:
            raise self.error(f"isn't from {least} to {most}")
        return self.number()

    def amount(self) -> float:
        """This number, whole or not, which must be 0 or more."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self._wrong_type("a number")
        if not 0 <= self.value <= LARGEST:
            raise self.error(f"isn't from 0 to {LARGEST}")
        return float(self.value)

    def flag(self) -> bool:
        """This true or false."""
        if not isinstance(self.value, bool):
            raise self._wrong_type("true or false")
        return self.value

    def each(self) -> "Iterator[Place]":
        """The values of this list, in order."""
        if not isinstance(self.value, list):
            raise self._wrong_type("a list")
        for n in range(len(self.value)):
            yield self.to(n)

    def texts(self) -> tuple[str, ...]:
        """This list of texts that all say something."""
        return tuple(one.words() for one in self.each())

    def _wrong_type(self, right: str) -> UserError:
        return self.error(f"is {_TYPE_NAMES[_json_type(self.value)]}", f"{right} is needed")

    def _unknown(self, what: str, name: str, known: list[str]) -> UserError:
        return self.error(f"unknown {what} {_shown(name)}", near_and_known(name, known))


def parse(text: str, where: str) -> Place:
    """The JSON document in `text`; UserError with line and column when it isn't one."""
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except json.JSONDecodeError as error:
        line = where if _LINE.search(where) else f"{where}:{error.lineno}"
        what = f"malformed JSON at column {error.colno}: {error.msg}"
        raise UserError(what, where=line, right="one JSON object is needed") from None
    except RecursionError:
        raise UserError("nested too deeply", where=where) from None
    except ValueError as error:
        raise UserError(f"malformed JSON: {error}", where=where) from None
    return Place(value, where)


def text_fault(text: str) -> str | None:
    """Why `text` can't be stored as UTF-8 text, None when it can."""
    if text.isascii() and "\0" not in text:
        return None
    if found := _SURROGATE.search(text):
        return f"a lone surrogate at character {found.start()}, which isn't valid UTF-8"
    return f"a NUL at character {text.index(chr(0))}" if "\0" in text else None


def near_and_known(name: str, known: Collection[str]) -> str:
    """The nearest of the known names, and all of them: what would have been right."""
    listed = ", ".join(list(known)[:40]) or "none"
    return f"{_near(name, known)} known: {listed}".strip()


def path_step(step: str | int) -> str:
    """A step of a JSON path: "[3]", ".text", or the key in brackets when it isn't a plain word."""
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _IDENTIFIER.fullmatch(step) else f"[{_shown(step)}]"


def _near(name: str, known: Collection[str]) -> str:
    shown = [one[:100] for one in known if text_fault(one) is None][:1000]
    found = nearest(name[:100], shown)
    return f"did you mean {_shown(found)}?" if found is not None else ""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    doubled.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return doubled


def _constant(name: str) -> None:
    raise ValueError(f"{name} isn't a JSON number")


def _json_type(value: Any) -> type:
    return dict if isinstance(value, dict) else type(value)


def _shown(text: str) -> str:
    return one_line(repr(text if len(text) <= 60 else text[:59] + "…"))
