"""One night through Dreams: store and sessions are made at the service, then the dream, read when it's over."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from rembench.consolidators.transcripts import packed
from rembench.harness.errors import one_line
from rembench.harness.memory import check_memory
from rembench.harness.night import Held, InvalidOutputError, Memory, Night, ProviderError, Usage
from rembench.harness.providers.managed_agents.belongings import Belongings
from rembench.harness.providers.managed_agents.dream import (
    MOST_CHARACTERS,
    MOST_SESSIONS,
    Order,
    Watch,
    ask_for,
    events_of,
    output_of,
)
from rembench.harness.providers.managed_agents.dream_cost import (
    Plan,
    dream_usage,
    most_usd,
    session_usage,
    sum_of,
)
from rembench.harness.providers.managed_agents.memory_store import check_uploadable, download, upload
from rembench.harness.providers.managed_agents.replay import Replay
from rembench.harness.providers.managed_agents.service import ManagedAgents, Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a user chose: the models, what the agent of replays is told, the seconds to wait at most."""

    model: str
    replay_model: str
    replay_prompt: str
    most_wait: float


@dataclass(slots=True, kw_only=True)
class DreamNight:
    """One night. `texts` are replayed; `notes` grow into its trace."""

    service: ManagedAgents
    own: Belongings
    night: Night
    wishes: Wishes
    texts: Sequence[str]
    instructions: str
    notes: list[str] = field(default_factory=list)
    _dream: Thing | None = None

    def check(self) -> None:
        """ProviderError for a night that the service can't take, before anything is made or paid."""
        if len(self.instructions) > MOST_CHARACTERS:
            raise ProviderError(
                f"the instructions have {len(self.instructions)} characters, a dream takes {MOST_CHARACTERS}"
            )
        check_uploadable(self.night.memory)

    def hold(self) -> Held:
        """Money for the night put aside; BudgetError where there isn't enough."""
        wishes = self.wishes
        most = most_usd(
            Plan(
                model=wishes.model,
                replay_model=wishes.replay_model,
                store=sum(len(text.encode()) for text in self.night.memory.values()),
                replays=[len(text.encode()) for text in self.texts],
            )
        )
        return self.night.purse.hold(most, f"the dream of night {self.night.id}")

    async def memory(self) -> Memory:
        """What the dream has written; it's read only once it's complete."""
        dream_id = self.own.has("dream") or await self._asked()
        watch = Watch(service=self.service, belongings=self.own, most_wait=self.wishes.most_wait)
        self._dream = await watch.end_of(dream_id)
        self.notes.append(f"dream {dream_id} {self._dream.get('status')}")
        store = output_of(self._dream)
        written = await download(self.service, store)
        if session := self._dream.get("session_id"):
            self.notes += await events_of(self.service, str(session))
        try:
            return check_memory(dict(written))
        except ValueError as wrong:
            raise InvalidOutputError(str(wrong)) from None

    async def _asked(self) -> str:
        """The id of the dream, for which all that it reads has been made."""
        wishes, beta = self.wishes, self.service.client.beta
        store = await self.own.make(
            "memory_store",
            "input store",
            lambda: beta.memory_stores.create(
                name="Memory",  # a dream may see it; whose it is says the metadata
                description="The memory that an agent reads at the start of every session.",
                metadata=self.own.tags("input store"),
            ),
        )
        if not self.own.marked("uploaded"):
            await upload(self.service, store, self.night.memory)
            self.own.mark("uploaded")
        replay = Replay(
            service=self.service,
            belongings=self.own,
            model=wishes.replay_model,
            system=wishes.replay_prompt,
            most_wait=wishes.most_wait,
        )
        sessions = await replay.run(packed(self.texts, MOST_SESSIONS))
        self.notes.append(
            f"{len(self.texts)} texts replayed in {len(sessions)} sessions: {', '.join(sessions)}"
        )
        order = Order(model=wishes.model, instructions=self.instructions, store=store, sessions=sessions)
        return await ask_for(self.service, self.own, order)

    async def account(self) -> Usage:
        """What the night cost so far, by the service's own counts, which go into the notes as they are."""
        try:
            return sum_of(await self._dream_usage(), await self._replays_usage())
        except ProviderError as error:
            self.notes.append(f"the cost can't be read: {error}")
            return Usage()

    async def _replays_usage(self) -> list[Usage]:
        ids = self.own.with_role("session").values()
        found: dict[str, Thing] = {}
        if ids:
            agent = self.own.has("agent")
            found = {s["id"]: s async for s in self.service.things("session", agent_id=agent) if s["id"] in ids}
        for name, session in found.items():
            self._note_usage(name, session)
        return [session_usage(found.get(name, {}), self.wishes.replay_model) for name in ids]

    async def _dream_usage(self) -> Usage | None:
        dream_id = self.own.has("dream")
        if dream_id is None:
            return None
        beta = self.service.client.beta
        dream = self._dream or await self.service.read(lambda: beta.dreams.retrieve(dream_id))
        self._note_usage(dream_id, dream)
        session: Thing | None = None
        if session_id := dream.get("session_id"):
            session = {}
            try:
                session = await self.service.read(lambda: beta.sessions.retrieve(str(session_id)))
                self._note_usage(str(session_id), session)
            except ProviderError as error:
                self.notes.append(f"the dream's own session can't be read, so the cost is unknown: {error}")
        return dream_usage(dream, session)

    def _note_usage(self, name: str, thing: Thing) -> None:
        self.notes.append(one_line(f"usage of {name}: {json.dumps(thing.get('usage'))}", 500))
