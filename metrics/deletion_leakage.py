"""Deletion leakage: what of a deleted value is still in the memory, and what went with it that shouldn't.

    deletion_leakage  scenarios in which any deleted value leaks at content level (L3 to L6, so that its stance
                      isn't absent) at any checkpoint after the request / scenarios with a deletion; by level,
                      and by phase: `request` is the first night at which the value should be absent, `refeed` a
                      later night that's given again a session holding the value's evidence, `next` any other;
                      `scope` is, at whatever night, a part of the store that had got a copy (a value `where`)
    twin_leakage      the same in the twin of each scenario, where the deleted values were never said: what
                      seems to be there although it can't be
    net_leakage       deletion_leakage - twin_leakage, in scenarios that have a twin
    over_deletion     loss of neighbours - loss of matched non-neighbours: values held at the last checkpoint
                      before the request's night and expected held at it, that aren't held there; a neighbour is
                      another item of the deleted item's subject, or a control

Deleted values are those of kind deletion that are expected absent, and the values from which one could be
worked out (`gives_away`). deletion_leakage and twin_leakage range from 0 to 1 (levels L1 and L2, a note of the
request or of the attribute, are reported by level and don't count in them), net_leakage and over_deletion from
-1 to 1. The twin is the placebo of a paired trial: what a chance likeness, or the scorer's own error, makes of
a memory is in both. After counterfactual memorisation: Zhang et al., Counterfactual Memorization in Neural
Language Models, NeurIPS 2023.
"""

from collections.abc import Iterator

from rembench.harness.scenario.handover import handovers
from rembench.harness.types import STORE, Cell, ChainEvidence, Item, Scenario, Value
from rembench.metrics.cells import Point, points, unwritten
from rembench.metrics.metric import Metric

_NO_TWINS = "no scenario here has a twin"
LEVELS = ("L1", "L2", "L3", "L4", "L5", "L6")


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    refed = {h.step.id: frozenset(h.refed) for h in handovers(evidence.scenario)}
    seen: set[tuple[str, int]] = set()
    for point in points(evidence, "absent"):
        if point.item.kind != "deletion" and not point.value.gives_away:
            continue
        key = (point.item.id, point.verdict.value)
        phase = "request"
        if point.value.where:
            phase = "scope"
        elif key in seen:
            again = refed[point.verdict.checkpoint]
            phase = "refeed" if _is_refed(point.value, again, evidence.scenario) else "next"
        seen.add(key)
        yield from _leaks(point, phase)


def _is_refed(value: Value, again: frozenset[str], scenario: Scenario) -> bool:
    """Whether a session that says the value is given again; in a twin, where none does, any session."""
    if scenario.twin_of is not None and not value.evidence:
        return bool(again)
    return any(ref.session in again for ref in value.evidence)


def _leaks(point: Point, phase: str) -> Iterator[Cell]:
    """Whether the value leaks, and apart from that whether it does at each level."""
    verdict = point.verdict
    reason = verdict.reason if verdict.observed is None else None
    slices = (f"phase={phase}", f"night={point.night}", *point.marks)
    leaked = None if verdict.observed is None else float(verdict.observed != "absent")
    yield Cell(amount=leaked, ref=point.ref, reason=reason, slices=slices)
    for level in LEVELS:
        at = None if verdict.observed is None else float(verdict.leak_level == level)
        own = (f"level={level}", f"level={level} phase={phase}")
        yield Cell(amount=at, ref=point.ref, reason=reason, slices=own, headline=False)


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
    kept = before == STORE or point.value.expect.get(before) == "held"
    return point.item.kind != "deletion" and kept


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
TWIN_LEAKAGE = Metric(
    name="twin_leakage",
    title="Leakage in the twins",
    asks="In how many twins does something deleted seem to be there that was never said?",
    better="lower",
    role="description",
    unit="share of scenarios",
    cells=_cells,
    within="any",
    of_twins=True,
    unasked=_NO_TWINS,
)
NET_LEAKAGE = Metric(
    name="net_leakage",
    title="Net leakage",
    asks="In how many more scenarios can something deleted be read than in their twins, which never held it?",
    better="lower",
    role="prohibition",
    unit="difference",
    limits=(-1.0, 1.0),
    of=("deletion_leakage", "twin_leakage"),
    combine=lambda leaked, twin: leaked - twin,
    unasked=_NO_TWINS,
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
