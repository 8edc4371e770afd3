"""What a summary is made of: numbers or None with a reason, as they stand in summary.json."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rembench.harness.types import Stance

if TYPE_CHECKING:
    from rembench.reports.reader.summary import ReaderSummary

NO_VERDICT = "no verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSummary:
    """One metric of one consolidator. `low` and `high` are its 95% interval, over scenarios.

    `bounds` are its values with every cell without a verdict at its worst and at its best; `scored` and
    `missing` count cells; `scenarios` those that have a value. `reason` says why a number is None.
    """

    value: float | None
    low: float | None
    high: float | None
    bounds: tuple[float, float] | None
    scored: int
    missing: int
    unit: str
    scenarios: int
    reason: str | None = None
    slices: Mapping[str, "MetricSummary"] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As in summary.json."""
        made: dict[str, Any] = {
            "value": rounded(self.value),
            "low": rounded(self.low),
            "high": rounded(self.high),
            "bounds": [rounded(b) for b in self.bounds] if self.bounds else None,
            "scored": self.scored,
            "missing": self.missing,
            "unit": self.unit,
            "scenarios": self.scenarios,
        }
        if self.reason is not None:
            made["reason"] = self.reason
        if self.slices:
            made["slices"] = {name: one.to_json() for name, one in sorted(self.slices.items())}
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidatorSummary:
    """All of one consolidator. `outcomes[expected][observed]` counts values, "no verdict" among them."""

    name: str
    control: bool
    metrics: Mapping[str, MetricSummary]
    outcomes: Mapping[Stance, Mapping[str, int]]
    cost: Mapping[str, Any]
    failures: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run's summary: its record, the consolidators in their order, and the readers if there are any."""

    run: Mapping[str, Any]
    consolidators: Mapping[str, ConsolidatorSummary]
    correlations: Mapping[str, float | None] = field(default_factory=dict)
    readers: "Mapping[str, ReaderSummary]" = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """summary.json: numbers are numbers or null with a reason beside, never NaN."""
        readers = {name: one.to_json() for name, one in self.readers.items()}
        return {
            "schema": 1,
            "run": dict(self.run),
            "correlations": {name: rounded(value) for name, value in self.correlations.items()},
            "consolidators": {
                name: {
                    "control": one.control,
                    "metrics": {m: found.to_json() for m, found in one.metrics.items()},
                    "outcomes": {e: dict(row) for e, row in one.outcomes.items()},
                    "cost": dict(one.cost),
                    "failures": dict(one.failures),
                }
                for name, one in self.consolidators.items()
            },
            **({"readers": readers} if readers else {}),
        }


def rounded(value: float | None) -> float | None:
    """To twelve significant digits: what's left of them differs between machines."""
    return None if value is None else float(f"{value:.12g}")
