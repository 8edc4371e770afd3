"""A model rewords what people say in a scenario; what's said by it stays as the generator made it.

Every message of a user is put to the model, and those of the assistant that are longer than a line. Its words
are taken where they pass every check of `survival`; else the original stays, as it does where the call fails.
Messages in which something happens that no check can read, a request for deletion say, are left alone.

A scenario and its twin are reworded together and a text is asked for once, so that what they have in common
they have in the same words.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.generator.survival import Survival
from rembench.harness.night import Usage
from rembench.harness.providers.call import Called, call, close
from rembench.harness.providers.fence import unused_code
from rembench.harness.providers.found_object import UnreadableError, found_object
from rembench.harness.providers.load import Model
from rembench.harness.providers.provider import Request

AT_ONCE = 8
"""Calls at a time."""
TIMEOUT = 300.0
"""Seconds that a call may take."""
LINE = 80
"""Characters: an assistant's message that's no longer is left as it is."""
PROMPTS = ("system.txt", "user.txt")
MOST_TOKENS = 8_000
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
_FOLDER = Path(__file__).parent / "prompts"

Raw = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How the rewording went so far; a text that's said more than once counts once in a scenario and its twin.

    `refused` are by check, `failed` by what went wrong, `reason` is the first of those. `usd` is the cost of
    the calls whose cost is known, `unknown` the number of the others.
    """

    asked: int = 0
    kept: int = 0
    spared: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    reason: str = ""
    models: set[str] = field(default_factory=set)
    usd: float = 0.0
    unknown: int = 0

    def spend(self, usage: Usage) -> None:
        """Take note of what a call cost."""
        if usage.usd is None:
            self.unknown += 1
        else:
            self.usd += usage.usd

    def fail(self, reason: str) -> None:
        """Take note of a call that came to nothing."""
        self.failed[reason.partition(":")[0]] += 1
        self.reason = self.reason or reason

    def line(self) -> str:
        """All of it, on one line."""
        parts = [f"{self.asked} messages put to the model, {self.kept} reworded"]
        if self.refused:
            found = ", ".join(f"{check} {n}" for check, n in self.refused.most_common())
            parts.append(f"refused {self.refused.total()} ({found})")
        if self.failed:
            parts.append(f"failed {self.failed.total()} (the first: {self.reason})")
        if self.spared:
            parts.append(f"{self.spared} left alone because no check can read them")
        unknown = f"unknown of {self.unknown} of {self.asked} calls" if self.unknown else ""
        parts.append(f"cost {unknown or f'{self.usd:.4f} US dollars'}")
        return one_line("; ".join(parts), 1000)


@dataclass(slots=True)
class _Text:
    """Something that's said: who says it, in a scenario or its twin or both, and what happens there."""

    role: str
    events: dict[Survival, list[Raw]] = field(default_factory=dict)

    def is_vouched(self, text: str) -> bool:
        """Whether a change of what happens would be noticed wherever it's said."""
        return all(world.vouches(text, events) for world, events in self.events.items())


def prompt_hashes() -> dict[str, str]:
    """The sha256 of every prompt file, by its name."""
    return {name: sha256(_text(name).encode()).hexdigest() for name in PROMPTS}


def reword(
    scenarios: Iterable[Raw], model: Model, tally: Tally, timeout: float = TIMEOUT
) -> Iterator[dict[str, Any]]:
    """The scenarios, JSON objects with their logs, reworded one after the other; a twin follows its original.

    UserError if the model's provider raises one; whatever else it raises is counted.
    """
    with asyncio.Runner() as runner:
        try:
            for pair in _with_twins(scenarios):
                yield from runner.run(_Rewriter(model, tally, timeout).reword(pair))
        finally:
            runner.run(close(model))


class _Rewriter:
    """A model that rewords one scenario, or one and its twin."""

    def __init__(self, model: Model, tally: Tally, timeout: float) -> None:
        self._model, self._tally, self._timeout = model, tally, timeout
        self._limit = asyncio.Semaphore(AT_ONCE)

    async def reword(self, pair: Sequence[Raw]) -> list[dict[str, Any]]:
        texts = _texts(pair)
        vouched = {text: one for text, one in texts.items() if one.is_vouched(text)}
        self._tally.spared += len(texts) - len(vouched)
        found = await asyncio.gather(*(self._one(text, one) for text, one in vouched.items()))
        words = dict(zip(vouched, found, strict=True))
        return [_reworded(raw, words) for raw in pair]

    async def _one(self, text: str, one: _Text) -> str:
        """The text in the model's words, or as it was."""
        async with self._limit:
            called = await call(self._model, _request(text, one), self._timeout)
        tally = self._tally
        tally.asked += 1
        tally.spend(called.usage)
        tally.models |= {called.model} if called.model else set()
        try:
            words = _answer(called)
        except UnreadableError as wrong:
            tally.fail(str(wrong))
            return text
        fault = next((fault for world in one.events if (fault := world.fault(text, words))), None)
        if fault:
            tally.refused[fault] += 1
            return text
        tally.kept += 1
        return words


def _with_twins(scenarios: Iterable[Raw]) -> Iterator[list[Raw]]:
    """Every scenario, together with the twin that follows it."""
    pair: list[Raw] = []
    for one in scenarios:
        if pair and one.get("twin_of") != pair[0]["id"]:
            yield pair
            pair = []
        pair.append(one)
    if pair:
        yield pair


def _texts(pair: Sequence[Raw]) -> dict[str, _Text]:
    """Everything that's to be reworded."""
    found: dict[str, _Text] = {}
    for raw in pair:
        world = Survival(raw)
        events: dict[tuple[str, int], list[Raw]] = {}
        for event in raw["x_log"]:
            if "message" in event:
                events.setdefault((event["step"], event["message"]), []).append(event)
        for step in raw["steps"]:
            for n, message in enumerate(step.get("messages", ())):
                if _is_to_be_reworded(message):
                    one = found.setdefault(message["content"], _Text(message["role"]))
                    one.events.setdefault(world, []).extend(events.get((step["id"], n), ()))
    return found


def _is_to_be_reworded(message: Raw) -> bool:
    long = len(message["content"]) > LINE
    return message["role"] == "user" or (message["role"] == "assistant" and long)


def _request(text: str, one: _Text) -> Request:
    terms = [json.dumps(term, ensure_ascii=False) for term in next(iter(one.events)).terms(text)]
    prompt = Template(_text("user.txt")).substitute(
        code=unused_code([text, *terms]),
        role="the assistant" if one.role == "assistant" else "the person",
        message=text,
        terms="\n".join(terms) or "(none)",
    )
    return Request(system=_text("system.txt"), prompt=prompt, schema=SCHEMA, most_tokens=MOST_TOKENS)


def _answer(called: Called) -> str:
    """The words in a reply; UnreadableError where there are none."""
    if called.text is None:
        raise UnreadableError(called.reason)
    try:
        found = found_object(called.text, "text")
        if not isinstance(found, dict) or not isinstance(found.get("text"), str):
            raise UnreadableError("it has no text")
    except UnreadableError as wrong:
        raise UnreadableError(f"unreadable reply: {wrong}") from None
    return str(found["text"]).strip()


def _reworded(raw: Raw, words: Mapping[str, str]) -> dict[str, Any]:
    """The scenario with the same messages in other words."""
    return {**raw, "steps": [_reworded_step(step, words) for step in raw["steps"]]}


def _reworded_step(step: Raw, words: Mapping[str, str]) -> Raw:
    if "messages" not in step:
        return step
    return {**step, "messages": [_reworded_message(message, words) for message in step["messages"]]}


def _reworded_message(message: Raw, words: Mapping[str, str]) -> Raw:
    if not _is_to_be_reworded(message):
        return message
    return {**message, "content": words.get(message["content"], message["content"])}


@lru_cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
