"""What a summary says of the readers of a run: numbers or None with a reason, as they stand in summary.json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.statistics.told import Told
from rembench.harness.types import Item
from rembench.reports.summary_types import MetricSummary, rounded

RIGHT, NOT_KNOWN, WRONG, NO_VERDICT = "right", "not known", "wrong", "no verdict"
OUTCOMES = (RIGHT, NOT_KNOWN, WRONG, NO_VERDICT)
"""What becomes of a question to which there's something to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the memory says of one value there; `word` is the stance table's, "no verdict" without one."""

    text: str
    word: str
    is_right: bool | None
    quote: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A question that was answered right at `first` and no longer at `night`; `again`: when it was after that.

    Nights are numbers from 1. `is_changed`: the right answer isn't that of the night before.
    `told_by_sessions`: whether it's answered right from the raw sessions at that night, None for no verdict.
    """

    consolidator: str
    scenario: str
    repeat: int
    item: Item
    first: int
    night: int
    checkpoint: str
    again: int | None
    is_changed: bool
    answer: str | None
    told_by_sessions: bool | None
    memory: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedCounts:
    """How many questions stopped finding their answer, of those `asked` with something to tell at some night.

    `found` were ever answered right, `stopped` no longer at a later night, `again` were so after that.
    `by_night` says at which nights they stopped, `told_by_sessions` how many of them the raw sessions still
    told then, `unchanged` of how many the right answer was the same as at the night before.
    """

    asked: int
    found: int
    stopped: int
    again: int
    unchanged: int
    told_by_sessions: int
    by_night: Mapping[int, int]

    def to_json(self) -> dict[str, Any]:
        """As in summary.json."""
        return {
            "asked": self.asked, "found": self.found, "stopped": self.stopped, "again": self.again,
            "unchanged": self.unchanged, "told_by_sessions": self.told_by_sessions,
            "by_night": {str(night): n for night, n in sorted(self.by_night.items())},
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What can be told of a difference: p of the paired sign-flip test, and what would have been noticed."""

    p: float
    detectable: Told
    wanted: Told

    def to_json(self) -> dict[str, Any]:
        """As in summary.json."""
        return {"p": rounded(self.p), **_told("detectable", self.detectable), **_told("wanted", self.wanted)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSummary:
    """One consolidator as one reader has read it; `by_recall`: through the consolidator's own recall.

    `questions` are those that stopped finding their answer; they aren't in summary.json.
    """

    name: str
    control: bool
    by_recall: bool
    metrics: Mapping[str, MetricSummary]
    detection: Detection
    outcomes: Mapping[str, int]
    stopped: StoppedCounts
    questions: tuple[Stopped, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As in summary.json."""
        return {
            "control": self.control,
            "by_recall": self.by_recall,
            "metrics": {name: one.to_json() for name, one in self.metrics.items()},
            "detection": self.detection.to_json(),
            "outcomes": dict(self.outcomes),
            "stopped": self.stopped.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSummary:
    """One reader: what it made of the raw sessions and of every consolidator's memories, and its cost."""

    name: str
    record: Mapping[str, Any]
    models: tuple[str, ...]
    sessions: Mapping[str, MetricSummary]
    session_outcomes: Mapping[str, int]
    consolidators: Mapping[str, ReadSummary]
    cost: Mapping[str, Mapping[str, float | int | None]]
    faults: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """As in summary.json."""
        return {
            "record": dict(self.record),
            "models": list(self.models),
            "sessions": {
                "metrics": {name: one.to_json() for name, one in self.sessions.items()},
                "outcomes": dict(self.session_outcomes),
            },
            "consolidators": {name: one.to_json() for name, one in self.consolidators.items()},
            "cost": {source: dict(cost) for source, cost in self.cost.items()},
            "faults": dict(self.faults),
        }


def _told(name: str, told: Told) -> dict[str, Any]:
    return {name: rounded(told.value)} | ({f"{name}_reason": told.reason} if told.reason else {})
