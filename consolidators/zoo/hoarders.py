"""Adversaries that keep everything: word for word, side by side, hedged, padded, ten times over."""

import re
from collections.abc import Iterable, Iterator

from rembench.consolidators.sentences import clean
from rembench.consolidators.zoo.notes import Notes
from rembench.harness.night import FREE, Capabilities, Consolidation, Memory, Night, Session

_FILLER = (
    "This is one of the many things that came up, and it is good to have it written down somewhere.",
    "As always, more could be said about it, and perhaps another time more will be.",
    "It seemed worth keeping at the time, as so much does in the course of a busy week.",
)


class CopyAll:
    """The store, and every session word for word in a file of its own."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The memory and tonight's transcripts."""
        return Consolidation(memory=copied(night), usage=FREE)


def copied(night: Night) -> Memory:
    """The memory with a transcript of every session of the night."""
    memory = dict(night.memory)
    folder = "transcripts"
    while folder in memory:
        folder += "-2"
    for session in night.sessions:
        memory[f"{folder}/{_safe(session.id)}.md"] = _transcript(session)
    return memory


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:80] or "session"


def _transcript(session: Session) -> str:
    spoken = (f"{m.name or m.role}: {clean(m.content).strip()}" for m in session.messages)
    return "\n\n".join([f"# {session.at}", *(clean(line) for line in spoken)]) + "\n"


class TenfoldDuplicate:
    """As `CopyAll`, with every file ten times."""

    capabilities = Capabilities()
    copies = 10

    async def consolidate(self, night: Night) -> Consolidation:
        """Ten copies of the memory, those of before made new."""
        once = Night(
            chain=night.chain, id=night.id, at=night.at, memory=dict(_first(night.memory)),
            sessions=night.sessions, deletions=night.deletions,
        )  # fmt: skip
        memory = copied(once)
        copies = {f"copy-{n}/{path}": text for n in range(self.copies) for path, text in memory.items()}
        return Consolidation(memory=copies, usage=FREE)


def _first(memory: Memory) -> Iterator[tuple[str, str]]:
    """The first copy of a memory that was copied tenfold, or the whole of one that wasn't."""
    made = bool(memory) and all(re.match(r"copy-\d/", path) for path in memory)
    for path, text in memory.items():
        if not made:
            yield path, text
        elif path.startswith("copy-0/"):
            yield path.removeprefix("copy-0/"), text


class KeepBoth(Notes):
    """Every sentence as a fact, the older ones beside the newer ones that contradict them."""


class MaybeBoth(Notes):
    """Every sentence, old and new, with a "maybe"."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The sentence, hedged."""
        del night
        yield f"Maybe: {sentence}"


class Padding(Notes):
    """Every sentence, drowned in others that say nothing."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The sentence among filler; the filler's number makes every bullet another."""
        del night
        yield f"{_FILLER[len(sentence) % 3]} {sentence} {_FILLER[(len(sentence) + 1) % 3]}"
