"""The judge's reply, read: a stance for every question asked, or no stance and the reason.

A reply is a JSON object of the shape `SCHEMA`, alone or in prose that holds no second one. Nothing in it is
guessed: a reply that can't be read leaves all its questions without a stance, a question that has no answer,
several, or an unknown stance is left without one. Answers to what wasn't asked count for nothing.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.types import STANCES, Stance

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "stance": {"type": "string", "enum": list(STANCES)}},
                "required": ["id", "stance"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["answers"],
    "additionalProperties": False,
}
UNREADABLE = "unreadable reply"
UNANSWERED = "not answered"
TWICE = "answered twice"
UNKNOWN = "unknown stance"
_MOST = 200_000  # characters
_START = re.compile(r'\{\s*"answers"\s*:')


@dataclass(frozen=True, slots=True)
class Answer:
    """A stance, or None with a reason."""

    stance: Stance | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """One answer as the model gave it; `stance` is whatever stood there."""

    id: str
    stance: Any = None


class _UnreadableError(ValueError):
    """A reply that holds no answers, or not one set of them; its text says why."""


def read_reply(text: str, ids: Iterable[str]) -> dict[str, Answer]:
    """An answer for every one of `ids`, in their order."""
    try:
        given = _entries(_object(text))
    except _UnreadableError as wrong:
        return dict.fromkeys(ids, Answer(None, f"{UNREADABLE}: {wrong}"))
    return {id_: _answer([g.stance for g in given if g.id == id_]) for id_ in ids}


def _answer(stances: list[Any]) -> Answer:
    if not stances:
        return Answer(None, UNANSWERED)
    if len(stances) > 1:
        return Answer(None, TWICE)
    word = str(stances[0])
    for stance in STANCES:
        if word.strip().casefold() == stance:
            return Answer(stance)
    return Answer(None, f"{UNKNOWN}: {one_line(word, 40)!r}")


def _entries(found: object) -> list[_Given]:
    """The answers that have an id; what has none answers nothing."""
    from pydantic import TypeAdapter, ValidationError

    if not isinstance(found, dict) or not isinstance(found.get("answers"), list):
        raise _UnreadableError("it has no list of answers")
    adapter = TypeAdapter(_Given)
    entries = []
    for one in found["answers"]:
        try:
            entries.append(adapter.validate_python(one))
        except ValidationError:
            continue
    return entries


def _object(text: str) -> object:
    """The JSON of the whole text, or of the one object of answers in it."""
    if not text.strip():
        raise _UnreadableError("it's empty")
    if len(text) > _MOST:
        raise _UnreadableError(f"it's longer than {_MOST} characters")
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    try:
        return decoder.decode(text)
    except json.JSONDecodeError:
        starts = [match.start() for match in _START.finditer(text)]
    except (ValueError, RecursionError):
        raise _UnreadableError("its JSON is faulty") from None
    if len(starts) != 1:
        raise _UnreadableError("several objects of answers" if starts else "no JSON object of answers")
    try:
        return decoder.raw_decode(text, starts[0])[0]
    except (ValueError, RecursionError):
        raise _UnreadableError("its JSON is faulty or cut off") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; ValueError if a key stands in it twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made
