"""One file of bullets that only grows: what most of the zoo writes, each in its own way.

Every sentence of the store and of the sessions becomes a bullet of `PATH`, written by `entry`; those of
earlier nights stay as they are. What's said again isn't written again.
"""

from collections.abc import Iterable, Iterator

from rembench.consolidators.sentences import clean, sentences
from rembench.harness.night import FREE, Capabilities, Consolidation, Memory, Night

PATH = "zoo-notes.md"


class Notes:
    """Writes every new sentence with `entry`; to be given one by a subclass."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The bullets of before, then those of what's new."""
        lines = dict.fromkeys(bullets(night.memory.get(PATH, "")))
        for sentence in fresh(night):
            lines.update(dict.fromkeys(self.entry(sentence, night)))
        return Consolidation(memory=written(lines), usage=FREE)

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The bullets that a sentence becomes; as it is."""
        del night
        yield sentence


def fresh(night: Night) -> Iterator[str]:
    """The sentences of the store's other files, then of tonight's sessions, without repetitions."""
    found: dict[str, None] = {}
    for path in sorted(night.memory):
        if path != PATH:
            found.update(dict.fromkeys(sentences(night.memory[path])))
    for session in night.sessions:
        for message in session.messages:
            found.update(dict.fromkeys(sentences(message.content)))
    yield from found


def bullets(text: str) -> list[str]:
    """The bullets of a file that this module wrote."""
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


def written(lines: Iterable[str]) -> Memory:
    """The file of these bullets; no file without any."""
    text = "".join(f"- {clean(' '.join(line.split()))}\n" for line in lines)
    return {PATH: text} if text else {}
