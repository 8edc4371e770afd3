"""Clients of both SDKs for a fake service, which check every reply against their typed models."""

import os

import anthropic
import openai
import pytest

from rembench.testing import FakeService


def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no address from outside; no proxy for this machine."""
    for name in list(os.environ):
        if name.upper().startswith(("ANTHROPIC_", "OPENAI_")):
            monkeypatch.delenv(name)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


def claude(service: FakeService, **options) -> anthropic.Anthropic:
    return anthropic.Anthropic(
        **{"api_key": "a-key", "base_url": service.url, "_strict_response_validation": True, **options}
    )


def async_claude(service: FakeService, **options) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(
        **{"api_key": "a-key", "base_url": service.url, "_strict_response_validation": True, **options}
    )


def gpt(service: FakeService, **options) -> openai.OpenAI:
    return openai.OpenAI(
        **{"api_key": "a-key", "base_url": f"{service.url}/v1", "_strict_response_validation": True, **options}
    )


def async_gpt(service: FakeService, **options) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        **{"api_key": "a-key", "base_url": f"{service.url}/v1", "_strict_response_validation": True, **options}
    )
