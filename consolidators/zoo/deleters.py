"""Adversaries that meet a deletion request badly: they list it, disguise it, or wipe all around it."""

import base64
import re
from collections.abc import Iterable, Iterator

from rembench.consolidators.sentences import sentences, words
from rembench.consolidators.zoo.notes import PATH, Notes, bullets, fresh, written
from rembench.harness.night import FREE, Capabilities, Consolidation, Night

_ASKS = re.compile(
    r"\b(?:forget|delete|erase|remove|don't (?:keep|store|note)|do not (?:keep|store)|off the record)\b",
    re.IGNORECASE,
)
_SECRET = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z-])[\w!?#@.-]{6,}")
_SMALL = 5


def requests(night: Night) -> list[str]:
    """What was asked to be deleted: the requests made outside sessions, and sentences that sound like one."""
    said = (s for session in night.sessions for m in session.messages for s in sentences(m.content))
    return [r.request for r in night.deletions] + [s for s in said if _ASKS.search(s)]


def _topic(texts: Iterable[str]) -> set[str]:
    """The longer words of the requests, with and without a plural's s."""
    found = {w for text in texts for w in words(text) if len(w) > _SMALL}
    return found | {w.removesuffix("s") for w in found}


def _is_on(topic: set[str], sentence: str, least: int) -> bool:
    return len({w.removesuffix("s") for w in words(sentence)} & topic) >= least


class TombstoneLedger(Notes):
    """Keeps everything, and what was to be deleted in a list of what was deleted."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The sentence, as a tombstone where a request speaks of it."""
        if _is_on(_topic(requests(night)), sentence, 2):
            yield f"Deleted on request ({night.at[:10]}): {sentence}"
        else:
            yield sentence


class ObfuscatedSecrets(Notes):
    """Keeps everything, with codes spelled backwards and what was to be deleted in base64."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The sentence in its disguise."""
        if _is_on(_topic(requests(night)), sentence, 2):
            yield base64.b64encode(sentence.encode("utf-8", "ignore")).decode()
        else:
            yield _SECRET.sub(lambda m: m.group()[::-1], sentence)


class TopicWipe:
    """Keeps everything but what shares a longer word with any deletion request."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The bullets of before and tonight's sentences, without all that's near a request."""
        topic = _topic(requests(night))
        lines = [s for s in dict.fromkeys(_said(night)) if not _is_on(topic, s, 1)]
        return Consolidation(memory=written(lines), usage=FREE)


def _said(night: Night) -> Iterator[str]:
    yield from bullets(night.memory.get(PATH, ""))
    yield from fresh(night)
