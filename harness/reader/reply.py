"""A reader's reply, read: an answer to every question asked, or none and the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.providers.given_answers import UNANSWERED, Given, answers_schema, given_answers

SCHEMA: Mapping[str, Any] = answers_schema("answer", {"type": "string"})
MOST_CHARACTERS = 1_000
"""The longest answer that's taken for one; asked for are 60 words."""
TOO_LONG = f"an answer of more than {MOST_CHARACTERS:,} characters"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader said to a question, or None with a reason."""

    text: str | None
    reason: str | None = None


def read_reply(text: str, ids: Iterable[str]) -> dict[str, Answer]:
    """An answer for every one of `ids`, in their order (see `given_answers`)."""
    return {id_: _answer(given) for id_, given in given_answers(text, "answer", ids).items()}


def _answer(given: Given) -> Answer:
    if given.reason:
        return Answer(None, given.reason)
    if not isinstance(given.value, str) or not given.value.strip():
        return Answer(None, UNANSWERED)
    text = given.value.strip()
    return Answer(text) if len(text) <= MOST_CHARACTERS else Answer(None, TOO_LONG)
