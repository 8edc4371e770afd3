"""Charts drawn by matplotlib, as SVG without a background: text and lines take the page's colour.

The bytes depend on the numbers alone: no date, no random ids.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rembench.reports import wording
from rembench.reports.summary_types import MetricSummary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's palette, told apart by readers with colour vision deficiencies too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1", "#999999")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
INK = "#010203"
"""Replaced by currentColor."""
_WIDTH = 7.2
_LONGEST = 40  # characters of a label


def over_nights(axes: "Axes", metric: MetricSummary, n: int, **look: Any) -> None:
    """A metric at each night with its 95% intervals, as the nth line; `look` is how matplotlib draws it."""
    numbers = sorted(int(name[6:]) for name in metric.slices if name.startswith("night="))
    found = [(night, metric.slices[f"night={night}"]) for night in numbers]
    known = [(night, m, m.value) for night, m in found if m.value is not None]
    if not known:
        return
    whiskers = [_whiskers(m) for _, m, _ in known]
    shift = 0.03 * (n % 7 - 3)
    axes.errorbar(
        [night + shift for night, _, _ in known], [value for _, _, value in known],
        yerr=[[w[0] for w in whiskers], [w[1] for w in whiskers]],
        **{"color": colour(n), "marker": mark(n), "capsize": 2, "elinewidth": 1, "linewidth": 1.4, **look},
    )  # fmt: skip


def short_labels(names: Iterable[str]) -> dict[str, str]:
    """The labels of consolidators, as matplotlib may have them."""
    return drawable(wording.labels(names))


def drawable(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels that leave room, with nothing that matplotlib would read as mathematics or as "no label"."""
    return {name: plain(one) for name, one in wording.clipped(labels, _LONGEST).items()}


def plain(label: str) -> str:
    """A label with nothing that matplotlib would read as mathematics or as "no label"."""
    return label.replace("$", r"\$").removeprefix("_")


def _whiskers(metric: MetricSummary) -> tuple[float, float]:
    if metric.value is None or metric.low is None or metric.high is None:
        return 0.0, 0.0
    return max(0.0, metric.value - metric.low), max(0.0, metric.high - metric.value)


def colour(n: int) -> str:
    """The colour of the nth."""
    return COLOURS[n % len(COLOURS)]


def mark(n: int) -> str:
    """The mark of the nth; no two of the first 64 have both colour and mark in common."""
    return MARKS[(n + n // len(COLOURS)) % len(MARKS)]


def legend(axes: "Axes") -> None:
    """The legend, beside the chart."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles, labels, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8,
            ncols=1 + len(labels) // 16,
        )  # fmt: skip


def svg(draw: "Callable[[Axes], None]", height: float, title: str) -> str:
    """A chart as an <svg> element."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    ink = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    settings: dict[Any, Any] = {
        "svg.hashsalt": "rembench", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9,
        "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.7,
    }  # fmt: skip
    settings.update(dict.fromkeys(ink, INK))
    with mpl.rc_context(settings):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0)
        axes.grid(visible=True, alpha=0.18, linewidth=0.6, color=INK)
        draw(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    return _inline(out.getvalue(), title)


def _inline(svg: str, title: str) -> str:
    """The bare <svg> element, scaling with the page, in the page's colour and font, with a name.

    Its ids begin with the name, so that no two charts of a page share one.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", body, count=1)
    body = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", body)
    body = body.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
    body = re.sub(r'( (?:d|x|y|transform|points)=")([^"]*)', lambda found: found[1] + _rounded(found[2]), body)
    own = re.sub(r"\W+", "-", title.lower())
    body = re.sub(r'( id="|href="#|url\(#)', rf"\1{own}-", body)
    body = body.replace(INK, "currentColor").replace("xlink:href", "href")
    return re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px inherit", body)


def _rounded(numbers: str) -> str:
    """Coordinates to a tenth of a point."""
    return re.sub(r"-?\d+\.\d\d+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), numbers)
