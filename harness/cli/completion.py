"""What a shell offers for the names of packs, consolidators and models."""

from rembench.consolidators.load import known_consolidators
from rembench.harness.providers.load import known_models
from rembench.harness.scenario.pack import pack_names


def packs(incomplete: str) -> list[str]:
    """The names of packs that begin so."""
    return [name for name in pack_names() if name.startswith(incomplete)]


def consolidators(incomplete: str) -> list[str]:
    """The names of consolidators that begin so."""
    return [name for name in known_consolidators() if name.startswith(incomplete)]


def models(incomplete: str) -> list[str]:
    """The names of providers that begin so."""
    return [name for name in known_models() if name.startswith(incomplete)]
