"""What a leaderboard is made of. Nothing in it holds a path of the machine that it was made on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rembench.harness.statistics.ranks import Ranking
from rembench.harness.statistics.repeats import Spread
from rembench.harness.types import ChainEvidence, Scenario
from rembench.reports.by_scenario import ScenarioTable
from rembench.reports.sentences import Answer
from rembench.reports.summary_types import ConsolidatorSummary, Summary

MarkName = Literal[
    "wrapped", "no_sessions", "few_repeats", "failed_nights", "missing", "unknown_cost", "own_code", "replayed",
    "other_version", "other_prices",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a reader should know of an entry, in words; `unranked`: because of it, it has no rank."""

    name: MarkName
    text: str
    unranked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A run that was handed in and taken; `nights` counts those of its contestants."""

    label: str
    created: str
    rembench: str
    seed: int
    repeats: int
    nights: int
    versions: Mapping[str, str]
    prompts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A run that was handed in and wasn't taken."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The ranks on one metric that an entry may have, among `of`; None with a reason where it has none.

    All standings of a metric together are right in 95 of 100 leaderboards.
    """

    best: int | None
    worst: int | None
    of: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One contestant of one submission.

    `summary` has its metrics with intervals and slices, outcomes, cost and failures; `answers` are those to
    the three questions; `standings` are by metric; `spread` is that of its informedness over scenarios and
    repeats; `tables` have every metric scenario by scenario; `chains` are the evidence, under its label.
    """

    label: str
    submission: Submission
    consolidator: str
    spec: str
    options: Mapping[str, str]
    capabilities: Mapping[str, Any]
    summary: ConsolidatorSummary
    answers: tuple[Answer, ...]
    standings: Mapping[str, Standing]
    marks: tuple[Mark, ...]
    spread: Spread
    tables: Mapping[str, ScenarioTable]
    chains: tuple[ChainEvidence, ...]

    @property
    def ranked(self) -> bool:
        """Whether it has ranks."""
        return not any(mark.unranked for mark in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOf:
    """A pack that all submissions were run on."""

    name: str
    sha256: str
    scenarios: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What all submissions have in common: the packs, and how much of them was run."""

    packs: tuple[PackOf, ...]
    limit: int | None
    shard: str | None
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The leaderboard. `summary` is that of everyone, entries and controls, by label.

    `entries` are in the order of their ranks by informedness, those without one last; who can't be told apart
    is in the order of their labels. `controls` are labels, `control_chains` their evidence. `rankings` have
    every pair's comparison, by metric. `kinds`: kind of item → label → its ranks by the values that are right.
    """

    basis: Basis
    summary: Summary
    entries: tuple[Entry, ...]
    controls: tuple[str, ...]
    control_tables: Mapping[str, Mapping[str, ScenarioTable]]
    control_chains: Mapping[str, tuple[ChainEvidence, ...]]
    rankings: Mapping[str, Ranking]
    kinds: Mapping[str, Mapping[str, Standing]]
    refused: tuple[Refused, ...]
    scored_by: str
