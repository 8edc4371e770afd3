"""The list of all families that a service has unless told otherwise."""

from rembench.harness.fake.family import Family
from rembench.harness.fake.models import AnthropicModels, OpenAIModels

FAMILIES: tuple[type[Family], ...] = (
    AnthropicModels,
    OpenAIModels,
)
