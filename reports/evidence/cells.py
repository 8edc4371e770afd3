"""The cells that a page's numbers rest on: those of every metric, and one for each place of a stance table."""

from collections.abc import Iterator

from rembench.harness.outcomes import accepted
from rembench.harness.types import Cell, ChainEvidence, Ref
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.columns import SHOWN
from rembench.reports.summary_types import NO_VERDICT

OUTCOMES = "outcomes"
"""The name under which the cells of the stance tables stand beside the metrics."""

_SHOWN = {**SHOWN, OUTCOMES: ("stance=",)}


def asked() -> dict[str, Metric]:
    """The metrics that have cells, and the stance table as one more."""
    own = {m: metric for m, metric in METRICS.items() if not metric.of and not metric.relative_to}
    table = Metric(
        name=OUTCOMES, title="Stances", asks="What does the memory convey?", better="higher",
        role="description", unit="values", cells=_outcome_cells,
    )  # fmt: skip
    return {**own, OUTCOMES: table}


def shown_cells(metric: Metric, chain: ChainEvidence) -> Iterator[tuple[Cell, tuple[str, ...]]]:
    """The cells of a chain that a page's numbers rest on, each with those of its slices that a page shows."""
    if not metric.concerns(chain.scenario):
        return
    prefixes = _SHOWN.get(metric.name, ())
    for cell in metric.cells(chain):
        slices = tuple(name for name in cell.slices if name.startswith(prefixes))
        if cell.headline or slices:
            yield cell, slices


def _outcome_cells(evidence: ChainEvidence) -> Iterator[Cell]:
    """A cell for every verdict that has an expectation, in the slice of its place in the stance table."""
    for step in evidence.scenario.nights:
        for verdict in evidence.readings[step.id].verdicts:
            if verdict.expected is None:
                continue
            known = verdict.observed is not None
            yield Cell(
                amount=float(accepted(verdict.expected, verdict.observed)) if verdict.observed else None,
                ref=Ref(checkpoint=verdict.checkpoint, item=verdict.item, value=verdict.value),
                reason=None if known else verdict.reason,
                slices=(f"stance={verdict.expected} {verdict.observed or NO_VERDICT}",),
                headline=True,
            )
