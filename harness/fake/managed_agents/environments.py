"""Environments: /v1/environments."""

from collections.abc import Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.agents import BETA
from rembench.harness.fake.managed_agents.checks import check_metadata, check_text, fields_of, merged
from rembench.harness.fake.managed_agents.cursor_pages import is_shown, page_of
from rembench.harness.fake.managed_agents.workspace import Workspace, WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, RejectionError

_FIELDS = ("name", "config", "description", "metadata", "scope")
_PACKAGES = ("apt", "cargo", "gem", "go", "npm", "pip")
_LIMITED = {"type": "limited", "allowed_hosts": [], "allow_mcp_servers": False, "allow_package_managers": False}


class Environments(WorkspaceFamily):
    """Create, retrieve, update, list, archive, delete. One that a session is in can't be deleted.

    `page`: the most that a page of a list has.
    """

    beta = BETA

    @property
    def environments(self) -> Mapping[str, dict[str, Any]]:
        """All environments that aren't deleted, by id."""
        return self._all.environments

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        one = "/v1/environments/{id}"
        return {
            ("POST", "/v1/environments"): self._create,
            ("GET", "/v1/environments"): self._list,
            ("GET", one): lambda asked: Answer(body=environment(self._all, asked.named["id"])),
            ("POST", one): self._update,
            ("DELETE", one): self._delete,
            ("POST", f"{one}/archive"): self._archive,
        }

    def _create(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        _check(fields, new=True)
        now = self.desk.now()
        made = {
            "id": self.desk.new_id("env"), "type": "environment", "name": fields["name"],
            "description": fields.get("description"), "metadata": merged({}, fields.get("metadata")),
            "config": _config(fields.get("config")), "scope": fields.get("scope"), "archived_at": None,
            "created_at": now, "updated_at": now,
        }  # fmt: skip
        self._all.environments[made["id"]] = made
        return Answer(body=made)

    def _list(self, asked: Asked) -> Answer:
        shown = [found for found in reversed(self._all.environments.values()) if is_shown(found, asked)]
        return Answer(body=page_of(shown, asked, self.page))

    def _update(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        found = environment(self._all, asked.named["id"], to_use=True)
        _check(fields, new=False)
        changes = {name: fields[name] for name in ("name", "description") if fields.get(name) is not None}
        if fields.get("config"):
            changes["config"] = _config({**found["config"], **fields["config"]})
        changes["metadata"] = merged(found["metadata"], fields.get("metadata"))
        found.update(changes, updated_at=self.desk.now())
        return Answer(body=found)

    def _delete(self, asked: Asked) -> Answer:
        found = environment(self._all, asked.named["id"])
        for session in self._all.sessions.values():
            if session.about["environment_id"] == found["id"] and not session.about["archived_at"]:
                raise RejectionError(400, f"environment {found['id']} has sessions")
        del self._all.environments[found["id"]]
        return Answer(body={"id": found["id"], "type": "environment_deleted"})

    def _archive(self, asked: Asked) -> Answer:
        found = environment(self._all, asked.named["id"])
        found["archived_at"] = found["archived_at"] or self.desk.now()
        return Answer(body=found)


def environment(workspace: Workspace, environment_id: object, *, to_use: bool = False) -> dict[str, Any]:
    """The environment of that id; RejectionError where there's none, or where it's archived and to be used."""
    found = workspace.environments.get(str(environment_id))
    if found is None:
        raise RejectionError(404, f"environment {environment_id} not found")
    if to_use and found["archived_at"]:
        raise RejectionError(400, f"environment {environment_id} is archived")
    return found


def _check(fields: Mapping[str, Any], *, new: bool) -> None:
    check_text(fields, "name", least=1, most=256, needed=new)
    check_text(fields, "description", most=2048)
    check_metadata(fields, may_be_null=not new)


def _config(given: Mapping[str, Any] | None) -> dict[str, Any]:
    config = dict(given or {"type": "cloud"})
    if config.get("type") == "self_hosted":
        return config
    if config.get("type") != "cloud":
        raise RejectionError(400, "config.type: must be cloud or self_hosted")
    network = config.get("networking") or {"type": "unrestricted"}
    if network.get("type") not in ("limited", "unrestricted"):
        raise RejectionError(400, "config.networking.type: must be limited or unrestricted")
    limited = network["type"] == "limited"
    config["networking"] = {**_LIMITED, **network} if limited else {"type": "unrestricted"}
    config["packages"] = {name: (config.get("packages") or {}).get(name) or [] for name in _PACKAGES}
    return config
