"""Mentions: where a segment meets every group of one of a value's pattern lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rembench.harness.scorer.cues import CUES
from rembench.harness.scorer.forms import bare_forms, pattern_lists
from rembench.harness.scorer.globs import Glob
from rembench.harness.scorer.matcher import Hit, Matcher, PatternKey
from rembench.harness.scorer.segments import Segment
from rembench.harness.scorer.words import Word, words
from rembench.harness.types import Item, Scenario


@dataclass(frozen=True, slots=True)
class ValueKey:
    """Value `value` of item number `item` of the scenario."""

    item: int
    value: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A value is spoken of in `segment`; `hits` meet its groups, the first is the core."""

    key: ValueKey
    segment: Segment
    hits: tuple[Hit, ...]
    groups: int
    verbatim: bool

    @property
    def whole(self) -> bool:
        """Whether the segment alone meets every group, without its context."""
        return len(self.hits) == self.groups

    @property
    def core(self) -> Hit:
        """The hit that stands for the value itself."""
        return self.hits[0]


@dataclass(slots=True)
class Found:
    """All pattern hits of one text, by what they are."""

    groups: dict[tuple[ValueKey, int], dict[int, list[Hit]]] = field(default_factory=dict)
    subjects: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[int, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[ValueKey, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    conditions: dict[ValueKey, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    cues: list[tuple[int, Hit]] = field(default_factory=list)


class Patterns:
    """Every pattern of a scenario, compiled once: values, anchors, conditions."""

    def __init__(self, scenario: Scenario, without: Collection[str] = ()) -> None:
        self.items = scenario.items
        self._without = frozenset(n for n, cue in enumerate(CUES) if cue.rule in without)
        at = scenario.nights[-1].at[:4]
        self._year = int(at) if at.isdecimal() else 0
        self._cache: dict[str, Found] = {}
        self._where = {
            ValueKey(i, v): Glob(value.where)
            for i, item in enumerate(scenario.items)
            for v, value in enumerate(item.values)
            if value.where
        }
        self._others: dict[str, frozenset[ValueKey]] = {}
        self.sizes: dict[tuple[ValueKey, int], int] = {}
        self._matcher = Matcher(self._all())

    def _all(self) -> Iterable[tuple[PatternKey, str]]:
        for i, item in enumerate(self.items):
            for alias in (item.subject, *item.subject_aliases):
                yield PatternKey("subject", name=item.subject), alias
            yield PatternKey("name", i), item.attribute
            for alias in (item.attribute, *item.attribute_aliases):
                yield PatternKey("attribute", i), alias
            yield from self._values(i, item)

    def _values(self, i: int, item: Item) -> Iterable[tuple[PatternKey, str]]:
        for v, value in enumerate(item.values):
            key = ValueKey(i, v)
            for a, groups in enumerate(pattern_lists(value, self._year)):
                self.sizes[key, a] = len(groups)
                for g, alternatives in enumerate(groups):
                    for alternative in alternatives:
                        yield PatternKey("value", i, v, a, g), alternative
            for form in bare_forms(value):
                yield PatternKey("bare", i, v), form
            if value.condition:
                for alias in (value.condition.text, *value.condition.aliases):
                    yield PatternKey("condition", i, v), alias

    def sought(self, key: ValueKey, path: str) -> bool:
        """Whether the value is looked for in the file at `path`."""
        return key not in self._elsewhere(path)

    def _elsewhere(self, path: str) -> frozenset[ValueKey]:
        """The values that aren't looked for in the file at `path`; remembered, its segments all ask."""
        if path not in self._others:
            if len(self._others) > 5000:
                self._others.clear()
            self._others[path] = frozenset(k for k, glob in self._where.items() if not glob.matches(path))
        return self._others[path]

    def find_in(self, segment: Segment) -> Found:
        """All hits in a segment, of the values that are looked for in its file."""
        found = self.find(segment.text, segment.words, segment.start)
        if elsewhere := self._elsewhere(segment.path):
            found.groups = {k: hits for k, hits in found.groups.items() if k[0] not in elsewhere}
            for by_value in (found.bare, found.conditions):
                for key in elsewhere & by_value.keys():
                    del by_value[key]
        return found

    def find(self, text: str, found: Sequence[Word], offset: int) -> Found:
        """All hits in `text`, sorted out by what they are; cues only where there's something to bear on."""
        result = Found()
        for hit in self._matcher.find(text, found, offset):
            self._file(hit, result)
        if result.groups or result.bare or result.attributes:
            for hit in _cue_matcher().find(text, found, offset):
                if hit.key.item not in self._without:
                    self._file(hit, result)
        return result

    def find_context(self, text: str) -> Found:
        """The hits in a heading, path or neighbouring sentence; remembered, they repeat a lot."""
        if text not in self._cache:
            if len(self._cache) > 5000:
                self._cache.clear()
            self._cache[text] = self.find(text, words(text), 0)
        return self._cache[text]

    @staticmethod
    def _file(hit: Hit, result: Found) -> None:
        key = hit.key
        value = ValueKey(key.item, key.value)
        match key.kind:
            case "value":
                groups = result.groups.setdefault((value, key.alternative), {})
                groups.setdefault(key.group, []).append(hit)
            case "bare":
                result.bare[value].append(hit)
            case "subject":
                result.subjects[key.name].append(hit)
            case "attribute":
                result.attributes[key.item].append(hit)
            case "name":
                result.names[key.item].append(hit)
            case "condition":
                result.conditions[value].append(hit)
            case "cue":
                result.cues.append((key.item, hit))

    def mentions(self, segment: Segment, found: Found, context: Sequence[Found] = ()) -> list[Mention]:
        """One mention per value that the segment speaks of, the fullest way of saying it first.

        The first group must be met in the segment itself; the others may be met in `context`.
        """
        best: dict[ValueKey, Mention] = {}
        for (key, alternative), groups in found.groups.items():
            size = self.sizes[key, alternative]
            groups = _spoken(groups, found.names.get(key.item, ()))
            if 0 not in groups or not self._met(key, alternative, groups, context):
                continue
            hits = _nearest([groups[g] for g in range(size) if g in groups])
            mention = Mention(key, segment, hits, size, alternative == 0)
            if key not in best or _weight(mention) > _weight(best[key]):
                best[key] = mention
        return list(best.values())

    def _met(
        self,
        key: ValueKey,
        alternative: int,
        groups: dict[int, list[Hit]],
        context: Sequence[Found],
    ) -> bool:
        missing = [g for g in range(self.sizes[key, alternative]) if g not in groups]
        return all(any(g in found.groups.get((key, alternative), ()) for found in context) for g in missing)


@lru_cache(maxsize=1)
def _cue_matcher() -> Matcher:
    return Matcher((PatternKey("cue", n), cue.phrase) for n, cue in enumerate(CUES))


def _spoken(groups: dict[int, list[Hit]], names: Sequence[Hit]) -> dict[int, list[Hit]]:
    """The hits that aren't words of the attribute's own name ("whether it is opaque or public")."""
    if not names:
        return groups
    kept = {g: [h for h in hits if not within(h, names)] for g, hits in groups.items()}
    return {g: hits for g, hits in kept.items() if hits}


def within(hit: Hit, names: Sequence[Hit]) -> bool:
    """Whether `hit` is a part of one of `names`, and less than the whole."""
    return any(
        n.start <= hit.start and hit.end <= n.end and hit.end - hit.start < n.end - n.start for n in names
    )


def _weight(mention: Mention) -> tuple[bool, int, int]:
    width = max(h.end for h in mention.hits) - min(h.start for h in mention.hits)
    return mention.verbatim, mention.groups, width


def _nearest(groups: list[list[Hit]]) -> tuple[Hit, ...]:
    """One hit of each group: the longest of the first, of the others the nearest to it."""
    core = max(groups[0], key=lambda h: (h.last - h.first, -h.start))
    rest = (min(hits, key=lambda h: (abs(h.first - core.first), h.start)) for hits in groups[1:])
    return (core, *rest)
