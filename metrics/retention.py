"""Retention: of what should be held, how much is.

    retention            kept / expected held
    retention_at_budget  the same, when only the first B tokens of the memory are read, files in the order of
                         their paths; B = 1.5 x the length of the oracle's memory at that checkpoint

Range 0 to 1, macro over the kinds of item within a scenario. Among the slices of retention is `age=`: how many
nights ago the value was first expected held. What's expected retired, open or absent isn't
asked here, nor whether a kept value still has its condition (see overgeneralised).
The recall of information retrieval (van Rijsbergen, Information Retrieval, 1979, chapter 7).
"""

from collections.abc import Iterator
from dataclasses import replace

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import points, proportion
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    for point in points(evidence, "held"):
        for cell in proportion(iter((point,)), lambda observed: observed == "held"):
            yield replace(cell, slices=(*cell.slices, f"age={point.age}"))


def _at_budget(evidence: ChainEvidence) -> Iterator[Cell]:
    for point in points(evidence, "held"):
        found = point.verdict.at_budget
        yield Cell(
            amount=None if found is None else float(found == "held"),
            ref=point.ref,
            group=point.item.kind,
            reason=point.verdict.reason or "no verdict on the shortened memory" if found is None else None,
            slices=point.slices,
        )


RETENTION = Metric(
    name="retention",
    title="Retention",
    asks="Of what should be held, how much is?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_cells,
    headline=True,
)
RETENTION_AT_BUDGET = Metric(
    name="retention_at_budget",
    title="Retention at budget",
    asks="Of what should be held, how much is in the first 1.5 x oracle length?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_at_budget,
    headline=True,
)
