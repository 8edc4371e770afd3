"""The grammar: frames for every act of speech, and how a frame is filled in."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from rembench.harness.generator.domain import Domain, Texts, read_yaml
from rembench.harness.generator.draw import Deck, Draw
from rembench.harness.generator.lexicon import lexicon

_HOLE = re.compile(r"\{([A-Za-z0-9_]+)(?:\.(\w+))?\}")
_BEGINS = re.compile(r"(?:^|[.!?]\s|\n)[\"'(*-]*\s*$")
_TWICE = re.compile(r"(?<!\.)([.?!])\.(?=\s|$)")  # a clause's own end before the frame's, not an ellipsis
_NAME = re.compile(r"\S*(?:\d|\w[-/_.@]\w)")  # a code, a path, an identifier: its letters are as they are
_ENDS = ".?!"

Exchange = tuple[str, ...]


@lru_cache(maxsize=1)
def grammar() -> Mapping[str, tuple[str, ...]]:
    """Act → its frames."""
    return {act: tuple(frames) for act, frames in _read().items() if act != "small_talk"}


@lru_cache(maxsize=1)
def small_talk() -> tuple[Exchange, ...]:
    """Exchanges that fit any setting."""
    return tuple(tuple(one) for one in _read()["small_talk"])


@lru_cache(maxsize=1)
def _read() -> Mapping[str, Texts]:
    found: Mapping[str, Texts] = read_yaml(Path(__file__).parent / "grammar.yaml")
    return found


class Phrasebook:
    """Fills frames in with the words of one domain.

    Frames of an act are dealt from a shuffled deck, so that none comes back before all have been used.
    """

    def __init__(self, domain: Domain, draw: Draw) -> None:
        self._fill = {**lexicon().fill, **domain.fill}
        self._draw = draw
        self._decks: dict[str, Deck[str]] = {}

    def frame(self, act: str) -> str:
        """The next frame of an act."""
        if act not in self._decks:
            self._decks[act] = Deck(self._draw.stream("deck", act), grammar()[act])
        return self._decks[act].deal()

    def say(self, act: str, draw: Draw, /, **words: str) -> str:
        """The next frame of an act, filled in."""
        return self.fill(self.frame(act), draw, **words)

    def fill(self, text: str, draw: Draw, /, **words: str) -> str:
        """A text with its placeholders filled in, written as one or more sentences."""
        return _capital(self._filled(text, draw, words).strip())

    def line(self, text: str, draw: Draw, /, **words: str) -> str:
        """A line that a program prints, filled in as it stands."""
        return "\n".join(self._filled(one, draw, words, speech=False) for one in text.split("\n"))

    def sentence(self, text: str, draw: Draw, /, **words: str) -> str:
        """A clause as a sentence of its own."""
        made = self.fill(text, draw, **words)
        return made if made[-1:] in _ENDS else f"{made}."

    def clause(self, text: str, draw: Draw, /, **words: str) -> str:
        """A clause that goes into a frame: without a full stop."""
        return self._filled(text, draw, words).strip().rstrip(".")

    def _filled(self, text: str, draw: Draw, words: Mapping[str, str], *, speech: bool = True) -> str:
        parts: list[str] = []
        at = 0
        for hole in _HOLE.finditer(text):
            parts.append(text[at : hole.start()])
            at = hole.end()
            word = self._word(hole, draw, words)
            begins = speech and len(word.split()) > 1 and _BEGINS.search("".join(parts)[-6:])
            parts.append(_capital(word) if begins else word)
        parts.append(text[at:])
        made = "".join(parts)
        return _TWICE.sub(r"\1", made) if speech else made

    def _word(self, hole: "re.Match[str]", draw: Draw, words: Mapping[str, str]) -> str:
        name, part = hole[1], hole[2]
        if name == "fill":
            return draw.one(self._fill[part])
        if name in words:
            return words[name]
        if name == "N":
            return str(draw.between(2, 9))
        raise KeyError(f"nothing for {hole[0]} in {hole.string!r}")


def _capital(text: str) -> str:
    """The text as a sentence begins."""
    return text if _NAME.match(text) else text[:1].upper() + text[1:]
