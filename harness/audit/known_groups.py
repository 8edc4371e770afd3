"""Known groups: the oracle is right in everything and nothing is missing, and nothing remembers nothing.

The bar: on every pack the oracle's metrics of obligation are exactly 1.00 (or 0.00 where lower is better),
those of prohibition exactly 0.00, with no verdict missing; `nothing` has retention, leakage and skill 0.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rembench.harness.audit.nights import ORACLE, controls, run_nights
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import Scenario
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.summary_types import MetricSummary

PACKS = ("natural", "recorded")
BAR = "oracle exactly 1.00 or 0.00 on every metric, 0 missing; nothing: retention, leakage and skill 0"
_ONE = frozenset({"skill", "informedness", "youden_j", "clean_scenario_rate", "values_right"})
_NOTHING = ("retention", "deletion_leakage", "skill")


def measure(full: bool) -> dict[str, Any]:
    """The oracle and nothing on the packs that come with rembench; `full` changes nothing here."""
    del full
    found = {name: of(load_pack(name).scenarios) for name in PACKS}
    return {"bar": BAR, "met": all(f["met"] for f in found.values()), "packs": found}


def of(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Both groups on some scenarios: the numbers, and those that aren't what they must be."""
    summary = run_nights(controls(scenarios), scenarios).summary
    oracle = summary.consolidators[ORACLE].metrics
    floor = summary.consolidators["nothing"].metrics
    asked = {name: oracle[name] for name, metric in METRICS.items() if wanted(metric) is not None}
    off = {name: m.value for name, m in asked.items() if m.value not in {None, wanted(METRICS[name])}}
    missing = sum(m.missing for m in asked.values())
    nothing = {name: floor[name].value for name in _NOTHING}
    return {
        "met": not off and not missing and not any(nothing.values()),
        "scenarios": len(scenarios),
        "oracle": {"metrics": _values(asked), "off": off, "missing": missing},
        "nothing": nothing,
    }


def wanted(metric: Metric) -> float | None:
    """What a perfect memory gets in a metric; None where none is asked of it."""
    if metric.role == "description":
        return 1.0 if metric.name in _ONE else None
    return {"higher": 1.0, "lower": 0.0}[metric.better]


def _values(metrics: Mapping[str, MetricSummary]) -> dict[str, float | None]:
    """Null where the pack offers no opportunity."""
    return {name: m.value for name, m in metrics.items()}
