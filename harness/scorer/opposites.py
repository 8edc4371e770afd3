"""Opposites: two values of one item of which each denies the other, "eats lamb" and "doesn't eat lamb".

To state one is to deny the other, and to say that one is over or not so is to state the other.
"""

from collections.abc import Sequence
from dataclasses import replace

from rembench.harness.scorer.cues import NEGATORS
from rembench.harness.scorer.decision import Decision
from rembench.harness.scorer.words import norms
from rembench.harness.types import Item, Value

_FILLERS = frozenset(
    "do does did is are was be has have had too also again now yet any a an the on at in of to".split()
)
_DENIED = ("negated", "past")


def opposites(item: Item) -> tuple[int, int] | None:
    """The item's two values, if they say the same and one of them with a negation."""
    if len(item.values) != 2:
        return None
    (first, denied), (second, also_denied) = (_said(value) for value in item.values)
    return (0, 1) if first and first == second and denied != also_denied else None


def _said(value: Value) -> tuple[frozenset[str], bool]:
    words = norms(value.text)
    content = frozenset(_stem(w) for w in words if w not in NEGATORS and w not in _FILLERS)
    return content, any(w in NEGATORS for w in words)


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending).rstrip("e")
    return word.rstrip("e")


def oppose(decisions: Sequence[Decision], pair: tuple[int, int] | None) -> list[Decision]:
    """The decisions, with what's said of one of `pair` counted for the other where that's absent."""
    result = list(decisions)
    for v, w in (pair, pair[::-1]) if pair else ():
        mine, other = decisions[v], decisions[w]
        if mine.stance != "absent" or other.by is None:
            continue
        if other.stance == "held":
            result[v] = replace(mine, stance="retired", rule="its opposite is stated", by=other.by)
        elif other.stance == "retired" and other.rule.startswith(_DENIED):
            result[v] = replace(mine, stance="held", rule=f"its opposite is {other.rule}", by=other.by)
    return result
