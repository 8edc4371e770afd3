"""The judge's reply, read: a stance for every question asked, or no stance and the reason.

A reply is a JSON object of the shape `SCHEMA`, alone or in prose that holds no second one. Nothing in it is
guessed: a reply that can't be read leaves all its questions without a stance, a question that has no answer,
several, or an unknown stance is left without one. Answers to what wasn't asked count for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.providers.found_object import UnreadableError, found_object
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


def read_reply(text: str, ids: Iterable[str]) -> dict[str, Answer]:
    """An answer for every one of `ids`, in their order."""
    try:
        given = _entries(found_object(text, "answers"))
    except UnreadableError as wrong:
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
        raise UnreadableError("it has no list of answers")
    adapter = TypeAdapter(_Given)
    entries = []
    for one in found["answers"]:
        try:
            entries.append(adapter.validate_python(one))
        except ValidationError:
            continue
    return entries
