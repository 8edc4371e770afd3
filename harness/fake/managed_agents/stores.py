"""Memory stores: /v1/memory_stores and what's in them is `memories.py` and `memory_versions.py`."""

from collections.abc import Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.checks import check_metadata, check_text, fields_of, merged
from rembench.harness.fake.managed_agents.cursor_pages import is_shown, page_of
from rembench.harness.fake.managed_agents.workspace import Store, WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked

BETA = "agent-memory-2026-07-22"
NOT_WITH = ("managed-agents-2026-04-01",)
_FIELDS = ("name", "description", "metadata")


class MemoryStores(WorkspaceFamily):
    """Create, retrieve, update, list, archive, delete. `page`: the most that a page of a list has."""

    beta = BETA
    never_with = NOT_WITH

    @property
    def stores(self) -> Mapping[str, Store]:
        """All stores that aren't deleted, by id."""
        return self._all.stores

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        one = "/v1/memory_stores/{id}"
        return {
            ("POST", "/v1/memory_stores"): self._create,
            ("GET", "/v1/memory_stores"): self._list,
            ("GET", one): lambda asked: Answer(body=self._all.store(asked.named["id"]).about),
            ("POST", one): self._update,
            ("DELETE", one): self._delete,
            ("POST", f"{one}/archive"): self._archive,
        }

    def _create(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        _check(fields, new=True)
        made = self._all.new_store(
            fields["name"], fields.get("description") or "", merged({}, fields.get("metadata"))
        )
        return Answer(body=made.about)

    def _list(self, asked: Asked) -> Answer:
        shown = [s.about for s in reversed(self._all.stores.values()) if is_shown(s.about, asked)]
        return Answer(body=page_of(shown, asked, self.page))

    def _update(self, asked: Asked) -> Answer:
        fields = fields_of(asked, _FIELDS)
        _check(fields, new=False)
        about = self._all.store(asked.named["id"], to_change=True).about
        about.update({name: fields[name] for name in ("name", "description") if fields.get(name) is not None})
        about["metadata"] = merged(about["metadata"], fields.get("metadata"))
        about["updated_at"] = self.desk.now()
        return Answer(body=about)

    def _delete(self, asked: Asked) -> Answer:
        found = self._all.store(asked.named["id"])
        del self._all.stores[found.about["id"]]
        return Answer(body={"id": found.about["id"], "type": "memory_store_deleted"})

    def _archive(self, asked: Asked) -> Answer:
        about = self._all.store(asked.named["id"]).about
        about["archived_at"] = about["archived_at"] or self.desk.now()
        return Answer(body=about)


def _check(fields: Mapping[str, Any], *, new: bool) -> None:
    check_text(fields, "name", least=1, most=255, needed=new)
    check_text(fields, "description", most=1024)
    check_metadata(fields, may_be_null=not new)
