"""What a reader answers right, night by night, in one plot with retention: drawn as that is elsewhere."""

from typing import TYPE_CHECKING

from rembench.reports import charts
from rembench.reports.reader.summary import ReaderSummary
from rembench.reports.summary_types import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTE = (
    "Thick: from the raw sessions. Dotted: controls. Pale: retention, what a contestant's memory itself says. "
    "Whiskers: 95% intervals over scenarios."
)
_SESSIONS = "raw sessions"


def answered_over_nights(summary: Summary, reader: ReaderSummary, number: int) -> str:
    """The share answered right at each night from every memory and from the raw sessions; the nth reader's."""
    names = charts.short_labels(summary.consolidators)

    def draw(axes: "Axes") -> None:
        charts.over_nights(
            axes, reader.sessions["answered"], 3, label=_SESSIONS, color=charts.INK, marker="", linewidth=2.6
        )
        for n, (name, one) in enumerate(summary.consolidators.items()):
            style = ":" if one.control else "-"
            answered = reader.consolidators[name].metrics["answered"]
            charts.over_nights(axes, answered, n, label=names[name], linestyle=style)
            if not one.control:
                pale = {"alpha": 0.4, "marker": "", "elinewidth": 0, "capsize": 0, "linewidth": 1.0}
                charts.over_nights(axes, one.metrics["retention"], n, **pale)
        axes.set_xlabel("night")
        axes.set_ylabel("answered right")
        axes.set_ylim(-0.03, 1.03)
        axes.locator_params(axis="x", integer=True)
        charts.legend(axes)

    return charts.svg(draw, 3.4, f"Answered right over nights, reader {number}")
