"""Drift: whether what was held at the first checkpoint is still held at the last.

    drift = retention at the last checkpoint - retention at the first, over values expected held at both

Range -1 to 1; below 0 the memory gets worse night by night. Retention at every night is in the slices
`night=` of retention; a half-life isn't given, for two or three nights don't determine one.
"""

from collections.abc import Iterator

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import points
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    nights = evidence.scenario.nights
    first, last = nights[0].id, nights[-1].id
    if first == last:
        return
    early = {(v.item, v.value): v for v in evidence.readings[first].verdicts}
    for point in points(evidence, "held"):
        before = early[point.item.id, point.verdict.value]
        if point.verdict.checkpoint != last or before.expected != "held":
            continue
        after = point.verdict
        known = before.observed is not None and after.observed is not None
        yield Cell(
            amount=float(after.observed == "held") - float(before.observed == "held") if known else None,
            ref=point.ref,
            group=point.item.kind,
            reason=None if known else after.reason or before.reason,
        )


DRIFT = Metric(
    name="drift",
    title="Drift",
    asks="Of what is right to hold all along, how much more is held at the last night than at the first?",
    better="higher",
    role="description",
    unit="difference",
    cells=_cells,
    limits=(-1.0, 1.0),
)
