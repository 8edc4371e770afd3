"""The memories of a store: /v1/memory_stores/{store}/memories."""

import hashlib
from collections.abc import Mapping
from typing import Any

from rembench.harness.fake.family import Handler
from rembench.harness.fake.managed_agents.checks import check_content, check_path, fields_of
from rembench.harness.fake.managed_agents.cursor_pages import page_of
from rembench.harness.fake.managed_agents.stores import BETA, NOT_WITH
from rembench.harness.fake.managed_agents.workspace import API, Memory, Store, WorkspaceFamily
from rembench.harness.fake.wire import Answer, Asked, RejectionError

MOST_MEMORIES = 2000
_FULL_PAGE = 20
_VIEWS = ("basic", "full")


class Memories(WorkspaceFamily):
    """Create, retrieve, update, list, delete, with preconditions and the rules for paths and sizes.

    `page`: the most that a page of a list has.
    """

    beta = BETA
    never_with = NOT_WITH

    def served(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        all_of = "/v1/memory_stores/{store}/memories"
        one = f"{all_of}/{{id}}"
        return {
            ("POST", all_of): self._create,
            ("GET", all_of): self._list,
            ("GET", one): self._retrieve,
            ("POST", one): self._update,
            ("DELETE", one): self._delete,
        }

    def _find(self, asked: Asked, *, to_change: bool = False) -> tuple[Store, Memory]:
        store = self._all.store(asked.named["store"], to_change=to_change)
        memory = store.memories.get(asked.named["id"])
        if memory is None:
            raise RejectionError(404, f"memory {asked.named['id']} not found")
        return store, memory

    def _create(self, asked: Asked) -> Answer:
        store = self._all.store(asked.named["store"], to_change=True)
        fields = fields_of(asked, ("content", "path"))
        path, content = check_path(fields.get("path")), check_content(fields.get("content"))
        _check_free(store, path)
        if len(store.memories) >= MOST_MEMORIES:
            raise RejectionError(400, f"a memory store holds at most {MOST_MEMORIES} memories")
        return Answer(body=_shown(store, store.create(path, content, API), view_of(asked, "basic")))

    def _retrieve(self, asked: Asked) -> Answer:
        return Answer(body=_shown(*self._find(asked), view_of(asked, "full")))

    def _update(self, asked: Asked) -> Answer:
        store, memory = self._find(asked, to_change=True)
        fields = fields_of(asked, ("content", "path", "precondition"))
        path, content = fields.get("path"), fields.get("content")
        if path is not None and check_path(path) != memory.path:
            _check_free(store, path)
        if content is not None:
            check_content(content)
        if precondition := fields.get("precondition"):
            if precondition.get("type") != "content_sha256":
                raise RejectionError(400, "precondition.type: must be content_sha256")
            _check_hash(memory, precondition.get("content_sha256"))
        store.change(memory, API, content=content, path=path)
        return Answer(body=_shown(store, memory, view_of(asked, "basic")))

    def _delete(self, asked: Asked) -> Answer:
        store, memory = self._find(asked, to_change=True)
        if expected := asked.first("expected_content_sha256"):
            _check_hash(memory, expected)
        store.delete(memory, API)
        return Answer(body={"id": memory.id, "type": "memory_deleted"})

    def _list(self, asked: Asked) -> Answer:
        store = self._all.store(asked.named["store"])
        view, prefix, depth = view_of(asked, "basic"), asked.first("path_prefix"), asked.first("depth", "0")
        if prefix and not prefix.endswith("/"):
            raise RejectionError(400, "path_prefix: must end with /")
        if depth not in ("0", "1"):
            raise RejectionError(400, "depth: must be 0 or 1")
        listed: dict[str, dict[str, Any]] = {}
        start = prefix or "/"
        for memory in sorted(store.memories.values(), key=lambda memory: memory.path):
            if not memory.path.startswith(start):
                continue
            folder, slash, _ = memory.path.removeprefix(start).partition("/")
            if depth == "1" and slash:
                listed[f"{start}{folder}/"] = {"type": "memory_prefix", "path": f"{start}{folder}/"}
            else:
                listed[memory.path] = _shown(store, memory, view)
        size = min(self.page, _FULL_PAGE) if view == "full" else self.page
        return Answer(body=page_of(list(listed.values()), asked, size))


def view_of(asked: Asked, usual: str) -> str:
    """basic or full, as asked for."""
    view = asked.first("view", usual)
    if view not in _VIEWS:
        raise RejectionError(400, f"view: must be one of {', '.join(_VIEWS)}")
    return view


def _shown(store: Store, memory: Memory, view: str) -> dict[str, Any]:
    raw = memory.content.encode()
    return {
        "id": memory.id, "type": "memory", "memory_store_id": store.about["id"],
        "memory_version_id": memory.version, "path": memory.path,
        "content": memory.content if view == "full" else None, "content_size_bytes": len(raw),
        "content_sha256": hashlib.sha256(raw).hexdigest(), "created_at": memory.created_at,
        "updated_at": memory.updated_at,
    }  # fmt: skip


def _check_free(store: Store, path: str) -> None:
    taken = store.at(path)
    if taken:
        raise RejectionError(
            409,
            f"a memory already exists at {path}",
            type="memory_path_conflict_error",
            conflicting_memory_id=taken.id,
            conflicting_path=path,
        )


def _check_hash(memory: Memory, expected: object) -> None:
    if expected != hashlib.sha256(memory.content.encode()).hexdigest():
        raise RejectionError(
            409, "the content isn't what was expected", type="memory_precondition_failed_error"
        )
