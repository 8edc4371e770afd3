"""What a reply gives for each question that it was asked: a JSON object with a list of answers by id.

The object stands alone or in prose that holds no second one. Nothing in it is guessed: a reply that can't be
read leaves all its questions without an answer; a question that has no answer, or several, is left without one.
Answers to what wasn't asked count for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.providers.found_object import UnreadableError, found_object

UNREADABLE = "unreadable reply"
UNANSWERED = "not answered"
TWICE = "answered twice"


@dataclass(frozen=True, slots=True)
class Given:
    """Whatever stood for an answer, or the reason why there's none."""

    value: Any
    reason: str | None = None


def answers_schema(name: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON schema of a reply whose answers have an id, and `value` under `name`."""
    answer = {
        "type": "object",
        "properties": {"id": {"type": "string"}, name: value},
        "required": ["id", name],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"answers": {"type": "array", "items": answer}},
        "required": ["answers"],
        "additionalProperties": False,
    }


def given_answers(text: str, name: str, ids: Iterable[str]) -> dict[str, Given]:
    """What's given under `name` for every one of `ids`, in their order."""
    try:
        entries = _entries(found_object(text, "answers"))
    except UnreadableError as wrong:
        return dict.fromkeys(ids, Given(None, f"{UNREADABLE}: {wrong}"))
    return {id_: _one([entry.get(name) for entry in entries if entry["id"] == id_]) for id_ in ids}


def _one(values: list[Any]) -> Given:
    if len(values) == 1:
        return Given(values[0])
    return Given(None, TWICE if values else UNANSWERED)


def _entries(found: object) -> list[Mapping[str, Any]]:
    """The answers that have an id; what has none answers nothing."""
    if not isinstance(found, dict) or not isinstance(found.get("answers"), list):
        raise UnreadableError("it has no list of answers")
    return [one for one in found["answers"] if isinstance(one, dict) and isinstance(one.get("id"), str)]
