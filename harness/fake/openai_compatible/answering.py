"""What OpenAI's two interfaces have in common: asking the model, counting and billing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.fake.bending import Uttered, utter
from rembench.harness.fake.family import Family
from rembench.harness.fake.meter import Bill, count_tokens
from rembench.harness.fake.openai_compatible.quirks import Quirks
from rembench.harness.fake.openai_compatible.text_cache import TextCache
from rembench.harness.fake.speech import Prompt
from rembench.harness.fake.wire import Asked

_NOT_DELIVERED = ("cut", "drop", "stall", "frame")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the model got to say, and the tokens of the prompt."""

    uttered: Uttered
    prompt_tokens: int
    cached_tokens: int


class AnsweringFamily(Family):
    """A family with a model behind it, as odd as its `quirks`."""

    bends = True
    open = True

    def __init__(self, quirks: Quirks = Quirks(), *, piece: int = 8) -> None:  # noqa: B008  it's frozen
        self.quirks = quirks
        self.shape = quirks.shape
        self.piece = piece
        self._cache = TextCache()

    def answered(
        self, asked: Asked, prompt: Prompt, texts: Sequence[str], stops: Sequence[str] = ()
    ) -> Answered:
        """Ask the model and bill it. `texts` are the prompt's parts: their tokens are counted one by one."""
        tokens = sum(count_tokens(text) for text in texts)
        self.quirks.check_length(tokens, prompt.limit)
        uttered = utter(self.desk.model(prompt), prompt, asked.fault, stops)
        unknown = [call.name for call in uttered.calls if call.name not in prompt.tools]
        if unknown:
            raise ValueError(f"the scripted model called {unknown[0]!r}; there are {sorted(prompt.tools)}")
        with self.desk.lock:
            cached = self._cache.cached_tokens(prompt.model, texts, tokens) if self.quirks.details else 0
        self.desk.ledger.add(
            Bill(
                request_id=asked.request_id,
                path=asked.path,
                model=prompt.model,
                input_tokens=tokens - cached,
                output_tokens=uttered.tokens,
                cache_read_tokens=cached,
                reasoning_tokens=uttered.reasoning_tokens,
                delivered=asked.fault is None or asked.fault.kind not in _NOT_DELIVERED,
            )
        )
        return Answered(uttered=uttered, prompt_tokens=tokens, cached_tokens=cached)

    def says_usage(self, asked: Asked) -> bool:
        """Whether a reply has its usage."""
        return self.quirks.usage and not (asked.fault and asked.fault.bend == "no_usage")


def function_tools(tools: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The definitions of functions by name, nested as in chat or flat as in responses."""
    flat = [tool.get("function", tool) for tool in tools]
    return {tool["name"]: tool for tool in flat if "name" in tool}


def arguments_of(text: str) -> dict[str, Any]:
    """The arguments of a call that was sent back, {} where they aren't JSON."""
    try:
        return dict(json.loads(text or "{}"))
    except ValueError:
        return {}
