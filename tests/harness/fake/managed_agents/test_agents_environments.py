import anthropic
import pytest

from tests.harness.fake.clients import claude
from tests.harness.fake.managed_agents.asking import agent_and_environment, session_with


def test_an_agent_gets_a_version_with_every_change_and_is_archived(service):
    with claude(service, max_retries=0) as client:
        agents = client.beta.agents
        made = agents.create(name="a", model="claude-haiku-5-5", metadata={"k": "v"})
        changed = agents.update(made.id, version=1, system="Say OK.")
        assert (made.version, changed.version, changed.system) == (1, 2, "Say OK.")
        with pytest.raises(anthropic.ConflictError):
            agents.update(made.id, version=1, name="b")
        archived = agents.archive(made.id)
        assert archived.archived_at
        assert [agent.id for agent in agents.list()] == []
        assert [agent.id for agent in agents.list(include_archived=True)] == [made.id]
        assert agents.retrieve(made.id) == archived


def test_an_archived_agent_starts_no_session(service):
    with claude(service) as client:
        place = agent_and_environment(client)
        client.beta.agents.archive(place["agent"])
        with pytest.raises(anthropic.BadRequestError, match="archived"):
            session_with(client, "hello", **place)


def test_an_environment_is_complete_and_can_be_changed_and_deleted(service):
    with claude(service) as client:
        environments = client.beta.environments
        made = environments.create(name="e", config={"type": "cloud", "networking": {"type": "limited"}})
        assert made.config.networking.allowed_hosts == []
        assert made.config.packages.pip == []
        assert environments.update(made.id, name="f", metadata={"k": "v"}).metadata == {"k": "v"}
        assert [found.name for found in environments.list()] == ["f"]
        assert environments.delete(made.id).type == "environment_deleted"
        assert list(environments.list()) == []


def test_an_environment_with_a_session_in_it_is_not_deleted(service):
    with claude(service) as client:
        place = agent_and_environment(client)
        session = client.beta.sessions.create(**place)
        with pytest.raises(anthropic.BadRequestError, match="has sessions"):
            client.beta.environments.delete(place["environment_id"])
        client.beta.sessions.delete(session.id)
        client.beta.environments.delete(place["environment_id"])


@pytest.mark.parametrize("config", [{"type": "moon"}, {"type": "cloud", "networking": {"type": "open"}}])
def test_an_environment_of_no_known_sort_is_refused(service, config):
    with claude(service) as client, pytest.raises(anthropic.BadRequestError):
        client.beta.environments.create(name="e", config=config)


def test_an_agent_without_model_or_with_an_unknown_tool_is_refused(service):
    with claude(service) as client:
        with pytest.raises(anthropic.BadRequestError, match="model"):
            client.beta.agents.create(name="a", model=None)
        with pytest.raises(anthropic.BadRequestError, match="tools"):
            client.beta.agents.create(name="a", model="m", tools=[{"type": "hammer"}])
