"""Drift: whether what was held at the first checkpoint is still held at the last, and what a night costs.

    drift                     retention at the last checkpoint - retention at the first, over values expected
                              held at both
    retention_loss_per_night  values expected held at two nights in a row and held at the first of them: not
                              held at the second / all (the hazard of losing a value in a night)

drift ranges from -1 to 1; below 0 the memory gets worse night by night. retention_loss_per_night ranges from
0 to 1; it's damage without the night that first hands a value over, and like damage it asks only of what was
kept. At a loss of h a night the half-life is ln 2 / -ln(1 - h) nights, if h is the same at every age: the
slices `age=` (nights since the value was first expected held), here and in retention, say whether it is.
Retention at every night is in its slices `night=`. Cox and Oakes, Analysis of Survival Data, 1984, chapter 2.
"""

from collections.abc import Iterator
from itertools import pairwise

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


def _losses(evidence: ChainEvidence) -> Iterator[Cell]:
    before = {after.id: night.id for night, after in pairwise(evidence.scenario.nights)}
    found = {name: {(v.item, v.value): v for v in r.verdicts} for name, r in evidence.readings.items()}
    for point in points(evidence, "held"):
        night = before.get(point.verdict.checkpoint)
        if night is None or point.value.expect.get(night) != "held":
            continue
        was = found[night][point.item.id, point.verdict.value]
        if was.observed not in {"held", None}:
            continue
        observed = point.verdict.observed
        known = was.observed == "held" and observed is not None
        yield Cell(
            amount=float(observed != "held") if known else None,
            ref=point.ref,
            group=point.item.kind,
            reason=None if known else point.verdict.reason or was.reason,
            slices=(*point.slices, f"age={point.age}"),
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
RETENTION_LOSS_PER_NIGHT = Metric(
    name="retention_loss_per_night",
    title="Retention lost per night",
    asks="Of what was held and had to be held on, how much does one more night lose?",
    better="lower",
    role="obligation",
    unit="share per night",
    cells=_losses,
    unasked="nothing was held that had to be held on at the next night",
)
