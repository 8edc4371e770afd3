"""One call to a service, tried as often as is worth it; what every try cost is kept.

`Trouble` says of an SDK's error whether it's worth another try and what the try did cost: nothing where the
service turned it away, nobody knows where the line broke after it was sent.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Generic, TypeVar

from rembench.harness.errors import one_line, said
from rembench.harness.masking import masked
from rembench.harness.night import FREE, BudgetError, Held, ProviderError, Usage
from rembench.harness.providers.limits import Gate
from rembench.harness.usage import total

T = TypeVar("T")
TURNED_AWAY = Usage(
    input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.0
)
"""What a try costs that the service didn't take."""
LOST = Usage(calls=1)
"""What a try costs of which nothing came back: nobody knows."""
_AGAIN = frozenset({408, 409, 429})
_TOO_MUCH = frozenset({429, 503, 529})
_IN_A_STREAM = {"api_error": 500, "timeout_error": 504, "rate_limit_error": 429, "overloaded_error": 529}
"""What an error that comes after a reply has begun would have had as its status."""
_UNREADABLE = (json.JSONDecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON raises over an answer that is none, or that's nested too deeply."""
_LONGEST_WAIT = 120.0
"""Seconds that a service may ask to wait."""
_LONGEST_HELD = 600.0
"""Seconds that calls under way may hold money that a call needs: as long as one of them may take."""
_HELD_UP = 0.2
"""Seconds after which it's looked again whether they have left enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often a call is tried, and the seconds before the second try, doubled for every further one."""

    tries: int = 5
    pause: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a try failed: in one line, whether another is worth it, after how many seconds; and its cost.

    `status` is that of the answer, 0 where there was none.
    """

    message: str
    again: bool = False
    wait: float | None = None
    too_much: bool = False
    usage: Usage = LOST
    status: int = 0


class TroubleError(Exception):
    """Raised by a try that found the trouble itself, in a reply that came."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """What the last try brought, what the failed ones before it cost, and why they failed."""

    value: T
    failed: tuple[Usage, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Calls one service: `sdk` is its module (anthropic, openai), whose errors it reads.

    `secrets` are kept out of what it says.
    """

    sdk: ModuleType
    gate: Gate
    policy: Policy = Policy()
    secrets: tuple[str, ...] = ()

    async def call(
        self,
        once: Callable[[], Awaitable[T]],
        *,
        tokens: int,
        hold: Callable[[], Held],
        cost: Callable[[T], Usage],
    ) -> Tried[T]:
        """What `once` brings, tried by the policy. `tokens`: what a try is thought to take.

        `hold` puts aside what a try may cost, `cost` says what one that succeeded did. Where only calls under
        way stand against it, it waits for them. ProviderError with the usage of all tries where the last one
        fails.
        """
        failed: list[Usage] = []
        notes: list[str] = []
        held_up = 0.0
        while True:
            try:
                found = await self._once(once, tokens, hold, cost)
            except BudgetError as spent:
                if spent.passing and held_up < _LONGEST_HELD:
                    held_up += _HELD_UP
                    await asyncio.sleep(_HELD_UP)
                    continue
                raise BudgetError(str(spent), usage=total(failed) if failed else FREE) from None
            if not isinstance(found, Trouble):
                return Tried(found[0], tuple(failed), tuple(notes))
            failed.append(found.usage)
            notes.append(f"try {len(failed)}: {found.message}")
            if not found.again or len(failed) >= self.policy.tries:
                raise ProviderError(self._last(found, len(failed)), usage=total(failed))
            await asyncio.sleep(self._pause(found, len(failed)))

    async def _once(
        self,
        once: Callable[[], Awaitable[T]],
        tokens: int,
        hold: Callable[[], Held],
        cost: Callable[[T], Usage],
    ) -> tuple[T] | Trouble:
        async with self.gate.turn(tokens) as turn:
            try:
                held = hold()
            except BudgetError:
                self.gate.withdraw(turn)
                raise
            spent: Usage = LOST  # where it's cancelled
            try:
                value = await once()
                spent = cost(value)
            except Exception as error:
                trouble = self.trouble(error)
                if trouble is None:
                    raise
                spent = trouble.usage
                if trouble.too_much:
                    self.gate.slow_down(trouble.wait or self.policy.pause, turn)
                return trouble
            finally:
                held.settle(spent.usd)
                turn.tokens = _taken(spent, tokens)
            self.gate.went_well()
            return (value,)

    def _pause(self, trouble: Trouble, failed: int) -> float:
        if trouble.wait is not None:
            return trouble.wait
        return float(self.policy.pause * 2 ** (failed - 1) * random.uniform(0.75, 1))  # noqa: S311

    def _last(self, trouble: Trouble, tries: int) -> str:
        return trouble.message if tries == 1 else f"{trouble.message} ({tries} tries)"

    def trouble(self, error: Exception) -> Trouble | None:
        """What an error of the SDK, or of the line under it, means; None for one that's neither."""
        import httpx2

        if isinstance(error, TroubleError):
            return error.trouble
        text = self.line(error)
        if isinstance(error, self.sdk.APIStatusError):
            return _refused(error, text)
        never_sent = isinstance(error.__cause__ or error, _unsent())
        usage = TURNED_AWAY if never_sent else LOST
        if isinstance(error, self.sdk.APITimeoutError | httpx2.TimeoutException):
            return Trouble(message="no answer in time", again=True, usage=usage)
        if isinstance(error, self.sdk.APIConnectionError | httpx2.RequestError):
            message = f"the connection broke: {self.line(error.__cause__ or error)}"
            return Trouble(message=message, again=True, usage=usage)
        if isinstance(error, self.sdk.APIError):
            return Trouble(message=text)
        if isinstance(error, _UNREADABLE):
            return Trouble(message="the service's answer isn't JSON that can be read", again=True)
        return None

    def line(self, error: BaseException) -> str:
        """What an error says, on one line, without secrets."""
        body = getattr(error, "body", None)
        found = _message(body) or said(error) or type(error).__name__
        status = getattr(error, "status_code", None) or 0
        return one_line(masked(f"{status}: {found}" if status >= 400 else found, self.secrets), 250)


def _taken(spent: Usage, thought: int) -> int:
    """The tokens that count against a limit a minute; `thought` where nobody knows."""
    known = (spent.input_tokens, spent.output_tokens, spent.cache_write_tokens)
    return thought if None in known else sum(n or 0 for n in known)


def _unsent() -> tuple[type[Exception], ...]:
    """The errors of a request that never went out."""
    import httpx2

    return (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


def _refused(error: Any, text: str) -> Trouble:
    """The trouble of a reply with an error's status, or of an error in a reply that had begun well."""
    status, headers = error.status_code, error.response.headers
    if status < 400:
        status = _IN_A_STREAM.get(getattr(error, "type", None) or "", 0)
        again = status > 0
        return Trouble(message=text, again=again, too_much=status in _TOO_MUCH, status=status)
    again = status in _AGAIN or status >= 500
    if (said_so := headers.get("x-should-retry")) in {"true", "false"}:
        again = said_so == "true"
    wait = _seconds(headers.get("retry-after-ms"), 1000) or _seconds(headers.get("retry-after"), 1)
    if wait is not None and wait > _LONGEST_WAIT:
        again, text = False, f"{text} (it asks to wait for {wait:g} s)"
        wait = None  # the other calls aren't held up for so long either: each hears it for itself
    too_much = status in _TOO_MUCH
    return Trouble(message=text, again=again, wait=wait, too_much=too_much, usage=TURNED_AWAY, status=status)


def _message(body: object) -> str:
    """The message in an error's body: of either provider's shape."""
    for key in ("error", "message"):
        if isinstance(body, dict):
            body = body.get(key, body)
    return body if isinstance(body, str) else ""


def _seconds(text: str | None, parts: float) -> float | None:
    try:
        found = float(text) / parts if text else None
    except ValueError:
        return None
    return found if found is None or 0 <= found < 1e6 else None
