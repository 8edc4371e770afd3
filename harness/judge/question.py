"""The question put to the judge, in one wording: a memory and values in, a prompt out.

The files in `prompts/` are the wording. Memory and questions stand between markers that carry a code. The code
is a hash of what they enclose, so the same memory is asked about in the same bytes; it occurs nowhere in the
memory or the questions, so that no text can end a marker, and no text can hold an answer: every question's id
begins with it. Values of one item are in alphabetical order, which says nothing of which came first.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

from rembench.harness.judge.reply import SCHEMA
from rembench.harness.night import Memory
from rembench.harness.providers.fence import unused_code
from rembench.harness.providers.provider import Request
from rembench.harness.types import Item, Scenario

PROMPTS = ("system.txt", "user.txt")
MOST_TOKENS = 16_000
_FOLDER = Path(__file__).parent / "prompts"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One value of one item; `body` is what the model is told of it, without its id."""

    item: str
    value: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, and the questions in it by the ids that they have there."""

    request: Request
    questions: Mapping[str, Question]


def prompt_hashes() -> dict[str, str]:
    """The sha256 of every prompt file, by its name."""
    return {name: sha256(_text(name).encode()).hexdigest() for name in PROMPTS}


def questions(scenario: Scenario) -> tuple[Question, ...]:
    """A question for every value of the scenario; nothing in it tells what's expected."""
    return tuple(
        Question(item=item.id, value=v, body=_body(item, v))
        for item in scenario.items
        for v in sorted(range(len(item.values)), key=lambda v: item.values[v].text.casefold())
    )


def ask(memory: Memory, wanted: Sequence[Question], at: str | None) -> Asked:
    """The request that asks `wanted` of `memory`; `at` is the memory's date, None: not known."""
    files = [text for path in sorted(memory) for text in (_json(path), memory[path])]
    code = unused_code([*files, *(_json(question.body) for question in wanted)])
    ids = {f"{code}-{n}": question for n, question in enumerate(wanted, start=1)}
    day = _DAY.match(at or "")
    prompt = Template(_text("user.txt")).substitute(
        today=day[0] if day else "not known",
        code=code,
        memory=_fenced(memory, code),
        questions="\n".join(_json({"id": id_, **question.body}) for id_, question in ids.items()),
        count=len(ids),
    )
    request = Request(system=_text("system.txt"), prompt=prompt, schema=SCHEMA, most_tokens=MOST_TOKENS)
    return Asked(request=request, questions=ids)


def _body(item: Item, v: int) -> dict[str, Any]:
    """An attribute's aliases are left out: they're anchors for the scorer, often as vague as "money"."""
    value = item.values[v]
    body: dict[str, Any] = {
        "subject": item.subject,
        "attribute": item.attribute,
        "about": item.question,
        "value": value.text,
    }
    if value.condition:
        body["when"] = value.condition.text
    others = {"subject": list(item.subject_aliases), "value": list(value.aliases)}
    also = {name: words for name, words in others.items() if words}
    return {**body, "also": also} if also else body


def _fenced(memory: Memory, code: str) -> str:
    """Every file between markers, by path; the path is a JSON string, so that it stays on its line."""
    files = [f"<file {code} {_json(path)}>\n{memory[path]}\n</file {code}>" for path in sorted(memory)]
    return "\n".join(files) if files else "(no files)"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@lru_cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
