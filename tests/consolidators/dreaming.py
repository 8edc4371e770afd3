"""What tests of Dreams begin with: a fake service, a ledger that can be looked into, nights."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rembench.consolidators.claude_dreams import ClaudeDreams
from rembench.harness.night import Consolidation, Ledger, Night
from rembench.harness.providers.managed_agents.service import ManagedAgents, Pace
from rembench.testing import Agents, Dreams, Environments, FakeService, MemoryStores, Sessions
from tests.consolidators.nights import night

KEY = "sk-ant-marked-0123456789"


def takes_notes(
    memory: Mapping[str, str], transcripts: Sequence[str], instructions: str | None
) -> dict[str, str]:
    """A dream's script: the memory, and a file with a line for each transcript."""
    lines = [f"- transcript of {len(text)} characters\n" for text in transcripts]
    return {**memory, "log/dreams.md": memory.get("log/dreams.md", "") + "".join(lines)}


@dataclass
class Notes:
    """A ledger in memory; `all` is every write in its order."""

    notes: dict[str, str] = field(default_factory=dict)
    all: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> Mapping[str, str]:
        return dict(self.notes)

    def write(self, key: str, value: str) -> None:
        self.all.append((key, value))
        self.notes.pop(key, None)
        if value:
            self.notes[key] = value

    @property
    def left(self) -> set[str]:
        return {key for key in self.notes if key.startswith("left:")}


class Strict(ClaudeDreams):
    """Dreams whose SDK checks every reply; nothing waits long."""

    pace = Pace(poll=0.005, pause=0.005, answer=2.0)

    def connected(self) -> ManagedAgents:
        return ManagedAgents(self._key, base_url=self._base_url, pace=self.pace, strict=True)


class DiesError(BaseException):
    """The process dies."""


class Dying(Notes):
    """A ledger in which the process dies at the `at`-th write, or at that key: just after it, or before."""

    def __init__(self, at: int | str, *, before: bool = False) -> None:
        super().__init__()
        self.at, self.before = at, before

    def write(self, key: str, value: str) -> None:
        here = self.at in (key, len(self.all) + 1)
        if here and self.before:
            raise DiesError
        super().write(key, value)
        if here:
            raise DiesError


class Dead(Strict):
    """One that doesn't clear up where the process has died."""

    async def _leave(self, own):
        if isinstance(sys.exception(), DiesError):
            self._clearing.pop(own)
            return []
        return await super()._leave(own)


def dreams(service: FakeService, **options) -> Strict:
    return Strict(**{"base_url": service.url, "poll": 0.005, "model": "claude-sonnet-5", **options})


def dreamt(consolidator: ClaudeDreams, *nights: Night) -> list[Consolidation]:
    """What the consolidator writes on nights in a row, each of which goes on from the memory before."""

    async def run() -> list[Consolidation]:
        made: list[Consolidation] = []
        try:
            for one in nights:
                made.append(
                    await consolidator.consolidate(replace(one, memory=made[-1].memory) if made else one)
                )
        finally:
            await consolidator.aclose()
        return made

    return asyncio.run(run())


def noted(ledger: Ledger | None = None, **parts) -> Night:
    """A night with a ledger."""
    return replace(night(), ledger=ledger or Notes(), **parts)


def what_is_there(service: FakeService) -> set[str]:
    """Kind and id of all that's at the service and was made for a night, as the ledger's keys have them."""
    sessions = service.family(Sessions).sessions
    kept = {
        "memory_store": service.family(MemoryStores).stores,
        "session": {i: s for i, s in sessions.items() if s.about["agent"]["id"] != "agent_dreamer"},
        "environment": service.family(Environments).environments,
        "agent": {i: a for i, a in service.family(Agents).agents.items() if not a["archived_at"]},
        "dream": {i: d for i, d in service.family(Dreams).dreams.items() if not d.about["archived_at"]},
    }  # fmt: skip
    return {f"left:{kind}:{name}" for kind, found in kept.items() for name in found}
