"""What a right memory does with every value at every night, worked out from the log alone.

An event is known at a night if it has no step, or its session was handed over on that night or an earlier one,
or its delete step stands before the night, or its step is that night or an earlier one. Known events count in
the order of the log, however late they came to be known. The first of these lines that applies decides:

    the item is in an `ignores`, wherever that stands            null
    a `never` of the value has begun                             absent
    deleted, slipped, private                                    absent
    injected                                                     retired
    no event about the value is known                            null
    in dispute                                                   open
    it's what holds after a temporary value that's in force      null
    in force                                                     held
    otherwise                                                    retired

An event is about its values, `replaces` about the old ones too; those that change nothing (`copied`, `pseudo`,
a request of somebody not entitled, instances before the third) are about none. How events add up: `world`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rembench.harness.scenario.handover import handovers
from rembench.harness.solver.log import Event, Target
from rembench.harness.solver.world import World
from rembench.harness.types import ConsolidateStep, DeleteStep, Scenario, Stance

Solved = Mapping[str, tuple[Mapping[str, Stance | None], ...]]
"""Item id → for each of its values: night → stance, None where nothing is expected."""


def solve(scenario: Scenario, log: Sequence[Event]) -> Solved:
    """The expectations that follow from `log`: never from those that the scenario has."""
    ignored = {item for event in log if event.act == "ignores" for item in event.items}
    never = _never(scenario, log)
    solved: dict[str, tuple[dict[str, Stance | None], ...]] = {
        item.id: tuple({} for _ in item.values) for item in scenario.items
    }
    tables = {Target(id_, n): table for id_, values in solved.items() for n, table in enumerate(values)}
    for night, steps in _known(scenario):
        day = datetime.fromisoformat(night.at).date()
        world = World((event for event in log if event.step is None or event.step in steps), day)
        gone = {target for target, nights in never.items() if night.id in nights}
        gone |= world.deleted | world.unwanted
        awaited = world.awaited
        for target, table in tables.items():
            scored = target.item not in ignored
            table[night.id] = _stance(world, target, gone, awaited) if scored else None
    return solved


def _stance(world: World, target: Target, gone: set[Target], awaited: set[Target]) -> Stance | None:
    if target in gone:
        return "absent"
    if target in world.planted:
        return "retired"
    if target not in world.known:
        return None
    if target in world.disputed:
        return "open"
    if target in awaited:
        return None
    return "held" if target in world.in_force else "retired"


def _known(scenario: Scenario) -> Iterator[tuple[ConsolidateStep, set[str]]]:
    """Every night with the steps that are known at it."""
    given = {handover.step.id: handover.sessions for handover in handovers(scenario)}
    known: set[str] = set()
    for step in scenario.steps:
        if isinstance(step, DeleteStep):
            known.add(step.id)
        elif isinstance(step, ConsolidateStep):
            known.add(step.id)
            known.update(session.id for session in given[step.id])
            yield step, set(known)


def _never(scenario: Scenario, log: Sequence[Event]) -> dict[Target, set[str]]:
    """The nights at which a value that never was must be absent."""
    nights = [night.id for night in scenario.nights]
    found: dict[Target, set[str]] = {}
    for event in log:
        if event.act == "never":
            for target in event.targets:
                found.setdefault(target, set()).update(nights[nights.index(event.start) :])
    return found
