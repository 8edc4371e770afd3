"""The list of all families that a service has unless told otherwise."""

from rembench.harness.fake.agents import Agents
from rembench.harness.fake.batches import Batches
from rembench.harness.fake.chat import Chat
from rembench.harness.fake.dreams import Dreams
from rembench.harness.fake.environments import Environments
from rembench.harness.fake.family import Family
from rembench.harness.fake.memories import Memories
from rembench.harness.fake.memory_versions import MemoryVersions
from rembench.harness.fake.messages import Messages
from rembench.harness.fake.models import AnthropicModels, OpenAIModels
from rembench.harness.fake.responses import Responses
from rembench.harness.fake.session_events import SessionEvents
from rembench.harness.fake.sessions import Sessions
from rembench.harness.fake.stores import MemoryStores

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
