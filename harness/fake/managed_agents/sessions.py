"""Sessions: /v1/sessions. Their events are `session_events.py`, how they run is `session_run.py`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rembench.harness.fake.desk import Desk
from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.agents import BETA, agent, snapshot
from rembench.harness.fake.managed_agents.checks import check_metadata, check_text, fields_of, merged
from rembench.harness.fake.managed_agents.cursor_pages import is_shown, page_of
from rembench.harness.fake.managed_agents.environments import environment
from rembench.harness.fake.managed_agents.session_run import End, SessionRun
from rembench.harness.fake.managed_agents.workspace import WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, RejectionError

_FIELDS = (
    "agent", "environment_id", "budget", "initial_events", "metadata", "resources", "title", "vault_ids"
)  # fmt: skip
_MOST_EVENTS, _MOST_STORES = 50, 8
_FIRST = ("user.message", "user.define_outcome")
_FROM_USERS = (
    *_FIRST, "user.interrupt", "user.tool_confirmation", "user.custom_tool_result", "user.tool_result",
    "system.message",
)  # fmt: skip


class Sessions(WorkspaceFamily):
    """Create, retrieve, update, list, archive, delete.

    What's sent to a session is answered by `reply` (the user's text → the agent's), in the end; `looks` is how
    often it must be looked at before it runs, and again before it's idle. `ends` say how the next turns end.
    `page`: the most that a page of a list has.
    """

    beta = BETA

    def __init__(
        self,
        *,
        reply: Callable[[str], str] = lambda _: "OK",
        looks: int = 1,
        ends: Sequence[End] = (),
        page: int = 2,
    ) -> None:
        self.reply = reply
        self.looks = looks
        self.ends = list(ends)
        super().__init__(page=page)

    @property
    def sessions(self) -> Mapping[str, SessionRun]:
        """All sessions that aren't deleted, by id; those of dreams too."""
        return self._all.sessions

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        one = "/v1/sessions/{id}"
        return {
            ("POST", "/v1/sessions"): self._create,
            ("GET", "/v1/sessions"): self._list,
            ("GET", one): self._retrieve,
            ("POST", one): self._update,
            ("DELETE", one): self._delete,
            ("POST", f"{one}/archive"): self._archive,
        }

    def _create(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        check_text(fields, "title", most=512)
        check_metadata(fields)
        of = fields.get("agent")
        used = agent(self._all, of.get("id") if isinstance(of, dict) else of, to_use=True)
        place = environment(self._all, fields.get("environment_id"), to_use=True)
        events = fields.get("initial_events") or []
        check_events(events, _FIRST)
        if len(events) > _MOST_EVENTS:
            raise RejectionError(400, f"initial_events: at most {_MOST_EVENTS}")
        resources = self._resources(fields.get("resources") or [])
        made = new_session(self.desk, snapshot(used), place["id"], merged({}, fields.get("metadata")))
        made.looks, made.reply, made.ends = self.looks, self.reply, self.ends
        made.about.update(title=fields.get("title"), resources=resources, budget=fields.get("budget"))
        self._all.sessions[made.about["id"]] = made
        if events:
            made.send(events)
        return Answer(body=made.about)

    def _resources(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        stores = [resource for resource in given if resource.get("type") == "memory_store"]
        if len(stores) > _MOST_STORES:
            raise RejectionError(400, f"resources: at most {_MOST_STORES} memory stores")
        for resource in stores:
            self._all.store(resource.get("memory_store_id"), to_change=True)
        return [{"access": "read_write", **resource} for resource in given]

    def _retrieve(self, asked: Asked) -> Answer:
        found = self._all.session(asked.named["id"])
        found.look()
        return Answer(body=found.about)

    def _update(self, asked: Asked) -> Answer:
        fields = fields_of(asked, ("metadata", "title", "agent", "budget", "vault_ids"))
        about = self._all.session(asked.named["id"]).about
        check_metadata(fields, may_be_null=True)
        about["metadata"] = merged(about["metadata"], fields.get("metadata"))
        about["title"] = fields.get("title") or about["title"]
        return Answer(body=about)

    def _list(self, asked: Asked) -> Answer:
        wanted = asked.first("agent_id"), asked.first("memory_store_id"), asked.all("statuses")
        shown = []
        for session in self._all.sessions.values():
            session.look()
            if is_shown(session.about, asked) and _fits(session.about, *wanted):
                shown.append(session.about)
        if asked.first("order", "desc") == "desc":
            shown.reverse()
        return Answer(body={**page_of(shown, asked, self.page), "prev_page": None})

    def _archive(self, asked: Asked) -> Answer:
        found = self._all.session(asked.named["id"])
        _check_quiet(found)
        found.about["archived_at"] = found.about["archived_at"] or self.desk.now()
        return Answer(body=found.about)

    def _delete(self, asked: Asked) -> Answer:
        found = self._all.session(asked.named["id"])
        _check_quiet(found)
        del self._all.sessions[found.about["id"]]
        return Answer(body={"id": found.about["id"], "type": "session_deleted"})


def new_session(
    desk: Desk, agent_shown: dict[str, Any], environment_id: str, metadata: dict[str, str]
) -> SessionRun:
    """A session in which nothing was said yet."""
    now = desk.now()
    usage = {"input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": 0, "active_seconds": 0.0}
    about: dict[str, Any] = {
        "id": desk.new_id("sesn"), "type": "session", "status": "idle", "agent": agent_shown,
        "environment_id": environment_id, "title": None, "metadata": metadata, "resources": [], "vault_ids": [],
        "outcome_evaluations": [], "budget": None,
        "usage": {**usage, "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}},
        "stats": {"active_seconds": 0.0, "duration_seconds": 1.0}, "created_at": now, "updated_at": now,
        "archived_at": None,
    }  # fmt: skip
    return SessionRun(desk=desk, about=about)


def check_events(events: object, types: Sequence[str] = _FROM_USERS) -> None:
    """Reject events that a user can't send."""
    if not isinstance(events, list):
        raise RejectionError(400, "events: must be a list")
    for event in events:
        kind = event.get("type") if isinstance(event, dict) else None
        if kind not in types:
            raise RejectionError(400, f"events: {kind} can't be sent; one of {', '.join(types)}")
        if kind == "user.message" and not event.get("content"):
            raise RejectionError(400, "events: a message has content")


def _fits(about: Mapping[str, Any], agent_id: str, store_id: str, statuses: Sequence[str]) -> bool:
    stores = [resource.get("memory_store_id") for resource in about["resources"]]
    return (
        (not agent_id or about["agent"]["id"] == agent_id)
        and (not store_id or store_id in stores)
        and (not statuses or about["status"] in statuses)
    )


def _check_quiet(session: SessionRun) -> None:
    if session.is_busy or session.status == "running":
        raise RejectionError(400, f"session {session.about['id']} is running")
