"""Claude behind Anthropic's Messages, or behind any server that speaks like it (vLLM does).

Replies are held to the request's schema by the service, streamed, and cost what the record that comes with
them says. The key is that of the environment: ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rembench.harness.night import NO_BUDGET
from rembench.harness.providers.claude.service import ClaudeService, Effort, Options, rough_tokens
from rembench.harness.providers.claude.usage import Ttl
from rembench.harness.providers.limits import Limits
from rembench.harness.providers.provider import Reply, Request

if TYPE_CHECKING:
    from anthropic.types import Message


class ClaudeMessages:
    """A model of Anthropic's. `effort` None is the model's own; `timeout` in seconds without a word from it.

    `tries` a call at most, `in_flight` calls at a time, and so many requests and tokens a minute.
    """

    strict: ClassVar[bool] = False
    """Whether the SDK checks all replies by its types."""
    pause: ClassVar[float] = 0.5
    """Seconds before a second try."""

    def __init__(
        self,
        *,
        model: str,
        effort: Effort | None = None,
        base_url: str | None = None,
        timeout: float = 600.0,
        tries: int = 5,
        in_flight: int = 8,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
    ) -> None:
        limits = Limits(
            in_flight=in_flight,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
        )
        service = ClaudeService(
            Options(
                model=model,
                effort=effort,
                base_url=base_url,
                timeout=timeout,
                tries=tries,
                limits=limits,
                pause=self.pause,
                strict=self.strict,
            )
        )
        self._completing = Completing(service)

    async def complete(self, request: Request) -> Reply:
        """The reply to one request (see `rembench.harness.providers.provider`)."""
        return await self._completing.complete(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._completing.service.aclose()


@dataclass(frozen=True, slots=True)
class Completing:
    """A provider that asks a service which others ask as well."""

    service: ClaudeService

    async def complete(self, request: Request) -> Reply:
        """The reply to one request (see `rembench.harness.providers.provider`)."""
        service = self.service
        params = message_params(service, request)
        is_paid = request.purse is not NO_BUDGET
        tokens = await service.estimate(params) if is_paid else rough_tokens(params)
        sent = await service.send(params, request.purse, tokens)
        message = service.whole(sent.message, sent.usage, request.most_tokens)
        return Reply(text=text_of(message), usage=sent.usage, model=message.model, notes=sent.notes)


def message_params(service: ClaudeService, request: Request, *, ttl: Ttl = "5m") -> Mapping[str, Any]:
    """A request as the arguments of `messages.create`."""
    import anthropic

    form = {"type": "json_schema", "schema": anthropic.transform_schema({**request.schema})}
    return service.params(
        request.system,
        request.most_tokens,
        ttl=ttl,
        messages=[{"role": "user", "content": request.prompt}],
        output_config={"format": form} if request.schema else {},
    )


def text_of(message: "Message") -> str:
    """What the model said, without its reasoning."""
    return "".join(block.text for block in message.content if block.type == "text")
