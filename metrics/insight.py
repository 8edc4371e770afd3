"""Insight: patterns that the sessions support and the memory states.

    insight = values of kind pattern observed held / those expected held

Range 0 to 1. A bare list of the events doesn't state the pattern. Patterns that aren't supported yet, and
patterns that nobody planted, aren't asked. After the reflections of Park et al., Generative Agents, UIST 2023.
"""

from collections.abc import Iterator

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import points, proportion
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    patterns = (p for p in points(evidence, "held") if p.item.kind == "pattern")
    yield from proportion(patterns, lambda observed: observed == "held")


INSIGHT = Metric(
    name="insight",
    title="Insight",
    asks="Of the patterns that the sessions support, how many are stated?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_cells,
    headline=True,
)
