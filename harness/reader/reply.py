"""A reader's reply, read: an answer to every question asked, or none and the reason.

A reply is a JSON object of the shape `SCHEMA`, alone or in prose that holds no second one. Nothing in it is
guessed: a reply that can't be read leaves all its questions without an answer; one that has no answer, or
several, is left without one. Answers to what wasn't asked count for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.providers.found_object import UnreadableError, found_object

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "answer": {"type": "string"}},
                "required": ["id", "answer"],
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
MOST_CHARACTERS = 1_000
"""The longest answer that's taken for one; asked for are 60 words."""
TOO_LONG = f"an answer of more than {MOST_CHARACTERS:,} characters"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader said to a question, or None with a reason."""

    text: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """One answer as the model gave it; `answer` is whatever stood there."""

    id: str
    answer: Any = None


def read_reply(text: str, ids: Iterable[str]) -> dict[str, Answer]:
    """An answer for every one of `ids`, in their order."""
    try:
        given = _entries(found_object(text, "answers"))
    except UnreadableError as wrong:
        return dict.fromkeys(ids, Answer(None, f"{UNREADABLE}: {wrong}"))
    return {id_: _answer([g.answer for g in given if g.id == id_]) for id_ in ids}


def _answer(found: list[Any]) -> Answer:
    said = [one for one in found if isinstance(one, str) and one.strip()]
    if len(found) > 1:
        return Answer(None, TWICE)
    if not said:
        return Answer(None, UNANSWERED)
    text = said[0].strip()
    return Answer(text) if len(text) <= MOST_CHARACTERS else Answer(None, TOO_LONG)


def _entries(found: object) -> list[_Given]:
    """The answers that have an id; what has none answers nothing."""
    if not isinstance(found, dict) or not isinstance(found.get("answers"), list):
        raise UnreadableError("it has no list of answers")
    return [
        _Given(one["id"], one.get("answer"))
        for one in found["answers"]
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    ]
