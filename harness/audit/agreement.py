"""Agreement of the scorer's verdicts with the labels, value by value.

    kappa               Cohen's kappa over the four stances; an abstention is a fifth answer that no label
                        gives, so it counts as disagreement
    accuracy            verdicts that are the label / values; an abstention isn't the label
    abstained           values without a verdict / values
    containment_kappa   the same kappa for plain containment: `held` where the value's text or an alias stands
                        in the memory as a string (case ignored), `absent` elsewhere
    readers_kappa       the same kappa between the two labellings behind the labels, where there are two;
                        `readers_n` are the values that have them

All five are given for the whole and by kind, style, scenario and expected stance, on the same values.
kappa is None where chance alone would agree on everything (one answer, given to every value by both).
Cohen, A coefficient of agreement for nominal scales, EPM 20 (1960).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.audit.validity import LabelledMemory, ValiditySet
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import STANCES, Item, Reading, Stance, Value, Verdict

NO_VERDICT = "no verdict"
NOT_SCORED = "not scored"
_READERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled memory with what the scorer read in it."""

    labelled: LabelledMemory
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One value of one memory: its label, and the scorer's verdict on it."""

    judged: Judged
    item: Item
    label: Stance
    verdict: Verdict

    @property
    def value(self) -> Value:
        """The value that was judged."""
        return self.item.values[self.verdict.value]

    @property
    def answer(self) -> str:
        """The scorer's stance, `NO_VERDICT` where it abstained."""
        return self.verdict.observed or NO_VERDICT

    @property
    def expected(self) -> Stance | None:
        """The stance that a right memory has."""
        return self.verdict.expected


def read_set(one: ValiditySet) -> tuple[Judged, ...]:
    """Every memory of a set read by the scorer; patterns are compiled once for each scenario."""
    scorers: dict[str, ScenarioScorer] = {}
    judged = []
    for labelled in one.memories:
        scenario = labelled.scenario
        if scenario.id not in scorers:
            scorers[scenario.id] = ScenarioScorer(scenario)
        reading = scorers[scenario.id].read(labelled.memory, labelled.checkpoint)
        judged.append(Judged(labelled=labelled, reading=reading))
    return tuple(judged)


def answers(judged: Iterable[Judged]) -> tuple[Answer, ...]:
    """An answer for every labelled value of these memories."""
    found = []
    for one in judged:
        items = {item.id: item for item in one.labelled.scenario.items}
        verdicts = {(v.item, v.value): v for v in one.reading.verdicts}
        for key, label in one.labelled.labels.items():
            found.append(Answer(judged=one, item=items[key[0]], label=label, verdict=verdicts[key]))
    return tuple(found)


def agreement(given: Sequence[Answer]) -> dict[str, Any]:
    """n, agreement, and the same by kind, style, label's and expected stance, with the confusion.

    `confusion` is {label: {verdict: n}}, with every stance and `NO_VERDICT`.
    """
    return {
        **_agreement(given),
        "by_kind": _by(given, lambda a: a.item.kind),
        "by_style": _by(given, lambda a: a.judged.labelled.style),
        "by_scenario": _by(given, lambda a: a.judged.labelled.scenario.id),
        "by_expected": _by(given, lambda a: a.expected or NOT_SCORED),
        "confusion": _confusion(given),
    }


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of pairs of answers; None where it's undefined."""
    if not pairs:
        return None
    n = len(pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(count * right[answer] for answer, count in left.items())
    if by_chance == n * n:
        return None
    same = sum(a == b for a, b in pairs)
    return (same * n - by_chance) / (n * n - by_chance)


def _agreement(given: Sequence[Answer]) -> dict[str, Any]:
    n = len(given)
    without = sum(a.verdict.observed is None for a in given)
    agreed = kappa([(a.label, a.answer) for a in given])
    found: dict[str, Any] = {
        "n": n,
        "kappa": agreed,
        "accuracy": sum(a.label == a.answer for a in given) / n if n else None,
        "abstained": without / n if n else None,
        "abstentions": without,
        "containment_kappa": kappa([(a.label, _contained(a)) for a in given]),
        **_readers(given),
    }
    if agreed is None:
        found["reason"] = "every value has the same label and verdict" if n else "no values"
    return found


def _by(given: Sequence[Answer], key: Callable[[Answer], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in given:
        groups[key(answer)].append(answer)
    return {name: _agreement(groups[name]) for name in sorted(groups)}


def _confusion(given: Sequence[Answer]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {label: dict.fromkeys([*STANCES, NO_VERDICT], 0) for label in STANCES}
    for answer in given:
        table[answer.label][answer.answer] += 1
    return table


def _contained(answer: Answer) -> Stance:
    texts = [answer.value.text, *answer.value.aliases]
    memory = answer.judged.labelled.memory.values()
    found = any(t.casefold() in text.casefold() for text in memory for t in texts)
    return "held" if found else "absent"


def _readers(given: Sequence[Answer]) -> dict[str, Any]:
    """The agreement of the two readers on these values, as far as two have labelled them."""
    pairs = []
    for answer in given:
        key = (answer.item.id, answer.verdict.value)
        readers = [stances[key] for stances in answer.judged.labelled.readers.values()]
        if len(readers) == _READERS:
            pairs.append((readers[0], readers[1]))
    found: dict[str, Any] = {"readers_kappa": kappa(pairs), "readers_n": len(pairs)}
    if not pairs:
        found["readers_reason"] = "no value has two labellings"
    return found
