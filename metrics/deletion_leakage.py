"""Deletion leakage: what of a deleted value is still in the memory, and what went with it that shouldn't.

    deletion_leakage  scenarios in which any deleted value leaks at content level (L3 to L6, so that its stance
                      isn't absent) at any checkpoint after the request / scenarios with a deletion; by level,
                      and by phase: `request` is the first night at which the value should be absent, `refeed` a
                      later night that's given again a session holding the value's evidence, `next` any other
    over_deletion     loss of neighbours - loss of matched non-neighbours: values held at the last checkpoint
                      before the request's night and expected held at it, that aren't held there; a neighbour is
                      another item of the deleted item's subject, or a control

deletion_leakage ranges from 0 to 1 (levels L1 and L2, a note of the request or of the attribute, are reported
by level and don't count in it), over_deletion from -1 to 1. Leakage net of a twin scenario that never held the
value needs twins, which the present packs don't have.
"""

from collections.abc import Iterator

from rembench.harness.scenario.handover import handovers
from rembench.harness.types import STORE, Cell, ChainEvidence, Item
from rembench.metrics.cells import Point, points, unwritten
from rembench.metrics.metric import Metric

LEVELS = ("L1", "L2", "L3", "L4", "L5", "L6")


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    refed = {h.step.id: frozenset(h.refed) for h in handovers(evidence.scenario)}
    seen: set[tuple[str, int]] = set()
    for point in points(evidence, "absent"):
        if point.item.kind != "deletion":
            continue
        key = (point.item.id, point.verdict.value)
        phase = "request"
        if key in seen:
            phase = "refeed" if _is_refed(point, refed) else "next"
        seen.add(key)
        yield from _leaks(point, phase)


def _is_refed(point: Point, refed: dict[str, frozenset[str]]) -> bool:
    value = point.item.values[point.verdict.value]
    return any(ref.session in refed[point.verdict.checkpoint] for ref in value.evidence)


def _leaks(point: Point, phase: str) -> Iterator[Cell]:
    """Whether the value leaks, and apart from that whether it does at each level."""
    verdict = point.verdict
    reason = verdict.reason if verdict.observed is None else None
    night = (f"phase={phase}", f"night={point.night}")
    leaked = None if verdict.observed is None else float(verdict.observed != "absent")
    yield Cell(amount=leaked, ref=point.ref, reason=reason, slices=night)
    for level in LEVELS:
        at = None if verdict.observed is None else float(verdict.leak_level == level)
        slices = (f"level={level}", f"level={level} phase={phase}")
        yield Cell(amount=at, ref=point.ref, reason=reason, slices=slices, headline=False)


def _neighbours(evidence: ChainEvidence) -> Iterator[Cell]:
    yield from _losses(evidence, near=True)


def _others(evidence: ChainEvidence) -> Iterator[Cell]:
    yield from _losses(evidence, near=False)


def _losses(evidence: ChainEvidence, *, near: bool) -> Iterator[Cell]:
    """Values held before the request's night and expected held at it: 1 where they're lost."""
    night = _request_night(evidence)
    if night is None:
        return
    before, after = night
    subjects = {i.subject for i in evidence.scenario.items if i.kind == "deletion"}
    reason = unwritten(evidence, after)
    held = {(v.item, v.value): v.observed for v in evidence.readings[before].verdicts}
    for point in points(evidence, "held"):
        if point.verdict.checkpoint != after or _is_near(point.item, subjects) is not near:
            continue
        if not _was_expected(point, before):
            continue
        was = held[point.item.id, point.verdict.value]
        if was in {"held", None}:
            yield _loss(point, was, reason)


def _loss(point: Point, before: str | None, reason: str | None) -> Cell:
    observed = point.verdict.observed
    known = before == "held" and observed is not None
    why = reason or point.verdict.reason or "no verdict before the request"
    return Cell(
        amount=float(observed != "held") if known else None,
        ref=point.ref,
        reason=None if known else why,
    )


def _request_night(evidence: ChainEvidence) -> tuple[str, str] | None:
    """The last checkpoint before the first request's night, and that night."""
    before = STORE
    for step in evidence.scenario.nights:
        deleted = any(
            value.expect.get(step.id) == "absent"
            for item in evidence.scenario.items
            if item.kind == "deletion"
            for value in item.values
        )
        if deleted:
            return before, step.id
        before = step.id
    return None


def _is_near(item: Item, subjects: set[str]) -> bool:
    return item.kind == "control" or (item.kind != "deletion" and item.subject in subjects)


def _was_expected(point: Point, before: str) -> bool:
    value = point.item.values[point.verdict.value]
    return point.item.kind != "deletion" and (before == STORE or value.expect.get(before) == "held")


DELETION_LEAKAGE = Metric(
    name="deletion_leakage",
    title="Deletion leakage",
    asks="In how many scenarios can something deleted still be read?",
    better="lower",
    role="prohibition",
    unit="share of scenarios",
    cells=_cells,
    within="any",
    headline=True,
)
NEIGHBOUR_LOSS = Metric(
    name="neighbour_loss",
    title="Neighbours lost",
    asks="Of what stood beside the deleted, how much was lost in the request's night?",
    better="lower",
    role="obligation",
    unit="share",
    cells=_neighbours,
)
OTHER_LOSS = Metric(
    name="other_loss",
    title="Others lost",
    asks="Of what stood elsewhere, how much was lost in the request's night?",
    better="lower",
    role="obligation",
    unit="share",
    cells=_others,
)
OVER_DELETION = Metric(
    name="over_deletion",
    title="Over-deletion",
    asks="How much more was lost beside the deleted than elsewhere?",
    better="lower",
    role="obligation",
    unit="difference",
    limits=(-1.0, 1.0),
    of=("neighbour_loss", "other_loss"),
    combine=lambda near, far: near - far,
    headline=True,
)
