"""Texts into sessions of the service: a user's message each, answered by an agent without tools."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.night import ProviderError
from rembench.harness.providers.managed_agents.belongings import Belongings
from rembench.harness.providers.managed_agents.service import ManagedAgents

_OVER: Any = ["session.status_idle", "session.status_terminated"]
_WELL = ("end_turn", "refusal", "budget_reached")
"""Ends of a turn after which the text is in the session, whatever the agent made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Replays a night's texts with `model`, told `system`; each within `most_wait` seconds."""

    service: ManagedAgents
    belongings: Belongings
    model: str
    system: str
    most_wait: float

    async def run(self, groups: Sequence[Sequence[str]]) -> list[str]:
        """The ids of the sessions in which the texts are, a group in each, once all of them are idle."""
        beta, own = self.service.client.beta, self.belongings
        agent = await own.make(
            "agent",
            "agent",
            lambda: beta.agents.create(
                model=self.model,
                name="rembench replay",
                system=self.system,
                tools=[],
                metadata=own.tags("agent"),
            ),
        )
        environment = await own.make(
            "environment",
            "environment",
            lambda: beta.environments.create(
                name=f"rembench {own.tags('')['try']}",
                config={"type": "cloud", "networking": {"type": "limited"}},
                metadata=own.tags("environment"),
            ),
        )
        for number, texts in enumerate(groups):
            await self._say(number, texts, {"agent": agent, "environment_id": environment})
        return await self._wait(agent)

    async def _say(self, number: int, texts: Sequence[str], place: dict[str, str]) -> None:
        role = f"session {number}"
        blocks: list[Any] = [{"type": "text", "text": text} for text in texts]
        create = self.service.client.beta.sessions.create
        await self.belongings.make(
            "session",
            role,
            lambda: create(
                agent=place["agent"],
                environment_id=place["environment_id"],
                initial_events=[{"type": "user.message", "content": blocks}],
                metadata=self.belongings.tags(role),
                title=f"Session {number + 1}",  # a dream may see it; whose it is says the metadata
            ),
        )

    async def _wait(self, agent: str) -> list[str]:
        """All sessions of the replay, in their order, once what was said in them is answered."""
        ids = set(self.belongings.with_role("session").values())
        over: set[str] = set()
        end = time.monotonic() + self.most_wait
        while True:
            async for session in self.service.things("session", agent_id=agent):
                name = session["id"]
                if name in ids - over and session.get("status") != "running" and await self._is_over(name):
                    over.add(name)
            if over == ids:
                return list(self.belongings.with_role("session").values())
            if time.monotonic() > end:
                raise ProviderError(f"the replay isn't through after {self.most_wait:g} s")
            await asyncio.sleep(self.service.pace.poll)

    async def _is_over(self, session_id: str) -> bool:
        """Whether a session's turn is over: it's idle before it too, so that only the event says."""
        events = self.service.client.beta.sessions.events

        async def first() -> Any:
            return await events.list(session_id, types=_OVER, order="desc", limit=1)

        async for event in self.service.items(first, most=1):
            end = (event.get("stop_reason") or {}).get("type") or event["type"]
            if end not in _WELL:
                raise ProviderError(f"the replay in {session_id} ended with {end}")
            return True
        return False
