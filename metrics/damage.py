"""Damage: what the memory already held rightly before a night and doesn't hold after it.

    damage = values held before the night, expected held after it and not held there
             / values held before the night and expected held after it

Range 0 to 1. Before the first night the starting store counts. A value that wasn't held before isn't asked,
so the number of opportunities depends on what the consolidator kept: read it beside retention. The identity
control does no damage by definition, which makes it the null to compare with.
"""

from collections.abc import Iterator

from rembench.harness.types import STORE, Cell, ChainEvidence
from rembench.metrics.cells import points
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    order = [STORE, *(step.id for step in evidence.scenario.nights)]
    before = dict(zip(order[1:], order, strict=False))
    for point in points(evidence, "held"):
        earlier = evidence.readings[before[point.verdict.checkpoint]]
        was = next(v for v in earlier.verdicts if (v.item, v.value) == (point.item.id, point.verdict.value))
        if was.observed not in {"held", None}:
            continue
        observed = point.verdict.observed
        known = was.observed == "held" and observed is not None
        yield Cell(
            amount=float(observed != "held") if known else None,
            ref=point.ref,
            group=point.item.kind,
            reason=None if known else point.verdict.reason or was.reason,
            slices=point.slices,
        )


DAMAGE = Metric(
    name="damage",
    title="Damage",
    asks="Of what was right before the night, how much is lost after it?",
    better="lower",
    role="obligation",
    unit="share",
    cells=_cells,
    headline=True,
)
