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
        ├── ProviderError        the model's service failed or didn't take the request
        │   ├── RefusalError     the model refused
        │   └── CutOffError      the answer ended at a limit of length
        ├── BudgetError          the money, tokens or calls that were set are spent
        └── InvalidOutputError   what the model gave back can't be made into a memory

    Anything else that it raises is recorded as a bug of the consolidator.
    """

    def __init__(self, message: str = "", *, usage: "Usage | None" = None) -> None:
        super().__init__(message)
        self.usage = usage


class ProviderError(ConsolidatorError):
    """The model's service failed or didn't take the request."""


class RefusalError(ProviderError):
    """The model refused."""


class CutOffError(ProviderError):
    """The answer ended at a limit of length."""


class BudgetError(ConsolidatorError):
    """The money, tokens or calls that were set are spent.

    `passing`: only what's held for calls under way stands against it; once they're settled it may be enough.
    """

    def __init__(self, message: str = "", *, usage: "Usage | None" = None, passing: bool = False) -> None:
        super().__init__(message, usage=usage)
        self.passing = passing


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


class Ledger(Protocol):
    """Notes of one night that outlive the process: what exists elsewhere, to be found again after a crash.

    A night that's begun again after a crash is given the notes of its first try; once it's finished they're
    no longer needed. `rembench doctor --leftovers` lists notes whose key begins with "left:".
    """

    def read(self) -> Mapping[str, str]:
        """All notes of this night, the newest of every key; a key that was written "" isn't there."""
        ...

    def write(self, key: str, value: str) -> None:
        """Note `value`; it's on the disk when this returns. "" takes the note away."""
        ...


class Held(Protocol):
    """Money put aside for one call."""

    def settle(self, usd: float | None) -> None:
        """What the call did cost; None where nobody knows: all that was held counts as spent."""
        ...


class Purse(Protocol):
    """What the run may still spend, in US dollars; shared by all that runs."""

    def hold(self, usd: float | None, what: str) -> Held:
        """Put aside the most that a call can cost, before it's made; None where that's unknown.

        BudgetError where the run's budget would be passed: `what` says in it what wasn't done. Its `passing`
        says whether it's worth asking again; nobody who holds money may wait for it.
        """
        ...


class _Nowhere:
    """The ledger of a night that isn't part of a run: it remembers nothing."""

    def read(self) -> Mapping[str, str]:
        return {}

    def write(self, key: str, value: str) -> None: ...


class _Open:
    """The purse of a night that isn't part of a run: it has no limit."""

    def hold(self, usd: float | None, what: str) -> "_Open":  # noqa: ARG002
        return self

    def settle(self, usd: float | None) -> None: ...


NO_LEDGER: Ledger = _Nowhere()
NO_BUDGET: Purse = _Open()


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One consolidation to do.

    `chain` is an opaque name, the same for all nights of one chain and for no other chain. `sessions`
    are those handed over tonight, oldest first; `deletions` all requests so far. `write_budget` is in
    tokens (`rembench.harness.tokens.count_tokens`), None for no limit. `seed` differs by night. `ledger`
    and `purse` are the run's: for consolidators that leave something elsewhere, or spend money.
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
    ledger: Ledger = field(default=NO_LEDGER, compare=False, repr=False)
    purse: Purse = field(default=NO_BUDGET, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a night cost; None is unknown, never zero. Tokens are the provider's own count.

    `input_tokens` are those that came from no cache and went into none; `output_tokens` hold the reasoning.
    All tries count, those that failed too.
    """

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
    """What a consolidator declares of itself; what it doesn't support is "unsupported", not zero.

    `patience`: the seconds that a night of it may take where the user doesn't say; None for the usual.
    """

    network: bool = False
    provenance: bool = False
    instructions: bool = False
    write_budget: bool = False
    transcript: Fidelity = "full"
    patience: float | None = None


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


@runtime_checkable
class Closer(Protocol):
    """Optional, for consolidators that hold something open: a connection, a server."""

    async def aclose(self) -> None:
        """Let go of it; called once, after the last night, in the nights' own event loop."""
        ...
