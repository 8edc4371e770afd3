"""What a chat server answered: the text without reasoning, why it ended, and what it cost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.night import Usage
from rembench.harness.providers.prices import Billed, Price
from rembench.harness.providers.tries import LOST
from rembench.harness.usage import is_amount

_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)\s*", re.DOTALL)
_END_OF_THOUGHT = "</think>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply in its parts. `refusal` is what the model said instead, None where it didn't refuse."""

    text: str
    finish: str | None
    refusal: str | None = None
    model: str | None = None
    fingerprint: str | None = None


def read_answer(reply: Mapping[str, Any]) -> Answer | None:
    """The answer in a chat completion (as JSON), None where there's none in it."""
    choices = reply.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return None
    finish, refusal = _text(choice.get("finish_reason")), _text(message.get("refusal"))
    if finish == "content_filter":
        refusal = refusal or "the content filter"
    return Answer(
        text=without_thoughts(_text(message.get("content")) or ""),
        finish=finish,
        refusal=one_line(refusal, 200) if refusal else None,
        model=_text(reply.get("model")),
        fingerprint=_text(reply.get("system_fingerprint")),
    )


def without_thoughts(text: str) -> str:
    """`text` without the reasoning that some models put first: `<think>...</think>`, or only its end.

    Reasoning that doesn't end has no answer after it.
    """
    if _THOUGHT.match(text):
        return _THOUGHT.sub("", text, count=1)
    if _END_OF_THOUGHT in text and not text.lstrip().startswith(("{", "[")):
        return text.partition(_END_OF_THOUGHT)[2].lstrip()
    return text


def usage_of_reply(reply: Mapping[str, Any], price: Price | None) -> Usage:
    """What one reply cost. A server that gives no counts leaves them unknown.

    One that says nothing of caches leaves those unknown, and all of the prompt counts as input.
    """
    usage = reply.get("usage")
    if not isinstance(usage, dict):
        return LOST
    prompt, output = _amount(usage, "prompt_tokens"), _amount(usage, "completion_tokens")
    details = usage.get("prompt_tokens_details")
    read: int | None = None
    write: int | None = None
    if isinstance(details, dict):
        read, write = _amount(details, "cached_tokens", 0), _amount(details, "cache_write_tokens", 0)
    fresh = None if prompt is None else prompt - (read or 0) - (write or 0)
    if fresh is None or fresh < 0:
        return Usage(calls=1, output_tokens=output)
    usd = None
    if price is not None and output is not None:
        usd = price.usd(Billed(input=fresh, output=output, read=read or 0, write=write or 0))
    return Usage(
        input_tokens=fresh, output_tokens=output, cache_read_tokens=read, cache_write_tokens=write, calls=1,
        usd=usd,
    )  # fmt: skip


def _amount(counts: Mapping[str, Any], name: str, absent: int | None = None) -> int | None:
    value = counts.get(name)
    if value is None:
        return absent
    return value if is_amount(value) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
