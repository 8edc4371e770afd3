"""Which chain is which: a scenario's name and a repeat. Only `replay` may import this module.

Memories made elsewhere are filed under the scenarios' names, which no other consolidator is told: a night's
chain is an opaque name. Made by `rembench.harness.cli.plan`, and handed only to the consolidator whose table
entry says `named=True`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ChainName:
    """One scenario, once: the first time is repeat 0."""

    scenario: str
    repeat: int


@dataclass(frozen=True, slots=True)
class ChainNames:
    """The names of all chains of a run, by the opaque name that a night has."""

    names: Mapping[str, ChainName]

    def name(self, chain: str) -> ChainName:
        """The name of a night's chain; KeyError for one that isn't in the run."""
        return self.names[chain]
