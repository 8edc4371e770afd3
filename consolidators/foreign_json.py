"""JSON that another program wrote, taken apart strictly: what `command` and `replay` share.

Every function either returns what was asked for or raises a ValueError: one line that says where and why.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from rembench.harness.errors import nearest, one_line
from rembench.harness.masking import masked
from rembench.harness.night import Usage

PRIVATE = "x_"
"""Keys that begin so are anybody's own notes: they are read past."""

_LOOKED_AT, _SHOWN = 4000, 60  # characters
_AMOUNTS = tuple(f.name for f in fields(Usage))
_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number",
          float: "a number", type(None): "null"}  # fmt: skip


def parse(data: bytes) -> Any:
    """The one JSON value in `data`: UTF-8, every key once in its object, no NaN or Infinity."""
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        raise ValueError(f"byte {wrong.start} isn't valid UTF-8") from None
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno} column {wrong.colno}"
        begins = shown(text.lstrip()) if text.strip() else "it's empty"
        raise ValueError(f"isn't JSON ({wrong.msg} at {place}): {begins}") from None
    except RecursionError:
        raise ValueError("isn't JSON that can be read: nested too deeply") from None
    except ValueError as wrong:
        raise ValueError(f"isn't JSON that can be read: {one_line(str(wrong), 200)}") from None


def read_object(
    value: object, where: str, required: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Any]:
    """`value`, which must be an object with these keys and no other."""
    found = mapping(value, where)
    known = [*required, *optional]
    for key in found:
        if key not in known and not key.startswith(PRIVATE):
            near = nearest(key[:100], known)
            hint = f"did you mean {near!r}? " if near else ""
            raise ValueError(_at(where, f"unknown key {shown(key)}; {hint}known: {', '.join(known)}"))
    for key in required:
        if key not in found:
            raise ValueError(_at(where, f"{key!r} is missing"))
    return found


def mapping(value: object, where: str) -> Mapping[str, Any]:
    """`value`, which must be an object, whatever its keys."""
    if not isinstance(value, dict):
        raise _wrong(value, where, "an object")
    return value


def text(value: object, where: str) -> str:
    """`value`, which must be text."""
    if not isinstance(value, str):
        raise _wrong(value, where, "text")
    return value


def whole(value: object, where: str) -> int:
    """`value`, which must be a whole number from 0."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(value, where, "a whole number")
    if value < 0:
        raise ValueError(_at(where, "is below 0"))
    return value


def items(value: object, where: str) -> list[Any]:
    """`value`, which must be a list."""
    if not isinstance(value, list):
        raise _wrong(value, where, "a list")
    return value


def files(value: object, where: str) -> dict[str, str]:
    """`value`, which must be an object of texts: a memory, but for the names of its files and its size."""
    return {path: text(one, f"{where}[{shown(path)}]") for path, one in mapping(value, where).items()}


def usage(value: object, where: str) -> Usage:
    """`value` as a `Usage`: an object of its amounts, what isn't there or null is unknown."""
    given = read_object(value, where, (), _AMOUNTS)
    amounts: dict[str, Any] = {name: given.get(name) for name in _AMOUNTS}
    for name, amount in amounts.items():
        if amount is None:
            continue
        if name != "usd":
            whole(amount, f"{where}.{name}")
        elif isinstance(amount, bool) or not isinstance(amount, int | float):
            raise _wrong(amount, f"{where}.{name}", "a number")
        elif not 0 <= amount < float("inf"):
            raise ValueError(_at(f"{where}.{name}", "isn't an amount from 0"))
    return Usage(**amounts)


def shown(given: str) -> str:
    """The beginning of a text that somebody else wrote, in quotes; masked before it's cut."""
    return one_line(repr(masked(given[:_LOOKED_AT])[:_SHOWN]))


def _at(where: str, what: str) -> str:
    return f"{where}: {what}" if where else what


def _wrong(value: object, where: str, right: str) -> ValueError:
    return ValueError(_at(where, f"is {_NAMES.get(type(value), 'something else')}, {right} is needed"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {shown(twice)} comes twice in an object")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} isn't a JSON number")
