"""Whether every evidence message really says its value, by the scorer's own finder.

A message is read as a memory's file is: the value's first group must be met in one sentence, the others there
or in the neighbouring ones. Of a pattern a message shows an instance, not the habit: one group is enough.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rembench.harness.scenario.checks import Fault
from rembench.harness.scorer.context import surroundings
from rembench.harness.scorer.matcher import Hit, Matcher, PatternKey
from rembench.harness.scorer.mentions import Patterns, ValueKey
from rembench.harness.scorer.segments import file_segments
from rembench.harness.scorer.words import norms, words
from rembench.harness.types import EvidenceRef, Item, Scenario

_PATH = "message.md"
_LINE = re.compile(r"[A-Za-z\"“'][^\r\n]*")  # nothing that Markdown or YAML reads otherwise than as prose
_STOP = re.compile(r"[.!?…]\W*\s")


def evidence_faults(scenario: Scenario) -> list[Fault]:
    """Every evidence message of `scenario` (without faults of its own) in which its value isn't found."""
    return list(_faults(scenario)) if scenario.nights else []


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A value and a message that should say it; `path` is the value's place in the JSON."""

    path: str
    key: ValueKey
    item: Item
    ref: EvidenceRef
    place: int
    content: str

    @property
    def text(self) -> str:
        """The value's own text."""
        return self.item.values[self.key.value].text


def _faults(scenario: Scenario) -> Iterator[Fault]:
    by_message: dict[EvidenceRef, list[_Asked]] = {}
    every = tuple(_asked(scenario))
    for one in every:
        by_message.setdefault(one.ref, []).append(one)
    plain = {one for asked in by_message.values() for one in _plain(asked)}
    doubtful = [one for one in every if one not in plain]
    messages = _Messages(scenario, doubtful)
    for one in doubtful:
        if not messages.say(one):
            yield Fault(
                path=f"{one.path}.evidence[{one.place}]",
                what=f"'{one.ref.session}#{one.ref.message}' doesn't say {one.text[:60]!r}",
                right=_right(one.item),
            )


def _plain(asked: Sequence[_Asked]) -> Iterator[_Asked]:
    """Those whose text stands in a sentence of the message word for word: most, and the quickest to find.

    All are asked of one message. What shares a word with its attribute's name is left to the whole finder.
    """
    content = asked[0].content
    if not _LINE.fullmatch(content):
        return
    matcher = Matcher((PatternKey("value", n), one.text) for n, one in enumerate(asked))
    hits = matcher.find(content, words(content))
    found = {hit.key.item for hit in hits if not _stops(content, (hit,))}
    for n in found:
        if not {*norms(asked[n].text)} & {*norms(asked[n].item.attribute)}:
            yield asked[n]


def _asked(scenario: Scenario) -> Iterator[_Asked]:
    sessions = {session.id: session.messages for session in scenario.sessions}
    for n, item in enumerate(scenario.items):
        for m, value in enumerate(item.values):
            for k, ref in enumerate(value.evidence):
                content = sessions[ref.session][ref.message].content
                yield _Asked(f"items[{n}].values[{m}]", ValueKey(n, m), item, ref, k, content)


def _right(item: Item) -> str:
    if item.kind == "pattern":
        return "an instance: a message that meets one group of 'match' or 'match_any', or has the text"
    return "a message that has the value's text, an alias, or meets every group of 'match' or 'match_any'"


class _Messages:
    """What messages say of the values that are asked for; each message is read once."""

    def __init__(self, scenario: Scenario, asked: Sequence[_Asked]) -> None:
        items = {one.key: _alone(one) for one in asked}
        self._patterns = Patterns(replace(scenario, items=tuple(items.values())))
        self._keys = {key: ValueKey(n, 0) for n, key in enumerate(items)}
        self._whole: dict[EvidenceRef, set[ValueKey]] = {}
        self._part: dict[EvidenceRef, set[ValueKey]] = {}

    def say(self, asked: _Asked) -> bool:
        """Whether the message says the value, or shows an instance of it when it's a pattern."""
        if asked.ref not in self._whole:
            self._read(asked)
        said = self._part if asked.item.kind == "pattern" else self._whole
        return self._keys[asked.key] in said[asked.ref]

    def _read(self, asked: _Asked) -> None:
        read = surroundings(self._patterns, tuple(file_segments(_PATH, asked.content)))
        self._part[asked.ref] = {key for one in read for key, _ in one.found.groups}
        self._whole[asked.ref] = {
            mention.key
            for one in read
            for mention in self._patterns.mentions(one.segment, one.found, (*one.near, *one.above))
        }


def _alone(asked: _Asked) -> Item:
    """The item with nothing but the value, and the name that it mustn't be a part of."""
    value = replace(asked.item.values[asked.key.value], condition=None, where=None)
    return replace(asked.item, values=(value,), subject_aliases=(), attribute_aliases=())


def _stops(text: str, hits: Sequence[Hit]) -> bool:
    """Whether a sentence may end between the hits."""
    return bool(_STOP.search(text, min(hit.start for hit in hits), max(hit.end for hit in hits)))
