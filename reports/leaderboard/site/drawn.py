"""Rank ranges and intervals as small drawings: numbers alone, coloured by the style sheet."""

from rembench.metrics import METRICS
from rembench.reports.leaderboard.board import Standing
from rembench.reports.summary_types import MetricSummary

RANK_WIDTH, RANK_HEIGHT, _EDGE = 132.0, 18.0, 7.0
WIDTH, HEIGHT = 72.0, 10.0
WIDE = 220.0


def rank_mark(one: Standing) -> str:
    """The ranks that one may have on a line from 1 to all; "" where there's none, or nobody else."""
    if one.best is None or one.worst is None or one.of < 2:
        return ""
    start, end = rank_place(one.best, one.of), rank_place(one.worst, one.of)
    return (
        f'<svg class="ranks" viewBox="0 0 {RANK_WIDTH:.0f} {RANK_HEIGHT:.0f}" aria-hidden="true">'
        f'<path class="rail" d="M{_EDGE:.0f} 9H{RANK_WIDTH - _EDGE:.0f}"/>'
        f'<rect x="{start - 4:.1f}" y="5" width="{end - start + 8:.1f}" height="8" rx="4"/></svg>'
    )


def rank_place(rank: int, of: int) -> float:
    """Where on the line a rank stands."""
    return _EDGE + (rank - 1) * (RANK_WIDTH - 2 * _EDGE) / (of - 1)


def interval_mark(
    one: MetricSummary, name: str, *, wide: bool = False, ticks: tuple[float | None, ...] = ()
) -> str:
    """A value and its interval on the metric's scale; "" where the metric has no scale or no value.

    `ticks` are values to compare with, as small upright lines: the best control's, the oracle's.
    """
    least, most = METRICS[name].limits
    if one.value is None or least is None or most is None or most <= least:
        return ""
    width = WIDE if wide else WIDTH

    def at(value: float) -> str:
        share = (min(most, max(least, value)) - least) / (most - least)
        return f"{4 + share * (width - 8):.1f}"

    whisker = ""
    if one.low is not None and one.high is not None:
        whisker = f'<path class="iv" d="M{at(one.low)} 5H{at(one.high)}"/>'
    zero = f'<path class="rail" d="M{at(0)} 1V9"/>' if least < 0 else ""
    marks = "".join(
        f'<path class="tick t{n}" d="M{at(tick)} 0V10"/>' for n, tick in enumerate(ticks) if tick is not None
    )
    return (
        f'<svg class="interval{" wide" if wide else ""}" viewBox="0 0 {width:.0f} {HEIGHT:.0f}" '
        f'aria-hidden="true"><path class="rail" d="M4 5H{width - 4:.0f}"/>{zero}{marks}{whisker}'
        f'<circle cx="{at(one.value)}" cy="5" r="3"/></svg>'
    )
