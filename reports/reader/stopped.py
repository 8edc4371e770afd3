"""Which questions stopped finding their answer, and when.

Of every item: the first night at which it was answered right from the memory, and the first after that at which
it wasn't, though there was something to tell.

What the memory itself says there (by the scorer, without a reader) tells what went missing from the memory from
what the reader didn't find in it; what the raw sessions gave tells whether it could be known.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rembench.harness.answers.evidence import ReadChain
from rembench.harness.outcomes import accepted, outcome
from rembench.harness.types import ChainEvidence, Item, Verdict
from rembench.metrics.cells import Point, all_right, item_points
from rembench.reports.reader.summary import Said, Stopped, StoppedCounts

_KNOWABLE = frozenset({"held", "open"})


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question at one night to which there's something to tell."""

    night: int
    points: tuple[Point, ...]
    right: float | None


def stopped(chains: Iterable[ReadChain]) -> Iterator[Stopped]:
    """Every question that stopped, in the order of the chains and items."""
    for chain in chains:
        ceiling = {_key(points): all_right(points) for points in item_points(chain.sessions)}
        for nights in _by_item(chain.memory):
            found = _first_stop(nights)
            if found is not None:
                yield _opened(chain, nights, found, ceiling.get(_key(found[1].points)))


def counted(chains: Sequence[ReadChain], found: Sequence[Stopped]) -> StoppedCounts:
    """How many questions stopped, of how many; `found` are those that did."""
    questions = [nights for chain in chains for nights in _by_item(chain.memory)]
    return StoppedCounts(
        asked=len(questions),
        found=sum(any(one.right == 1.0 for one in nights) for nights in questions),
        stopped=len(found),
        again=sum(one.again is not None for one in found),
        unchanged=sum(not one.is_changed for one in found),
        told_by_sessions=sum(one.told_by_sessions is True for one in found),
        by_night=Counter(one.night for one in found),
    )


def _by_item(evidence: ChainEvidence) -> Iterator[list[_Asked]]:
    """The nights at which there's something to tell, item by item."""
    found: dict[str, list[_Asked]] = {}
    for points in item_points(evidence):
        if any(point.expected in _KNOWABLE for point in points):
            asked = _Asked(points[0].night, tuple(points), all_right(points))
            found.setdefault(points[0].item.id, []).append(asked)
    yield from found.values()


def _first_stop(nights: Sequence[_Asked]) -> tuple[_Asked, _Asked] | None:
    """The first night that's right, and the first after it that's wrong; None if there are no two such."""
    first = next((one for one in nights if one.right == 1.0), None)
    after = (one for one in nights if first and one.night > first.night and one.right == 0.0)
    stop = next(after, None)
    return (first, stop) if first and stop else None


def _opened(
    chain: ReadChain, nights: Sequence[_Asked], found: tuple[_Asked, _Asked], told: float | None
) -> Stopped:
    first, stop = found
    checkpoint, item = stop.points[0].verdict.checkpoint, stop.points[0].item
    before = next((one for one in reversed(nights) if one.night < stop.night), first)
    again = next((one.night for one in nights if one.night > stop.night and one.right == 1.0), None)
    answer = chain.answers.get((checkpoint, item.id))
    written = chain.written.readings[checkpoint].verdicts
    asked = {point.verdict.value for point in stop.points}
    return Stopped(
        consolidator=chain.written.chain.consolidator,
        scenario=chain.written.chain.scenario,
        repeat=chain.written.chain.repeat,
        item=item,
        first=first.night,
        night=stop.night,
        checkpoint=checkpoint,
        again=again,
        is_changed=_expected(before) != _expected(stop),
        answer=answer.text if answer else None,
        told_by_sessions=None if told is None else told == 1.0,
        memory=tuple(_said(item, v) for v in written if v.item == item.id and v.value in asked),
    )


def _key(points: Sequence[Point]) -> tuple[str, str]:
    return points[0].verdict.checkpoint, points[0].item.id


def _expected(asked: _Asked) -> dict[int, object]:
    return {point.verdict.value: point.expected for point in asked.points}


def _said(item: Item, verdict: Verdict) -> Said:
    word, right = "no verdict", None
    if verdict.expected and verdict.observed:
        word = outcome(item.kind, verdict.expected, verdict.observed)
        right = accepted(verdict.expected, verdict.observed)
    return Said(text=item.values[verdict.value].text, word=word, is_right=right, quote=verdict.quote)
