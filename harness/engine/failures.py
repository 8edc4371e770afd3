"""Failures: the one place where an exception of a consolidator becomes data.

RefusalError        → refusal           the model refused
CutOffError         → cut_off           the answer ended at a limit of length
ProviderError       → provider          the model's service failed or didn't take the request
NightTimeoutError   → timeout           the night took longer than it may
TimeoutError        → timeout           ... than the consolidator itself lets it
BudgetError         → budget            the money or the tokens that were set are spent
InvalidOutputError  → invalid_output    what came back isn't a memory
anything else       → consolidator_bug
"""

from rembench.harness.errors import one_line, said
from rembench.harness.masking import masked
from rembench.harness.memory import PATH_CHARACTERS, check_memory
from rembench.harness.night import (
    BudgetError,
    Consolidation,
    CutOffError,
    InvalidOutputError,
    Memory,
    Provenance,
    ProviderError,
    RefusalError,
)
from rembench.harness.scenario.place import text_fault
from rembench.harness.types import Failure, FailureType
from rembench.harness.usage import check_usage, is_amount

_MESSAGE = 300
_LINES, _LINE = 1000, 2000  # of a trace, and characters of a line
_PIECES = 100_000  # of provenance


class NightTimeoutError(Exception):
    """A night took longer than it may; its text says how long that is."""


_TYPES: tuple[tuple[type[BaseException], FailureType], ...] = (
    (NightTimeoutError, "timeout"),
    (TimeoutError, "timeout"),
    (RefusalError, "refusal"),
    (CutOffError, "cut_off"),
    (ProviderError, "provider"),
    (BudgetError, "budget"),
    (InvalidOutputError, "invalid_output"),
)


def failure_of(error: BaseException) -> Failure:
    """The failure that `error` is, in one line, with secrets masked."""
    text = said(error)
    for kind, name in _TYPES:
        if isinstance(error, kind):
            return Failure(type=name, message=one_line(masked(text or kind.__name__), _MESSAGE))
    text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return Failure(type="consolidator_bug", message=one_line(masked(text), _MESSAGE))


def checked(result: object) -> Consolidation:
    """What a consolidator returned, if it's what the contract says; InvalidOutputError if not."""
    if not isinstance(result, Consolidation):
        raise InvalidOutputError(f"a Consolidation was expected, this is {type(result).__name__}")
    return Consolidation(
        memory=_memory(result.memory),
        usage=check_usage(result.usage),
        provenance=_provenance(result.provenance),
        trace=_trace(result.trace),
    )


def _memory(memory: object) -> Memory:
    try:
        return check_memory(memory)
    except ValueError as wrong:
        raise InvalidOutputError(str(wrong)) from None


def _trace(trace: object) -> tuple[str, ...]:
    if not isinstance(trace, tuple) or not all(isinstance(line, str) for line in trace):
        raise InvalidOutputError("trace: a tuple of lines was expected")
    kept = tuple(masked(line[: 2 * _LINE])[:_LINE] for line in trace[:_LINES])
    for n, line in enumerate(kept):
        if fault := text_fault(line):
            raise InvalidOutputError(f"trace[{n}]: {fault}")
    return kept


def _provenance(pieces: object) -> tuple[Provenance, ...]:
    if not isinstance(pieces, tuple) or len(pieces) > _PIECES:
        raise InvalidOutputError(f"provenance: a tuple of at most {_PIECES} pieces was expected")
    for n, piece in enumerate(pieces):
        if not isinstance(piece, Provenance):
            raise InvalidOutputError(f"provenance[{n}]: a Provenance was expected, not {type(piece).__name__}")
        texts = (piece.path, piece.session)
        if not all(isinstance(t, str) and len(t) <= PATH_CHARACTERS and not text_fault(t) for t in texts):
            raise InvalidOutputError(f"provenance[{n}]: path and session are texts")
        if not all(is_amount(x) for x in (piece.start, piece.end, piece.message)):
            raise InvalidOutputError(f"provenance[{n}]: start, end and message are whole numbers from 0")
    return pieces
