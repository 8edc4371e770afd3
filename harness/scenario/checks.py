"""What must hold between the parts of a scenario: names that exist, times in order, complete tables.

The reader has seen to the shape; every fault here has the JSON path of the part that's wrong.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rembench.harness.memory import check_memory, path_fault
from rembench.harness.night import Session
from rembench.harness.scenario.answers import oracle_memory, store_path
from rembench.harness.scenario.place import near_and_known, path_step
from rembench.harness.types import STORE, ConsolidateStep, EvidenceRef, Item, Scenario, Value

_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that's wrong with a scenario: the JSON path, what it is, what would be right."""

    path: str
    what: str
    right: str


def faults(scenario: Scenario) -> Iterator[Fault]:
    """Everything that's wrong between the parts of `scenario`, in the order of the document."""
    if scenario.twin_of == scenario.id:
        yield Fault(path="twin_of", what=f"{scenario.id!r} is itself", right="the id of another scenario")
    yield from _times(scenario)
    yield from _doubled([step.id for step in scenario.steps], "steps[{}].id", "step id")
    if not scenario.nights:
        yield Fault(path="steps", what="no night", right="at least one consolidate step is needed")
    yield from _handed_over(scenario)
    if not scenario.items:
        yield Fault(path="items", what="no item", right="at least one is needed")
    yield from _doubled([item.id for item in scenario.items], "items[{}].id", "item id")
    lengths = {session.id: len(session.messages) for session in scenario.sessions}
    nights = dict.fromkeys(night.id for night in scenario.nights)
    others = {step.id for step in scenario.steps} - set(nights)
    paths_are_right = True
    for n, item in enumerate(scenario.items):
        if not item.values:
            yield Fault(path=f"items[{n}].values", what="no value", right="at least one is needed")
        yield from _doubled(item.tags, f"items[{n}].tags[{{}}]", "tag")
        yield from _instructed(item, f"items[{n}]", scenario)
        for m, value in enumerate(item.values):
            path = f"items[{n}].values[{m}]"
            wrong = list(_where(item, value, path))
            paths_are_right = paths_are_right and not wrong
            yield from wrong
            yield from _evidence(value, path, lengths)
            yield from _expectations(value, path, nights, others)
    if paths_are_right:
        yield from _right_memories(scenario)


def _times(scenario: Scenario) -> Iterator[Fault]:
    before: datetime | None = None
    for n, step in enumerate(scenario.steps):
        at = _time(step.at)
        if at is None:
            yield Fault(
                path=f"steps[{n}].at",
                what=f"{step.at[:40]!r} isn't an ISO 8601 time",
                right="as '2026-05-03T09:30:00Z'",
            )
        elif before and at < before:
            yield Fault(
                path=f"steps[{n}].at",
                what=f"{step.at!r} is earlier than the step before it ({scenario.steps[n - 1].at!r})",
                right="steps stand in the order of time",
            )
        before = at or before


def _time(text: str) -> datetime | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _doubled(ids: Sequence[str], path: str, what: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for n, name in enumerate(ids):
        if name in first:
            yield Fault(
                path=path.format(n),
                what=f"the {what} {name!r} is taken",
                right=f"{path.format(first[name])} has it; ids are unique",
            )
        first.setdefault(name, n)


def _handed_over(scenario: Scenario) -> Iterator[Fault]:
    all_sessions = {session.id for session in scenario.sessions}
    so_far: dict[str, None] = {}
    for n, step in enumerate(scenario.steps):
        if isinstance(step, Session):
            so_far[step.id] = None
        elif isinstance(step, ConsolidateStep) and step.sessions is not None:
            yield from _doubled(step.sessions, f"steps[{n}].sessions[{{}}]", "session")
            for m, name in enumerate(step.sessions):
                if name not in so_far:
                    later = "comes later" if name in all_sessions else "isn't a session"
                    yield Fault(
                        path=f"steps[{n}].sessions[{m}]",
                        what=f"{name!r} {later}",
                        right=near_and_known(name, so_far),
                    )


def _instructed(item: Item, path: str, scenario: Scenario) -> Iterator[Fault]:
    if item.instruction and not any(night.instructions for night in scenario.nights):
        what = f"{item.instruction!r}, but no night has instructions"
        yield Fault(path=f"{path}.instruction", what=what, right="leave it out, or give a night instructions")
    if item.instruction != "ignore":
        return
    for m, value in enumerate(item.values):
        for name, stance in value.expect.items():
            if stance is not None:
                yield Fault(
                    path=f"{path}.values[{m}].expect{path_step(name)}",
                    what=f"{stance!r} of what the instructions say to ignore",
                    right="null at every night: whether it's kept is asked by itself",
                )


def _where(item: Item, value: Value, path: str) -> Iterator[Fault]:
    if value.where is None:
        return
    if wrong := path_fault(store_path(item, value)):
        yield Fault(
            path=f"{path}.where",
            what=f"no path of a store can be made from {value.where[:60]!r}: {wrong}",
            right="a glob of relative paths, as 'user/*.md'",
        )


def _right_memories(scenario: Scenario) -> Iterator[Fault]:
    """The first night whose right memory can't be one: a file is in the way of a folder, or it's too large."""
    for night in scenario.nights:
        try:
            check_memory(oracle_memory(scenario, night.id))
        except ValueError as wrong:
            what = f"the right memory at night {night.id!r} can't be a store: {wrong}"
            yield Fault(path="items", what=what, right="see their 'where' and their subjects")
            return


def _evidence(value: Value, path: str, lengths: dict[str, int]) -> Iterator[Fault]:
    for n, ref in enumerate(value.evidence):
        if ref.session not in lengths:
            what = f"{_shown(ref)} names an unknown session"
            right = near_and_known(ref.session, lengths)
        elif ref.message >= lengths[ref.session]:
            what = f"{_shown(ref)} is out of range"
            right = f"{ref.session} has {lengths[ref.session]} messages, counted from #0"
        else:
            continue
        yield Fault(path=f"{path}.evidence[{n}]", what=what, right=right)


def _expectations(value: Value, path: str, nights: Collection[str], others: Collection[str]) -> Iterator[Fault]:
    for name in value.expect:
        if name in nights:
            continue
        if name == STORE:
            what = f"{STORE!r} is a reserved name"
        elif name in others:
            what = f"{name!r} is a step, but not a night"
        else:
            what = f"{name[:60]!r} isn't a step"
        yield Fault(path=f"{path}.expect{path_step(name)}", what=what, right=near_and_known(name, nights))
    for name in nights:
        if name not in value.expect:
            yield Fault(
                path=f"{path}.expect",
                what=f"night {name!r} is missing",
                right="a stance for every night, null where it isn't known yet",
            )


def _shown(ref: EvidenceRef) -> str:
    return repr(f"{ref.session[:60]}#{ref.message}")
