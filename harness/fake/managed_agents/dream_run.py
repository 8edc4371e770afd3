"""One dream of the fake service: what it reads, what it writes, and how it goes on when it's looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rembench.harness.fake.managed_agents.checks import check_path
from rembench.harness.fake.managed_agents.session_run import tokens
from rembench.harness.fake.managed_agents.sessions import new_session
from rembench.harness.fake.managed_agents.workspace import Actor, Workspace

Write = Callable[[Mapping[str, str], Sequence[str], str | None], Mapping[str, str]]
"""(memory: path → text, the sessions' transcripts, instructions) → memory. Paths have no leading slash."""

HALF = "/half-written.md"
_AGENT = {
    "id": "agent_dreamer", "type": "agent", "name": "dreamer", "version": 1, "description": None,
    "system": None, "tools": [], "skills": [], "mcp_servers": [], "multiagent": None,
    "execution_identity": {"type": "service_account"},
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DreamEnd:
    """How a dream ends. `error` and `message` are those of one that failed.

    `output` False: it never had an output store (one that's completed names none, though it should).
    """

    status: Literal["completed", "failed", "canceled"] = "completed"
    error: str = "internal_error"
    message: str = "as scripted"
    output: bool = True


@dataclass(slots=True, kw_only=True)
class DreamRun:
    """A dream. Each phase lasts `looks` looks: pending, running, running with half an output, the end."""

    all: Workspace
    about: dict[str, Any]
    write: Write
    end: DreamEnd
    looks: int = 1
    phase: Literal["pending", "begun", "half", "ended"] = "pending"
    _seen: int = field(default=0, init=False)
    _texts: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def store_id(self) -> str:
        """The input store's id."""
        return str(self.about["inputs"][0]["memory_store_id"])

    def look(self) -> None:
        """Go on by one look, which shows the phase that has been reached."""
        if self.phase == "ended":
            return
        if self._lost():
            return
        if self._seen < self.looks:
            self._seen += 1
            return
        self._seen = 1
        {"pending": self._begin, "begun": self._write_half, "half": self._finish}[self.phase]()

    def stop(self, status: str, error: Mapping[str, str] | None = None) -> None:
        """End it as it is."""
        self.phase = "ended"
        self.about.update(status=status, error=dict(error) if error else None, ended_at=self.all.desk.now())
        session = self.all.sessions.get(str(self.about["session_id"]))
        if session:
            session.about["status"] = "idle"
            session.note("session.status_idle", stop_reason={"type": "end_turn"}, stop_details=None)
            session.about["archived_at"] = self.all.desk.now()

    def _lost(self) -> bool:
        """Whether it failed because an input is gone."""
        store = self.all.stores.get(self.store_id)
        if store is None or store.about["archived_at"]:
            self.stop("failed", {"type": "input_memory_store_unavailable", "message": "input store is gone"})
        elif any(name not in self.all.sessions for name in self.about["inputs"][1]["session_ids"]):
            self.stop("failed", {"type": "input_session_unavailable", "message": "an input session is gone"})
        return self.phase == "ended"

    def _begin(self) -> None:
        self.phase = "begun"
        self._texts = self.all.stores[self.store_id].texts
        session = new_session(
            self.all.desk, {**_AGENT, "model": {"id": self.about["model"]["id"]}}, "env_dreams", {}
        )
        session.about["status"] = "running"
        session.note("session.status_running")
        self.all.sessions[session.about["id"]] = session
        self.about.update(status="running", session_id=session.about["id"])
        self._call_model(1)

    def _write_half(self) -> None:
        if not self.end.output:
            self._finish()
            return
        self.phase = "half"
        behavior = self.about["output_behavior"]["type"]
        made = self.all.new_store("dream") if behavior == "create_new" else self.all.stores[self.store_id]
        made.rewrite({**self._texts, HALF: "Not finished"}, self._actor())
        self.about["outputs"] = [{"type": "memory_store", "memory_store_id": made.about["id"]}]
        self._call_model(2)

    def _finish(self) -> None:
        if self.end.status == "failed":
            self.stop("failed", {"type": self.end.error, "message": self.end.message})
        elif self.end.status == "completed" and self.end.output:
            self._write_all()
            self.stop("completed")
        else:
            self.stop(self.end.status)

    def _write_all(self) -> None:
        texts = {path.removeprefix("/"): text for path, text in self._texts.items()}
        transcripts = [self.all.sessions[name].transcript for name in self.about["inputs"][1]["session_ids"]]
        written = self.write(texts, transcripts, self.about["instructions"])
        output = self.all.stores.get(self.about["outputs"][0]["memory_store_id"])
        if output:
            output.rewrite({check_path(f"/{path}"): text for path, text in written.items()}, self._actor())
        session = self.all.sessions[self.about["session_id"]]
        for path in written:
            call = session.note("agent.tool_use", name="write", input={"path": f"/{path}"})
            session.note("agent.tool_result", tool_use_id=call["id"], is_error=False)
        session.note("agent.message", content=[{"type": "text", "text": f"Wrote {len(written)} memories."}])
        self._call_model(3)

    def _call_model(self, number: int) -> None:
        """Count a call: it reads store and transcripts, from the cache from the second time on."""
        read = sum(tokens(text) for text in self._texts.values())
        read += sum(
            tokens(self.all.sessions[name].transcript) for name in self.about["inputs"][1]["session_ids"]
        )
        usage = self.about["usage"]
        usage["input_tokens"] += 10
        usage["output_tokens"] += 100 * number
        usage["cache_creation_input_tokens" if number == 1 else "cache_read_input_tokens"] += read
        session = self.all.sessions[self.about["session_id"]]
        session.call_model(10, 100 * number)
        count = session.about["usage"]
        if number == 1:
            count["cache_creation"]["ephemeral_1h_input_tokens"] += read
        else:
            count["cache_read_input_tokens"] += read
        for counter in (count, session.about["stats"]):
            counter["active_seconds"] += 20.0

    def _actor(self) -> Actor:
        return {"type": "session_actor", "session_id": self.about["session_id"]}
