"""Hallucination in the closed world of planted values, and unsupported atoms in the open one.

    hallucination    (adopted traps + distorted + misbound) / opportunities; every trap value expected retired
                     is an opportunity to adopt it, every item at every checkpoint one to distort its values
                     and one to give them to another subject
    unsupported      unsupported atoms / atoms of the memory (numbers, dates, addresses, paths, versions,
                     names); a lower bound, for an atom counts as supported wherever a source has its words
    overgeneralised  conditional values that are held with their condition stated nowhere / held conditional
                     values; undefined where none is held

Range 0 to 1. hallucination is macro over its three sorts. A memory that says nothing can't hallucinate: read
it beside retention. Closed-world errors after the intrinsic and extrinsic hallucinations of Maynez et al.,
On Faithfulness and Factuality in Abstractive Summarization, ACL 2020.
"""

from collections.abc import Iterator

from rembench.harness.types import Cell, ChainEvidence, Ref
from rembench.metrics.cells import points, unwritten
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    for point in points(evidence, "retired"):
        if point.item.kind == "trap":
            observed = point.verdict.observed
            amount = None if observed is None else float(observed == "held")
            reason = point.verdict.reason if observed is None else None
            yield Cell(amount=amount, ref=point.ref, group="adopted", reason=reason, slices=("sort=adopted",))
    for kind in ("distorted", "misbound"):
        yield from _closed_world(evidence, kind)


def _closed_world(evidence: ChainEvidence, kind: str) -> Iterator[Cell]:
    for step in evidence.scenario.nights:
        reason = unwritten(evidence, step.id)
        wrong = {f.item: n for n, f in enumerate(evidence.readings[step.id].findings) if f.type == kind}
        for item in evidence.scenario.items:
            yield Cell(
                amount=None if reason else float(item.id in wrong),
                ref=Ref(checkpoint=step.id, item=item.id, finding=wrong.get(item.id)),
                group=kind,
                reason=reason,
                slices=(f"sort={kind}",),
            )


def _unsupported(evidence: ChainEvidence) -> Iterator[Cell]:
    for step in evidence.scenario.nights:
        reading = evidence.readings[step.id]
        found = [n for n, f in enumerate(reading.findings) if f.type == "unsupported"]
        reason = unwritten(evidence, step.id)
        if not reason and not reading.atoms:
            continue
        yield Cell(
            amount=None if reason else len(found) / reading.atoms,
            ref=Ref(checkpoint=step.id, finding=found[0] if found else None),
            reason=reason,
        )


def _overgeneralised(evidence: ChainEvidence) -> Iterator[Cell]:
    for point in points(evidence, "held"):
        if point.value.condition is None:
            continue
        findings = evidence.readings[point.verdict.checkpoint].findings
        bare = [
            n
            for n, f in enumerate(findings)
            if (f.type, f.item, f.value) == ("condition_dropped", point.item.id, point.verdict.value)
        ]
        if point.verdict.observed not in {"held", None}:
            continue
        held = point.verdict.observed == "held"
        yield Cell(
            amount=float(bool(bare)) if held else None,
            ref=Ref(
                checkpoint=point.verdict.checkpoint, item=point.item.id, value=point.verdict.value,
                finding=bare[0] if bare else None,
            ),
            group=point.item.kind,
            reason=None if held else point.verdict.reason,
        )  # fmt: skip


HALLUCINATION = Metric(
    name="hallucination",
    title="Hallucination",
    asks="Of the opportunities to adopt, distort or misbind a planted value, how many were taken?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_cells,
    headline=True,
)
UNSUPPORTED = Metric(
    name="unsupported",
    title="Unsupported atoms",
    asks="Of the numbers, names and addresses in the memory, how many does no source contain, at least?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_unsupported,
    unasked="no atoms in the memory",
    within="mean",
    headline=True,
)
OVERGENERALISED = Metric(
    name="overgeneralised",
    title="Overgeneralised",
    asks="Of the conditional values that are held, how many have lost their condition?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_overgeneralised,
)
