"""One call to a model: a reply, or the reason why there's none. What a provider raises becomes data here."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Literal

from rembench.harness.errors import UserError, one_line, said
from rembench.harness.masking import masked
from rembench.harness.night import BudgetError, Closer, ConsolidatorError, CutOffError, RefusalError, Usage
from rembench.harness.providers.load import Model
from rembench.harness.providers.provider import Reply, Request
from rembench.harness.usage import check_usage, usage_of

CallFailure = Literal["refusal", "cut_off", "timeout", "budget", "provider", "bug"]
"""Why there's no reply: the model refused, it was cut off, it took too long, the money is spent, the service
failed, the provider has a bug."""

_TYPES: tuple[tuple[type[BaseException], CallFailure], ...] = (
    (RefusalError, "refusal"),
    (CutOffError, "cut_off"),
    (BudgetError, "budget"),
    (ConsolidatorError, "provider"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What came of a call; `text` is None where it failed, how and why. What it cost, and who answered."""

    text: str | None
    usage: Usage
    failure: CallFailure | None = None
    reason: str | None = None
    model: str | None = None


async def call(model: Model, request: Request, timeout: float) -> Called:
    """Put `request` to `model`, once, for at most `timeout` seconds. UserError if the provider raises one.

    Names, reasons and errors are without the model's secrets, on one line.
    """
    try:
        async with asyncio.timeout(timeout):
            reply = _checked(await model.provider.complete(request))
    except UserError as wrong:
        raise UserError(masked(str(wrong), model.secrets)) from None
    except TimeoutError:
        return Called(text=None, usage=Usage(), failure="timeout", reason=f"no reply within {timeout:g} s")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's code raises is data
        return Called(text=None, usage=usage_of(error), failure=_failure(error), reason=_reason(error, model))
    return Called(text=reply.text, usage=reply.usage, model=_named(reply.model, model))


async def close(model: Model) -> None:
    """Let the provider go of what it holds open, after the last call, in the calls' own event loop."""
    if isinstance(model.provider, Closer):
        with contextlib.suppress(Exception):
            await model.provider.aclose()


def _named(name: str | None, model: Model) -> str | None:
    """The model's name, fit to be written down."""
    return name if name is None else one_line(masked(name, model.secrets), 100)


def _failure(error: BaseException) -> CallFailure:
    return next((name for kind, name in _TYPES if isinstance(error, kind)), "bug")


def _reason(error: BaseException, model: Model) -> str:
    text = said(error)
    if isinstance(error, BudgetError):
        kind = "budget"
    elif isinstance(error, ConsolidatorError):
        kind = "provider failed"
    else:
        kind, text = "provider bug", f"{type(error).__name__}: {text}"
    return one_line(masked(f"{kind}: {text}", model.secrets), 300)


def _checked(reply: object) -> Reply:
    """The reply, if it's what the protocol says."""
    if not isinstance(reply, Reply):
        raise TypeError(f"complete returned no Reply but {type(reply).__name__}")
    if not isinstance(reply.text, str) or not isinstance(reply.model, str | None):
        raise TypeError("the text or the model of the Reply is no string")
    check_usage(reply.usage)
    return reply
