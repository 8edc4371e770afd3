import hashlib

import anthropic
import pytest

from rembench.testing import Memories
from tests.harness.fake.clients import claude
from tests.harness.fake.managed_agents.asking import store_with


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_memory_is_made_read_moved_and_deleted(service):
    with claude(service) as client:
        store = store_with(client)
        memories = client.beta.memory_stores.memories
        made = memories.create(store, path="/people/imre.md", content="- potter č\n")
        assert (made.content, made.content_size_bytes, made.content_sha256) == (
            None,
            12,
            sha256("- potter č\n"),
        )
        read = memories.retrieve(made.id, memory_store_id=store)
        assert read.content == "- potter č\n"
        moved = memories.update(made.id, memory_store_id=store, path="/imre.md", view="full")
        assert (moved.id, moved.path, moved.content) == (made.id, "/imre.md", "- potter č\n")
        assert moved.memory_version_id != made.memory_version_id
        memories.delete(made.id, memory_store_id=store)
        assert list(memories.list(store)) == []


def test_list_has_pages_and_contents_only_where_asked_for(service):
    with claude(service) as client:
        store = store_with(client, c="C", a="A", b="B")
        memories = client.beta.memory_stores.memories
        assert [(m.path, m.content) for m in memories.list(store)] == [
            ("/a.md", None),
            ("/b.md", None),
            ("/c.md", None),
        ]
        assert [m.content for m in memories.list(store, view="full")] == ["A", "B", "C"]
        assert len(service.asked.to(f"GET /v1/memory_stores/{store}/memories")) == 4


def test_depth_one_shows_folders_as_prefixes(service):
    with claude(service) as client:
        store = store_with(client, **{"a/b/c": "1", "a/d": "2", "a-e": "3", "f": "4"})
        memories = client.beta.memory_stores.memories
        top = [(item.type, item.path) for item in memories.list(store, depth=1)]
        assert top == [("memory", "/a-e.md"), ("memory_prefix", "/a/"), ("memory", "/f.md")]
        below = [(item.type, item.path) for item in memories.list(store, depth=1, path_prefix="/a/")]
        assert below == [("memory_prefix", "/a/b/"), ("memory", "/a/d.md")]
        assert [item.path for item in memories.list(store, path_prefix="/a/")] == ["/a/b/c.md", "/a/d.md"]
        with pytest.raises(anthropic.BadRequestError, match="path_prefix"):
            memories.list(store, path_prefix="/a")


def test_a_taken_path_is_a_conflict_that_names_who_has_it(service):
    with claude(service, max_retries=0) as client:
        store = store_with(client, a="A")
        memories = client.beta.memory_stores.memories
        (there,) = memories.list(store)
        with pytest.raises(anthropic.ConflictError) as caught:
            memories.create(store, path="/a.md", content="B")
        assert caught.value.type == "memory_path_conflict_error"
        assert caught.value.body["error"]["conflicting_memory_id"] == there.id
        other = memories.create(store, path="/b.md", content="B")
        with pytest.raises(anthropic.ConflictError):
            memories.update(other.id, memory_store_id=store, path="/a.md")


def test_a_failed_precondition_is_a_conflict_and_changes_nothing(service):
    with claude(service, max_retries=0) as client:
        store = store_with(client, a="A")
        memories = client.beta.memory_stores.memories
        (there,) = memories.list(store)
        wrong = {"type": "content_sha256", "content_sha256": sha256("B")}
        right = {"type": "content_sha256", "content_sha256": sha256("A")}
        with pytest.raises(anthropic.ConflictError) as caught:
            memories.update(there.id, memory_store_id=store, content="C", precondition=wrong)
        assert caught.value.type == "memory_precondition_failed_error"
        with pytest.raises(anthropic.ConflictError):
            memories.delete(there.id, memory_store_id=store, expected_content_sha256=sha256("B"))
        changed = memories.update(there.id, memory_store_id=store, content="C", precondition=right, view="full")
        assert changed.content == "C"


@pytest.mark.parametrize(
    "path",
    [
        "a.md", "/", "/a//b", "/./a", "/a/..", "/" + "/".join("abcdefghijklmnopqrstu"), "/" + "é" * 512,
        "/a\nb", "/a\u200bb", "/a\u2028b", "/e\u0301",
    ],
)  # fmt: skip
def test_a_path_that_breaks_a_rule_is_refused(service, path):
    with claude(service) as client:
        store = store_with(client)
        with pytest.raises(anthropic.BadRequestError, match="path"):
            client.beta.memory_stores.memories.create(store, path=path, content="x")


def test_content_has_at_most_102400_bytes(service):
    with claude(service) as client:
        store = store_with(client, empty="", full="é" * 51_200)
        with pytest.raises(anthropic.BadRequestError, match="102400"):
            client.beta.memory_stores.memories.create(store, path="/x", content="é" * 51_200 + "x")


def test_an_archived_store_takes_no_memory(service):
    with claude(service) as client:
        store = store_with(client, a="A")
        client.beta.memory_stores.archive(store)
        with pytest.raises(anthropic.BadRequestError, match="archived"):
            client.beta.memory_stores.memories.create(store, path="/b.md", content="B")
        assert len(list(client.beta.memory_stores.memories.list(store))) == 1


def test_page_size_is_the_fakes_and_a_wrong_limit_is_refused(service):
    service.family(Memories).page = 3
    with claude(service) as client:
        store = store_with(client, a="A", b="B", c="C")
        memories = client.beta.memory_stores.memories
        assert len(memories.list(store, limit=100).data) == 3
        assert len(memories.list(store, limit=1).data) == 1
        with pytest.raises(anthropic.BadRequestError, match="limit"):
            memories.list(store, limit=101)
