"""What a plot is: one item's story, told in beats, with the stance that every value has from when on."""

from dataclasses import dataclass, field
from typing import Any, Literal

from rembench.harness.night import Role
from rembench.harness.types import ItemKind, Stance, ValueType

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message; `main` is the one that a beat's events and evidence are in."""

    role: Role
    text: str
    main: bool = False
    name: str | None = None


@dataclass(slots=True, kw_only=True)
class Beat:
    """Something that's said at a place of the story.

    `evidence` are the (item, value) pairs that its main message speaks of; `events` go to the log.
    `sensitive`: the twin never has it. `alone`: its message holds nothing else. `written`: a request
    outside of any session, whose text is the main turn's.
    """

    at: float
    turns: tuple[Turn, ...]
    events: list[Event] = field(default_factory=list)
    evidence: list[tuple[str, int]] = field(default_factory=list)
    sensitive: bool = False
    alone: bool = False
    written: bool = False


@dataclass(slots=True, kw_only=True)
class PlotValue:
    """A value of a plot's item, and its stances: (place, stance from there on)."""

    text: str
    aliases: tuple[str, ...] = ()
    type: ValueType | None = None
    match_any: tuple[tuple[tuple[str, ...], ...], ...] | None = None
    condition: str | None = None
    where: str | None = None
    gives_away: bool = False
    stances: list[tuple[float, Stance | None]] = field(default_factory=list)

    def stance(self, place: float) -> Stance | None:
        """What a right memory has of it at a place; None: not known yet, or not asked."""
        found: Stance | None = None
        for since, stance in self.stances:
            if since <= place:
                found = stance
        return found


@dataclass(slots=True, kw_only=True)
class Plot:
    """An item with its values, its beats, and lines that the starting store has of it."""

    id: str
    kind: ItemKind
    tactic: str | None
    subject: str
    subject_aliases: tuple[str, ...]
    attribute: str
    attribute_aliases: tuple[str, ...]
    question: str
    values: list[PlotValue]
    beats: list[Beat] = field(default_factory=list)
    stored: list[tuple[str, str, Event]] = field(default_factory=list)  # path, line, event
    tags: tuple[str, ...] = ()
    instruction: Literal["prioritise", "ignore"] | None = None
    sensitive: bool = False
