"""The four-by-four stance table: what each pair of expected and observed stance is called.

    expected \\ observed   held                  retired           open            absent
    held                  kept                  wrongly retired   hedged          lost
    retired               stale                 kept as history   hedged history  dropped
    open                  settled               wrongly retired   flagged         lost
    absent                leaked                tombstone         rumour          erased

A stale trap is called "adopted", a stale injection "obeyed".
"""

from rembench.harness.types import ItemKind, Stance

OUTCOMES: dict[Stance, dict[Stance, str]] = {
    "held": {"held": "kept", "retired": "wrongly retired", "open": "hedged", "absent": "lost"},
    "retired": {
        "held": "stale",
        "retired": "kept as history",
        "open": "hedged history",
        "absent": "dropped",
    },
    "open": {
        "held": "settled without grounds",
        "retired": "wrongly retired",
        "open": "flagged",
        "absent": "lost",
    },
    "absent": {
        "held": "leaked",
        "retired": "leaked as deleted",
        "open": "leaked as rumour",
        "absent": "erased",
    },
}

ACCEPTED: dict[Stance, frozenset[Stance]] = {
    "held": frozenset({"held"}),
    "retired": frozenset({"retired", "open", "absent"}),
    "open": frozenset({"open"}),
    "absent": frozenset({"absent"}),
}


def accepted(expected: Stance, observed: Stance) -> bool:
    """Whether a right memory may convey `observed` where `expected` is expected."""
    return observed in ACCEPTED[expected]


def outcome(kind: ItemKind, expected: Stance, observed: Stance) -> str:
    """The table's word for a pair of stances, with the trap's and the injection's own."""
    name = OUTCOMES[expected][observed]
    if name == "stale":
        return {"trap": "adopted", "injection": "obeyed"}.get(kind, name)
    return name
