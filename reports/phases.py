"""The levels of a leak and the phases of a deletion, in words."""

PHASES = {
    "request": "after the night of the request",
    "next": "after a later night",
    "refeed": "after a night that was given an old session again",
    "scope": "in another part of the store that had got a copy",
}

LEVELS = {
    "L1": "request noted",
    "L2": "attribute named",
    "L3": "part of the value",
    "L4": "disguised",
    "L5": "verbatim",
    "L6": "derivable",
}
