"""The list of all families that a service has unless told otherwise."""

from rembench.harness.fake.claude.batches import Batches
from rembench.harness.fake.claude.messages import Messages
from rembench.harness.fake.family import Family
from rembench.harness.fake.managed_agents.agents import Agents
from rembench.harness.fake.managed_agents.dreams import Dreams
from rembench.harness.fake.managed_agents.environments import Environments
from rembench.harness.fake.managed_agents.memories import Memories
from rembench.harness.fake.managed_agents.memory_versions import MemoryVersions
from rembench.harness.fake.managed_agents.session_events import SessionEvents
from rembench.harness.fake.managed_agents.sessions import Sessions
from rembench.harness.fake.managed_agents.stores import MemoryStores
from rembench.harness.fake.models import AnthropicModels, OpenAIModels
from rembench.harness.fake.openai_compatible.chat import Chat
from rembench.harness.fake.openai_compatible.responses import Responses

FAMILIES: tuple[type[Family], ...] = (
    AnthropicModels,
    OpenAIModels,
    Messages,
    Batches,
    Chat,
    Responses,
    MemoryStores,
    Memories,
    MemoryVersions,
    Agents,
    Environments,
    Sessions,
    SessionEvents,
    Dreams,
)
