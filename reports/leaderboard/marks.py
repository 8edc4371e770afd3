"""What a reader should know of an entry: how it was run, and what of it can't be known."""

from collections.abc import Iterator, Mapping
from typing import Any

import rembench
from rembench.consolidators import TABLE
from rembench.harness.engine.record import PRICES
from rembench.harness.providers.prices import prices
from rembench.reports.leaderboard.board import Mark, Submission
from rembench.reports.leaderboard.submissions import target
from rembench.reports.summary_types import ConsolidatorSummary

LEAST_REPEATS = 3
MOST_MISSING = 0.05
"""The share of values without a verdict above which an entry has no rank: what's missing isn't chance."""


def marks(entry: Mapping[str, Any], submission: Submission, summary: ConsolidatorSummary) -> tuple[Mark, ...]:
    """The marks of a consolidator of a submission; `entry` is what the run's record has of it."""
    return tuple(_marks(entry, submission, summary))


def missing_share(summary: ConsolidatorSummary) -> float:
    """Of the values that something is expected of, how many have no verdict."""
    found = [summary.metrics[m] for m in ("obligations_met", "prohibitions_broken")]
    scored, missing = sum(one.scored for one in found), sum(one.missing for one in found)
    return missing / (scored + missing) if scored + missing else 0.0


def _marks(entry: Mapping[str, Any], submission: Submission, summary: ConsolidatorSummary) -> Iterator[Mark]:
    capabilities = entry.get("capabilities") or {}
    named = target(str(entry["spec"]))
    shipped = named in TABLE and named not in {"command", "replay"}
    transcript = capabilities.get("transcript", "full")
    if transcript == "wrapped":
        yield Mark(name="wrapped", text="saw the sessions as text in a user’s message, not as they were")
    if transcript == "none":
        yield Mark(name="no_sessions", text="saw no sessions, only the memory")
    if submission.repeats < LEAST_REPEATS and not (shipped and not capabilities.get("network")):
        times = "once" if submission.repeats == 1 else f"{submission.repeats} times"
        yield Mark(
            name="few_repeats", text=f"every scenario was run {times}: what would differ next time isn’t known"
        )
    if named == "replay":
        yield Mark(name="replayed", text="memories made elsewhere: nobody here saw how")
    elif not shipped:
        yield Mark(name="own_code", text="code of its own, which isn’t part of rembench")
    if submission.rembench != rembench.__version__:
        yield Mark(
            name="other_version",
            text=f"run with rembench {submission.rembench}, scored with {rembench.__version__}",
        )
    theirs, ours = submission.versions.get(PRICES, "unknown"), prices().version
    if summary.cost.get("usd") and theirs != ours:
        yield Mark(name="other_prices", text=f"its cost is by the prices of {theirs}; these are of {ours}")
    yield from _unknown(summary)


def _unknown(summary: ConsolidatorSummary) -> Iterator[Mark]:
    nights = int(summary.cost["nights"])
    if summary.failures:
        counts = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in summary.failures.items())
        yield Mark(
            name="failed_nights", text=f"{sum(summary.failures.values())} of {nights} nights failed ({counts})"
        )
    share = missing_share(summary)
    if share > MOST_MISSING:
        text = f"{share:.0%} of its values have no verdict: above {MOST_MISSING:.0%} an entry has no rank"
        yield Mark(name="missing", text=text, unranked=True)
    if unknown := summary.cost.get("usd_unknown_nights"):
        yield Mark(name="unknown_cost", text=f"what it cost is unknown of {unknown} of {nights} nights")
