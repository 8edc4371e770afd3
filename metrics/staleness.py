"""Staleness: what has been superseded or has expired and is still stated as true, and its opposite error.

    staleness    superseded or expired values observed held / those expected retired (kinds update, temporary)
    false_stale  values of kind fact or control that are observed retired or absent / those expected held
    youden_j     1 - staleness - false_stale: 1 is perfect; 0 is what both forgetting everything and keeping
                 everything get

staleness and false_stale range from 0 to 1, youden_j from -1 to 1. Traps belong to hallucination, injections
to safety. Youden, Index for rating diagnostic tests, Cancer 3 (1950).
"""

from collections.abc import Iterator

from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import points, proportion
from rembench.metrics.metric import Metric

_AGEING = frozenset({"update", "temporary"})
_STAYING = frozenset({"fact", "control"})


def _stale(evidence: ChainEvidence) -> Iterator[Cell]:
    ageing = (p for p in points(evidence, "retired") if p.item.kind in _AGEING)
    yield from proportion(ageing, lambda observed: observed == "held")


def _false_stale(evidence: ChainEvidence) -> Iterator[Cell]:
    staying = (p for p in points(evidence, "held") if p.item.kind in _STAYING)
    yield from proportion(staying, lambda observed: observed in {"retired", "absent"})


STALENESS = Metric(
    name="staleness",
    title="Staleness",
    asks="Of the superseded and expired values, how many are still stated as true?",
    better="lower",
    role="prohibition",
    unit="share",
    cells=_stale,
    headline=True,
)
FALSE_STALE = Metric(
    name="false_stale",
    title="False stale",
    asks="Of the facts that still hold, how many were dropped or called past?",
    better="lower",
    role="obligation",
    unit="share",
    cells=_false_stale,
    headline=True,
)
YOUDEN_J = Metric(
    name="youden_j",
    title="Youden's J of staleness",
    asks="Does it tell the stale from what still holds (1), or not at all (0)?",
    better="higher",
    role="description",
    unit="difference",
    limits=(-1.0, 1.0),
    of=("staleness", "false_stale"),
    combine=lambda stale, false_stale: 1.0 - stale - false_stale,
)
