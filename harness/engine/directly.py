"""A chain run here and now, for consolidators of our own: no journal, no time limit, no money."""

import asyncio
from collections.abc import Callable, Iterator

from rembench.harness.memory import check_memory
from rembench.harness.night import FREE, Consolidator, Memory
from rembench.harness.scenario.handover import chain_name, handovers, night_of
from rembench.harness.types import ChainKey, NightRecord, Scenario


def run_directly(
    name: str, make: Callable[[], Consolidator], scenario: Scenario, seed: int = 0
) -> Iterator[NightRecord]:
    """The nights of the consolidator on the scenario; what it raises isn't caught."""
    consolidator = make()
    chain = chain_name(seed, scenario.id, 0)
    memory: Memory = scenario.store
    for handover in handovers(scenario):
        night = night_of(handover, chain=chain, memory=memory, seed=seed)
        memory = check_memory(asyncio.run(consolidator.consolidate(night)).memory)
        yield night_record(name, scenario, handover.step.id, memory)


def night_record(name: str, scenario: Scenario, night: str, memory: Memory) -> NightRecord:
    """A night that wrote this memory, for nothing and in no time."""
    chain = ChainKey(consolidator=name, scenario=scenario.id, repeat=0)
    return NightRecord(chain=chain, night=night, memory=memory, failure=None, usage=FREE, seconds=0.0)
