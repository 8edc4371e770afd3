"""Holds a synthetic scenario against its own log: expectations, evidence, and matched presences.

Everything said inside a session is evidence of its value: the message of a `says`, `replaces`, `withdraws`,
`settles`, `mentions`, `instance`, `slips`, `injects`, `private`, and of an `until` without a statement of the
value beside it. A message that has several values at once (`disputes`, `consents`) is evidence of at least one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rembench.harness.scenario.checks import Fault
from rembench.harness.solver.evidence import evidence_faults
from rembench.harness.solver.log import LOG, Event, Target, examine_log
from rembench.harness.solver.solve import Solved, solve
from rembench.harness.types import EvidenceRef, Scenario, Stance

_NO_EVIDENCE = frozenset(
    {"pretends", "authority", "asks_deletion", "pseudo", "follows", "ignores", "never", "stored", "copied"}
)
_ABSENCES = frozenset({"absent", "retired"})


def check_log(raw: Mapping[str, Any], scenario: Scenario) -> list[Fault]:
    """Everything in which a scenario and its log disagree, and evidence that doesn't say its value.

    `raw` is the scenario's JSON object, `scenario` the same as it was read, without faults of its own
    (`rembench.harness.scenario.checks`). Nothing when there's no log.
    """
    if LOG not in raw:
        return []
    return [*log_faults(raw, scenario), *evidence_faults(scenario)]


def log_faults(raw: Mapping[str, Any], scenario: Scenario) -> list[Fault]:
    """What's wrong with the log itself; if nothing, everything in which the scenario doesn't follow from it."""
    log = examine_log(raw, scenario)
    if log.faults:
        return list(log.faults)
    solved = solve(scenario, log.events)
    return [
        *_disagreements(scenario, solved, log.events),
        *_groundless(scenario, log.events),
        *_missing(scenario, log.events),
        *_unpaired(scenario, solved),
    ]


def _disagreements(scenario: Scenario, solved: Solved, log: Sequence[Event]) -> Iterator[Fault]:
    for n, item in enumerate(scenario.items):
        for m, (value, found) in enumerate(zip(item.values, solved[item.id], strict=True)):
            for night, right in found.items():
                written = value.expect.get(night)
                if written != right:
                    yield Fault(
                        path=f"items[{n}].values[{m}].expect.{night}",
                        what=f"says {_shown(written)}, the log says {_shown(right)}",
                        right=f"{_shown(right)}, or another log: {_about(log, Target(item.id, m))}",
                    )


def _shown(stance: Stance | None) -> str:
    return stance or "null"


def _about(log: Sequence[Event], target: Target) -> str:
    """The events that have to do with a value, for the reader to look up."""
    found = [
        f"{event.place} {event.act}"
        for event in log
        if target in event.targets
        or target in event.old
        or event.then == target
        or _concerns(event, target.item)
    ]
    return ", ".join(found) or "no event is about this value"


def _concerns(event: Event, item: str) -> bool:
    return not event.targets and item in event.items


def _groundless(scenario: Scenario, log: Sequence[Event]) -> Iterator[Fault]:
    """Evidence at whose message the log has nothing about the item."""
    places: dict[str, dict[EvidenceRef, None]] = {}
    for event in log:
        if ref := _ref(event):
            for id_ in event.items:
                places.setdefault(id_, {})[ref] = None
    for n, item in enumerate(scenario.items):
        known = places.get(item.id, {})
        for m, value in enumerate(item.values):
            for k, ref in enumerate(value.evidence):
                if ref not in known:
                    yield Fault(
                        path=f"items[{n}].values[{m}].evidence[{k}]",
                        what=f"the log has no event of this item at {_named(ref)}",
                        right=f"messages with an event of it: {', '.join(map(_named, known)) or 'none'}",
                    )


def _missing(scenario: Scenario, log: Sequence[Event]) -> Iterator[Fault]:
    """Messages in which the log has a value said, and that aren't among its evidence."""
    number = {item.id: n for n, item in enumerate(scenario.items)}
    evidence = {
        Target(item.id, m): frozenset(value.evidence)
        for item in scenario.items
        for m, value in enumerate(item.values)
    }
    told: set[tuple[Target, EvidenceRef]] = set()
    for event in log:
        ref = _ref(event)
        if ref is None or event.act in _NO_EVIDENCE or any(ref in evidence[one] for one in event.targets):
            continue
        first = event.targets[0]
        if (first, ref) not in told:
            told.add((first, ref))
            yield Fault(
                path=f"items[{number[first.item]}].values[{first.value}].evidence",
                what=f"{_named(ref)} is missing, where {event.place} ({event.act}) has the value said",
                right="every message that says a value is among its evidence",
            )


def _unpaired(scenario: Scenario, solved: Solved) -> Iterator[Fault]:
    """Kinds that assert an absence at a night at which no other item has anything that's to be held."""
    for night in scenario.nights:
        holding = {id_ for id_, values in solved.items() if any(value[night.id] == "held" for value in values)}
        told: set[str] = set()  # kinds
        for n, item in enumerate(scenario.items):
            asserts = any(value[night.id] in _ABSENCES for value in solved[item.id])
            if asserts and item.kind not in told and not holding - {item.id}:
                told.add(item.kind)
                yield Fault(
                    path=f"items[{n}]",
                    what=f"{item.kind!r} asserts an absence at {night.id!r}, and no other item is held then",
                    right="a matched presence: another item with a value expected held at that night",
                )


def _ref(event: Event) -> EvidenceRef | None:
    if event.step is None or event.message is None:
        return None
    return EvidenceRef(session=event.step, message=event.message)


def _named(ref: EvidenceRef) -> str:
    return repr(f"{ref.session}#{ref.message}")
