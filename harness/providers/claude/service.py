"""Anthropic's Messages as all who ask them here do: streamed, tried again, paid for, with caching that hits.

What's the same in many calls, the system prompt, is marked for the service's cache; of calls that are made at
once the first goes alone until its reply begins, so that the others find it there.
"""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from rembench.harness.errors import UserError, one_line
from rembench.harness.masking import masked
from rembench.harness.night import CutOffError, Held, ProviderError, Purse, RefusalError, Usage
from rembench.harness.providers.claude.client import UNREADABLE, access, connected
from rembench.harness.providers.claude.first_alone import FirstAlone
from rembench.harness.providers.claude.stream import BrokenError, Received, received
from rembench.harness.providers.claude.usage import (
    Ttl,
    billed,
    is_list_price,
    note_of,
    usage_of,
    usage_of_cut,
)
from rembench.harness.providers.limits import Gate, Limits
from rembench.harness.providers.prices import price_of
from rembench.harness.providers.tries import Caller, Policy, Trouble, TroubleError
from rembench.harness.usage import total

if TYPE_CHECKING:
    from anthropic.types import Message

Effort = Literal["low", "medium", "high", "xhigh", "max"]
Params = Mapping[str, Any]
"""The arguments of `messages.create`."""

_KEPT = {"5m": 300.0, "1h": 3600.0}
_BYTES = 3  # of UTF-8 in a token, at the least on average
_COUNTING = 30.0  # seconds that counting tokens may take
_COUNTED = ("model", "system", "messages", "tools", "output_config", "cache_control")
_NO_SUCH = frozenset({404, 405, 501})
_DONE = frozenset({"end_turn", "stop_sequence", "tool_use"})
_CUT = {
    "max_tokens": "at its limit of {} tokens",
    "model_context_window_exceeded": "where the context was full",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the service is asked. `base_url` None: that of ANTHROPIC_BASE_URL, else Anthropic's own.

    `timeout`: seconds without a word from the service. `pause`: see `tries.Policy`. `strict`: the SDK checks
    all replies by its types.
    """

    model: str
    effort: Effort | None = None
    base_url: str | None = None
    timeout: float = 600.0
    tries: int = 5
    limits: Limits = field(default_factory=Limits)
    pause: float = 0.5
    strict: bool = False

    def check(self) -> None:
        """UserError for an option that can't be."""
        if not self.model.strip():
            raise UserError("model is empty", right="write model=NAME")
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise UserError("timeout is a number of seconds above 0")
        for name, value in {"tries": self.tries, **asdict(self.limits)}.items():
            if value is not None and value < 1:
                raise UserError(f"{name} is a whole number from 1")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, what it cost with all its tries, and how it came about."""

    message: "Message"
    usage: Usage
    notes: tuple[str, ...]


class ClaudeService:
    """One model of the service, for one event loop. It connects to nothing until it's asked."""

    def __init__(self, options: Options) -> None:
        options.check()
        self.options = options
        way = access(options.base_url)
        import anthropic

        self.client = connected(way, options.timeout, strict=options.strict)
        self.secrets = way.secrets
        self.price = price_of(options.model)
        policy = Policy(tries=options.tries, pause=options.pause)
        self.caller = Caller(sdk=anthropic, gate=Gate(options.limits), policy=policy, secrets=way.secrets)
        self._first = FirstAlone(_KEPT["5m"])
        self._counts = True
        self._counting = asyncio.Semaphore(options.limits.in_flight)

    def params(self, system: str, most_tokens: int, *, ttl: Ttl = "5m", **more: Any) -> dict[str, Any]:
        """The arguments of a call, the system prompt marked for the cache; `more` are further ones."""
        control = {"type": "ephemeral"} if ttl == "5m" else {"type": "ephemeral", "ttl": ttl}
        config = {**more.pop("output_config", {})}
        if self.options.effort is not None:
            config["effort"] = self.options.effort
        made = {"model": self.options.model, "max_tokens": most_tokens, **more}
        if system:
            made["system"] = [{"type": "text", "text": system, "cache_control": control}]
        return {**made, "output_config": config} if config else made

    async def estimate(self, params: Params) -> int:
        """The tokens of a prompt, counted by the service (that's free), else thought of by its length."""
        import anthropic

        if self._counts:
            wanted = {name: params[name] for name in _COUNTED if name in params}
            try:
                async with self._counting:
                    found = await self.client.messages.count_tokens(**wanted, timeout=_COUNTING)
                return int(found.input_tokens)
            except anthropic.APIStatusError as wrong:
                self._counts = self._counts and wrong.status_code not in _NO_SUCH
            except (anthropic.AnthropicError, *UNREADABLE):
                pass
        return rough_tokens({name: params[name] for name in _COUNTED if name in params})

    def most(self, tokens: int, params: Params, *, batch: bool = False) -> float | None:
        """The most that a call with a prompt of so many tokens can cost, None where nobody knows."""
        return self.price.most(tokens, params["max_tokens"], batch=batch) if self.price else None

    def usage(self, message: "Message", *, ttl: Ttl = "5m", batch: bool = False) -> Usage:
        """What a message cost."""
        record = message.usage
        return usage_of(billed(record, ttl=ttl, batch=batch), self.price, known=is_list_price(record))

    async def send(self, params: Params, purse: Purse, tokens: int) -> Sent:
        """The message that a call brings; `tokens` is what its prompt is thought to have.

        ProviderError or BudgetError where there's none. How it ended is for `whole` to say.
        """
        most = self.most(tokens, params)

        def hold() -> Held:
            return purse.hold(most, f"a call of {self.options.model}")

        tried = await self.caller.call(
            lambda: self._once(params), tokens=tokens, hold=hold, cost=lambda found: self.usage(found.message)
        )
        found = tried.value
        notes = [*tried.notes, *self.notes(found.message)]
        if found.request:
            notes.append(f"request {one_line(found.request, 100)}")
        return Sent(found.message, total([*tried.failed, self.usage(found.message)]), tuple(notes))

    def notes(self, message: "Message") -> tuple[str, ...]:
        """The service's own record of what a message cost."""
        return (note_of(message.usage),)

    def whole(self, message: "Message", usage: Usage, most_tokens: int) -> "Message":
        """The message if it ended by itself; RefusalError, CutOffError or ProviderError with `usage` if not."""
        reason = message.stop_reason
        if reason == "refusal":
            details = message.stop_details
            why = [details.category, details.explanation] if details else []
            text = ": ".join(["the model refused", *(str(part) for part in why if part)])
            raise RefusalError(self.said(text), usage=usage)
        if reason in _CUT:
            raise CutOffError(f"the reply was cut off {_CUT[reason].format(most_tokens)}", usage=usage)
        if reason not in _DONE:
            raise ProviderError(self.said(f"the reply stopped for {reason}"), usage=usage)
        return message

    def trouble(self, error: Exception) -> Trouble | None:
        """What an error means (see `tries.Caller`), also one that the SDK has with what it can't read."""
        import anthropic

        trouble = self.caller.trouble(error)
        if trouble is None and isinstance(error, (anthropic.AnthropicError, *UNREADABLE)):
            return self._unreadable(error)
        return trouble

    def said(self, text: str) -> str:
        """What somebody else wrote, on one line and without secrets."""
        return one_line(masked(text, self.secrets), 250)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _once(self, params: Params) -> Received:
        stream = self.client.messages.stream(**params)
        async with self._first.turn(_beginning(params)) as begun:
            try:
                found = await received(stream, begun)
            except BrokenError as broken:
                raise TroubleError(self._broken(broken)) from None
            except UNREADABLE as wrong:
                raise TroubleError(self._unreadable(wrong)) from None
        if found is None:
            raise TroubleError(Trouble(message="the stream ended before it began", again=True))
        return found

    def _unreadable(self, error: Exception) -> Trouble:
        return Trouble(message=self.said(f"a reply that can't be read: {error!r}"), again=True)

    def _broken(self, broken: BrokenError) -> Trouble:
        """The trouble of a reply that broke off: its prompt is billed."""
        cause = broken.__cause__
        trouble = self.trouble(cause) if isinstance(cause, Exception) else None
        found = trouble or Trouble(message=str(broken), again=True)
        return replace(found, usage=usage_of_cut(broken.begun.usage))


def _beginning(params: Params) -> str:
    """What's kept in the service's cache of a prompt: all up to the system prompt. "" without one."""
    system = params.get("system")
    return str([params.get("output_config"), params.get("tools"), system]) if system else ""


def rough_tokens(value: Any) -> int:
    """The tokens that a text, or the texts in a structure, have about."""
    if isinstance(value, Mapping):
        return sum(rough_tokens(part) for part in value.values())
    if isinstance(value, list | tuple):
        return sum(rough_tokens(part) for part in value)
    return len(str(value).encode(errors="replace")) // _BYTES + 1
