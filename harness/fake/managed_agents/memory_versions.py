"""The history of a store's memories: /v1/memory_stores/{store}/memory_versions."""

from collections.abc import Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.cursor_pages import in_time, page_of
from rembench.harness.fake.managed_agents.memories import view_of
from rembench.harness.fake.managed_agents.stores import BETA, NOT_WITH
from rembench.harness.fake.managed_agents.workspace import API, WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, RejectionError

_REDACTED = ("content", "path", "content_size_bytes", "content_sha256")


class MemoryVersions(WorkspaceFamily):
    """List, retrieve, redact. `page`: the most that a page of a list has."""

    beta = BETA
    never_with = NOT_WITH

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        all_of = "/v1/memory_stores/{store}/memory_versions"
        return {
            ("GET", all_of): self._list,
            ("GET", f"{all_of}/{{id}}"): lambda asked: Answer(body=_shown(self._find(asked), asked, "full")),
            ("POST", f"{all_of}/{{id}}/redact"): self._redact,
        }

    def _find(self, asked: Asked) -> dict[str, Any]:
        for version in self._all.store(asked.named["store"]).versions:
            if version["id"] == asked.named["id"]:
                return version
        raise RejectionError(404, f"memory version {asked.named['id']} not found")

    def _list(self, asked: Asked) -> Answer:
        versions = reversed(self._all.store(asked.named["store"]).versions)
        shown = [_shown(v, asked, "basic") for v in versions if _fits(v, asked)]
        return Answer(body=page_of(shown, asked, self.page))

    def _redact(self, asked: Asked) -> Answer:
        version = self._find(asked)
        version.update(dict.fromkeys(_REDACTED))
        version.update(redacted_at=self.desk.now(), redacted_by=API)
        return Answer(body=_shown(version, asked, "full"))


def _fits(version: dict[str, Any], asked: Asked) -> bool:
    by = version["created_by"]
    wanted = {
        "memory_id": version["memory_id"], "operation": version["operation"],
        "session_id": by.get("session_id"), "api_key_id": by.get("api_key_id"),
        "service_account_id": by.get("service_account_id"),
    }  # fmt: skip
    asked_for = {name: asked.first(name) for name in wanted}
    return in_time(version, asked) and all(not asked_for[n] or asked_for[n] == wanted[n] for n in wanted)


def _shown(version: dict[str, Any], asked: Asked, usual: str) -> dict[str, Any]:
    return version if view_of(asked, usual) == "full" else {**version, "content": None}
