"""Failures: the one place where an exception of a consolidator becomes data.

ProviderError       → provider          the model's service refused, failed or was cut off
NightTimeoutError        → timeout           the night took longer than it may
BudgetError         → budget            the money or the tokens that were set are spent
InvalidOutputError  → invalid_output    what came back isn't a memory
anything else       → consolidator_bug
"""

from rembench.harness.errors import one_line
from rembench.harness.masking import masked
from rembench.harness.night import (
    BudgetError,
    Consolidation,
    InvalidOutputError,
    Memory,
    ProviderError,
)
from rembench.harness.scenario.handover import check_memory
from rembench.harness.types import Failure, FailureType
from rembench.harness.usage import check_usage

_MESSAGE = 300


class NightTimeoutError(Exception):
    """A night took longer than it may; its text says how long that is."""


_TYPES: tuple[tuple[type[BaseException], FailureType], ...] = (
    (NightTimeoutError, "timeout"),
    (ProviderError, "provider"),
    (BudgetError, "budget"),
    (InvalidOutputError, "invalid_output"),
)


def failure_of(error: BaseException) -> Failure:
    """The failure that `error` is, in one line, with secrets masked."""
    for kind, name in _TYPES:
        if isinstance(error, kind):
            return Failure(type=name, message=one_line(masked(str(error) or kind.__name__), _MESSAGE))
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Failure(type="consolidator_bug", message=one_line(masked(text), _MESSAGE))


def checked(result: object) -> Consolidation:
    """What a consolidator returned, if it's what the contract says; InvalidOutputError if not."""
    if not isinstance(result, Consolidation):
        raise InvalidOutputError(f"a Consolidation was expected, this is {type(result).__name__}")
    check_usage(result.usage)
    memory = _memory(result.memory)
    if not isinstance(result.trace, tuple) or not all(isinstance(line, str) for line in result.trace):
        raise InvalidOutputError("trace: a tuple of lines was expected")
    trace = tuple(masked(line[:2000]) for line in result.trace[:1000])
    return Consolidation(memory=memory, usage=result.usage, provenance=tuple(result.provenance), trace=trace)


def _memory(memory: object) -> Memory:
    try:
        return check_memory(memory)
    except ValueError as wrong:
        raise InvalidOutputError(str(wrong)) from None
