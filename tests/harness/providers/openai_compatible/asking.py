"""Asking a chat server in the tests of the providers: a request, a purse that remembers, a strict client."""

import asyncio
from dataclasses import dataclass, field

from rembench.harness.night import BudgetError
from rembench.harness.providers.openai_compatible.chat import OpenAIChat
from rembench.harness.providers.provider import Request
from rembench.testing import FakeService

PATH = "/v1/chat/completions"
KEY = "sk-marked-4711-marked"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 20}, "since": {"type": "string"}},
    "required": ["city", "since"],
    "additionalProperties": False,
}
ANSWER = '{"city":"Bergen","since":"May"}'


@dataclass
class Purse:
    """Remembers what was held and settled; holds at most `most`."""

    most: float | None = None
    held: list[float | None] = field(default_factory=list)
    settled: list[float | None] = field(default_factory=list)

    def hold(self, usd, what):
        if self.most is not None and (usd is None or usd > self.most):
            raise BudgetError(f"stopped before {what}")
        self.held.append(usd)
        return self

    def settle(self, usd):
        self.settled.append(usd)


def request(prompt="Where does Kim live? Answer in JSON.", **changes) -> Request:
    given = {"system": "You keep a memory.", "schema": SCHEMA, "most_tokens": 100, "seed": 7}
    return Request(**{"prompt": prompt, **given, **changes})


class StrictChat(OpenAIChat):
    """The provider, which holds every reply to the SDK's typed models and doesn't wait between tries."""

    strict = True
    pause = 0.001


def chat(service: FakeService, made: type[OpenAIChat] = StrictChat, **options) -> OpenAIChat:
    """The provider at `service`."""
    return made(**{"model": "gpt-6-luna", "base_url": f"{service.url}/v1", **options})


def ask(service: FakeService, *requests: Request, **options):
    """The replies to requests put one after the other; a failure is raised."""

    async def asked():
        model = chat(service, **options)
        try:
            return [await model.complete(one) for one in requests or (request(),)]
        finally:
            await model.aclose()

    return asyncio.run(asked())
