"""Dials: how hard a scenario is, and what each of them strains.

sessions     how long the story is: many small losses add up
nights       how often it's consolidated: what's lost once stays lost
items        how much there is to know
trivia       how much there is that the nights' instructions say to leave out
noise        exchanges of small talk to each one that matters: finding what matters
gap          sessions between a fact and its correction, at least: seeing that they're about the same
paraphrase   how often things are said in passing, in other words, by a short name
lookalikes   how often a subject's name and values are nearly another's
foreign      how often names and identifiers are of other languages
chain        how many corrections of corrections there may be
budget       the write budget, as a multiple of the right memory's length; 0 for none
refeed       whether an old session is handed over again after a deletion
quiet        whether there's a night with nothing new
length       tokens of the whole text, at least; reached with tool output
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from rembench.harness.errors import UserError

MOST_TOKENS = 1_500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """One setting of all dials; `level` marks it, None outside the five levels."""

    sessions: int
    nights: int
    items: int
    trivia: int = 0
    noise: float = 1.0
    gap: int = 1
    paraphrase: float = 0.2
    lookalikes: float = 0.0
    foreign: float = 0.1
    chain: int = 1
    budget: float = 0.0
    refeed: bool = True
    quiet: bool = False
    length: int = 0
    level: int | None = None


LEVELS: tuple[Dials, ...] = (
    Dials(level=1, sessions=5, nights=2, items=14, noise=0.4, gap=1, paraphrase=0.1, chain=1, refeed=False),
    Dials(level=2, sessions=7, nights=3, items=18, noise=0.6, gap=2, paraphrase=0.3, lookalikes=0.2, chain=1),
    Dials(level=3, sessions=10, nights=4, items=26, noise=0.8, gap=3, paraphrase=0.5, lookalikes=0.4,
          foreign=0.3, chain=2, trivia=3, quiet=True),
    Dials(level=4, sessions=16, nights=6, items=38, noise=1.0, gap=4, paraphrase=0.6, lookalikes=0.6,
          foreign=0.4, chain=2, trivia=8, budget=2.0, quiet=True),
    Dials(level=5, sessions=24, nights=9, items=56, noise=1.0, gap=6, paraphrase=0.8, lookalikes=0.8,
          foreign=0.5, chain=3, trivia=16, budget=1.5, quiet=True),
)  # fmt: skip

HARD = Dials(sessions=48, nights=14, items=180, noise=2.0, gap=14, paraphrase=0.9, lookalikes=0.95, foreign=0.5,
             chain=3, trivia=90, budget=1.15, quiet=True)  # fmt: skip
LONG = replace(HARD, sessions=100, nights=20, items=220, trivia=110, gap=30, length=1_000_000)
DELETION = Dials(sessions=10, nights=5, items=18, noise=0.6, gap=2, paraphrase=0.4, lookalikes=0.3, foreign=0.2)


def check(dials: Dials) -> Dials:
    """`dials` if a scenario can be made by them, UserError with what would be right if not."""
    for name, (low, high) in _RANGES.items():
        value = getattr(dials, name)
        if not low <= value <= high:
            raise UserError(f"{name}={value} can't be", where="dials", right=f"{low} to {high}")
    if dials.nights > dials.sessions:
        raise UserError(
            f"nights={dials.nights} with sessions={dials.sessions}",
            where="dials",
            right="every night has a session before it: at most as many nights as sessions",
        )
    if dials.gap >= dials.sessions - 1:
        raise UserError(
            f"gap={dials.gap} with sessions={dials.sessions}",
            where="dials",
            right=f"a correction comes within the story: at most {dials.sessions - 2}",
        )
    if 0 < dials.budget < 1:
        raise UserError(
            f"budget={dials.budget}",
            where="dials",
            right="1 or more times the right memory's length, 0 for none",
        )
    return dials


_RANGES: Mapping[str, tuple[float, float]] = {
    "sessions": (3, 100),
    "nights": (1, 40),
    "items": (1, 400),
    "trivia": (0, 200),
    "noise": (0, 10),
    "gap": (0, 98),
    "paraphrase": (0, 1),
    "lookalikes": (0, 1),
    "foreign": (0, 1),
    "chain": (1, 3),
    "budget": (0, 100),
    "length": (0, MOST_TOKENS),
}


def with_settings(dials: Dials, settings: Mapping[str, str]) -> Dials:
    """`dials` with some turned, given as text ("sessions": "20"); UserError for one that isn't there."""
    kinds = {f.name: type(getattr(dials, f.name)) for f in fields(dials) if f.name != "level"}
    changed: dict[str, object] = {}
    for name, text in settings.items():
        if name not in kinds:
            raise UserError(f"no dial is called {name!r}", where="--dial", right=f"known: {', '.join(kinds)}")
        changed[name] = _value(name, text, kinds[name])
    return check(replace(dials, **changed))  # type: ignore[arg-type]


def _value(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text not in {"true", "false"}:
            raise UserError(f"{name}={text[:40]!r}", where="--dial", right="true or false")
        return text == "true"
    try:
        value = kind(text)
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        raise UserError(f"{name}={text[:40]!r}", where="--dial", right=what) from None
    if value != value:
        raise UserError(f"{name}={text[:40]!r}", where="--dial", right="a number")
    return value
