"""What a metric is: one value with its name, direction, question and its way of answering.

A metric turns the evidence of one chain into cells: one cell for every opportunity that the scenario
offers, fixed before anything ran. It makes no mean and no interval: `rembench.reports.summary` does, the
same way for all of them:

    scenario's value = by `within`: "macro" mean over groups of the mean of their cells · "any" 1 if any
                       cell is 1 · "all" 1 if all cells are 1 · "mean" plain mean
    metric's value   = mean over scenarios (repeats averaged within a scenario first)

A cell without an amount counts in `missing`, and in the bounds at the worst and the best of `limits`.
A metric made of others (`of`, `combine`) has no cells of its own; one that's `relative_to` another is
that metric's place between the best control and the oracle. What was found in a twin scenario counts in the
metrics `of_twins` alone, under the name of its original; one that's made of such a metric and others is asked
of the scenarios that have a twin.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from rembench.harness.types import Cell, ChainEvidence, Scenario

Within = Literal["macro", "any", "all", "mean"]


def no_cells(_evidence: ChainEvidence) -> Iterable[Cell]:
    """The cells of a metric that's made of others."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. `limits` are the least and the greatest value, None where there is none.

    `combine` takes the scenario's values of the metrics named in `of`; None from it is "undefined".
    `headline`: a column of the leaderboard. `unasked` says why there's no value where there's no cell.
    """

    name: str
    title: str
    asks: str
    better: Literal["higher", "lower", "neither"]
    role: Literal["obligation", "prohibition", "description"]
    unit: str
    cells: Callable[[ChainEvidence], Iterable[Cell]] = no_cells
    within: Within = "macro"
    limits: tuple[float | None, float | None] = (0.0, 1.0)
    of: tuple[str, ...] = ()
    combine: Callable[..., float | None] | None = None
    relative_to: str | None = None
    of_twins: bool = False
    headline: bool = False
    unasked: str = "no opportunity in these scenarios"

    def concerns(self, scenario: Scenario) -> bool:
        """Whether the chains of a scenario count in it."""
        return (scenario.twin_of is not None) is self.of_twins
