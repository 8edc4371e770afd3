"""The questions put to a reader, in one wording: a text and questions in, a prompt out.

The files in `prompts/` are the wording. Text and questions stand between markers that carry a code. The code is
a hash of what they enclose, so the same text is asked about in the same bytes; it occurs nowhere in them, so
that no text can end a marker, and none can hold an answer: every question's id begins with it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template

from rembench.harness.providers.fence import unused_code
from rembench.harness.providers.provider import Request
from rembench.harness.reader.reply import SCHEMA
from rembench.harness.reader.text import Text

PROMPTS = ("memory.txt", "recall.txt", "sessions.txt", "system.txt", "user.txt")
_BASE_TOKENS, _TOKENS, _MOST_TOKENS = 4_000, 300, 16_000  # reasoning; for each question; in all
_FOLDER = Path(__file__).parent / "prompts"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Question:
    """What's asked, and the id of the item that it's asked for; the model doesn't see the id."""

    item: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, and the items that its questions are asked for, in their order; ids begin with `code`."""

    request: Request
    code: str
    items: tuple[str, ...]


def prompt_hashes() -> dict[str, str]:
    """The sha256 of every prompt file, by its name."""
    return {name: sha256(_prompt(name).encode()).hexdigest() for name in PROMPTS}


def question_ids(code: str, items: Sequence[str]) -> Mapping[str, str]:
    """The id of every question in a prompt → the item that it's asked for."""
    return {f"{code}-{n}": item for n, item in enumerate(items, start=1)}


def ask(text: Text, wanted: Sequence[Question], at: str) -> Asked:
    """The request that asks `wanted` of `text`; `at` is the date on which it's read."""
    code = unused_code([*text.words, *(_json(question.text) for question in wanted)])
    items = tuple(question.item for question in wanted)
    day = _DAY.match(at)
    lines = (
        _json({"id": id_, "question": question.text})
        for id_, question in zip(question_ids(code, items), wanted, strict=True)
    )
    prompt = Template(_prompt("user.txt")).substitute(
        today=day[0] if day else "not known",
        code=code,
        source=_prompt(f"{text.source}.txt").strip(),
        text=text.fenced(code),
        questions="\n".join(lines),
        count=len(items),
    )
    request = Request(
        system=_prompt("system.txt"),
        prompt=prompt,
        schema=SCHEMA,
        most_tokens=min(_BASE_TOKENS + _TOKENS * len(items), _MOST_TOKENS),
    )
    return Asked(request=request, code=code, items=items)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@lru_cache
def _prompt(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
