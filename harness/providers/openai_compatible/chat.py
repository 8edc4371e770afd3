"""Models behind OpenAI's chat completions: OpenAI's own service and every server that speaks like it.

Replies aren't streamed and aren't parsed by the SDK: a reply that's cut off or isn't of the shape must still
say what it cost. How a server wants to be asked is learnt from what it refuses (see `ladder`).
"""

import asyncio
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from rembench.harness.errors import UserError, one_line
from rembench.harness.masking import masked
from rembench.harness.night import (
    NO_BUDGET,
    ConsolidatorError,
    CutOffError,
    Held,
    ProviderError,
    RefusalError,
    Usage,
)
from rembench.harness.providers.limits import Gate, Limits
from rembench.harness.providers.openai_compatible.ladder import RUNGS, Ladder, Manner, Rung
from rembench.harness.providers.openai_compatible.reply import Answer, read_answer, usage_of_reply
from rembench.harness.providers.openai_compatible.service import KEY_VARIABLE, Service, connected, service
from rembench.harness.providers.prices import price_of
from rembench.harness.providers.provider import Reply, Request
from rembench.harness.providers.tries import TURNED_AWAY, Caller, Policy, Trouble, TroubleError
from rembench.harness.tokens import count_tokens
from rembench.harness.usage import total

if TYPE_CHECKING:
    from openai import BadRequestError, UnprocessableEntityError

_REFUSED_PROMPT = frozenset({"content_filter", "content_policy_violation"})
_NO_MONEY = "insufficient_quota"
_SAID = 400  # characters of an error that are looked at
_BYTES = 3  # of UTF-8 in a token, at the least on average


@dataclass(kw_only=True)
class ChatOptions:
    """How a chat server is asked. `base_url` None: that of OPENAI_BASE_URL, else OpenAI's own.

    `key_env` is the environment variable with the key. What's None isn't sent: the server's own holds.
    `rung` is how the reply's shape is asked for to begin with. `timeout` in seconds, for one try.
    """

    model: str
    base_url: str | None = None
    key_env: str = KEY_VARIABLE
    temperature: float | None = None
    reasoning_effort: str | None = None
    rung: Rung = "json_schema"
    timeout: float = 600.0
    tries: int = 5
    in_flight: int = 8
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    strict: ClassVar[bool] = False
    """Whether the SDK checks all replies by its types."""
    pause: ClassVar[float] = 0.5
    """Seconds before a second try."""

    def check(self) -> None:
        """UserError for an option that can't be."""
        if not self.model.strip():
            raise UserError("model is empty", right="write model=NAME")
        if self.temperature is not None and not 0 <= self.temperature <= 2:
            raise UserError("temperature is a number from 0 to 2, or none")
        if self.rung not in RUNGS:
            raise UserError(f"no such rung: {self.rung!r}", right=f"known: {', '.join(RUNGS)}")
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise UserError("timeout is a number of seconds above 0")
        for name in ("tries", "in_flight", "requests_per_minute", "tokens_per_minute"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UserError(f"{name} is a whole number from 1")

    def only(self) -> dict[str, Any]:
        """These options as keyword arguments, without those of a subclass."""
        return {f.name: getattr(self, f.name) for f in fields(ChatOptions)}


@dataclass(kw_only=True)
class OpenAIChat(ChatOptions):
    """A model of OpenAI's, or of a server elsewhere. For one event loop.

    The key is that of the environment; a server elsewhere than OpenAI's needs none.
    """

    _chat: "Chat" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._chat = Chat(self, service(self.base_url, self.key_env))

    async def complete(self, request: Request) -> Reply:
        """The reply to one request (see `rembench.harness.providers.provider`)."""
        return await self._chat.complete(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._chat.aclose()


@dataclass(frozen=True, slots=True)
class _Refused:
    """A try that the server turned away: its error in a line.

    Because of something that can be left out, or (`prompt`) because its filter didn't let the prompt through.
    """

    error: str
    prompt: bool = False


@dataclass(slots=True)
class _Bill:
    """What the tries of one request cost so far, and what happened, a line each."""

    usages: list[Usage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def with_(self, usage: Usage | None) -> Usage:
        return total([*self.usages, usage or Usage()])


class Chat:
    """One model behind one server, with what has been learnt of it."""

    def __init__(self, options: ChatOptions, to: Service) -> None:
        options.check()
        self._options = options
        self._service = to
        self._client = connected(to, options.timeout, strict=options.strict)
        import openai

        self._ladder = Ladder(options.rung)
        self._price = price_of(options.model)
        limits = Limits(
            in_flight=options.in_flight,
            requests_per_minute=options.requests_per_minute,
            tokens_per_minute=options.tokens_per_minute,
        )
        policy = Policy(tries=options.tries, pause=options.pause)
        self._caller = Caller(sdk=openai, gate=Gate(limits), policy=policy, secrets=to.secrets)
        self._leading = False
        self._heard = asyncio.Event()

    async def complete(self, request: Request) -> Reply:
        """The reply. The first request goes alone until the server has said something: others learn from it."""
        leads = not self._leading
        self._leading = True
        try:
            if not leads:
                await self._heard.wait()
            return await self._complete(request)
        finally:
            if leads:
                self._heard.set()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _complete(self, request: Request) -> Reply:
        bill = _Bill()
        while True:
            manner = self._ladder.manner
            try:
                tried = await self._caller.call(
                    lambda: self._once(request, manner),  # noqa: B023 - it's awaited here
                    tokens=_prompt_tokens(request) + request.most_tokens,
                    hold=lambda: self._hold(request),
                    cost=self._cost,
                )
            except ConsolidatorError as wrong:
                wrong.usage = bill.with_(wrong.usage)
                raise
            bill.usages.extend([*tried.failed, self._cost(tried.value)])
            bill.notes.extend(tried.notes)
            if not isinstance(tried.value, _Refused):
                return self._reply(request, tried.value, manner, bill)
            if tried.value.prompt:
                raise RefusalError(
                    f"the service refused the prompt: {tried.value.error}", usage=total(bill.usages)
                )
            bill.notes.append(f"asked in another way: {tried.value.error}")

    async def _once(self, request: Request, manner: Manner) -> "Mapping[str, Any] | _Refused":
        """One try: the server's reply as JSON."""
        import openai

        wanted = {"seed": request.seed, "temperature": self._options.temperature}
        sent = {name: value for name, value in wanted.items() if value is not None}
        arguments = manner.arguments(request, sent, bounds=not self._service.own)
        if self._options.reasoning_effort is not None:
            arguments["reasoning_effort"] = self._options.reasoning_effort
        try:
            reply: object = await self._client.chat.completions.create(model=self._options.model, **arguments)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            prompt = error.code in _REFUSED_PROMPT
            if not prompt and not self._ladder.step_back(manner, _named(error), arguments):
                raise
            return _Refused(self._caller.line(error), prompt)
        except openai.RateLimitError as error:
            if error.code != _NO_MONEY:
                raise
            raise TroubleError(Trouble(message=self._caller.line(error), usage=TURNED_AWAY)) from None
        finally:
            if self._ladder.manner == manner:
                self._heard.set()
        if not isinstance(reply, openai.BaseModel):
            raise TroubleError(Trouble(message="the reply isn't a chat completion: is base_url right?"))
        return reply.model_dump(warnings=False)

    def _reply(self, request: Request, raw: Mapping[str, Any], manner: Manner, bill: _Bill) -> Reply:
        """What came back as a reply; a failure where the model refused, was cut off or said nothing."""
        usage = total(bill.usages)
        answer = read_answer(raw)
        if answer is None:
            raise ProviderError("the reply holds no choice with a message", usage=usage)
        if answer.refusal is not None:
            refusal = masked(answer.refusal, self._service.secrets)
            raise RefusalError(f"the model refused: {refusal}", usage=usage)
        if answer.finish == "length":
            most = request.most_tokens if manner.most is None else min(request.most_tokens, manner.most)
            raise CutOffError(f"the reply was cut off: it may have {most} tokens", usage=usage)
        self._ladder.came(manner, answer.text, request.schema)
        notes = (*manner.notes, *bill.notes, *_said_of(answer, raw))
        return Reply(text=answer.text, usage=usage, model=answer.model, notes=notes)

    def _cost(self, found: "Mapping[str, Any] | _Refused") -> Usage:
        return TURNED_AWAY if isinstance(found, _Refused) else usage_of_reply(found, self._price)

    def _hold(self, request: Request) -> Held:
        """Put aside what a try can cost; nothing where a server of one's own has no price."""
        if self._price is None:
            purse = NO_BUDGET if self._service.near and not self._service.own else request.purse
            return purse.hold(None, f"a call of {self._options.model}")
        most = self._price.most(_prompt_tokens(request), request.most_tokens)
        return request.purse.hold(most, f"a call of {self._options.model}")


def _prompt_tokens(request: Request) -> int:
    """More tokens than the prompt has, as a rule."""
    text = f"{request.system}\n{request.prompt}"
    return max(count_tokens(text), len(text.encode(errors="replace")) // _BYTES) + 50


def _named(error: "BadRequestError | UnprocessableEntityError") -> str:
    """What an error of the server names: its message and parameter, or the places that FastAPI lists."""
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("detail"), list):
        found = [one for one in body["detail"] if isinstance(one, dict)]
        places = [f"{one.get('loc')} {one.get('msg')}" for one in found]
        return one_line(" ".join(places), _SAID)
    said = body.get("message") if isinstance(body, dict) else error.message
    return one_line(f"{error.param or ''} {said}", _SAID)


def _said_of(answer: Answer, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Lines with the server's own record of the reply."""
    usage = raw.get("usage")
    counts = json.dumps(_known(usage), sort_keys=True, default=str) if usage is not None else "none given"
    fingerprint = (f"fingerprint: {one_line(answer.fingerprint, 100)}",) if answer.fingerprint else ()
    return (f"usage: {one_line(counts, 500)}", *fingerprint)


def _known(counts: object) -> object:
    """Counts without those that aren't given."""
    if not isinstance(counts, dict):
        return counts
    return {name: _known(value) for name, value in counts.items() if value is not None}
