"""What the managed-agents families share: a workspace with stores, agents, environments and sessions."""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rembench.harness.fake.desk import Desk
from rembench.harness.fake.family import Family, Handler
from rembench.harness.fake.managed_agents.session_run import SessionRun
from rembench.harness.fake.wire import Answer, Asked, Events, RejectionError

Actor = dict[str, str]
API: Actor = {"type": "api_actor", "api_key_id": "apikey_fake"}


@dataclass(slots=True, kw_only=True)
class Memory:
    """One memory of a store, as it is now."""

    id: str
    path: str
    content: str
    version: str
    created_at: str
    updated_at: str


@dataclass(slots=True)
class Store:
    """A memory store: its object as it's on the wire, its memories by id, all versions oldest first."""

    desk: Desk
    about: dict[str, Any]
    memories: dict[str, Memory] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> dict[str, str]:
        """Path → content, in the order of the paths."""
        found = {memory.path: memory.content for memory in self.memories.values()}
        return dict(sorted(found.items()))

    def at(self, path: str) -> Memory | None:
        """The memory at a path."""
        return next((memory for memory in self.memories.values() if memory.path == path), None)

    def create(self, path: str, content: str, by: Actor) -> Memory:
        """Add a memory."""
        now = self.desk.now()
        made = Memory(
            id=self.desk.new_id("mem"), path=path, content=content, version="", created_at=now, updated_at=now
        )
        self.memories[made.id] = made
        self._log(made, "created", by)
        return made

    def change(self, memory: Memory, by: Actor, *, content: str | None = None, path: str | None = None) -> None:
        """Change content or path."""
        memory.content = memory.content if content is None else content
        memory.path = path or memory.path
        memory.updated_at = self.desk.now()
        self._log(memory, "modified", by)

    def delete(self, memory: Memory, by: Actor) -> None:
        """Take a memory away; its versions stay."""
        del self.memories[memory.id]
        self._log(memory, "deleted", by)

    def rewrite(self, texts: dict[str, str], by: Actor) -> None:
        """Make the store hold exactly these texts, changing only what differs."""
        for memory in list(self.memories.values()):
            if memory.path not in texts:
                self.delete(memory, by)
        for path, content in texts.items():
            there = self.at(path)
            if there is None:
                self.create(path, content, by)
            elif there.content != content:
                self.change(there, by, content=content)

    def _log(self, memory: Memory, operation: str, by: Actor) -> None:
        gone = operation == "deleted"
        memory.version = self.desk.new_id("memver")
        raw = memory.content.encode()
        self.versions.append({
            "id": memory.version, "type": "memory_version", "memory_id": memory.id,
            "memory_store_id": self.about["id"], "operation": operation, "path": memory.path,
            "content": None if gone else memory.content,
            "content_sha256": None if gone else hashlib.sha256(raw).hexdigest(),
            "content_size_bytes": None if gone else len(raw), "created_at": self.desk.now(),
            "created_by": by, "redacted_at": None, "redacted_by": None,
        })  # fmt: skip


@dataclass(slots=True)
class Workspace:
    """All that the managed-agents families keep, by id, in the order in which it was made."""

    desk: Desk
    stores: dict[str, Store] = field(default_factory=dict)
    agents: dict[str, dict[str, Any]] = field(default_factory=dict)
    environments: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, SessionRun] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk) -> "Workspace":
        """The workspace of the service that has this desk."""
        return desk.shared(Workspace, lambda: Workspace(desk))

    def new_store(self, name: str, description: str = "", metadata: dict[str, str] | None = None) -> Store:
        """Add an empty store."""
        now = self.desk.now()
        about: dict[str, Any] = {
            "id": self.desk.new_id("memstore"), "type": "memory_store", "name": name,
            "description": description, "metadata": metadata or {}, "created_at": now, "updated_at": now,
            "archived_at": None,
        }  # fmt: skip
        self.stores[about["id"]] = Store(self.desk, about)
        return self.stores[about["id"]]

    def store(self, store_id: object, *, to_change: bool = False) -> Store:
        """The store of that id; RejectionError where there's none, or where it's archived and to be changed."""
        found = self.stores.get(str(store_id))
        if found is None:
            raise RejectionError(404, f"memory store {store_id} not found")
        if to_change and found.about["archived_at"]:
            raise RejectionError(400, f"memory store {store_id} is archived")
        return found

    def session(self, session_id: object) -> SessionRun:
        """The session of that id; RejectionError where there's none."""
        found = self.sessions.get(str(session_id))
        if found is None:
            raise RejectionError(404, f"session {session_id} not found")
        return found


class WorkspaceFamily(Family):
    """A family that keeps what it has in the workspace. `page`: the most that a page of a list has."""

    def __init__(self, *, page: int = 2) -> None:
        self.page = page

    def attach(self, desk: Desk) -> None:
        """Take the service's desk, and the workspace that goes with it."""
        super().attach(desk)
        self._all = Workspace.of(desk)

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """What's served, with replies that don't change after they were made."""
        return {place: _copying(handler) for place, handler in self.served().items()}

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """As `routes`, for the subclass to say."""
        raise NotImplementedError


def _copying(handler: Handler) -> Handler:
    def handle(asked: Asked) -> Answer | Events:
        reply = handler(asked)
        return replace(reply, body=copy.deepcopy(reply.body)) if isinstance(reply, Answer) else reply

    return handle
