"""For tests of your own consolidators: the services of Anthropic and OpenAI, faked on this machine."""

from rembench.harness.fake.family import Family
from rembench.harness.fake.faults import Fault
from rembench.harness.fake.models import AnthropicModels, OpenAIModels
from rembench.harness.fake.service import FakeService
from rembench.harness.fake.wire import Answer, Asked, Events, Frame, RejectionError

__all__ = [
    "Answer",
    "AnthropicModels",
    "Asked",
    "Events",
    "FakeService",
    "Family",
    "Fault",
    "Frame",
    "OpenAIModels",
    "RejectionError",
]
