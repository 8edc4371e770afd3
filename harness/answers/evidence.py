"""From a run's evidence and its readers' journal to what each reader's answers convey, chain by chain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rembench.harness.answers.questions import told_until
from rembench.harness.answers.scored import NOT_ASKED, AnswerScorer, unread
from rembench.harness.answers.sittings import memory_subject, sessions_subject
from rembench.harness.processes.spread import spread
from rembench.harness.reader.calls import ReaderCall, Subject
from rembench.harness.reader.journal import Readers
from rembench.harness.reader.reply import Answer
from rembench.harness.types import STORE, ChainEvidence, Reading, Scenario

WORTH_PROCESSES = 30_000
"""Answers from which on several processes read them, a scenario at a time."""

Answers = Mapping[tuple[str, str], Answer]
"""Answers by checkpoint and item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChain:
    """One chain as a reader has read it.

    `memory` and `sessions` are the chain's evidence, but that their readings are of the answers from the memory
    and from the raw sessions; `written` is what the memory itself says. `answers` and `from_sessions` are those
    answers.
    """

    reader: str
    written: ChainEvidence
    memory: ChainEvidence
    sessions: ChainEvidence
    answers: Answers
    from_sessions: Answers


_Said = Mapping[Subject, Mapping[str, Answer]]
_Subjects = Mapping[str, Subject]  # by checkpoint
_Readings = Mapping[Subject, Reading]


def read_chains(
    evidence: Sequence[ChainEvidence], readers: Readers, recallers: Collection[str]
) -> tuple[ReadChain, ...]:
    """Every chain by every reader, but those of twins; `recallers` have a recall of their own."""
    chains = [one for one in evidence if one.scenario.twin_of is None]
    scenarios = {one.scenario.id: one.scenario for one in chains}
    sessions = {name: _sessions(scenario) for name, scenario in scenarios.items()}
    made: list[ReadChain] = []
    for reader, calls in readers.calls.items():
        said = _said(calls)
        found = _readings(scenarios, said)
        for one in chains:
            memories = _memories(one, recallers)
            made.append(
                ReadChain(
                    reader=reader,
                    written=one,
                    memory=_read(one, memories, found),
                    sessions=_read(one, sessions[one.scenario.id], found),
                    answers=_answers(said, memories),
                    from_sessions=_answers(said, sessions[one.scenario.id]),
                )
            )
    return tuple(made)


def _said(calls: Sequence[ReaderCall]) -> _Said:
    """The answers about every subject, by item: the newest, but no fault in place of a reply."""
    found: dict[Subject, dict[str, Answer]] = {}
    for call in sorted(calls, key=lambda call: call.reply is not None):
        found.setdefault(call.subject, {}).update(call.answers())
    return found


def _sessions(scenario: Scenario) -> _Subjects:
    return {
        night.id: sessions_subject(scenario, night.id, told_until(scenario, night.id))
        for night in scenario.nights
    }


def _memories(chain: ChainEvidence, recallers: Collection[str]) -> _Subjects:
    recalls = chain.chain.consolidator in recallers
    return {
        night: memory_subject(record, record.memory, recalls=recalls)
        for night, record in chain.nights.items()
        if record.memory is not None
    }


def _readings(scenarios: Mapping[str, Scenario], said: _Said) -> _Readings:
    """What all the answers convey; those about the same subject are read once."""
    by_scenario: dict[str, list[tuple[Subject, Mapping[str, Answer]]]] = {}
    for subject, answers in said.items():
        by_scenario.setdefault(subject.scenario, []).append((subject, answers))
    work = [(scenarios[name], found) for name, found in by_scenario.items() if name in scenarios]
    size = sum(len(answers) for answers in said.values())
    read: dict[Subject, Reading] = {}
    for found in spread(_read_scenario, work, is_worth_it=size >= WORTH_PROCESSES):
        read.update(found)
    return read


def _read_scenario(
    work: tuple[Scenario, Sequence[tuple[Subject, Mapping[str, Answer]]]],
) -> dict[Subject, Reading]:
    scenario, found = work
    scorer = AnswerScorer(scenario)
    return {subject: scorer.read(answers, subject.checkpoint) for subject, answers in found}


def _read(chain: ChainEvidence, subjects: _Subjects, found: _Readings) -> ChainEvidence:
    """The chain's evidence with the readings of answers in place of the memories'."""
    scenario = chain.scenario
    readings = {STORE: unread(scenario, STORE, NOT_ASKED)}
    for night in scenario.nights:
        subject = subjects.get(night.id)
        if subject is None:
            verdicts = chain.readings[night.id].verdicts
            reason = next((v.reason for v in verdicts if v.reason), "no memory")
            readings[night.id] = unread(scenario, night.id, reason)
        else:
            readings[night.id] = found.get(subject) or unread(scenario, night.id, NOT_ASKED)
    return replace(chain, readings=readings)


def _answers(said: _Said, subjects: _Subjects) -> Answers:
    return {
        (night, item): answer
        for night, subject in subjects.items()
        for item, answer in said.get(subject, {}).items()
    }
