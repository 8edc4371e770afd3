"""The judge's reply, read: a stance for every question asked, or no stance and the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.providers.given_answers import Given, answers_schema, given_answers
from rembench.harness.types import STANCES, Stance

SCHEMA: Mapping[str, Any] = answers_schema("stance", {"type": "string", "enum": list(STANCES)})
UNKNOWN = "unknown stance"


@dataclass(frozen=True, slots=True)
class Answer:
    """A stance, or None with a reason."""

    stance: Stance | None
    reason: str | None = None


def read_reply(text: str, ids: Iterable[str]) -> dict[str, Answer]:
    """A stance for every one of `ids`, in their order (see `given_answers`)."""
    return {id_: _answer(given) for id_, given in given_answers(text, "stance", ids).items()}


def _answer(given: Given) -> Answer:
    if given.reason:
        return Answer(None, given.reason)
    word = str(given.value)
    for stance in STANCES:
        if word.strip().casefold() == stance:
            return Answer(stance)
    return Answer(None, f"{UNKNOWN}: {one_line(word, 40)!r}")
