"""A consolidator in one file: keeps the store, and what the user says they like, want or avoid.

rembench run -c examples/keep_preferences.py:KeepPreferences
rembench run -c examples/keep_preferences.py:KeepPreferences:words=prefer|never
"""

import re

from rembench import Capabilities, Consolidation, Night, Usage

PATH = "user/preferences.md"


class KeepPreferences:
    """Appends the user's sentences that have one of `words`, separated by |, as dated bullets."""

    capabilities = Capabilities()

    def __init__(self, *, words: str = "prefer|like|love|hate|want|always|never") -> None:
        self._pattern = re.compile(rf"\b(?:{words})", re.IGNORECASE)

    async def consolidate(self, night: Night) -> Consolidation:
        """The whole new memory: the old one with tonight's preferences added."""
        kept = night.memory.get(PATH, "").splitlines()
        for session in night.sessions:
            for message in session.messages:
                for sentence in re.split(r"(?<=[.!?])\s+", message.content):
                    line = f"- {session.at[:10]}: {' '.join(sentence.split())}"
                    wanted = message.role == "user" and self._pattern.search(sentence)
                    if wanted and line not in kept:
                        kept.append(line)
        memory = dict(night.memory)
        if kept:
            memory[PATH] = "\n".join(kept) + "\n"
        return Consolidation(memory=memory, usage=Usage(calls=0, usd=0.0))
