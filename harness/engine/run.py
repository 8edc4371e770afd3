"""Runs chains: nights in order within a chain, chains side by side, every finished night journalled."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from rembench.harness.engine.failures import checked, failure_of
from rembench.harness.engine.host import Host, Outcome
from rembench.harness.engine.journal import Journal
from rembench.harness.night import FREE, BudgetError, Consolidation, Consolidator, Memory, Night, Usage
from rembench.harness.scenario.handover import chain_name, handovers, night_of
from rembench.harness.types import ChainKey, NightRecord, Scenario
from rembench.harness.usage import usage_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How chains are run. `budget` is in US dollars, `night_timeout` in seconds."""

    seed: int = 0
    concurrency: int = 8
    night_timeout: float = 900.0
    budget: float | None = None


@dataclass(slots=True)
class Spending:
    """What the run has cost so far; nights of unknown cost are counted apart."""

    usd: float = 0.0
    unknown: int = 0

    def add(self, usage: Usage) -> None:
        """Count one night."""
        if usage.usd is None:
            self.unknown += 1
        else:
            self.usd += usage.usd


Listener = Callable[[NightRecord, Spending], None]
Makers = Mapping[str, Callable[[], Consolidator]]


@dataclass(slots=True, kw_only=True)
class Engine:
    """Runs the chains that it's given; `listener` hears of every night once it's on the disk."""

    scenarios: Mapping[str, Scenario]
    makers: Makers
    settings: Settings
    journal: Journal
    listener: Listener | None = None
    spending: Spending = field(default_factory=Spending)

    async def run(self, chains: Iterable[ChainKey], finished: Sequence[NightRecord]) -> None:
        """Run what isn't finished yet. Raises UserError when the journal can't be written."""
        done: dict[ChainKey, dict[str, NightRecord]] = {}
        for record in finished:
            done.setdefault(record.chain, {})[record.night] = record
            self.spending.add(record.usage)
        hosts = {n: Host(make, self.settings.night_timeout) for n, make in self.makers.items()}
        gates = {n: asyncio.Semaphore(self.settings.concurrency) for n in self.makers}
        try:
            await _all(
                self._chain(chain, (hosts[chain.consolidator], gates[chain.consolidator]), done.get(chain, {}))
                for chain in chains
            )
        finally:
            for host in hosts.values():
                host.close()

    async def _chain(
        self, chain: ChainKey, at: tuple[Host, asyncio.Semaphore], done: Mapping[str, NightRecord]
    ) -> None:
        host, gate = at
        scenario = self.scenarios[chain.scenario]
        memory: Memory = scenario.store
        name = chain_name(self.settings.seed, scenario.id, chain.repeat)
        async with gate:
            for handover in handovers(scenario):
                record = done.get(handover.step.id)
                if record is None:
                    night = night_of(handover, chain=name, memory=memory, seed=self.settings.seed)
                    record = await self._night(chain, host, night)
                    await asyncio.wrap_future(self.journal.append(record))
                    self.spending.add(record.usage)
                    if self.listener:
                        self.listener(record, self.spending)
                if record.memory is None:
                    return
                memory = record.memory

    async def _night(self, chain: ChainKey, host: Host, night: Night) -> NightRecord:
        refusal = self._refusal(night)
        sealed = replace(night, memory=MappingProxyType(dict(sorted(night.memory.items()))))
        outcome = Outcome(refusal, 0.0) if refusal else await host.consolidate(sealed)
        seconds = outcome.seconds
        made = _consolidation(outcome.result)
        if isinstance(made, Consolidation):
            return NightRecord(
                chain=chain, night=night.id, memory=made.memory, failure=None, usage=made.usage,
                seconds=round(seconds, 6), trace=made.trace,
            )  # fmt: skip
        return NightRecord(
            chain=chain, night=night.id, memory=None, failure=failure_of(made),
            usage=usage_of(made), seconds=round(seconds, 6),
        )  # fmt: skip

    def _refusal(self, night: Night) -> BudgetError | None:
        budget = self.settings.budget
        if budget is None or self.spending.usd < budget:
            return None
        spent = f"{self.spending.usd:.2f} of {budget:.2f} USD spent"
        return BudgetError(f"stopped before night {night.id}: {spent}", usage=FREE)


async def _all(chains: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all side by side; the first exception stops the others and is raised."""
    tasks = [asyncio.ensure_future(chain) for chain in chains]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _consolidation(result: object) -> Consolidation | BaseException:
    """The consolidation if it keeps the contract, else the exception that says why not."""
    if isinstance(result, BaseException):
        return result
    try:
        return checked(result)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a hostile object may raise anything when looked at
        return error
