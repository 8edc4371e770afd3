"""Runs chains: nights in order within a chain, chains side by side, every finished night journalled."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rembench.harness.engine.failures import checked, failure_of
from rembench.harness.engine.host import Host, Outcome
from rembench.harness.engine.journal import Journal
from rembench.harness.engine.ledger import RunLedger
from rembench.harness.engine.purse import RunPurse
from rembench.harness.night import FREE, BudgetError, Consolidation, Consolidator, Memory, Night
from rembench.harness.scenario.handover import chain_name, handovers, night_of
from rembench.harness.types import ChainKey, NightRecord, Scenario
from rembench.harness.usage import usage_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How chains are run. `budget` in US dollars; `night_timeout` in seconds, None for a consolidator's own."""

    seed: int = 0
    concurrency: int = 8
    night_timeout: float | None = None
    budget: float | None = None


Listener = Callable[[NightRecord, RunPurse], None]
Makers = Mapping[str, Callable[[], Consolidator]]


@dataclass(slots=True, kw_only=True)
class Engine:
    """Runs the chains that it's given; `listener` hears of every night once it's on the disk."""

    scenarios: Mapping[str, Scenario]
    makers: Makers
    settings: Settings
    journal: Journal
    ledger: RunLedger
    listener: Listener | None = None
    purse: RunPurse = field(init=False)

    def __post_init__(self) -> None:
        self.purse = RunPurse(budget=self.settings.budget)

    def count(self, record: NightRecord) -> None:
        """Count against the budget what a night of an earlier process did cost, or at most can have."""
        self.purse.add(record.usage, most=self.ledger.most(record))

    async def run(self, chains: Iterable[ChainKey], finished: Sequence[NightRecord]) -> None:
        """Run what isn't finished yet. Raises UserError when the journal can't be written."""
        done: dict[ChainKey, dict[str, NightRecord]] = {}
        for record in finished:
            done.setdefault(record.chain, {})[record.night] = record
            self.count(record)
        hosts = {n: Host(make, self.settings.night_timeout) for n, make in self.makers.items()}
        gates = {n: asyncio.Semaphore(self.settings.concurrency) for n in self.makers}
        try:
            await side_by_side(
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
                    if self.listener:
                        self.listener(record, self.purse)
                if record.memory is None:
                    return
                memory = record.memory

    async def _night(self, chain: ChainKey, host: Host, night: Night) -> NightRecord:
        refusal = self._refusal(night)
        purse = self.purse.night()
        sealed = replace(night, ledger=self.ledger.night(chain, night.id), purse=purse)
        outcome = Outcome(refusal, 0.0) if refusal else await host.consolidate(sealed)
        seconds = outcome.seconds
        made = _consolidation(outcome.result)
        usage = made.usage if isinstance(made, Consolidation) else usage_of(made)
        if (most := purse.finish(usage)) and usage.usd is None:
            self.ledger.note_most(chain, night.id, most)
        if isinstance(made, Consolidation):
            return NightRecord(
                chain=chain, night=night.id, memory=made.memory, failure=None, usage=usage,
                seconds=round(seconds, 6), trace=made.trace,
            )  # fmt: skip
        return NightRecord(
            chain=chain, night=night.id, memory=None, failure=failure_of(made),
            usage=usage, seconds=round(seconds, 6),
        )  # fmt: skip

    def _refusal(self, night: Night) -> BudgetError | None:
        if not self.purse.is_empty():
            return None
        spent = f"{self.purse.usd + self.purse.settled:.2f} of {self.purse.budget:.2f} USD spent"
        return BudgetError(f"stopped before night {night.id}: {spent}", usage=FREE)


async def side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all of it; the first exception stops the others and is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
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
