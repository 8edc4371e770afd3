"""How metrics pick their cells: every value at every checkpoint for which the scenario expects a stance."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rembench.harness.outcomes import accepted
from rembench.harness.types import Cell, ChainEvidence, Item, Ref, Scenario, Stance, Value, Verdict


@dataclass(frozen=True, slots=True)
class Point:
    """One value at one checkpoint that has an expectation, with its verdict."""

    scenario: Scenario
    item: Item
    verdict: Verdict
    night: int  # 1 for the first checkpoint

    @property
    def expected(self) -> Stance | None:
        """What a right memory conveys."""
        return self.verdict.expected

    @property
    def value(self) -> Value:
        """The value as it was planted."""
        return self.item.values[self.verdict.value]

    @property
    def ref(self) -> Ref:
        """What a cell made from this point rests on."""
        return Ref(checkpoint=self.verdict.checkpoint, item=self.item.id, value=self.verdict.value)

    @property
    def age(self) -> int:
        """How many nights ago a value that's expected held was first expected so; 0 at that night itself."""
        expected = [self.value.expect.get(step.id) for step in self.scenario.nights[: self.night]]
        return self.night - 1 - expected.index("held")

    @property
    def slices(self) -> tuple[str, ...]:
        """The sub-tables that it counts in."""
        tactic = (f"tactic={self.item.tactic}",) if self.item.tactic else ()
        return (f"kind={self.item.kind}", f"night={self.night}", *tactic, *self.marks)

    @property
    def marks(self) -> tuple[str, ...]:
        """The sub-tables of its failure classes, and of the scenario's level and domain."""
        classes = tuple(f"class={tag}" for tag in self.item.tags)
        level = () if self.scenario.level is None else (f"level={self.scenario.level}",)
        return (*classes, *level, f"domain={self.scenario.domain}")


def points(evidence: ChainEvidence, *expected: Stance) -> Iterator[Point]:
    """Every point whose expected stance is among `expected`, in the order of the timeline."""
    items = {item.id: item for item in evidence.scenario.items}
    for night, step in enumerate(evidence.scenario.nights, start=1):
        for verdict in evidence.readings[step.id].verdicts:
            if verdict.expected is not None and (not expected or verdict.expected in expected):
                yield Point(evidence.scenario, items[verdict.item], verdict, night)


def item_points(evidence: ChainEvidence) -> Iterator[list[Point]]:
    """The points of each item at each checkpoint, in the order of the timeline."""
    grouped: dict[tuple[int, str], list[Point]] = defaultdict(list)
    for point in points(evidence):
        grouped[point.night, point.item.id].append(point)
    yield from grouped.values()


def all_right(group: Sequence[Point]) -> float | None:
    """1 where all these values have an accepted stance, 0 where one hasn't, None where that can't be told."""
    right = [_right(point) for point in group]
    if False in right:
        return 0.0
    return None if None in right else 1.0


def item_cell(group: Sequence[Point], amount: float | None, also: Sequence[Point] = ()) -> Cell:
    """A cell for an item at a checkpoint: it rests on the first value that's wrong, or else on its first.

    What's missing may be missing in `also`.
    """
    reasons = [p.verdict.reason for p in (*group, *also) if p.verdict.observed is None]
    wrong = next((p for p in group if _right(p) is False), group[0])
    return Cell(
        amount=amount,
        ref=Ref(checkpoint=wrong.verdict.checkpoint, item=wrong.item.id, value=wrong.verdict.value),
        group=wrong.item.kind,
        reason=None if amount is not None else (reasons[0] if reasons else "no verdict"),
        slices=group[0].slices,
    )


def _right(point: Point) -> bool | None:
    if point.verdict.observed is None or point.expected is None:
        return None
    return accepted(point.expected, point.verdict.observed)


def proportion(chosen: Iterator[Point], hit: Callable[[Stance], bool]) -> Iterator[Cell]:
    """A cell for each point: 1 where `hit` holds of the observed stance, None where there's no verdict."""
    for point in chosen:
        observed = point.verdict.observed
        yield Cell(
            amount=None if observed is None else float(hit(observed)),
            ref=point.ref,
            group=point.item.kind,
            reason=point.verdict.reason if observed is None else None,
            slices=point.slices,
        )


def unwritten(evidence: ChainEvidence, checkpoint: str) -> str | None:
    """Why a checkpoint has no memory; None if it has one."""
    if checkpoint in evidence.memories:
        return None
    verdicts = evidence.readings[checkpoint].verdicts
    return (verdicts[0].reason if verdicts else None) or "no memory"
