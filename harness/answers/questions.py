"""Which questions a scenario asks at a checkpoint, and all that an agent had been told by then.

An item is asked about where something is expected of one of its values. A value that must not be in some files
(its `where`) isn't asked for: an answer has no files.
"""

from collections.abc import Iterable, Iterator

from rembench.harness.night import DeletionRequest, Session
from rembench.harness.reader.journal import Known
from rembench.harness.reader.question import Question
from rembench.harness.reader.text import Event
from rembench.harness.types import ConsolidateStep, DeleteStep, Item, Scenario, Stance

KNOWABLE: frozenset[Stance] = frozenset({"held", "open"})
"""What's expected of a value that an answer is to tell."""


def asked_values(item: Item, checkpoint: str) -> dict[int, Stance]:
    """The values that an answer is held to at a checkpoint, with what's expected of each."""
    expected = ((v, value, value.expect.get(checkpoint)) for v, value in enumerate(item.values))
    return {v: stance for v, value, stance in expected if stance and (not value.where or stance in KNOWABLE)}


def questions_at(scenario: Scenario, checkpoint: str) -> tuple[Question, ...]:
    """The questions of a checkpoint, in the order of the items; nothing in them tells what's expected."""
    return tuple(Question(item.id, item.question) for item in scenario.items if asked_values(item, checkpoint))


def told_until(scenario: Scenario, checkpoint: str) -> tuple[Event, ...]:
    """The sessions and the requests before a night, in the order of the timeline."""
    return tuple(_events(scenario, checkpoint))


def _events(scenario: Scenario, checkpoint: str) -> Iterator[Event]:
    for step in scenario.steps:
        if isinstance(step, Session):
            yield step
        elif isinstance(step, DeleteStep):
            yield DeletionRequest(id=step.id, at=step.at, request=step.request, standing=False)
        elif isinstance(step, ConsolidateStep) and step.id == checkpoint:
            return


def known(scenarios: Iterable[Scenario]) -> dict[str, Known]:
    """What may be asked about, by scenario."""
    return {
        s.id: Known(frozenset(night.id for night in s.nights), frozenset(item.id for item in s.items))
        for s in scenarios
    }
