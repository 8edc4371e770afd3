"""Sittings: every text of a run that a reader is to be asked about, once, with the questions about it.

    raw sessions   once for every checkpoint of a scenario: the ceiling of what could be known
    memory         every memory that a consolidator wrote; the same memory at the same checkpoint is read once
    recall         the same of a consolidator with a recall of its own: then each question is a call by itself,
                   for what's brought back for one may not answer another

They come scenario by scenario, so that what's asked before the money is spent can be compared. Twins aren't
asked about: they're there for what a memory seems to leak.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.answers.questions import questions_at, told_until
from rembench.harness.night import Memory
from rembench.harness.reader.calls import Subject
from rembench.harness.reader.question import Question
from rembench.harness.reader.reader import MOST_QUESTIONS
from rembench.harness.reader.text import (
    Event,
    Text,
    memory_digest,
    memory_text,
    recall_digest,
    sessions_digest,
    sessions_text,
)
from rembench.harness.types import ConsolidateStep, NightRecord, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A text with the questions about it; of a recall, the memory and who recalls in place of the text."""

    subject: Subject
    at: str
    questions: tuple[Question, ...]
    text: Text | None
    memory: Memory | None = None
    consolidator: str | None = None

    def calls(self, settled: Collection[str]) -> list["Sitting"]:
        """What's left to ask, a call each; `settled` are the items that have been asked about."""
        left = [question for question in self.questions if question.item not in settled]
        most = MOST_QUESTIONS if self.text else 1
        return [self._of(tuple(left[n : n + most])) for n in range(0, len(left), most)]

    def _of(self, questions: tuple[Question, ...]) -> "Sitting":
        return Sitting(
            subject=self.subject, at=self.at, questions=questions, text=self.text, memory=self.memory,
            consolidator=self.consolidator,
        )  # fmt: skip


def sittings(
    scenarios: Sequence[Scenario], nights: Sequence[NightRecord], recallers: Collection[str]
) -> Iterator[Sitting]:
    """All sittings of a run; `recallers` are the names of the consolidators with a recall of their own."""
    written: dict[tuple[str, str], list[NightRecord]] = {}
    for night in nights:
        if night.memory is not None:
            written.setdefault((night.chain.scenario, night.night), []).append(night)
    for scenario in scenarios:
        for step in scenario.nights if scenario.twin_of is None else ():
            found = written.get((scenario.id, step.id), [])
            questions = questions_at(scenario, step.id)
            if questions and found:
                yield from _of_checkpoint(scenario, step, questions, (found, recallers))


def _of_checkpoint(
    scenario: Scenario,
    step: ConsolidateStep,
    questions: tuple[Question, ...],
    written: tuple[Sequence[NightRecord], Collection[str]],
) -> Iterator[Sitting]:
    nights, recallers = written
    events = told_until(scenario, step.id)
    yield Sitting(
        subject=sessions_subject(scenario, step.id, events),
        at=step.at,
        questions=questions,
        text=sessions_text(scenario.store, events),
    )
    seen: set[Subject] = set()
    for night in sorted(nights, key=lambda night: night.chain):
        memory, name = night.memory or {}, night.chain.consolidator
        subject = memory_subject(night, memory, recalls=name in recallers)
        if subject in seen:
            continue
        seen.add(subject)
        recalls = name in recallers
        yield Sitting(
            subject=subject, at=step.at, questions=questions, text=None if recalls else memory_text(memory),
            memory=memory if recalls else None, consolidator=name if recalls else None,
        )  # fmt: skip


def sessions_subject(scenario: Scenario, checkpoint: str, events: Sequence[Event]) -> Subject:
    """What a reader of the raw sessions until `checkpoint` reads."""
    return Subject(
        scenario=scenario.id,
        checkpoint=checkpoint,
        source="sessions",
        digest=sessions_digest(scenario.store, events),
    )


def memory_subject(night: NightRecord, memory: Memory, *, recalls: bool) -> Subject:
    """What a reader of the memory that was written on a night reads."""
    name = night.chain.consolidator
    return Subject(
        scenario=night.chain.scenario,
        checkpoint=night.night,
        source="recall" if recalls else "memory",
        digest=recall_digest(name, memory) if recalls else memory_digest(memory),
    )


def recallers(consolidators: Sequence[Mapping[str, object]]) -> frozenset[str]:
    """The names of those with a recall of their own, by the run's record."""
    return frozenset(str(one["name"]) for one in consolidators if _recalls(one.get("capabilities")))


def _recalls(capabilities: object) -> bool:
    return isinstance(capabilities, Mapping) and bool(capabilities.get("recall"))
