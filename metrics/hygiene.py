"""Hygiene: the state of the store itself, whatever it says.

    near_duplicates  entries with a TF-IDF cosine of 0.9 or more to an earlier entry / entries
    relative_dates   entries with a date that only its day of writing explains ("yesterday") / entries
    size_ratio       tokens of the memory / tokens of the memory and the sessions that the night was given
    store_tokens     tokens of the memory
    churn            1 - Dice coefficient of the lines before and after a night with nothing new (0: unchanged);
                     only asked of nights that hand over no new session and no new request, and that change
                     nothing of what's right (a value that expires has to be touched)
    files_vanished   files of the memory before the night that are gone or empty after it / files before it

Entries are the lines of the files with at least three words; a share of nothing is undefined. Shares range from
0 to 1, store_tokens and size_ratio from 0. Salton and Buckley, Term-weighting approaches in automatic text
retrieval, IPM 24 (1988).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

from rembench.harness.night import Memory
from rembench.harness.scenario.handover import handovers
from rembench.harness.tokens import count_tokens, memory_tokens
from rembench.harness.types import STORE, Cell, ChainEvidence, Handover, Ref, Scenario
from rembench.metrics.cells import unwritten
from rembench.metrics.metric import Metric

_SAME = 0.9
_MOST_ENTRIES = 2000  # of a larger memory the first ones are compared
_WORD = re.compile(r"\w+")
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|last (?:night|week|month|year|\w+day)|"
    r"next (?:week|month|year|\w+day)|this (?:morning|afternoon|evening|week|month)|"
    r"(?:\w+ )?(?:minutes?|hours?|days?|weeks?|months?|years?) ago|the other day|just now|in an hour)\b",
    re.IGNORECASE,
)


def entries(memory: Memory) -> list[str]:
    """The lines of a memory with at least three words, files in the order of their paths."""
    lines = (line.strip() for path in sorted(memory) for line in memory[path].splitlines())
    return [line for line in lines if len(_WORD.findall(line)) >= 3]


def _per_night(
    evidence: ChainEvidence, amount: Callable[[Memory, Memory, Handover], float | None]
) -> Iterator[Cell]:
    """A cell for every night, from the memory before it, the memory after it, and what it handed over.

    A night for which `amount` is None (a share of nothing) has no cell; one without a memory has no amount.
    """
    before: Memory | None = evidence.memories[STORE]
    for handover in handovers(evidence.scenario):
        checkpoint = handover.step.id
        after = evidence.memories.get(checkpoint)
        reason = unwritten(evidence, checkpoint)
        if after is None or before is None:
            yield Cell(amount=None, ref=Ref(checkpoint=checkpoint), reason=reason or "no memory before it")
        elif (value := amount(before, after, handover)) is not None:
            yield Cell(amount=value, ref=Ref(checkpoint=checkpoint))
        before = after


def near_duplicates(memory: Memory) -> float | None:
    """The share of entries that say nearly the same as an earlier one; None without entries."""
    lines = entries(memory)[:_MOST_ENTRIES]
    return _repeated(tuple(lines)) if lines else None


@lru_cache(maxsize=5_000)
def _repeated(lines: tuple[str, ...]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(analyzer=lambda line: _WORD.findall(line.lower())).fit_transform(lines)
    similar = (matrix @ matrix.T).tocoo()
    repeated = {
        int(row)
        for row, column, value in zip(similar.row, similar.col, similar.data, strict=True)
        if column < row and value >= _SAME
    }
    return len(repeated) / len(lines)


def relative_dates(memory: Memory) -> float | None:
    """The share of entries with a relative date; None without entries."""
    lines = entries(memory)
    return sum(bool(_RELATIVE.search(line)) for line in lines) / len(lines) if lines else None


def _size_ratio(before: Memory, after: Memory, handover: Handover) -> float | None:
    said = sum(count_tokens(m.content) for s in handover.sessions for m in s.messages)
    given = memory_tokens(before) + said
    return memory_tokens(after) / given if given else None


def _vanished(before: Memory, after: Memory, _handover: Handover) -> float | None:
    files = [path for path, text in before.items() if text.strip()]
    gone = [path for path in files if not after.get(path, "").strip()]
    return len(gone) / len(files) if files else None


def _churn(evidence: ChainEvidence) -> Iterator[Cell]:
    scenario = evidence.scenario
    quiet = {h.step.id for h in handovers(scenario) if _brings_nothing(h)}
    quiet -= {after.id for night, after in pairwise(scenario.nights) if _is_due(scenario, night.id, after.id)}
    for cell in _per_night(evidence, _changed):
        if cell.ref.checkpoint in quiet:
            yield cell


def _is_due(scenario: Scenario, night: str, after: str) -> bool:
    """Whether a right memory isn't the same at both nights."""
    return any(
        value.expect.get(night) != value.expect.get(after) for item in scenario.items for value in item.values
    )


def _changed(before: Memory, after: Memory, _handover: Handover) -> float:
    """1 - Dice coefficient over lines with their paths; an empty file counts as none."""
    if dict(before) == dict(after):
        return 0.0
    old, new = (Counter((p, line) for p in m for line in m[p].splitlines()) for m in (before, after))
    return 1.0 - 2.0 * (old & new).total() / ((old + new).total() or 1)


def _brings_nothing(handover: Handover) -> bool:
    new = {s.id for s in handover.sessions} - set(handover.refed)
    return not new and all(d.standing for d in handover.deletions)


NEAR_DUPLICATES = Metric(
    name="near_duplicates",
    unasked="the memory has nothing to measure",
    title="Near-duplicates",
    asks="Of the memory's entries, how many say nearly the same as an earlier one?",
    better="lower",
    role="description",
    unit="share",
    cells=lambda evidence: _per_night(evidence, lambda _b, after, _h: near_duplicates(after)),
    within="mean",
)
RELATIVE_DATES = Metric(
    name="relative_dates",
    unasked="the memory has nothing to measure",
    title="Relative dates kept",
    asks="Of the memory's entries, how many have a date that only the day of writing explains?",
    better="lower",
    role="description",
    unit="share",
    cells=lambda evidence: _per_night(evidence, lambda _b, after, _h: relative_dates(after)),
    within="mean",
)
SIZE_RATIO = Metric(
    name="size_ratio",
    unasked="the memory has nothing to measure",
    title="Tokens out / tokens in",
    asks="How large is the memory beside what the night was given?",
    better="neither",
    role="description",
    unit="ratio",
    cells=lambda evidence: _per_night(evidence, _size_ratio),
    within="mean",
    limits=(0.0, None),
)
STORE_TOKENS = Metric(
    name="store_tokens",
    title="Size of the memory",
    asks="How many tokens does the next session have to read?",
    better="neither",
    role="description",
    unit="tokens",
    cells=lambda evidence: _per_night(evidence, lambda _b, after, _h: float(memory_tokens(after))),
    within="mean",
    limits=(0.0, None),
    headline=True,
)
CHURN = Metric(
    name="churn",
    title="Churn of a quiet night",
    asks="How much does the memory change in a night that brings nothing new?",
    better="lower",
    role="description",
    unit="share",
    cells=_churn,
    within="mean",
)
FILES_VANISHED = Metric(
    name="files_vanished",
    unasked="the memory has nothing to measure",
    title="Files vanished",
    asks="Of the files before the night, how many are gone or empty after it?",
    better="lower",
    role="description",
    unit="share",
    cells=lambda evidence: _per_night(evidence, _vanished),
    within="mean",
)
