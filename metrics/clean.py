"""Clean-scenario rate: the share of scenarios with no mistake at all, if one number is wanted.

    clean_scenario_rate = scenarios in which every value at every checkpoint has an accepted stance / scenarios

Range 0 to 1. Obligations and prohibitions both have to be met, and aren't traded for one another.
"""

from collections.abc import Iterator

from rembench.harness.outcomes import accepted
from rembench.harness.types import Cell, ChainEvidence
from rembench.metrics.cells import points
from rembench.metrics.metric import Metric


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    for point in points(evidence):
        observed, expected = point.verdict.observed, point.expected
        known = observed is not None and expected is not None
        yield Cell(
            amount=float(accepted(expected, observed)) if observed and expected else None,
            ref=point.ref,
            reason=None if known else point.verdict.reason,
        )


CLEAN_SCENARIO_RATE = Metric(
    name="clean_scenario_rate",
    title="Clean scenarios",
    asks="In how many scenarios is every single value right at every night?",
    better="higher",
    role="description",
    unit="share of scenarios",
    cells=_cells,
    within="all",
    headline=True,
)
