import threading

import anthropic
import pytest

from rembench.testing import FakeService, Sessions
from tests.harness.fake.clients import claude
from tests.harness.fake.managed_agents.asking import agent_and_environment, said, session_with, store_with


def look_until_idle(client, session_id: str) -> list[str]:
    """The statuses that were seen, until something was answered."""
    seen = []
    while not list(client.beta.sessions.events.list(session_id, types=["session.status_idle"])):
        seen.append(client.beta.sessions.retrieve(session_id).status)
        assert len(seen) < 20
    return seen


def test_a_session_waits_runs_and_is_idle_again(service):
    with claude(service) as client:
        session = session_with(client, "x" * 40, **agent_and_environment(client))
        assert client.beta.sessions.events.list(session).data[0].processed_at is None
        assert look_until_idle(client, session) == ["idle", "running", "running", "idle"]
        after = client.beta.sessions.retrieve(session)
        assert [event.type for event in client.beta.sessions.events.list(session)] == [
            "user.message", "session.status_running", "span.model_request_start", "span.model_request_end",
            "agent.message", "session.status_idle",
        ]  # fmt: skip
        # "Say OK." and forty letters are 47 characters, a token is four of them; OK is one
        assert (after.usage.input_tokens, after.usage.output_tokens, after.usage.active_seconds) == (12, 1, 3.0)


def test_a_second_message_is_answered_too():
    with FakeService(Sessions(reply=str.upper)) as service, claude(service) as client:
        session = client.beta.sessions.create(**agent_and_environment(client))
        for number, text in enumerate(("one", "two"), 1):
            client.beta.sessions.events.send(session.id, events=said(text))
            while len(list(client.beta.sessions.events.list(session.id, types=["agent.message"]))) < number:
                client.beta.sessions.retrieve(session.id)
        answers = client.beta.sessions.events.list(session.id, types=["agent.message"], order="desc")
        assert [event.content[0].text for event in answers] == ["TWO", "ONE"]


@pytest.mark.parametrize("end", ["refusal", "retries_exhausted", "budget_reached"])
def test_a_turn_can_end_otherwise(end):
    with FakeService(Sessions(ends=[end])) as service, claude(service) as client:
        session = session_with(client, "hello", **agent_and_environment(client))
        look_until_idle(client, session)
        events = list(client.beta.sessions.events.list(session))
        assert events[-1].stop_reason.type == end
        assert "agent.message" not in {event.type for event in events}
        assert ("session.error" in {event.type for event in events}) == (end == "retries_exhausted")


def test_a_terminated_session_takes_nothing_any_more():
    with FakeService(Sessions(ends=["terminated"], looks=0)) as service, claude(service) as client:
        session = session_with(client, "hello", **agent_and_environment(client))
        assert [client.beta.sessions.retrieve(session).status for _ in range(2)] == ["running", "terminated"]
        with pytest.raises(anthropic.BadRequestError):
            client.beta.sessions.events.send(session, events=said("more"))


def test_stream_shows_what_comes_after_it_was_opened(service):
    with claude(service) as client:
        session = session_with(client, "hello", **agent_and_environment(client))
        look_until_idle(client, session)
        with client.beta.sessions.events.stream(session) as stream:
            sending = threading.Thread(
                target=client.beta.sessions.events.send, args=(session,), kwargs={"events": said("again")}
            )
            sending.start()
            types = [event.type for event in stream]
            sending.join()
        assert types == [
            "user.message", "session.status_running", "span.model_request_start", "span.model_request_end",
            "agent.message", "session.status_idle",
        ]  # fmt: skip


def test_agents_events_cannot_be_sent(service):
    with claude(service) as client:
        place = agent_and_environment(client)
        session = client.beta.sessions.create(**place)
        forged = [{"type": "agent.message", "content": [{"type": "text", "text": "I said so"}]}]
        with pytest.raises(anthropic.BadRequestError, match=r"agent\.message"):
            client.beta.sessions.events.send(session.id, events=forged)
        with pytest.raises(anthropic.BadRequestError, match=r"user\.interrupt"):
            client.beta.sessions.create(initial_events=[{"type": "user.interrupt"}], **place)
        with pytest.raises(anthropic.BadRequestError, match="at most 50"):
            client.beta.sessions.create(initial_events=said("x") * 51, **place)


def test_a_running_session_is_not_deleted_until_it_is_interrupted(service):
    with claude(service) as client:
        session = session_with(client, "hello", **agent_and_environment(client))
        for remove in (client.beta.sessions.delete, client.beta.sessions.archive):
            with pytest.raises(anthropic.BadRequestError, match="running"):
                remove(session)
        client.beta.sessions.events.send(session, events=[{"type": "user.interrupt"}])
        assert client.beta.sessions.archive(session).archived_at
        assert client.beta.sessions.delete(session).type == "session_deleted"


def test_list_can_be_filtered(service):
    with claude(service) as client:
        place, other = agent_and_environment(client), agent_and_environment(client)
        store = store_with(client)
        plain = client.beta.sessions.create(**place, metadata={"k": "v"})
        attached = client.beta.sessions.create(
            **other, resources=[{"type": "memory_store", "memory_store_id": store, "access": "read_only"}]
        )
        sessions = client.beta.sessions
        service.family(Sessions).looks = 0
        busy = session_with(client, "hello", **place)
        assert [s.id for s in sessions.list(statuses=["running"])] == [busy]
        assert [s.id for s in sessions.list()] == [busy, attached.id, plain.id]
        assert [s.id for s in sessions.list(order="asc", agent_id=place["agent"])] == [plain.id, busy]
        assert [s.id for s in sessions.list(memory_store_id=store)] == [attached.id]
        sessions.archive(plain.id)
        assert plain.id not in [s.id for s in sessions.list()]
        assert sessions.update(attached.id, title="t").title == "t"
