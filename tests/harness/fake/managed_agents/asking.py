"""What tests of the managed-agents families begin with."""

from anthropic import Anthropic


def store_with(client: Anthropic, **texts: str) -> str:
    """The id of a new store; a keyword is a path without slash and ending."""
    store = client.beta.memory_stores.create(name="tests")
    for name, text in texts.items():
        client.beta.memory_stores.memories.create(store.id, path=f"/{name}.md", content=text)
    return store.id


def agent_and_environment(client: Anthropic) -> dict[str, str]:
    """The two arguments that every session needs."""
    agent = client.beta.agents.create(name="tests", model="claude-haiku-5-5", system="Say OK.")
    environment = client.beta.environments.create(
        name="tests", config={"type": "cloud", "networking": {"type": "limited"}}
    )
    return {"agent": agent.id, "environment_id": environment.id}


def said(*texts: str) -> list[dict]:
    """User messages."""
    return [{"type": "user.message", "content": [{"type": "text", "text": text}]} for text in texts]


def session_with(client: Anthropic, text: str, **place: str) -> str:
    """The id of a new session in which that was said."""
    return client.beta.sessions.create(initial_events=said(text), **place).id
