"""What was run, and what it cost: a row for every consolidator, for both reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rembench.reports.columns import ordered_names
from rembench.reports.summary_types import ConsolidatorSummary, Summary

TRANSCRIPTS: Mapping[str, str] = {
    "full": "sessions as they were",
    "wrapped": "sessions as text in a user’s message",
    "none": "no sessions, the memory alone",
}
"""How faithfully a consolidator gets to see the sessions: its declared transcript fidelity, in words."""

WRAPPED = (
    "Those that saw the sessions as text in a user’s message are compared fairly with others run with "
    "transcript=wrapped; beside the rest, a part of a difference may be that."
)
UNKNOWN = "unknown"


HEADS = ("it saw", "where it ran", "calls", "tokens in", "of them from a cache", "tokens out", "US dollars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One consolidator; its cells are those of `HEADS`."""

    name: str
    control: bool
    transcript: str
    cells: tuple[str, ...]


def rows(summary: Summary) -> list[Row]:
    """A row for every consolidator, contestants first."""
    records = {one["name"]: one for one in summary.run["consolidators"]}
    return [_row(summary.consolidators[name], records.get(name, {})) for name in ordered_names(summary)]


def is_mixed(summary: Summary) -> bool:
    """Whether some contestants saw the sessions wrapped and others didn't."""
    seen = {row.transcript for row in rows(summary) if not row.control}
    return TRANSCRIPTS["wrapped"] in seen and len(seen) > 1


def _row(one: ConsolidatorSummary, record: Mapping[str, Any]) -> Row:
    capabilities = record.get("capabilities") or {}
    fidelity = str(capabilities.get("transcript", "full"))
    transcript = TRANSCRIPTS.get(fidelity, fidelity)
    return Row(
        name=one.name,
        control=one.control,
        transcript=transcript,
        cells=(
            transcript,
            "with a service or a server" if capabilities.get("network") else "here",
            _amount(one.cost, "calls"),
            _amount(one.cost, "input_tokens", "cache_read_tokens", "cache_write_tokens"),
            _amount(one.cost, "cache_read_tokens"),
            _amount(one.cost, "output_tokens"),
            _amount(one.cost, "usd", digits=4),
        ),
    )


def _amount(cost: Mapping[str, Any], *names: str, digits: int = 0) -> str:
    """The sum of these amounts; where one is unknown of some nights, what's known of it, and that."""
    nights = max(cost.get(f"{name}_unknown_nights", 0) for name in names)
    known = [cost.get(f"{name}_known", 0) if cost.get(name) is None else cost[name] for name in names]
    if nights == 0:
        return f"{sum(known):,.{digits}f}"
    if nights == cost.get("nights"):
        return UNKNOWN
    return f"{sum(known):,.{digits}f} and {UNKNOWN} of {nights:,} nights"
