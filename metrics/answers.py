"""Answers: what a reader tells of a matter that has the memory to go by, and one that has the raw sessions.

    answered                questions to which there's something to tell (a value expected held or open), all of
                            whose values the answer conveys as accepted / all such questions
    told_anyway             questions to which there's nothing to tell (every value expected retired or absent),
                            of which the answer conveys a value that it shouldn't / all such questions
    answers_lost_per_night  questions with something to tell, and the same to tell, at two nights in a row,
                            answered right at the first: not answered right at the second / all such questions
    answered_gap            answered from the memory - answered from the raw sessions, question by question
    told_gap                the same of told_anyway

The evidence of these isn't a memory's but that of a reader's answers: each item's question is put to a model at
each checkpoint, and what its answer conveys is found by the same matching as in a memory. Range 0 to 1, of the
gaps -1 to 1; macro over the kinds of item within a scenario. An answer that says it isn't known conveys
nothing, which is wrong where there's something to tell. A question that wasn't asked, a call that failed, a
reply that can't be read and an answer that the scorer abstains on are no verdict, never a zero.

What isn't asked: whether the reader could have known better by itself; the raw sessions are the ceiling of what
can be known, as far as this reader reads them. Maharana et al., Evaluating Very Long-Term Conversational Memory
of LLM Agents, ACL 2024, and Wu et al., LongMemEval, ICLR 2025, ask memories by questions in this way, beside
the whole history; the hazard is Cox and Oakes's (see drift).
"""

from collections.abc import Iterator
from itertools import pairwise

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import Point, all_right, item_cell, item_points
from rembench.metrics.metric import Metric

_KNOWABLE = frozenset({"held", "open"})
_Key = tuple[int, str]


def _is_knowable(group: list[Point]) -> bool:
    return any(point.expected in _KNOWABLE for point in group)


def _answered(evidence: ChainEvidence) -> Iterator[Cell]:
    for group in item_points(evidence):
        if _is_knowable(group):
            yield item_cell(group, all_right(group))


def _told(evidence: ChainEvidence) -> Iterator[Cell]:
    for group in item_points(evidence):
        if not _is_knowable(group):
            yield item_cell(group, _wrong(group))


def _wrong(group: list[Point]) -> float | None:
    right = all_right(group)
    return None if right is None else 1.0 - right


def _lost(evidence: ChainEvidence) -> Iterator[Cell]:
    found = _by_item(evidence)
    for (before, after), item in _in_a_row(evidence):
        first, second = found.get((before, item)), found.get((after, item))
        if first is None or second is None or not _is_knowable(second) or _expected(first) != _expected(second):
            continue
        was = all_right(first)
        if was == 0.0:
            continue
        yield item_cell(second, None if was is None else _wrong(second), first)


def _in_a_row(evidence: ChainEvidence) -> Iterator[tuple[tuple[int, int], str]]:
    for nights in pairwise(range(1, len(evidence.scenario.nights) + 1)):
        yield from ((nights, item.id) for item in evidence.scenario.items)


def _by_item(evidence: ChainEvidence) -> dict[_Key, list[Point]]:
    return {(group[0].night, group[0].item.id): group for group in item_points(evidence)}


def _expected(group: list[Point]) -> dict[int, object]:
    return {point.verdict.value: point.expected for point in group}


def answered_gap(memory: ChainEvidence, sessions: ChainEvidence) -> Iterator[Cell]:
    """The cells of answered_gap, from the evidence of the answers from the memory and from the raw sessions."""
    yield from _gap(memory, sessions, knowable=True)


def told_gap(memory: ChainEvidence, sessions: ChainEvidence) -> Iterator[Cell]:
    """The cells of told_gap, as `answered_gap`."""
    yield from _gap(memory, sessions, knowable=False)


def _gap(memory: ChainEvidence, sessions: ChainEvidence, *, knowable: bool) -> Iterator[Cell]:
    ceiling = _by_item(sessions)
    amount = all_right if knowable else _wrong
    for group in item_points(memory):
        other = ceiling.get((group[0].night, group[0].item.id))
        if _is_knowable(group) is not knowable or other is None:
            continue
        mine, theirs = amount(group), amount(other)
        yield item_cell(group, None if mine is None or theirs is None else mine - theirs, other)


ANSWERED = Metric(
    name="answered",
    title="Answered right",
    asks="Of the questions to which there's something to tell, how many does the reader answer right?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_answered,
)
TOLD_ANYWAY = Metric(
    name="told_anyway",
    title="Told anyway",
    asks="Where there's nothing to tell (any more), how often is a value told all the same?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_told,
)
ANSWERS_LOST_PER_NIGHT = Metric(
    name="answers_lost_per_night",
    title="Answers lost per night",
    asks="Of what was answered right and is to be answered alike at the next night, how much does it lose?",
    better="lower",
    role="obligation",
    unit="share per night",
    cells=_lost,
    unasked="nothing was answered right that was to be answered alike at the next night",
)
ANSWERED_GAP = Metric(
    name="answered_gap",
    title="Answered right, against the raw sessions",
    asks="How many more questions does the reader answer right from the memory than from the raw sessions?",
    better="higher",
    role="description",
    unit="difference",
    limits=(-1.0, 1.0),
)
TOLD_GAP = Metric(
    name="told_gap",
    title="Told anyway, against the raw sessions",
    asks="How much more often does the reader tell from the memory what isn't to be told?",
    better="lower",
    role="description",
    unit="difference",
    limits=(-1.0, 1.0),
)
