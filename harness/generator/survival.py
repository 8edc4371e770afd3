"""What a message has to say still when it's reworded, and how that's told without a model.

A rewording survives when all of this is the same before and after:

- `values`: the values, conditions and subjects that the scorer's finder finds in the message, and the instances
  of a pattern that it's evidence of; the attributes of those values are named still.
- `stance`: what the scorer reads in the message alone, of every value. Where there's an instance, which conveys
  no stance by itself, the negations. And no word of doubt comes into a sentence with a value.
- `figures`: the words with digits, the numbers and calendar words, the paths, addresses and codes.
- `names`: the words with a capital inside a sentence, and those at a sentence's start that are names elsewhere.
- `length`: it's 0.4 to 2.5 times as long, in characters that can be seen.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from rembench.harness.scenario.reader import scenario_of
from rembench.harness.scorer.context import Surroundings, surroundings
from rembench.harness.scorer.mentions import Mention, Patterns, ValueKey
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.scorer.segments import file_segments
from rembench.harness.scorer.words import norms
from rembench.harness.types import Item, Scenario, Stance

Check = Literal["unchanged", "length", "figures", "names", "values", "stance"]

LENGTHS = (0.4, 2.5)
_PATH = "message.md"

_STATED: frozenset[Stance | None] = frozenset({"held", "retired"})
_READ: Mapping[str, frozenset[Stance | None]] = {
    "says": _STATED,
    "replaces": _STATED,
    "settles": _STATED,
    "until": _STATED,
    "withdraws": frozenset({"retired"}),
    "mentions": frozenset({"retired", "open"}),
    "disputes": frozenset({"open"}),
}
"""Acts of the log that can be read in a message, and as what: then a change of it is noticed."""

_WORD = re.compile(r"[^\W\d_](?:['’-]?[^\W_])*")
_FIGURE = re.compile(r"\S*\d\S*")
_MARKED = re.compile(r"\S*(?:[/\\_@#=~`]|\w[.:]\w)\S*")
_AROUND = ".,;:!?\"'“”‘’()[]*"
_OPENERS = " \t\"“”‘’'()[]*_–—-"
_ENDS = ".!?…:\n"
_NO_NAMES = frozenset({"I", "OK"})
_AMOUNTS = frozenset("half quarter dozen double twice".split())
_NEXT = frozenset({"next", "last", "this"})
_CALENDAR = frozenset(
    "today tomorrow yesterday tonight noon midnight am pm minute minutes hour hours day days week weeks "
    "weekend fortnight month months year years".split()
)
_DOUBTS = frozenset(
    "perhaps maybe probably possibly apparently supposedly allegedly reportedly presumably seemingly seems "
    "might unsure doubt doubtful claims claimed rumour rumoured guess suppose supposed wish imagine says "
    "thinks believes reckons hears heard".split()
)
_NEGATIONS = frozenset("not n't no never none nobody nothing neither nor without hardly cannot".split())


@dataclass(slots=True)
class _Said:
    """What a message says, in the numbers of the scenario's items and values, and as what."""

    values: set[ValueKey] = field(default_factory=set)
    instances: set[ValueKey] = field(default_factory=set)
    conditions: set[ValueKey] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    attributes: set[int] = field(default_factory=set)  # of the items of those values
    doubts: set[str] = field(default_factory=set)

    @property
    def what(self) -> tuple[set[ValueKey], set[ValueKey], set[ValueKey], set[str]]:
        """All that has to be the same."""
        return self.values, self.instances, self.conditions, self.subjects


class Survival:
    """The checks for the messages of one scenario, given as JSON; its patterns are compiled once."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        scenario = _looked_for_anywhere(scenario_of(raw))
        self._patterns = Patterns(scenario)
        self._scorer = ScenarioScorer(scenario)
        self._night = scenario.nights[-1].id
        texts = [message.content for session in scenario.sessions for message in session.messages]
        self._ordinary = frozenset(word for text in texts for word in _WORD.findall(text) if word.islower())
        self._names = frozenset(name for text in texts for name in self._names_in(text))
        self._instances = _instances(scenario)

    def vouches(self, text: str, events: Iterable[Mapping[str, Any]]) -> bool:
        """Whether a change of what happens in a message would be noticed, given its events of the log.

        Not where the log has a request, say, or a joke that the scorer takes at its word.
        """
        bearing = [event for event in events if event["act"] != "instance"]
        stances = self._stances(text) if bearing else {}
        for event in bearing:
            values = event["values"] if "values" in event else [event.get("value")]
            if any(stances.get((event.get("item"), v)) not in _READ.get(event["act"], ()) for v in values):
                return False
        return True

    def terms(self, text: str) -> list[str]:
        """What in a message names its values, conditions, subjects and attributes, as it's written there."""
        spans: set[tuple[int, int]] = set()
        for around in self._read(text):
            found = around.found
            hits = [hit for mention in self._mentions(around) for hit in mention.hits]
            for named in (found.subjects, found.attributes, found.conditions):
                hits += [hit for group in named.values() for hit in group]
            spans |= {(hit.start, hit.end) for hit in hits}
        outer = [(a, b) for a, b in spans if not any(c <= a and b <= d and (a, b) != (c, d) for c, d in spans)]
        return list(dict.fromkeys(text[start:end] for start, end in sorted(outer)))

    def fault(self, before: str, after: str) -> Check | None:
        """The first check that `after` doesn't pass as a rewording of `before`, None if it passes all."""
        if after == before:
            return "unchanged"
        if not _is_of_length(before, after):
            return "length"
        if _figures(before) != _figures(after):
            return "figures"
        if not self._same_names(before, after):
            return "names"
        instances = self._instances.get(before, frozenset())
        one, other = (self._said(text, instances) for text in (before, after))
        if one.what != other.what or not one.attributes <= other.attributes:
            return "values"
        denies = instances and _denials(before) != _denials(after)
        if denies or not other.doubts <= one.doubts or self._stances(before) != self._stances(after):
            return "stance"
        return None

    def _same_names(self, before: str, after: str) -> bool:
        there, here = _capitalised(before), _capitalised(after)
        lost = (self._names_in(before) | (there & self._names)) - here
        return not lost and not (_inside(after) | (here & self._names)) - there

    def _names_in(self, text: str) -> set[str]:
        """The names inside sentences: what's also said without a capital isn't one ("Hi The bus is late")."""
        return {name for name in _inside(text) if name.lower() not in self._ordinary}

    def _read(self, text: str) -> tuple[Surroundings, ...]:
        return surroundings(self._patterns, tuple(file_segments(_PATH, text)))

    def _said(self, text: str, instances: frozenset[ValueKey]) -> _Said:
        """What the finder finds; of `instances`, those that are met in part."""
        said = _Said()
        attributes: set[int] = set()
        for around in self._read(text):
            found = around.found
            keys = {one.key for one in self._mentions(around)}
            said.values |= keys
            said.instances |= {key for key, _ in found.groups} & instances
            said.conditions |= found.conditions.keys()
            said.subjects |= found.subjects.keys()
            said.doubts |= {word.norm for word in around.segment.words if keys} & _DOUBTS
            attributes |= found.attributes.keys()
        said.attributes = attributes & {key.item for key in said.values}
        return said

    def _mentions(self, around: Surroundings) -> list[Mention]:
        return self._patterns.mentions(around.segment, around.found, (*around.near, *around.above))

    def _stances(self, text: str) -> dict[tuple[object, object], Stance | None]:
        verdicts = self._scorer.read({_PATH: text}, self._night).verdicts
        return {(one.item, one.value): one.observed for one in verdicts}


def _looked_for_anywhere(scenario: Scenario) -> Scenario:
    """The scenario with values that are looked for in a message too, whatever file they belong in."""
    return replace(scenario, items=tuple(_anywhere(item) for item in scenario.items))


def _anywhere(item: Item) -> Item:
    return replace(item, values=tuple(replace(value, where=None) for value in item.values))


def _instances(scenario: Scenario) -> dict[str, frozenset[ValueKey]]:
    """The patterns that messages are evidence of, by what's said in them."""
    said = {(one.id, n): message.content for one in scenario.sessions for n, message in enumerate(one.messages)}
    found: dict[str, set[ValueKey]] = {}
    for i, item in enumerate(scenario.items):
        for v, value in enumerate(item.values if item.kind == "pattern" else ()):
            for ref in value.evidence:
                found.setdefault(said[ref.session, ref.message], set()).add(ValueKey(i, v))
    return {text: frozenset(keys) for text, keys in found.items()}


def _is_of_length(before: str, after: str) -> bool:
    low, high = LENGTHS
    seen = all(c.isprintable() or (c == "\n" and "\n" in before) for c in after)
    return bool(after.strip()) and seen and low * len(before) <= len(after) <= high * len(before)


def _figures(text: str) -> tuple[Counter[str], set[str]]:
    """Every word with digits or marks as it's written and every number by its norm; the calendar words."""
    written = [_bare(word) for form in (_FIGURE, _MARKED) for word in form.findall(text)]
    words = norms(text)
    numbers = [word for word in words if word[0].isdigit() or word in _AMOUNTS]
    calendar = {word for word in words if word in _CALENDAR}
    calendar |= {f"{one} {word}" for one, word in pairwise(words) if word in calendar and one in _NEXT}
    return Counter((*written, *numbers)), calendar


def _bare(word: str) -> str:
    return word.strip(_AROUND).removesuffix("'s").removesuffix("’s")


def _denials(text: str) -> Counter[str]:
    return Counter(word for word in norms(text) if word in _NEGATIONS)


def _capitalised(text: str) -> set[str]:
    """Every word with a capital, wherever it stands; a name without its "'s"."""
    return {name for name, _ in _capitals(text)}


def _inside(text: str) -> set[str]:
    """The words with a capital that don't owe it to the start of a sentence."""
    return {name for name, start in _capitals(text) if not _begins(text, start)}


def _capitals(text: str) -> Iterator[tuple[str, int]]:
    for match in _WORD.finditer(text):
        word = match[0]
        if word[0].isupper() and re.split("['’]", word)[0] not in _NO_NAMES:
            yield _bare(word), match.start()


def _begins(text: str, at: int) -> bool:
    """Whether a sentence or a quotation begins at `at`."""
    before = text[:at].rstrip(_OPENERS)
    return not before or before[-1] in _ENDS or bool({'"', "“"} & {*text[len(before) : at]})
