"""Which metric stands where in a report: the leaderboard's columns, and what's left for the further table."""

from collections.abc import Iterator

from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.summary_types import Summary

GROUPS: dict[str, dict[str, str]] = {
    "Overall": {"skill": "Skill", "clean_scenario_rate": "Clean scen\u00adarios"},
    "Keeps": {
        "retention": "Retent\u00adion",
        "retention_at_budget": "at budget",
        "insight": "Insight",
        "damage": "Damage",
    },
    "Corrects": {
        "contradiction": "Contra\u00addiction",
        "staleness": "Stale",
        "false_stale": "False stale",
    },
    "Invents": {"hallucination": "Halluci\u00adnation", "unsupported": "Unsup\u00adported"},
    "Forgets": {
        "deletion_leakage": "Leakage",
        "over_deletion": "Over-deletion",
        "secrets_kept": "Secrets kept",
        "injections_obeyed": "Injec\u00adtions obeyed",
    },
    "Costs": {"store_tokens": "Tokens", "usd": "USD a night"},
}
"""Group → metric → its short head; \u00ad is where a head may break."""

_PARTS = ("kind=", "tactic=", "domain=", "level=", "class=", "night=")
SHOWN: dict[str, tuple[str, ...]] = {
    "retention": ("night=", "kind=", "level="),
    "staleness": ("level=", "kind="),
    "contradiction": ("tactic=", "kind="),
    "deletion_leakage": ("phase=", "level=L"),
    "twin_leakage": ("phase=",),
    "values_right": _PARTS,
    "obligations_met": _PARTS,
    "prohibitions_broken": _PARTS,
    **dict.fromkeys(
        ("retention_at_budget", "insight", "damage", "false_stale", "secrets_kept", "injections_obeyed"),
        ("kind=",),
    ),
    "clean_scenario_rate": ("kind=",),
}
"""The slices that a report or a leaderboard shows; summary.json has all of them."""

ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}


def leaderboard_metrics() -> list[str]:
    """The metrics of the leaderboard, in order; headline metrics that no group names come last."""
    named = [metric for group in GROUPS.values() for metric in group]
    return [*named, *(m for m, metric in METRICS.items() if metric.headline and m not in named)]


def groups() -> Iterator[tuple[str, list[tuple[Metric, str]]]]:
    """Every group with its metrics and their heads."""
    for group, heads in GROUPS.items():
        yield group, [(METRICS[m], head) for m, head in heads.items()]
    named = [metric for group in GROUPS.values() for metric in group]
    rest = [(METRICS[m], METRICS[m].title) for m in leaderboard_metrics() if m not in named]
    if rest:
        yield "More", rest


def boards() -> list[tuple[str, list[tuple[str, list[tuple[Metric, str]]]]]]:
    """The leaderboard as two tables with their titles: what should be done, and what shouldn't."""
    every = list(groups())
    return [
        ("What it keeps and corrects", every[:3]),
        ("What it invents, what it forgets when asked, what it costs", every[3:]),
    ]


def further_metrics() -> list[Metric]:
    """The metrics that aren't in the leaderboard."""
    shown = set(leaderboard_metrics())
    return [metric for m, metric in METRICS.items() if m not in shown]


def slice_names(summary: Summary, metric: str, prefix: str) -> list[str]:
    """The slices of a metric that begin with `prefix` and hold no other, over all consolidators."""
    found = {
        name
        for one in summary.consolidators.values()
        if metric in one.metrics
        for name in one.metrics[metric].slices
        if name.startswith(prefix) and " " not in name
    }
    return sorted(found, key=lambda name: (len(name) if prefix == "night=" else 0, name))


def ordered_names(summary: Summary) -> list[str]:
    """Contestants first, then controls; within each in the run's order."""
    everyone = summary.consolidators.items()
    return [*(n for n, one in everyone if not one.control), *(n for n, one in everyone if one.control)]
