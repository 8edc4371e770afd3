"""One night's requests to Claude through Message Batches, with the night's ledger and purse."""

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from rembench.harness.night import (
    NO_BUDGET,
    BudgetError,
    ConsolidatorError,
    Held,
    Night,
    ProviderError,
    Usage,
)
from rembench.harness.providers.claude.batches import Batches, Line, Order, Slip
from rembench.harness.providers.claude.messages import message_params, text_of
from rembench.harness.providers.claude.service import ClaudeService
from rembench.harness.providers.provider import Reply, Request
from rembench.harness.providers.tries import TURNED_AWAY, Trouble, TroubleError
from rembench.harness.usage import total

if TYPE_CHECKING:
    from anthropic.types import Message

Found = TypeVar("Found", Line, Line | None)
_NOTE = "batch request "
_HELD_UP = 1.0
"""Seconds after which it's looked again whether calls under way have left enough money."""
_PASSING = frozenset({"api_error", "overloaded_error", "rate_limit_error", "timeout_error"})


@dataclass(slots=True)
class NightInBatches:
    """A provider for one night. Its requests are numbered: begun again, the night asks for the same ones."""

    service: ClaudeService
    batches: Batches
    night: Night
    asked: int = 0

    async def complete(self, request: Request) -> Reply:
        """The reply to one request (see `rembench.harness.providers.provider`)."""
        usages: list[Usage] = []
        notes: list[str] = []
        while True:
            self.asked += 1
            try:
                batch, message = await self._once(request)
            except TroubleError as wrong:
                trouble = wrong.trouble
                usages.append(trouble.usage)
                notes.append(f"try {len(usages)}: {trouble.message}")
                if not trouble.again or len(usages) >= self.service.options.tries:
                    self._forget(len(usages))
                    raise ProviderError(trouble.message, usage=total(usages)) from None
                continue
            except ConsolidatorError as wrong:
                raise type(wrong)(str(wrong), usage=total([*usages, wrong.usage or Usage()])) from None
            usage = total([*usages, self._usage(message)])
            self.service.whole(message, usage, request.most_tokens)
            notes += [*self.service.notes(message), f"batch {batch}"]
            return Reply(text=text_of(message), usage=usage, model=message.model, notes=tuple(notes))

    def _forget(self, tries: int) -> None:
        """Take away the notes of the last requests, which brought and cost nothing: they may be sent again."""
        for number in range(self.asked - tries + 1, self.asked + 1):
            self.night.ledger.write(f"{_NOTE}{number}", "")

    async def _once(self, request: Request) -> "tuple[str, Message]":
        """The batch and the message of a request; TroubleError where the service has none for it."""
        key = f"{_NOTE}{self.asked}"
        ledger = self.night.ledger
        noted = ledger.read().get(key)
        params = message_params(self.service, request, ttl="1h")

        def note(slip: Slip) -> None:
            ledger.write(key, slip.text())

        order = Order(params, Slip.read(noted) if noted else Slip(name=self._name()), note)
        most = self.service.most(await self.service.estimate(params), params, batch=True)
        line: Line | None = None
        if noted:
            line = await self._settled(self._of_an_order(request, most), self.batches.found(order))
        if line is None:
            order = replace(order, slip=Slip(name=self._name()))
            line = await self._settled(await self._held(request, most), self.batches.sent(order))
        return line.batch, self._message(line)

    def _name(self) -> str:
        """A name for a request that nobody else has."""
        night = sha256(f"{self.night.chain}\0{self.night.id}".encode()).hexdigest()[:24]
        return f"{night}-{self.asked}-{secrets.token_hex(8)}"

    def _what(self) -> str:
        return f"a batch request to {self.service.options.model}"

    async def _held(self, request: Request, most: float | None) -> Held:
        """Money for a request, once calls under way have left enough of it."""
        while True:
            try:
                return request.purse.hold(most, self._what())
            except BudgetError as spent:
                if not spent.passing:
                    raise
            await asyncio.sleep(_HELD_UP)

    def _of_an_order(self, request: Request, most: float | None) -> Held:
        """Money for a request that may have been sent: it's waited for, whether there's enough or not."""
        try:
            return request.purse.hold(most, self._what())
        except BudgetError:
            return NO_BUDGET.hold(most, self._what())

    async def _settled(self, held: Held, line: "Awaitable[Found]") -> Found:
        """What comes of a request, once its money is settled."""
        usd: float | None = None
        try:
            found = await line
            usd = self._usd(found)
        except ConsolidatorError as wrong:
            usd = wrong.usage.usd if wrong.usage else None
            raise
        finally:
            held.settle(usd)
        return found

    def _usd(self, line: Line | None) -> float | None:
        """What a request cost; nothing where it wasn't sent or has no message."""
        if line is None or line.result.type != "succeeded":
            return 0.0
        return self._usage(line.result.message).usd

    def _usage(self, message: "Message") -> Usage:
        return self.service.usage(message, ttl="1h", batch=True)

    def _message(self, line: Line) -> "Message":
        """The message that a request brought."""
        result = line.result
        if result.type == "succeeded":
            message: Message = result.message
            return message
        if result.type == "errored":
            error = result.error.error
            text = self.service.said(f"{error.type}: {error.message}")
            raise TroubleError(Trouble(message=text, again=error.type in _PASSING, usage=TURNED_AWAY))
        text = f"{result.type} in the batch {line.batch}"
        raise TroubleError(Trouble(message=text, usage=TURNED_AWAY))
