"""Clients of both SDKs for a fake service, which check every reply against their typed models."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anthropic
import openai
import pytest

from rembench.testing import FakeService

QUESTION = [{"role": "user", "content": "Where does Kim live? Answer in json."}]
MODEL = "claude-haiku-5-5"


def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no address from outside; no proxy for this machine."""
    for name in list(os.environ):
        if name.upper().startswith(("ANTHROPIC_", "OPENAI_")):
            monkeypatch.delenv(name)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


def _options(address: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"api_key": "a-key", "base_url": address, "_strict_response_validation": True, **options}


def claude(service: FakeService, **options) -> anthropic.Anthropic:
    return anthropic.Anthropic(**_options(service.url, options))


def async_claude(service: FakeService, **options) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(**_options(service.url, options))


def gpt(service: FakeService, **options) -> openai.OpenAI:
    return openai.OpenAI(**_options(f"{service.url}/v1", options))


def async_gpt(service: FakeService, **options) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(**_options(f"{service.url}/v1", options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to ask a model: with a client of the right kind, plain or streamed; gives the text."""

    place: str
    sdk: Any
    client: Callable[..., Any]
    ask: Callable[[Any], Any]
    stream: Callable[[Any], Any] | None = None
    is_async: bool = False


def _message(client) -> str:
    return client.messages.create(model=MODEL, max_tokens=50, messages=QUESTION).content[0].text


def _streamed_message(client) -> str:
    with client.messages.stream(model=MODEL, max_tokens=50, messages=QUESTION) as stream:
        return stream.get_final_text()


async def _async_message(client) -> str:
    made = await client.messages.create(model=MODEL, max_tokens=50, messages=QUESTION)
    return made.content[0].text


async def _async_streamed_message(client) -> str:
    async with client.messages.stream(model=MODEL, max_tokens=50, messages=QUESTION) as stream:
        return await stream.get_final_text()


def _chat(client) -> str:
    return client.chat.completions.create(model="m", messages=QUESTION).choices[0].message.content


def _streamed_chat(client) -> str:
    with client.chat.completions.stream(model="m", messages=QUESTION) as stream:
        return stream.get_final_completion().choices[0].message.content


async def _async_chat(client) -> str:
    made = await client.chat.completions.create(model="m", messages=QUESTION)
    return made.choices[0].message.content


async def _async_streamed_chat(client) -> str:
    async with client.chat.completions.stream(model="m", messages=QUESTION) as stream:
        return (await stream.get_final_completion()).choices[0].message.content


def _response(client) -> str:
    return client.responses.create(model="m", input=QUESTION).output_text


async def _async_response(client) -> str:
    return (await client.responses.create(model="m", input=QUESTION)).output_text


WAYS = {
    "messages": Way(place="/v1/messages", sdk=anthropic, client=claude, ask=_message, stream=_streamed_message),
    "messages async": Way(
        place="/v1/messages",
        sdk=anthropic,
        client=async_claude,
        ask=_async_message,
        stream=_async_streamed_message,
        is_async=True,
    ),
    "chat": Way(place="/v1/chat/completions", sdk=openai, client=gpt, ask=_chat, stream=_streamed_chat),
    "chat async": Way(
        place="/v1/chat/completions",
        sdk=openai,
        client=async_gpt,
        ask=_async_chat,
        stream=_async_streamed_chat,
        is_async=True,
    ),
    "responses": Way(place="/v1/responses", sdk=openai, client=gpt, ask=_response),
    "responses async": Way(
        place="/v1/responses", sdk=openai, client=async_gpt, ask=_async_response, is_async=True
    ),
}


def run(way: Way, service: FakeService, how: Callable[[Any], str | Awaitable[str]], **options) -> str:
    """Ask with a fresh client, which is closed again."""
    if not way.is_async:
        with way.client(service, **options) as client:
            return how(client)

    async def alone() -> str:
        async with way.client(service, **options) as client:
            return await how(client)

    return asyncio.run(alone())
