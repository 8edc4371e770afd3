"""What two memories of one night say of each value: what was expected, and what each was found to convey."""

from collections.abc import Iterator
from dataclasses import dataclass

from rembench.harness.outcomes import accepted, outcome
from rembench.harness.types import ChainEvidence, Item, LeakLevel, Stance, Verdict
from rembench.reports.excerpts import Excerpt, excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The verdict on a value in one memory; `observed` None is no verdict, for the `reason`."""

    observed: Stance | None
    outcome: str | None
    right: bool | None
    rule: str
    reason: str | None
    leak_level: LeakLevel | None
    place: Excerpt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenValue:
    """A value at a night, in both memories."""

    item: str
    kind: str
    tactic: str | None
    subject: str
    attribute: str
    value: int
    text: str
    condition: str | None
    expected: Stance
    first: Seen
    second: Seen

    @property
    def differs(self) -> bool:
        """Whether one of the two has it right and the other wrong."""
        return None not in {self.first.right, self.second.right} and self.first.right != self.second.right


def count_differing(first: ChainEvidence, second: ChainEvidence, night: str) -> int:
    """How many values one has right and the other wrong."""
    return sum(
        is_right(one) != is_right(other)
        for one, other in _both(first, second, night)
        if is_right(one) is not None and is_right(other) is not None
    )


def is_right(verdict: Verdict) -> bool | None:
    """Whether a right memory may convey that; None without a verdict or an expectation."""
    if verdict.expected is None or verdict.observed is None:
        return None
    return accepted(verdict.expected, verdict.observed)


def differing(first: ChainEvidence, second: ChainEvidence, night: str) -> Iterator[tuple[Verdict, Verdict]]:
    """The verdicts on the values that one has right and the other wrong."""
    for one, other in _both(first, second, night):
        right = (is_right(one), is_right(other))
        if None not in right and right[0] != right[1]:
            yield one, other


def seen_values(first: ChainEvidence, second: ChainEvidence, night: str) -> tuple[SeenValue, ...]:
    """Every value that something is expected of, those first that one has right and the other wrong."""
    items = {item.id: item for item in first.scenario.items}
    found = [
        seen_value(items[one.item], (one, other), (first, second))
        for one, other in _both(first, second, night)
        if one.expected is not None
    ]
    return tuple(sorted(found, key=lambda one: not one.differs))


def seen_value(
    item: Item, verdicts: tuple[Verdict, Verdict], chains: tuple[ChainEvidence, ChainEvidence]
) -> SeenValue:
    """One value; UserError never, ValueError where nothing is expected of it."""
    one, other = verdicts
    if one.expected is None:
        raise ValueError("nothing is expected of this value")
    value = item.values[one.value]
    return SeenValue(
        item=item.id,
        kind=item.kind,
        tactic=item.tactic,
        subject=item.subject,
        attribute=item.attribute,
        value=one.value,
        text=value.text,
        condition=value.condition.text if value.condition else None,
        expected=one.expected,
        first=_seen(item, one, chains[0]),
        second=_seen(item, other, chains[1]),
    )


def _both(first: ChainEvidence, second: ChainEvidence, night: str) -> Iterator[tuple[Verdict, Verdict]]:
    theirs = {(v.item, v.value): v for v in second.readings[night].verdicts}
    for verdict in first.readings[night].verdicts:
        yield verdict, theirs[verdict.item, verdict.value]


def _seen(item: Item, verdict: Verdict, chain: ChainEvidence) -> Seen:
    place = None
    if verdict.path is not None and verdict.start is not None and verdict.end is not None:
        memory = chain.memories.get(verdict.checkpoint, {})
        place = excerpt(memory, verdict.path, verdict.start, verdict.end)
    known = verdict.expected and verdict.observed
    return Seen(
        observed=verdict.observed,
        outcome=outcome(item.kind, verdict.expected, verdict.observed)
        if known and verdict.expected and verdict.observed
        else None,
        right=is_right(verdict),
        rule=verdict.rule,
        reason=verdict.reason,
        leak_level=verdict.leak_level,
        place=place,
    )
