"""Dreams of Claude's managed agents (a research preview): the service consolidates, with an agent of its own.

Every night the memory is put into a store at the service and the sessions are replayed there: no endpoint takes
past sessions, so each is the text of one message to an agent that answers OK (see `transcripts`). The dream
then writes another store, which is read once it's complete; a dream that failed or was canceled is never read.
At the end all that was made there is removed, whatever happened; the service keeps an archived dream with its
session, and an archived agent, for they can't be deleted. After a crash the dream that's under way is
waited for, not asked for again: its id is in the run's ledger before the first look at it.

A night costs the tokens of the replays and of the dream, and 0.08 US dollars for each hour that their sessions
ran. Before anything is made the most that it may cost is put aside; nobody documents how to estimate that (see
`rembench.harness.providers.managed_agents.dream_cost`).

    claude-dreams:model=claude-opus-5,style=reflection
"""

import asyncio
from dataclasses import asdict, replace
from importlib import import_module

from rembench.consolidators.dream_night import DreamNight, Wishes
from rembench.consolidators.transcripts import replays
from rembench.consolidators.wording import Style, filled, lead, system_prompt
from rembench.harness.errors import UserError
from rembench.harness.memory import check_memory
from rembench.harness.night import (
    FREE,
    NO_BUDGET,
    BudgetError,
    Capabilities,
    Consolidation,
    ConsolidatorError,
    Held,
    Night,
    ProviderError,
    Usage,
)
from rembench.harness.providers.claude.client import access
from rembench.harness.providers.managed_agents.belongings import Belongings
from rembench.harness.providers.managed_agents.dream import check_enabled
from rembench.harness.providers.managed_agents.service import ManagedAgents, Pace, key_for

_HOURS = 3600.0
_PATIENCE = 4 * _HOURS
_CLEARING = 300.0  # of the patience, left for clearing up


class ClaudeDreams:
    """Has `model` dream every night. `replay_model` answers the replays; `poll` and `most_wait` are seconds.

    The key comes from ANTHROPIC_API_KEY, the address from `base_url` or ANTHROPIC_BASE_URL.
    """

    capabilities = Capabilities(network=True, instructions=True, transcript="wrapped", patience=_PATIENCE)

    def __init__(
        self,
        *,
        model: str = "claude-sonnet-5",
        replay_model: str = "claude-haiku-5-5",
        style: Style = "default",
        poll: float = 10.0,
        most_wait: float = _PATIENCE - _CLEARING,
        base_url: str = "",
    ) -> None:
        for name, value in {"poll": poll, "most_wait": most_wait}.items():
            if not 0 < value < 1e7:
                raise UserError(f"{name}={value:g}: seconds were expected", where="claude-dreams")
        self._key = key_for("claude-dreams")
        access(base_url or None, self._key)  # says now what's wrong with the address
        self._wishes = Wishes(
            model=model, replay_model=replay_model, replay_prompt=filled("replay"), most_wait=most_wait
        )
        self._style = style
        self._pace = Pace(poll=poll, pause=min(1.0, poll))
        self._base_url = base_url
        self._service: ManagedAgents | None = None
        self._enabled = asyncio.Lock()
        self._is_enabled = False
        self._clearing: dict[Belongings, asyncio.Future[list[str]] | None] = {}

    async def consolidate(self, night: Night) -> Consolidation:
        """What the night's dream wrote. ProviderError where there's none, with what the night cost."""
        if not (night.sessions or night.instructions or any(not d.standing for d in night.deletions)):
            return Consolidation(
                memory=night.memory, usage=FREE, trace=("nothing new: a dream needs a session",)
            )
        service = await self._ready()
        own = Belongings(service, night)
        self._clearing[own] = None
        notes: list[str] = []
        try:
            await self._begin(own, notes)
            made = _kept(own) or await self._dreamt(own, night, notes)
        except asyncio.CancelledError:
            own.mark("abandoned")
            raise
        finally:
            notes += await self._leave(own)
        return replace(made, trace=tuple(notes))

    async def aclose(self) -> None:
        """Clear up what a night that was cancelled has left, and let go of the connection."""
        for own, clearing in list(self._clearing.items()):
            if clearing:
                await asyncio.wait({clearing})
            await self._leave(own)
        if self._service:
            await self._service.aclose()

    def connected(self) -> ManagedAgents:
        """A new connection to the service; nothing is sent yet."""
        return ManagedAgents(self._key, base_url=self._base_url, pace=self._pace)

    async def _ready(self) -> ManagedAgents:
        """The service, once it's known that this key may use Dreams."""
        async with self._enabled:
            if self._service is None:
                await asyncio.to_thread(import_module, "anthropic")  # takes seconds: the loop must go on
                self._service = self.connected()
            if not self._is_enabled:
                try:
                    await check_enabled(self._service)
                except ProviderError as error:
                    error.usage = FREE
                    raise
                self._is_enabled = True
        return self._service

    async def _begin(self, own: Belongings, notes: list[str]) -> None:
        """Take over what a first try has left; not what was given up, that's removed."""
        if not await own.begin():
            return
        if own.marked("abandoned"):
            notes += await own.clear()
            await own.begin()
        else:
            notes.append("went on where a first try was cut short")

    async def _dreamt(self, own: Belongings, night: Night, notes: list[str]) -> Consolidation:
        job = DreamNight(
            service=own.service,
            own=own,
            night=night,
            wishes=self._wishes,
            texts=replays(night) or (filled("quiet"),),
            instructions=f"{system_prompt(self._style)}\n\n{lead(replace(night, deletions=()))}",
            notes=notes,
        )
        held, usage = NO_BUDGET.hold(None, ""), Usage()
        try:
            held = _held(job)
            job.check()
            memory = await job.memory()
            usage = await job.account()
        except ConsolidatorError as error:
            error.usage = usage = await job.account()
            raise
        finally:
            held.settle(usage.usd)
        own.keep({"memory": dict(memory), "usage": asdict(usage)})
        return Consolidation(memory=memory, usage=usage)

    async def _leave(self, own: Belongings) -> list[str]:
        """Remove what the night has at the service, also while it's being cancelled."""
        clearing = self._clearing.get(own)
        if clearing is None or clearing.done():
            clearing = self._clearing[own] = asyncio.ensure_future(own.clear())
        trouble = await asyncio.shield(clearing)
        self._clearing.pop(own, None)
        return trouble


def _held(job: DreamNight) -> Held:
    """Money for a night. A dream that's under way is waited for, whether there's money or not: it's ordered."""
    if not job.own.has("dream"):
        return job.hold()
    try:
        return job.hold()
    except BudgetError:
        return NO_BUDGET.hold(None, "")


def _kept(own: Belongings) -> Consolidation | None:
    """What a first try had written when the process died, where it got that far."""
    found = own.kept()
    if found is None:
        return None
    return Consolidation(memory=check_memory(found["memory"]), usage=Usage(**found["usage"]))
