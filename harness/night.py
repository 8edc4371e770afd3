"""The consolidator contract: what a consolidator is given and what it gives back.

This is all a consolidator may import from the harness. It holds nothing of the answers: no item, no
expectation, no question, no scenario name. Import contracts keep the rest out of reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable


class ConsolidatorError(Exception):
    """What a consolidator may raise so that its failure has the right type; `usage` is what it cost.

        ConsolidatorError
        ├── ProviderError        the model's service refused, failed or cut the answer off
        ├── BudgetError          the money, tokens or calls that were set are spent
        └── InvalidOutputError   what the model gave back can't be made into a memory

    Anything else that it raises is recorded as a bug of the consolidator.
    """

    def __init__(self, message: str = "", *, usage: "Usage | None" = None) -> None:
        super().__init__(message)
        self.usage = usage


class ProviderError(ConsolidatorError):
    """The model's service refused, failed or cut the answer off."""


class BudgetError(ConsolidatorError):
    """The money, tokens or calls that were set are spent."""


class InvalidOutputError(ConsolidatorError):
    """What the model gave back can't be made into a memory."""


Memory = Mapping[str, str]
"""A memory store: relative POSIX path → text. A night is given it in the order of the paths."""

Role = Literal["user", "assistant", "tool", "system"]
Fidelity = Literal["full", "wrapped", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a session; `name` is the tool's name on `tool` messages."""

    role: Role
    content: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One past session, in full; `at` is an ISO 8601 date-time."""

    id: str
    at: str
    messages: tuple[Message, ...]
    agent: str | None = None
    user: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionRequest:
    """A request to delete, made outside any session; `standing` when an earlier night had it too."""

    id: str
    at: str
    request: str
    standing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One consolidation to do.

    `chain` is an opaque name, the same for all nights of one chain and for no other chain. `sessions`
    are those handed over tonight, oldest first; `deletions` all requests so far. `write_budget` is in
    tokens (`rembench.harness.tokens.count_tokens`), None for no limit. `seed` differs by night.
    """

    chain: str
    id: str
    at: str
    memory: Memory
    sessions: tuple[Session, ...]
    deletions: tuple[DeletionRequest, ...] = ()
    instructions: str | None = None
    write_budget: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a night cost; None is unknown, never zero. Tokens are the provider's own count."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    calls: int | None = None
    usd: float | None = None


FREE = Usage(input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=0, usd=0.0)
"""The usage of a consolidator that calls no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a piece of the memory came from: characters [start, end) of `path` ← a message."""

    path: str
    start: int
    end: int
    session: str
    message: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidation:
    """What a night wrote: the whole new memory, its usage, and optionally how it came to be."""

    memory: Memory
    usage: Usage = field(default_factory=Usage)
    provenance: tuple[Provenance, ...] = ()
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a consolidator declares of itself; what it doesn't support is "unsupported", not zero."""

    network: bool = False
    provenance: bool = False
    instructions: bool = False
    write_budget: bool = False
    transcript: Fidelity = "full"


class Consolidator(Protocol):
    """What a stranger implements: one async method, and what it can do."""

    @property
    def capabilities(self) -> Capabilities:
        """What this consolidator supports."""
        ...

    async def consolidate(self, night: Night) -> Consolidation:
        """Read the night, return the whole new memory; raise on failure, it's recorded as data."""
        ...


@runtime_checkable
class Recaller(Protocol):
    """Optional, for systems with a recall of their own."""

    async def recall(self, memory: Memory, query: str) -> str:
        """The text that `query` brings back from `memory`."""
        ...
