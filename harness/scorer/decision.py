"""The decision table: all mentions of a value → one stance.

line                          mentions bound to the value                       stance
not mentioned                 none                                              absent
stated                        held, nothing against it                          held
past tense beside a newer     only "was", and another value of the item held    retired
past tense alone              only "was", no other value held                   held
retired                       only retired                                      retired
retired, a newer one stated   retired and held, another value held              retired
                              (what's only hypothetical takes nothing back)
said both ways                retired and held, no other value held             held
open                          open, nothing stated                              open
stated and open               open and held, another value open too             open
older entry                   held in a dated entry, a sibling in a later one   retired
taken back in a later entry   held in dated entries, retired in a later one     retired
said in full only where       held by words of which some stand in its context
it's denied                   only, denied by all of them in one place          retired
weakly bound                  only mentions whose attribute is named nowhere    no verdict
a habit said in part          only most of the words of a pattern               no verdict

Mentions of a part of a value (see `elliptic`) count where there's no whole one, or none as late. Then two
values of which each denies the other are told from one another (see `opposites`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.scorer.beside import contrast
from rembench.harness.scorer.status import Judged
from rembench.harness.types import Stance


@dataclass(frozen=True, slots=True)
class Decision:
    """A stance, or None with both readings; the mention that decided and the rule."""

    stance: Stance | None
    rule: str
    by: Judged | None = None
    readings: tuple[Stance, ...] = ()


def decide(mentions: Mapping[int, Sequence[Judged]], count: int, *, exclusive: bool) -> list[Decision]:
    """One decision for each of an item's `count` values; `exclusive`: only one of them can hold."""
    if exclusive:
        mentions = contrast(mentions)
    firm = {v: [j for j in js if not j.weak] for v, js in mentions.items()}
    stated = {v: [j for j in js if j.status.force == "held"] for v, js in firm.items()}
    openly = {v for v, js in firm.items() if any(j.status.force == "open" for j in js)}
    decisions = []
    for v in range(count):
        others = [j for w, js in stated.items() if w != v for j in js] if exclusive else []
        other_open = any(w != v for w in openly)
        decisions.append(_decide_one(mentions.get(v, ()), firm.get(v, []), others, other_open))
    return decisions


def _decide_one(
    every: Sequence[Judged], firm: Sequence[Judged], others: Sequence[Judged], other_open: bool
) -> Decision:
    whole = [j for j in firm if not j.part]
    latest = max((j.entry for j in whole if j.entry), default=None)
    firm = whole + [j for j in firm if j.part and (not whole or (latest and j.entry and j.entry > latest))]
    if not firm:
        if every and all(j.status.force == "retired" and not j.part for j in every):
            return Decision("retired", every[0].status.rule, every[0])
        if every:
            rule = "a habit said in part" if every[0].part else "weakly bound"
            return Decision(None, rule, every[0], (_stance(every[0]), "absent"))
        return Decision("absent", "not mentioned")
    by = {f: [j for j in firm if j.status.force == f] for f in ("held", "retired", "open", "was")}
    held, retired, opened, was = by["held"], by["retired"], by["open"], by["was"]
    if held:
        return _decide_stated(held, retired, opened, (list(others), other_open))
    if opened:
        return Decision("open", opened[0].status.rule, opened[0])
    if retired:
        return Decision("retired", retired[0].status.rule, retired[0])
    if others:
        return Decision("retired", "past tense beside a newer value", was[0])
    return Decision("held", "past tense alone", was[0])


def _decide_stated(
    held: list[Judged],
    retired: list[Judged],
    opened: list[Judged],
    beside: tuple[list[Judged], bool],
) -> Decision:
    others, other_open = beside
    if opened and other_open and not retired:
        return Decision("open", f"stated and open ({opened[0].status.rule})", opened[0])
    latest = max((j.entry for j in held if j.entry), default=None)
    retired = [j for j in retired if not j.status.rule.startswith("hypothetical")]
    ended = max((j.entry for j in retired if j.entry), default=None)
    if latest and ended and ended > latest and all(j.entry for j in held):
        return Decision("retired", f"taken back in a later entry ({retired[-1].status.rule})", retired[-1])
    again = latest and ended and latest > ended and all(j.entry for j in retired)
    if retired and others and not again:
        return Decision("retired", f"retired, a newer one stated ({retired[0].status.rule})", retired[0])
    newer = [j for j in others if j.entry and latest and j.entry > latest]
    if newer and all(j.entry for j in held):
        return Decision("retired", "older entry than another value's", held[0])
    denied = [j for j in retired if j.mention.whole and j.status.rule.startswith(("negated", "rejected"))]
    if denied and not any(j.mention.whole for j in held):
        return Decision("retired", f"said in full only where it's denied ({denied[0].status.rule})", denied[0])
    if retired:
        return Decision("held", "said both ways, none said to be newer", held[0])
    return Decision("held", held[0].status.rule, held[0])


def _stance(judged: Judged) -> Stance:
    force = judged.status.force
    return "held" if force == "was" else force
