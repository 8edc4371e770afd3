"""Models that vLLM runs: behind a server that's started for them, behind one that runs, or in this process."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from rembench.harness.night import FREE, ProviderError
from rembench.harness.providers.openai_compatible.chat import Chat, ChatOptions
from rembench.harness.providers.openai_compatible.service import NO_KEY, Service, checked_url
from rembench.harness.providers.provider import Reply, Request
from rembench.harness.providers.vllm.engine import ENGINES, EngineChat
from rembench.harness.providers.vllm.options import KEY_VARIABLE, ServerOptions, VllmOptions, served_name
from rembench.harness.providers.vllm.server import SERVERS, Server
from rembench.harness.providers.vllm.shared import Lease


class _Way(Protocol):
    """One of the three."""

    async def complete(self, request: Request) -> Reply: ...

    async def aclose(self) -> None: ...


@dataclass(kw_only=True)
class Vllm(VllmOptions):
    """A model of one's own. For one event loop; servers and engines are shared by all."""

    _way: _Way = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.check()
        if self.url is not None:
            self._way = Chat(self.chat(self.model), _running(self.url))
        elif self.mode == "inprocess":
            self._way = EngineChat(ENGINES.lease(self.engine()), self.temperature, served_name(self.model))
        else:
            self._way = ServerChat(self.chat(served_name(self.model)), SERVERS.lease(self.server()))

    async def complete(self, request: Request) -> Reply:
        """The reply to one request; the first one waits for the server or the engine to be ready.

        At temperature 0 nothing is drawn by chance, and no seed is sent: seeds cost vLLM its batches.
        """
        if self.temperature == 0:
            request = replace(request, seed=None)
        return await self._way.complete(request)

    async def aclose(self) -> None:
        """Let go of the server or engine."""
        await self._way.aclose()

    def chat(self, model: str) -> ChatOptions:
        """How its server is asked."""
        made = ChatOptions(
            model=model, temperature=self.temperature, timeout=self.timeout, tries=self.tries,
            in_flight=self.in_flight,
        )  # fmt: skip
        made.check()
        return made


class ServerChat:
    """Asks a server that's started when it's first needed."""

    def __init__(self, options: ChatOptions, lease: Lease[ServerOptions, Server]) -> None:
        self._options = options
        self._lease = lease
        self._chat: Chat | None = None

    async def complete(self, request: Request) -> Reply:
        """The reply; ProviderError with the end of the server's log where it couldn't start or has ended."""
        server = await self._lease.get()
        notes: Sequence[str] = ()
        if self._chat is None:
            self._chat = Chat(self._options, Service(url=f"{server.url}/v1", key=server.key))
            notes = (f"vLLM's server was ready after {server.seconds:.0f} s",)
        if (failed := server.failed()) is not None:
            raise ProviderError(failed, usage=FREE)
        try:
            reply = await self._chat.complete(request)
        except ProviderError as wrong:
            if type(wrong) is ProviderError and (failed := server.failed()) is not None:
                raise ProviderError(failed, usage=wrong.usage) from None
            raise
        return replace(reply, notes=(*notes, *reply.notes))

    async def aclose(self) -> None:
        """Close the connections, let go of the server."""
        if self._chat is not None:
            await self._chat.aclose()
        await self._lease.release()


def _running(url: str) -> Service:
    """The server at `url`, with or without its /v1."""
    address = checked_url(url)
    key = os.environ.get(KEY_VARIABLE, "").strip()
    return Service(url=address if address.endswith("/v1") else f"{address}/v1", key=key or NO_KEY)
