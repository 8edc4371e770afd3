"""When things happen: the days of the sessions, and the nights between them.

A place in the story is a number: session i is at i, a written request after it at i + 0.2, the night after
it at i + 0.5, a quiet night after that one at i + 0.75.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rembench.harness.generator.dials import Dials
from rembench.harness.generator.draw import Draw

WRITTEN, NIGHT, QUIET = 0.2, 0.5, 0.75
_EPOCH = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NightTime:
    """A night: when, at which place, and whether nothing is handed over."""

    at: datetime
    place: float
    quiet: bool = False

    @property
    def day(self) -> date:
        """The night's own date."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Times of all sessions and nights, in order."""

    sessions: tuple[datetime, ...]
    nights: tuple[NightTime, ...]

    def night_from(self, place: float) -> int:
        """The number of the first night at or after a place; the number of nights if there's none."""
        return next((n for n, night in enumerate(self.nights) if night.place >= place), len(self.nights))

    def written(self, session: int) -> datetime:
        """The time of a written request after a session."""
        return self.sessions[session] + timedelta(hours=3)


def calendar(dials: Dials, draw: Draw) -> Calendar:
    """Sessions two to nine days apart, a night after every few of them; the last one ends the story."""
    at = _EPOCH + timedelta(days=draw.between(0, 300), hours=draw.between(7, 11))
    sessions: list[datetime] = []
    for _ in range(dials.sessions):
        at += timedelta(days=draw.between(2, 9))
        sessions.append(at.replace(hour=draw.between(7, 18), minute=draw.between(0, 59)))
    ends = _ends(dials)
    nights = [NightTime(_after(sessions[end]), end + NIGHT) for end in ends]
    if dials.quiet and len(nights) > 2:
        k = draw.between(1, len(nights) - 2)
        nights[k + 1 : k + 1] = [NightTime(_after(nights[k].at), ends[k] + QUIET, quiet=True)]
    return Calendar(tuple(sessions), tuple(nights))


def _ends(dials: Dials) -> Sequence[int]:
    """The sessions after which there's a night, evenly spread; the last session is one of them."""
    return [((k + 1) * dials.sessions) // dials.nights - 1 for k in range(dials.nights)]


def _after(at: datetime) -> datetime:
    return (at + timedelta(days=1)).replace(hour=2, minute=30)
