"""The list of all families that a service has unless told otherwise."""

from rembench.harness.fake.batches import Batches
from rembench.harness.fake.chat import Chat
from rembench.harness.fake.family import Family
from rembench.harness.fake.messages import Messages
from rembench.harness.fake.models import AnthropicModels, OpenAIModels
from rembench.harness.fake.responses import Responses

FAMILIES: tuple[type[Family], ...] = (
    AnthropicModels,
    OpenAIModels,
    Messages,
    Batches,
    Chat,
    Responses,
)
