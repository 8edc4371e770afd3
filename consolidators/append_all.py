"""The hoarder: the store and every message of every session, dated. Forgets and corrects nothing.

A session that's handed over again is written again: nothing is compared with what's there.
"""

from rembench.consolidators.sentences import clean, sessions_path
from rembench.harness.night import FREE, Capabilities, Consolidation, Night, Session


class AppendAll:
    """Appends the sessions to one file as dated transcripts."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The memory with tonight's transcripts at the end of `memory/sessions.md`."""
        memory = dict(night.memory)
        if night.sessions:
            path = sessions_path(memory)
            parts = [memory[path].rstrip("\n")] if memory.get(path) else []
            parts.extend(_transcript(session) for session in night.sessions)
            memory[path] = "\n\n".join(parts) + "\n"
        return Consolidation(memory=memory, usage=FREE)


def _transcript(session: Session) -> str:
    spoken = (
        f"{message.name or message.role}: {clean(message.content).strip()}" for message in session.messages
    )
    return "\n\n".join([f"## {session.at}", *spoken])
