"""One side of a gate: every metric of every contestant, scenario by scenario."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rembench.harness.scoring import Run
from rembench.harness.types import ChainEvidence
from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioScore, metric_cells, scenario_tables
from rembench.reports.summary_types import rounded

Scores = Mapping[str, ScenarioScore]
"""Scenario → what one metric is there; of a twin it stands under its original's name."""

_PACKAGE = Path(__file__).parents[2]
_SCORER = (
    "harness/scorer", "harness/scoring.py", "harness/tokens.py", "harness/scenario/answers.py",
    "harness/scenario/handover.py", "metrics", "reports/by_scenario.py",
)  # fmt: skip

Values = Mapping[str, Mapping[str, Scores]]
"""Contestant → metric → scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Where it's from, what was run, and what was found.

    `packs` are names and hashes, in the run's order. `rembench` is what scored it (`scored_by`).
    """

    where: str
    rembench: str
    created: str
    packs: tuple[tuple[str, str], ...]
    seed: int
    repeats: int
    versions: Mapping[str, str]
    contestants: Values

    def scenarios(self) -> set[str]:
        """All scenarios that anything is known of."""
        return {s for metrics in self.contestants.values() for scores in metrics.values() for s in scores}

    def to_json(self) -> dict[str, Any]:
        """What was run, without what was found."""
        return {
            "where": self.where,
            "rembench": self.rembench,
            "created": self.created,
            "packs": [{"name": name, "sha256": sha} for name, sha in self.packs],
            "seed": self.seed,
            "repeats": self.repeats,
        }


@cache
def scored_by(version: str) -> str:
    """What scored a run: the version, and a hash of the scorer's and the metrics' own files.

    Values that different scorers found aren't compared, whatever the version says.
    """
    digest = sha256()
    for part in _SCORER:
        place = _PACKAGE / part
        files = sorted(one for one in place.rglob("*") if one.is_file()) if place.is_dir() else [place]
        for file in (one for one in files if one.suffix in {".py", ".txt", ".yaml"}):
            digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{version}, scorer {digest.hexdigest()[:12]}"


def contestant_names(run: Run) -> tuple[str, ...]:
    """The names of those in a run that aren't controls."""
    names = (str(one["name"]) for one in run.record.consolidators)
    return tuple(name for name in names if name not in run.record.controls)


def measured(
    run: Run, evidence: Sequence[ChainEvidence], *, version: str, metrics: Collection[str] = METRICS
) -> Measured:
    """A run as one side of a gate; `evidence` is that of the contestants that take part."""
    names = list(dict.fromkeys(chain.chain.consolidator for chain in evidence))
    record = run.record
    return Measured(
        where=str(run.folder),
        rembench=scored_by(version),
        created=record.created,
        packs=tuple((str(p["name"]), str(p["sha256"])) for p in record.packs),
        seed=record.seed,
        repeats=record.repeats,
        versions=record.versions,
        contestants={n: _metrics([e for e in evidence if e.chain.consolidator == n], metrics) for n in names},
    )


def _metrics(chains: Sequence[ChainEvidence], metrics: Collection[str]) -> dict[str, Scores]:
    tables = scenario_tables(metric_cells(chains, metrics))
    return {name: {s: _rounded(one) for s, one in table.scenarios.items()} for name, table in tables.items()}


def _rounded(score: ScenarioScore) -> ScenarioScore:
    """As in a file, so that a run and its own file don't differ in the last digits."""
    low, high = (rounded(end) for end in score.bounds) if score.bounds else (None, None)
    return replace(
        score,
        value=rounded(score.value),
        bounds=None if low is None or high is None else (low, high),
    )
