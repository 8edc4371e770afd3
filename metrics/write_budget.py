"""Write budget: whether a night's memory keeps to the tokens that the night allows.

    write_budget = nights whose memory has at most the allowed tokens / nights with a write budget

Range 0 to 1; undefined where no night sets a budget. Tokens by `rembench.harness.tokens.count_tokens`.
"""

from collections.abc import Iterator

from rembench.harness.tokens import memory_tokens
from rembench.harness.types import Cell, ChainEvidence, Ref
from rembench.metrics.cells import unwritten
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    for step in evidence.scenario.nights:
        if step.write_budget is None:
            continue
        memory = evidence.memories.get(step.id)
        kept = None if memory is None else float(memory_tokens(memory) <= step.write_budget)
        yield Cell(amount=kept, ref=Ref(checkpoint=step.id), reason=unwritten(evidence, step.id))


WRITE_BUDGET = Metric(
    name="write_budget",
    title="Write budget kept",
    asks="Of the nights with a write budget, how many kept to it?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_cells,
    within="mean",
)
