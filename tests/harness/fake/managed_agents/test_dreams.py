import anthropic
import pytest

from rembench.testing import DreamEnd, Dreams, FakeService, MemoryStores
from tests.harness.fake.clients import claude
from tests.harness.fake.managed_agents.asking import agent_and_environment, session_with, store_with


def dream_of(client, *texts: str, **options):
    """A dream over the store a.md, b.md and one session a text."""
    store = options.pop("store", None) or store_with(client, a="A", b="B")
    place = agent_and_environment(client)
    sessions = [session_with(client, text, **place) for text in texts or ("hello",)]
    inputs = [
        {"type": "memory_store", "memory_store_id": store},
        {"type": "sessions", "session_ids": sessions},
    ]
    return client.beta.dreams.create(**{"inputs": inputs, "model": "claude-sonnet-5", **options})


def ended(client, dream):
    """All that was seen of a dream on the way to its end."""
    seen = [dream]
    while seen[-1].status in ("pending", "running"):
        seen.append(client.beta.dreams.retrieve(dream.id))
        assert len(seen) < 50
    return seen


def joined(memory, transcripts, instructions):
    return {"all.md": "\n".join([*memory.values(), *transcripts, str(instructions)]), "a.md": "A"}


def test_a_dream_writes_what_its_script_says_into_a_copy():
    with FakeService(Dreams(joined)) as service, claude(service) as client:
        seen = ended(client, dream_of(client, "one", "two", instructions="Tidy up."))
        assert [(dream.status, len(dream.outputs)) for dream in seen] == [
            ("pending", 0), ("pending", 0), ("running", 0), ("running", 1), ("completed", 1)
        ]  # fmt: skip
        stores, done = service.family(MemoryStores).stores, seen[-1]
        output = stores[done.outputs[0].memory_store_id]
        assert output.texts == {"/a.md": "A", "/all.md": "A\nB\none\ntwo\nTidy up."}
        assert stores[done.inputs[0].memory_store_id].texts == {"/a.md": "A", "/b.md": "B"}
        assert seen[0].usage.output_tokens == 0 < seen[2].usage.output_tokens < done.usage.output_tokens


def test_before_the_end_the_output_is_half_written():
    with FakeService(Dreams(joined)) as service, claude(service) as client:
        *_, half, _ = ended(client, dream_of(client))
        dreams, stores = service.family(Dreams), service.family(MemoryStores).stores
        dreams.looks = 1000
        held = dream_of(client)
        dreams.dreams[held.id].looks = 0
        for _ in range(3):
            shown = client.beta.dreams.retrieve(held.id)
            if shown.outputs:
                break
        assert half.status == shown.status == "running"
        assert stores[shown.outputs[0].memory_store_id].texts["/half-written.md"] == "Not finished"


def test_the_dreams_session_shows_what_it_wrote():
    with FakeService(Dreams(joined)) as service, claude(service) as client:
        done = ended(client, dream_of(client))[-1]
        events = list(client.beta.sessions.events.list(done.session_id))
        assert [e.input["path"] for e in events if e.type == "agent.tool_use"] == ["/all.md", "/a.md"]
        assert events[-1].type == "session.status_idle"
        assert client.beta.sessions.retrieve(done.session_id).archived_at
        output = done.outputs[0].memory_store_id
        edits = list(client.beta.memory_stores.memory_versions.list(output, session_id=done.session_id))
        assert {(edit.path, edit.operation) for edit in edits} >= {("/all.md", "created"), ("/b.md", "deleted")}


@pytest.mark.parametrize(
    ("end", "status", "outputs"),
    [
        (DreamEnd(status="failed", error="timeout"), "failed", 1),
        (DreamEnd(status="failed", output=False), "failed", 0),
        (DreamEnd(status="canceled"), "canceled", 1),
        (DreamEnd(output=False), "completed", 0),
    ],
)
def test_a_dream_ends_as_scripted_and_the_next_one_well(end, status, outputs):
    with FakeService(Dreams(ends=[end])) as service, claude(service) as client:
        done = ended(client, dream_of(client))[-1]
        assert (done.status, len(done.outputs)) == (status, outputs)
        assert (done.error.type if done.error else None) == (end.error if status == "failed" else None)
        assert ended(client, dream_of(client))[-1].status == "completed"


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_key_without_the_preview_is_refused_everywhere(service, status):
    service.family(Dreams).refused = status
    with claude(service) as client, pytest.raises(anthropic.APIStatusError) as caught:
        client.beta.dreams.list(limit=1)
    assert caught.value.status_code == status


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"inputs": [{"type": "sessions", "session_ids": ["sesn_0001"]}]}, "exactly one"),
        ({"instructions": ""}, "instructions"),
        ({"instructions": "x" * 4097}, "4096"),
        ({"model": {"id": "claude-opus-5", "speed": "fast"}}, "speed"),
        ({"output_behavior": {"type": "update_existing", "memory_store_id": "memstore_x"}}, "input store"),
        ({"extra_body": {"metadata": {}}}, "metadata"),
    ],
)
def test_a_dream_that_breaks_a_rule_is_refused(service, wrong, says):
    with claude(service) as client, pytest.raises(anthropic.BadRequestError, match=says):
        dream_of(client, **wrong)


@pytest.mark.parametrize("names", [[], ["sesn_0001"] * 2, [f"sesn_{n}" for n in range(101)]])
def test_session_ids_are_1_to_100_and_all_different(service, names):
    with claude(service) as client:
        store = store_with(client)
        session_with(client, "hello", **agent_and_environment(client))
        inputs = [
            {"type": "memory_store", "memory_store_id": store},
            {"type": "sessions", "session_ids": names},
        ]
        with pytest.raises(anthropic.BadRequestError, match="1 to 100"):
            client.beta.dreams.create(inputs=inputs, model="m")


def test_inputs_must_exist_and_the_store_must_not_be_archived(service):
    with claude(service) as client:
        with pytest.raises(anthropic.NotFoundError, match="memstore_9"):
            dream_of(client, store="memstore_9")
        store = store_with(client)
        client.beta.memory_stores.archive(store)
        with pytest.raises(anthropic.BadRequestError, match="archived"):
            dream_of(client, store=store)


def test_only_the_models_that_are_named_are_taken():
    with FakeService(Dreams(models={"claude-sonnet-5"})) as service, claude(service) as client:
        dream_of(client)
        with pytest.raises(anthropic.BadRequestError, match="claude-haiku-5-5"):
            dream_of(client, model="claude-haiku-5-5")


def test_a_dream_into_its_own_store_excludes_another_one(service):
    with claude(service, max_retries=0) as client:
        store = store_with(client, a="A")
        into = {"type": "update_existing", "memory_store_id": store}
        first = dream_of(client, store=store, output_behavior=into)
        with pytest.raises(anthropic.ConflictError):
            dream_of(client, store=store, output_behavior=into)
        assert ended(client, first)[-1].outputs[0].memory_store_id == store
        dream_of(client, store=store, output_behavior=into)


def test_cancel_and_archive_follow_the_status(service):
    with claude(service) as client:
        dreams = client.beta.dreams
        done = ended(client, dream_of(client))[-1]
        with pytest.raises(anthropic.BadRequestError, match="completed"):
            dreams.cancel(done.id)
        begun = dream_of(client)
        with pytest.raises(anthropic.BadRequestError, match="cancel it first"):
            dreams.archive(begun.id)
        assert dreams.cancel(begun.id).status == dreams.cancel(begun.id).status == "canceled"
        dreams.archive(done.id)
        assert [dream.id for dream in dreams.list()] == [begun.id]
        assert [dream.id for dream in dreams.list(include_archived=True)] == [begun.id, done.id]
        assert [dream.id for dream in dreams.list(statuses=["completed"], include_archived=True)] == [done.id]


def test_a_dream_whose_input_is_taken_away_fails(service):
    with claude(service) as client:
        first, second = dream_of(client), dream_of(client)
        client.beta.memory_stores.delete(first.inputs[0].memory_store_id)
        for session in second.inputs[1].session_ids:
            client.beta.sessions.events.send(session, events=[{"type": "user.interrupt"}])
            client.beta.sessions.delete(session)
        errors = [ended(client, dream)[-1].error.type for dream in (first, second)]
        assert errors == ["input_memory_store_unavailable", "input_session_unavailable"]


def test_a_held_dream_goes_on_when_it_is_let_go():
    with FakeService(Dreams(looks=1000)) as service, claude(service) as client:
        dream = dream_of(client)
        assert {client.beta.dreams.retrieve(dream.id).status for _ in range(20)} == {"pending"}
        service.family(Dreams).go_on()
        assert [client.beta.dreams.retrieve(dream.id).status for _ in range(3)][-1] == "completed"
