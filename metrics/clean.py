"""Clean-scenario rate: the share of scenarios with no mistake at all, if one number is wanted.

    clean_scenario_rate  scenarios in which every value at every checkpoint has an accepted stance / scenarios
    values_right         values that have an accepted stance / values with an expectation, macro over what
                         should be there (expected held or open) and what shouldn't (retired or absent)

Range 0 to 1. In clean_scenario_rate obligations and prohibitions both have to be met, and aren't traded for one
another. values_right is there to be read by failure class (`class=`), each of which has both: a memory that
stores nothing, and one that holds everything, get about half. It's no headline.
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
            group="there" if expected in {"held", "open"} else "not there",
            reason=None if known else point.verdict.reason,
            slices=point.slices,
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
VALUES_RIGHT = Metric(
    name="values_right",
    title="Values right",
    asks="Of the values that should be there and of those that shouldn't, how many are as they should be?",
    better="higher",
    role="description",
    unit="share",
    cells=_cells,
)
