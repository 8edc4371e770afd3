"""Agents: /v1/agents. They're archived, never deleted."""

from collections.abc import Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.checks import check_metadata, check_text, fields_of, merged
from rembench.harness.fake.managed_agents.cursor_pages import is_shown, page_of
from rembench.harness.fake.managed_agents.workspace import Workspace, WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, RejectionError

BETA = "managed-agents-2026-04-01"
_SNAPSHOT = (
    "id", "type", "name", "version", "model", "description", "system", "tools", "skills", "mcp_servers",
    "multiagent", "execution_identity",
)  # fmt: skip
_FIELDS = (
    "model", "name", "description", "system", "tools", "skills", "mcp_servers", "metadata", "multiagent",
    "execution_identity",
)  # fmt: skip
_TOOLS = ("agent_toolset_20260401", "custom", "mcp_toolset")


class Agents(WorkspaceFamily):
    """Create, retrieve, update (a new version), list, archive. `page`: the most that a page of a list has."""

    beta = BETA

    @property
    def agents(self) -> Mapping[str, dict[str, Any]]:
        """All agents by id, archived ones too."""
        return self._all.agents

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        return {
            ("POST", "/v1/agents"): self._create,
            ("GET", "/v1/agents"): self._list,
            ("GET", "/v1/agents/{id}"): lambda asked: Answer(body=agent(self._all, asked.named["id"])),
            ("POST", "/v1/agents/{id}"): self._update,
            ("POST", "/v1/agents/{id}/archive"): self._archive,
        }

    def _create(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        _check(fields, new=True)
        now = self.desk.now()
        made = {
            "id": self.desk.new_id("agent"), "type": "agent", "name": fields["name"], "version": 1,
            "model": _model(fields["model"]), "description": fields.get("description"),
            "system": fields.get("system"), "tools": fields.get("tools") or [],
            "skills": fields.get("skills") or [], "mcp_servers": fields.get("mcp_servers") or [],
            "metadata": merged({}, fields.get("metadata")), "multiagent": fields.get("multiagent"),
            "execution_identity": {"type": "service_account"}, "archived_at": None, "created_at": now,
            "updated_at": now,
        }  # fmt: skip
        self._all.agents[made["id"]] = made
        return Answer(body=made)

    def _list(self, asked: Asked) -> Answer:
        shown = [agent for agent in reversed(self._all.agents.values()) if is_shown(agent, asked)]
        return Answer(body=page_of(shown, asked, self.page))

    def _update(self, asked: Asked) -> Answer:
        fields = fields_of(asked, (*_FIELDS, "version"))
        found = agent(self._all, asked.named["id"], to_use=True)
        _check(fields, new=False)
        if fields.get("version") not in (None, found["version"]):
            raise RejectionError(409, f"version: the newest is {found['version']}")
        changes = {name: fields[name] for name in _FIELDS if name in fields}
        if "model" in changes:
            changes["model"] = _model(changes["model"])
        changes["metadata"] = merged(found["metadata"], fields.get("metadata"))
        found.update(changes, version=found["version"] + 1, updated_at=self.desk.now())
        return Answer(body=found)

    def _archive(self, asked: Asked) -> Answer:
        found = agent(self._all, asked.named["id"])
        found["archived_at"] = found["archived_at"] or self.desk.now()
        return Answer(body=found)


def agent(workspace: Workspace, agent_id: object, *, to_use: bool = False) -> dict[str, Any]:
    """The agent of that id; RejectionError where there's none, or where it's archived and to be used."""
    found = workspace.agents.get(str(agent_id))
    if found is None:
        raise RejectionError(404, f"agent {agent_id} not found")
    if to_use and found["archived_at"]:
        raise RejectionError(400, f"agent {agent_id} is archived")
    return found


def snapshot(found: Mapping[str, Any]) -> dict[str, Any]:
    """An agent as a session shows it."""
    return {name: found[name] for name in _SNAPSHOT}


def _check(fields: Mapping[str, Any], *, new: bool) -> None:
    if new and not fields.get("model"):
        raise RejectionError(400, "model: Field required")
    check_text(fields, "name", least=1, most=256, needed=new)
    check_text(fields, "description", most=2048)
    check_text(fields, "system", most=100_000)
    check_metadata(fields, may_be_null=not new)
    for tool in fields.get("tools") or []:
        if tool.get("type") not in _TOOLS:
            raise RejectionError(400, f"tools: {tool.get('type')} isn't one of {', '.join(_TOOLS)}")


def _model(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {"id": given}
