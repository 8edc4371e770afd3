"""A memory into a store of the service, and out of one."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.night import InvalidOutputError, Memory, ProviderError
from rembench.harness.providers.managed_agents.service import ManagedAgents, ServiceError, Thing

CONTENT_BYTES = 102_400
MOST_MEMORIES = 2000
_RESERVED = ".anthropic-memory-store"
_PATH_BYTES, _SEGMENTS = 1024, 20
_FORBIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def check_uploadable(memory: Memory) -> None:
    """ProviderError for a memory that no store of the service can hold, before anything is made there."""
    if len(memory) > MOST_MEMORIES:
        raise ProviderError(f"{len(memory)} files, a memory store of the service holds {MOST_MEMORIES}")
    for path, text in memory.items():
        if wrong := _path_fault(path) or _size_fault(text):
            short = one_line(path, 80)
            raise ProviderError(f"{short!r} can't be in a memory store of the service: {wrong}")


def _path_fault(path: str) -> str | None:
    if path.partition("/")[0] == _RESERVED:
        return "its name is reserved"
    if len(f"/{path}".encode()) > _PATH_BYTES:
        return f"its path has more than {_PATH_BYTES} bytes"
    if path.count("/") >= _SEGMENTS:
        return f"its path has more than {_SEGMENTS} parts"
    if any(unicodedata.category(c) in _FORBIDDEN for c in path):
        return "its path has a control or format character"
    if unicodedata.normalize("NFC", path) != path:
        return "its path isn't in Unicode Normalization Form C"
    return None


def _size_fault(text: str) -> str | None:
    size = len(text.encode())
    return f"it has {size} bytes, {CONTENT_BYTES} are allowed" if size > CONTENT_BYTES else None


async def upload(service: ManagedAgents, store_id: str, memory: Memory) -> None:
    """Put every file into the store; one that's there already from a try before is left."""
    for path, text in memory.items():
        await _put(service, store_id, f"/{path}", text)


async def _put(service: ManagedAgents, store_id: str, path: str, text: str) -> None:
    memories = service.client.beta.memory_stores.memories

    async def find() -> Thing | None:
        async def first() -> Any:
            return await memories.list(store_id, view="full")

        async for item in service.items(first):
            if item.get("path") == path and item.get("content") == text:
                return item
        return None

    try:
        await service.create(lambda: memories.create(store_id, path=path, content=text), find)
    except ServiceError as error:
        if error.status == 409:
            raise ProviderError(one_line(f"{path}: something else is there already: {error}", 280)) from None
        raise


async def download(service: ManagedAgents, store_id: str) -> Mapping[str, str]:
    """All memories of a store: relative path → text, in the order of the paths."""
    memories = service.client.beta.memory_stores.memories

    async def first() -> Any:
        return await memories.list(store_id, view="full")

    found: dict[str, str] = {}
    async for item in service.items(first):
        if item.get("type") != "memory":
            continue
        path, text = item.get("path"), item.get("content")
        if not isinstance(path, str) or not isinstance(text, str):
            raise InvalidOutputError(f"{store_id}: a memory without path or text")
        found[path.removeprefix("/")] = text
    return dict(sorted(found.items()))
