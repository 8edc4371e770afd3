from tests.harness.fake.clients import claude
from tests.harness.fake.managed_agents.asking import store_with


def test_every_change_is_a_version_newest_first(service):
    with claude(service) as client:
        store = store_with(client, a="A", b="B")
        memories, versions = client.beta.memory_stores.memories, client.beta.memory_stores.memory_versions
        first, second = memories.list(store)
        memories.update(first.id, memory_store_id=store, content="A2")
        memories.delete(second.id, memory_store_id=store)
        log = list(versions.list(store, view="full"))
        assert [(v.operation, v.path, v.content) for v in log] == [
            ("deleted", "/b.md", None),
            ("modified", "/a.md", "A2"),
            ("created", "/b.md", "B"),
            ("created", "/a.md", "A"),
        ]
        assert {v.created_by.type for v in log} == {"api_actor"}
        assert [v.content for v in versions.list(store)] == [None] * 4
        assert [v.operation for v in versions.list(store, memory_id=first.id)] == ["modified", "created"]
        assert [v.path for v in versions.list(store, operation="deleted")] == ["/b.md"]
        assert list(versions.list(store, session_id="sesn_1")) == []


def test_a_redacted_version_keeps_nothing_of_the_text(service):
    with claude(service) as client:
        store = store_with(client, a="A")
        versions = client.beta.memory_stores.memory_versions
        (made,) = versions.list(store)
        redacted = versions.redact(made.id, memory_store_id=store)
        assert (redacted.content, redacted.path, redacted.content_sha256) == (None, None, None)
        assert versions.retrieve(made.id, memory_store_id=store) == redacted
        assert redacted.redacted_at
