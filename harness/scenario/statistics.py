"""What's in a pack, counted and described: made from the scenarios in one pass, never typed.

Totals, items and values by kind and tactic, expectations by stance, and how the scenarios are written:

- `tokens_per_scenario` counts all that a consolidator may read: the store, the messages, the requests
  and instructions (`rembench.harness.tokens`).
- `words_per_message`, `distinct_ngrams` and `repeated_sentences` look at what user and assistant say;
  tools and system prompts repeat themselves by nature. A word is a run of letters and digits, with what
  apostrophes and hyphens join to it, whatever its case.
- `distinct_ngrams` is the number of different n-grams, no n-gram across two messages, divided by the
  number of words: distinct-n of Li et al. 2016, "A Diversity-Promoting Objective Function for Neural
  Conversation Models" (NAACL). The larger the pack, the smaller it is: compare packs of one size.
- `repeated_sentences` is the share of sentences of four words or more that stand elsewhere in the pack
  too, word for word. It grows with the pack; templates make it large.

A spread is {"min", "median", "p90", "max"}, quantiles by nearest rank. Ratios are rounded to four places.
A ratio of nothing is None.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from rembench.harness.night import Session
from rembench.harness.tokens import count_tokens, memory_tokens
from rembench.harness.types import STANCES, DeleteStep, Item, Scenario

PLACES = 4
SENTENCE_WORDS = 4
ORDERS = (1, 2, 3)

DEFINED = (
    "Distinct n-grams after Li et al. 2016 (NAACL); repeated sentences: the share of those with four words or "
    "more that stand elsewhere in the pack too. Both depend on how large the pack is."
)
"""What a card says of its ratios."""

SPREADS = ("tokens_per_scenario", "messages_per_session", "words_per_message")
"""What's given as a spread."""

_MOST_LATEST = 200_000
_SAYING = ("user", "assistant")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)*_]*(?=\s)|\n+")


def statistics(scenarios: Iterable[Scenario]) -> dict[str, Any]:
    """All that's counted of a pack's scenarios; only one of them is looked at at a time."""
    counted = _Counts()
    for scenario in scenarios:
        counted.add(scenario)
    return counted.result()


def wording(counted: Mapping[str, Any]) -> list[tuple[str, float | None]]:
    """The ratios of `statistics` that say how varied the words are, each with its name for a table."""
    distinct = [(f"distinct {n}-grams to words", share) for n, share in counted["distinct_ngrams"].items()]
    return [*distinct, ("repeated sentences", counted["repeated_sentences"])]


class _Counts:
    """What was counted so far. Keys and texts are kept as numbers of how often, or as hashes."""

    def __init__(self) -> None:
        self._totals: Counter[str] = Counter()
        self._names: dict[str, Counter[str]] = {
            name: Counter() for name in ("origins", "languages", "domains", "levels", "by_tag", "expectations")
        }
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._tactics: Counter[tuple[str, str]] = Counter()
        self._lengths: dict[str, Counter[int]] = {name: Counter() for name in SPREADS}
        self._wording = _Wording()

    def add(self, scenario: Scenario) -> None:
        """Count one scenario."""
        self._totals.update(
            scenarios=1,
            sessions=len(scenario.sessions),
            nights=len(scenario.nights),
            deletion_requests=sum(isinstance(step, DeleteStep) for step in scenario.steps),
        )
        self._names["origins"][scenario.origin] += 1
        self._names["languages"][scenario.language] += 1
        self._names["domains"][scenario.domain] += 1
        if scenario.level is not None:
            self._names["levels"][str(scenario.level)] += 1
        self._lengths["tokens_per_scenario"][_tokens(scenario)] += 1
        for session in scenario.sessions:
            self._add_session(session)
        for item in scenario.items:
            self._add_item(item)

    def _add_session(self, session: Session) -> None:
        self._totals["messages"] += len(session.messages)
        self._lengths["messages_per_session"][len(session.messages)] += 1
        for message in session.messages:
            if message.role in _SAYING:
                self._lengths["words_per_message"][self._wording.add(message.content)] += 1

    def _add_item(self, item: Item) -> None:
        values = len(item.values)
        self._totals.update(items=1, values=values)
        tactic = f"{item.kind}: {item.tactic or '(none named)'}"
        for table, name in ((self._kinds, item.kind), (self._tactics, tactic)):
            table[name, "items"] += 1
            table[name, "values"] += values
        self._names["by_tag"].update(set(item.tags))
        self._names["expectations"].update(
            stance or "not scored" for value in item.values for stance in value.expect.values()
        )

    def result(self) -> dict[str, Any]:
        """The counts as JSON: the same scenarios in any order give the same."""
        totals = ("scenarios", "sessions", "messages", "nights", "deletion_requests", "items", "values")
        named = {name: dict(sorted(found.items())) for name, found in self._names.items()}
        expectations = {name: self._names["expectations"][name] for name in (*STANCES, "not scored")}
        kinds = _pairs(self._kinds)
        return {
            **{name: self._totals[name] for name in totals},
            **{name: named[name] for name in ("origins", "languages", "domains", "levels")},
            "by_kind": kinds,
            "share_by_kind": {name: _ratio(one["items"], self._totals["items"]) for name, one in kinds.items()},
            "by_tactic": _pairs(self._tactics),
            "by_tag": named["by_tag"],
            "expectations": expectations,
            **{name: _spread(found) for name, found in self._lengths.items()},
            **self._wording.result(),
        }


class _Wording:
    """How varied the words are, with hashes of what was said instead of the texts."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._words = 0
        self._ngrams = {n: _Distinct() for n in ORDERS}
        self._sentences = 0
        self._seen: set[int] = set()
        self._again: set[int] = set()

    def add(self, text: str) -> int:
        """Take in one message; the number of its words."""
        ids: list[int] = []
        for sentence in _SENTENCE_END.split(text):
            said = [self._id(word) for word in _WORD.findall(sentence.casefold())]
            ids += said
            if len(said) >= SENTENCE_WORDS:
                self._sentences += 1
                # Of whole numbers, so that it's the same in every process, as a text's hash isn't.
                digest = hash(tuple(said))
                (self._again if digest in self._seen else self._seen).add(digest)
        self._words += len(ids)
        for n, found in self._ngrams.items():
            found.add(map(hash, zip(*(ids[start:] for start in range(n)), strict=False)))
        return len(ids)

    def _id(self, word: str) -> int:
        return self._ids.setdefault(word, len(self._ids))

    def result(self) -> dict[str, Any]:
        """Distinct n-grams to words, and the share of sentences that stand elsewhere too."""
        alone = len(self._seen) - len(self._again)
        return {
            "distinct_ngrams": {str(n): _ratio(one.count(), self._words) for n, one in self._ngrams.items()},
            "repeated_sentences": _ratio(self._sentences - alone, self._sentences),
        }


class _Distinct:
    """How many different hashes there were; of a large pack they're kept in the 8 bytes that each has."""

    def __init__(self) -> None:
        self._latest: set[int] = set()
        self._packed: Any = None  # a sorted array

    def add(self, hashes: Iterable[int]) -> None:
        self._latest.update(hashes)
        if len(self._latest) >= _MOST_LATEST:
            self._pack()

    def count(self) -> int:
        if self._packed is not None:
            self._pack()
            return len(self._packed)
        return len(self._latest)

    def _pack(self) -> None:
        import numpy as np

        latest = np.fromiter(self._latest, np.int64, len(self._latest))
        self._packed = np.unique(latest) if self._packed is None else np.union1d(self._packed, latest)
        self._latest.clear()


def _tokens(scenario: Scenario) -> int:
    return memory_tokens(scenario.store) + sum(map(count_tokens, chain.from_iterable(_texts(scenario))))


def _texts(scenario: Scenario) -> Iterator[Iterable[str]]:
    for step in scenario.steps:
        if isinstance(step, Session):
            yield (message.content for message in step.messages)
        elif isinstance(step, DeleteStep):
            yield [step.request]
        else:
            yield [step.instructions or ""]


def _pairs(found: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    names = sorted({name for name, _ in found})
    return {name: {what: found[name, what] for what in ("items", "values")} for name in names}


def _spread(lengths: Mapping[int, int]) -> dict[str, int | None]:
    parts = {"min": 0, "median": 50, "p90": 90, "max": 100}
    return {name: _at(lengths, percent) for name, percent in parts.items()}


def _at(lengths: Mapping[int, int], percent: int) -> int | None:
    """The least length that at least so many percent are no longer than."""
    so_far, wanted = 0, sum(lengths.values()) * percent
    for length in sorted(lengths):
        so_far += lengths[length] * 100
        if so_far >= wanted:
            return length
    return None


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, PLACES) if whole else None
