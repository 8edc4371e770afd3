"""A model that says what its script has, in turn; an object in it is a failure."""

import json

from rembench.harness.night import ProviderError, Usage
from rembench.harness.providers.provider import Reply, Request

COST = Usage(input_tokens=100, output_tokens=10, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.25)


class Patching:
    def __init__(self, *, script: str, api_key: str = "") -> None:
        self._says = json.loads(script)
        self.asked: list[Request] = []

    async def complete(self, request: Request) -> Reply:
        self.asked.append(request)
        said = self._says.pop(0)
        if isinstance(said, dict):
            raise ProviderError(said["fails"], usage=COST)
        return Reply(text=said, usage=COST)
