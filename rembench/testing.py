"""For tests of your own consolidators: the services of Anthropic and OpenAI, faked on this machine."""

from rembench.harness.fake.agents import Agents
from rembench.harness.fake.dream_run import DreamEnd
from rembench.harness.fake.dreams import Dreams
from rembench.harness.fake.environments import Environments
from rembench.harness.fake.family import Family
from rembench.harness.fake.faults import Fault
from rembench.harness.fake.memories import Memories
from rembench.harness.fake.memory_versions import MemoryVersions
from rembench.harness.fake.models import AnthropicModels, OpenAIModels
from rembench.harness.fake.service import FakeService
from rembench.harness.fake.session_events import SessionEvents
from rembench.harness.fake.sessions import Sessions
from rembench.harness.fake.stores import MemoryStores
from rembench.harness.fake.wire import Answer, Asked, Events, Frame, RejectionError

__all__ = [
    "Agents",
    "Answer",
    "AnthropicModels",
    "Asked",
    "DreamEnd",
    "Dreams",
    "Environments",
    "Events",
    "FakeService",
    "Family",
    "Fault",
    "Frame",
    "Memories",
    "MemoryStores",
    "MemoryVersions",
    "OpenAIModels",
    "RejectionError",
    "SessionEvents",
    "Sessions",
]
