"""The answer key: the right memory of every night. Only the oracle may import this module.

The key holds finished texts, not items or expectations: whoever has it can copy it and learn nothing
else. It's written by `rembench.harness.scenario.answers` and handed only to the consolidator whose
table entry says `answers=True`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rembench.harness.night import Memory


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """`memories[chain][night id]` is the right memory after that night."""

    memories: Mapping[str, Mapping[str, Memory]]

    def memory(self, chain: str, night: str) -> Memory:
        """The right memory of one night; KeyError for a chain that isn't in the key."""
        return self.memories[chain][night]
