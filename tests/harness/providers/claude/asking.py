"""Claude's provider at the fake service, with the SDK checking every reply and no time lost between tries."""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

import pytest

from rembench.harness.engine.purse import RunPurse
from rembench.harness.night import Usage
from rembench.harness.providers.claude.messages import ClaudeMessages
from rembench.harness.providers.prices import Billed, price_of
from rembench.harness.providers.provider import Reply, Request
from rembench.testing import Bill, FakeService

KEY = "sk-ant-marked-0123456789"
MODEL = "claude-opus-5-5"
SYSTEM = "You keep notes. " * 200  # long enough for every cache
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"mood": {"type": "string", "enum": ["calm", "cross"]}},
    "required": ["mood"],
    "additionalProperties": False,
}


class Strict(ClaudeMessages):
    strict = True
    pause = 0.001


def come_here(monkeypatch: pytest.MonkeyPatch, service: FakeService) -> None:
    """Nothing of Anthropic's in the environment but what leads to the service, with the marked key."""
    for name in [n for n in os.environ if n.upper().startswith("ANTHROPIC_")]:
        monkeypatch.delenv(name)
    for name, value in {**service.environment, "ANTHROPIC_API_KEY": KEY}.items():
        monkeypatch.setenv(name, value)


def request(prompt: str = "How are you?", **more: Any) -> Request:
    asked = {"system": SYSTEM, "prompt": prompt, "schema": SCHEMA, "most_tokens": 1000}
    return Request(**{**asked, **more})


def asked(*requests: Request, made: type[ClaudeMessages] = Strict, **options: Any) -> list[Reply | Exception]:
    """What comes of requests made at once: replies, and errors as values."""

    async def go() -> list[Reply | Exception]:
        provider = made(**{"model": MODEL, "timeout": 10.0, **options})
        try:
            return await asyncio.gather(*map(provider.complete, requests), return_exceptions=True)
        finally:
            await provider.aclose()

    return asyncio.run(go())


def as_usage(*bills: Bill, calls: int | None = None) -> Usage:
    """What the service billed, at the table's prices."""
    amounts = [
        Billed(
            input=bill.input_tokens,
            output=bill.output_tokens,
            read=bill.cache_read_tokens,
            write=bill.cache_write_5m_tokens,
            write_1h=bill.cache_write_1h_tokens,
            batch=bill.batch,
        )
        for bill in bills
    ]
    return Usage(
        input_tokens=sum(bill.input_tokens for bill in bills),
        output_tokens=sum(bill.output_tokens for bill in bills),
        cache_read_tokens=sum(bill.cache_read_tokens for bill in bills),
        cache_write_tokens=sum(bill.cache_write_tokens for bill in bills),
        calls=len(bills) if calls is None else calls,
        usd=pytest.approx(sum(price_of(b.model).usd(one) for b, one in zip(bills, amounts, strict=True))),
    )


def purse(budget: float | None = None) -> RunPurse:
    return RunPurse(budget=budget)
