"""Contradiction: items that changed, split or stayed disputed, and whether the memory has them right.

    contradiction           items of kind update, conditional or conflict, at a checkpoint, all of whose values
                            have an accepted stance / all such items; by tactic
    residual_contradiction  items of kind fact, update or conflict, of several values, with two values held at
                            once / all such items
    history                 superseded values that are still knowable as past / superseded values (reported,
                            neither rewarded nor punished)

Range 0 to 1. An item with an abstention among its values, and no wrong one, has no verdict.
"""

from collections.abc import Iterator

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import Point, all_right, item_cell, item_points, points, proportion
from rembench.metrics.metric import Metric

_CHANGING = frozenset({"update", "conditional", "conflict"})
_ONE_AT_A_TIME = frozenset({"fact", "update", "conflict"})


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    for group in item_points(evidence):
        if group[0].item.kind in _CHANGING:
            yield item_cell(group, all_right(group))


def _residual(evidence: ChainEvidence) -> Iterator[Cell]:
    for group in item_points(evidence):
        item = group[0].item
        if item.kind in _ONE_AT_A_TIME and len(item.values) > 1:
            yield item_cell(group, _both_held(evidence, group))


def _both_held(evidence: ChainEvidence, group: list[Point]) -> float | None:
    """Counts all values of the item: one that isn't expected yet may be held all the same.

    The same value in another part of the store contradicts nothing.
    """
    item, reading = group[0].item, evidence.readings[group[0].verdict.checkpoint]
    verdicts = [v for v in reading.verdicts if v.item == item.id]
    held = {item.values[v.value].text for v in verdicts if v.observed == "held"}
    perhaps = {item.values[v.value].text for v in verdicts if v.observed is None}
    if len(held) > 1:
        return 1.0
    return None if len(held | perhaps) > 1 else 0.0


def _history(evidence: ChainEvidence) -> Iterator[Cell]:
    superseded = (p for p in points(evidence, "retired") if p.item.kind in {"update", "temporary"})
    yield from proportion(superseded, lambda observed: observed == "retired")


CONTRADICTION = Metric(
    name="contradiction",
    title="Contradiction handling",
    asks="Of the items that changed, split or stayed disputed, how many are right in all their values?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_cells,
    headline=True,
)
RESIDUAL_CONTRADICTION = Metric(
    name="residual_contradiction",
    title="Residual contradiction",
    asks="How many items have two values held that can't both hold?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_residual,
)
HISTORY = Metric(
    name="history",
    title="History kept",
    asks="Of the superseded values, how many are still knowable as past?",
    better="neither",
    role="description",
    unit="share",
    cells=_history,
)
