"""Instructions: whether what the nights' instructions say of items was done.

    instructions  at the nights that have instructions, macro over the two sorts of item that they name:
                  prioritise  values expected held: observed held / all
                  ignore      values handed over by then: not observed held / all

Range 0 to 1. Nothing is expected of what's to be ignored, so no other metric asks for it; here it's asked for
although nothing is expected, for doing as told shows there too. The two sorts are averaged and never pooled:
storing nothing ignores perfectly and prioritises nothing, keeping everything does the opposite, and both get
one half. A value is handed over with the first session that holds its evidence; one without evidence stands in
the starting store. Nights without instructions aren't asked, nor what the instructions say beside items.
Checked by rule as in Zhou et al., Instruction-Following Evaluation for Large Language Models, 2023.
"""

from collections.abc import Iterator

from rembench.harness.scenario.handover import handovers
from rembench.harness.types import Cell, ChainEvidence, Value
from rembench.metrics.cells import Point
from rembench.metrics.metric import Metric


def _named(evidence: ChainEvidence) -> Iterator[Point]:
    """Every value of an item that the night's instructions name, where there's something to do about it."""
    items = {item.id: item for item in evidence.scenario.items}
    given: set[str] = set()
    for night, handover in enumerate(handovers(evidence.scenario), start=1):
        given.update(session.id for session in handover.sessions)
        if handover.step.instructions is None:
            continue
        for verdict in evidence.readings[handover.step.id].verdicts:
            point = Point(evidence.scenario, items[verdict.item], verdict, night)
            to_keep = point.item.instruction == "prioritise" and point.expected == "held"
            if to_keep or (point.item.instruction == "ignore" and _is_handed_over(point.value, given)):
                yield point


def _is_handed_over(value: Value, given: set[str]) -> bool:
    return not value.evidence or any(ref.session in given for ref in value.evidence)


def _cells(evidence: ChainEvidence) -> Iterator[Cell]:
    for point in _named(evidence):
        sort, observed = str(point.item.instruction), point.verdict.observed
        done = (observed == "held") is (sort == "prioritise")
        yield Cell(
            amount=None if observed is None else float(done),
            ref=point.ref,
            group=sort,
            reason=point.verdict.reason if observed is None else None,
            slices=(f"sort={sort}", *point.slices),
        )


INSTRUCTIONS = Metric(
    name="instructions",
    title="Instructions followed",
    asks="Of what the night's instructions say to keep or to leave out, how much was done?",
    better="higher",
    role="obligation",
    unit="share",
    cells=_cells,
    unasked="no night's instructions name items in these scenarios",
)
