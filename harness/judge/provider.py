"""What a judge's model must be able to do: one method, from a request to a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rembench.harness.night import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One prompt. `schema` is the JSON schema of the reply, for services that can hold a model to it.

    The reply has at most `most_tokens` tokens, reasoning included.
    """

    system: str
    prompt: str
    schema: Mapping[str, Any]
    most_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The model's text without its reasoning, what it cost, and which model it was, if that's known."""

    text: str
    usage: Usage = field(default_factory=Usage)
    model: str | None = None


class Provider(Protocol):
    """A model behind a service, a server or a library.

    Options are the keyword arguments of `__init__`, as a consolidator's are; keys come from the environment.
    """

    async def complete(self, request: Request) -> Reply:
        """The reply to one request; called concurrently.

        UserError for what the user can fix (a missing key); ProviderError where the service refused, failed
        or cut the reply off; BudgetError where what may be spent is spent.
        """
        ...
