"""What a model must be able to do: one method, from a request to a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rembench.harness.night import NO_BUDGET, Purse, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One prompt. `schema` is the JSON schema of the reply, for services that can hold a model to it.

    The reply has at most `most_tokens` tokens, reasoning included. `system` is the same for many requests,
    so it's what a service may cache. `seed` is for services that take one. What the call can cost is held
    from `purse` before it's made.
    """

    system: str
    prompt: str
    schema: Mapping[str, Any]
    most_tokens: int
    seed: int | None = None
    purse: Purse = field(default=NO_BUDGET, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The model's text without its reasoning, what it cost, and which model it was, if that's known.

    `notes` say how the reply came about, a line each: tries, the provider's own usage record, the way in
    which the schema was asked for.
    """

    text: str
    usage: Usage = field(default_factory=Usage)
    model: str | None = None
    notes: tuple[str, ...] = ()


class Provider(Protocol):
    """A model behind a service, a server or a library.

    Options are the keyword arguments of `__init__`, as a consolidator's are; keys come from the environment.
    What the user can fix (a missing key, a missing package) is a UserError of `__init__`, which connects to
    nothing. One that holds something open has `aclose` too (`rembench.harness.night.Closer`).
    """

    async def complete(self, request: Request) -> Reply:
        """The reply to one request; called concurrently.

        ProviderError where the service failed, RefusalError where the model refused, CutOffError where the
        reply was cut off, BudgetError where what may be spent is spent; each with the usage of all tries.
        """
        ...
