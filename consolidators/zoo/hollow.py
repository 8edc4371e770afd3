"""Adversaries that only look like a memory: bare values, denials, topics without content, wrong specifics."""

import re
from collections import Counter
from collections.abc import Iterable

from rembench.consolidators.sentences import words
from rembench.consolidators.zoo.notes import PATH, Notes, bullets, fresh, written
from rembench.harness.night import FREE, Capabilities, Consolidation, Night

_VALUE = re.compile(
    r"[€£$]\s?\d[\d.,]*|\d[\w.,:/-]*(?:\s?(?:%|[a-z]{1,12}\b))?|\w+(?:[/@_.-]\w+)+"
    r"|(?<=[\w,;:] )[A-Z][\w'’-]+(?: (?:& )?[A-Z][\w'’-]+)*"
)
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=\w )[A-Z][a-zà-ž]{2,}")
_DULL = frozenset(
    "that this with from they have been will what when where which would could should about there their "
    "them then than some just like your yours mine only also into over after before because since while "
    "were does doesn didn isn't don't it's i'll we'll every another other still never always "
    "thing things".split()
)
_VAGUE = "There was some discussion about {}; the details matter and should be kept in mind."
_TOPICS = 60


class ValueList(Notes):
    """Every number, name, path and amount on a line of its own, with nothing of what it's about."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The values of the sentence."""
        del night
        for match in _VALUE.finditer(sentence):
            yield match.group().strip(" .,:;")


class NegatedDump(Notes):
    """Every sentence, denied: nothing of it can be called stale."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The sentence as something that isn't so."""
        del night
        yield f'This is not true: "{sentence}"'


class VagueTopical:
    """What was talked about most, in words that commit to nothing."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The bullets of before, and one for each of the night's most frequent longer words."""
        said = Counter(w for s in fresh(night) for w in set(words(s)) if len(w) > 4 and w.isalpha())
        topics = sorted((w for w in said if w not in _DULL and said[w] > 1), key=lambda w: (-said[w], w))
        lines = dict.fromkeys(bullets(night.memory.get(PATH, "")))
        lines.update(dict.fromkeys(_VAGUE.format(w) for w in topics[:_TOPICS]))
        return Consolidation(memory=written(lines), usage=FREE)


class SpecificWrong(Notes):
    """Every sentence as precise as it was, with other numbers and other names."""

    def entry(self, sentence: str, night: Night) -> Iterable[str]:
        """The sentence with every number moved on and every name replaced by another of the night."""
        names = sorted({n for s in night.sessions for m in s.messages for n in _NAME.findall(m.content)})
        other = {name: names[(n + 1) % len(names)] for n, name in enumerate(names)}
        wrong = _NUMBER.sub(_moved, sentence)
        yield _NAME.sub(lambda m: other.get(m.group(), m.group()), wrong)


def _moved(match: re.Match[str]) -> str:
    digits = match.group()[:15]
    return str(int(digits) + 7).zfill(len(digits))
