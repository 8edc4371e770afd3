"""What a shell offers for the names of packs and consolidators."""

from rembench.consolidators.load import known_consolidators
from rembench.harness.scenario.pack import pack_names


def packs(incomplete: str) -> list[str]:
    """The names of packs that begin so."""
    return [name for name in pack_names() if name.startswith(incomplete)]


def consolidators(incomplete: str) -> list[str]:
    """The names of consolidators that begin so."""
    return [name for name in known_consolidators() if name.startswith(incomplete)]
