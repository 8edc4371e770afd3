"""The charts of a comparison: quality against a price, and a difference with its interval."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rembench.reports.charts import colour, drawable, legend, mark, svg
from rembench.reports.compare.contrasts import Contrast
from rembench.reports.compare.front import Front, Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GREY = "#8a8f96"
_NAMED = 12
_WIDTH, _HEIGHT, _EDGE = 160.0, 18.0, 6.0


def quality_against_price(front: Front) -> str:
    """Contestants in colour with the line of the front, controls grey; nobody whose place isn't known.

    Of many only those on the front are named.
    """
    known = [one for one in front.points if one.reason is None]
    named = known if len(known) <= _NAMED else [one for one in known if one.on_front]
    names = drawable({one.label: one.label for one in named[:_NAMED]})

    def draw(axes: "Axes") -> None:
        _line(axes, [one for one in known if one.on_front])
        for n, one in enumerate(one for one in front.points if not one.control):
            _dot(axes, (one, names.get(one.label)), colour(n), n)
        for n, one in enumerate(one for one in front.points if one.control):
            _dot(axes, (one, names.get(one.label)), _GREY, n)
        _scale(axes, front, [one.price for one in known if one.price is not None])
        axes.set_ylabel("informedness")
        if known:
            legend(axes)

    return svg(draw, 3.2, f"Informedness against {front.price.title.lower()}")


def _dot(axes: "Axes", named: tuple[Point, str | None], ink: str, n: int) -> None:
    one, label = named
    if one.price is not None and one.quality is not None:
        axes.plot(
            [one.price], [one.quality], label=label, color=ink, marker=mark(n), linestyle="none",
            markersize=8 if one.on_front else 5, fillstyle="none" if one.control else "full",
        )  # fmt: skip


def _line(axes: "Axes", points: Sequence[Point]) -> None:
    """The front as steps: what's to be had for no more than so much."""
    found = sorted((p.price, p.quality) for p in points if p.price is not None and p.quality is not None)
    if len(found) > 1:
        axes.step(
            [price for price, _ in found], [quality for _, quality in found],
            where="post", color=_GREY, linewidth=1, alpha=0.7,
        )  # fmt: skip


def _scale(axes: "Axes", front: Front, prices: Sequence[float]) -> None:
    axes.set_xlabel(front.price.title.lower().replace("us d", "US d"))
    above = [price for price in prices if price > 0]
    if not above:
        return
    if max(above) > 50 * min(above):
        axes.set_xscale("symlog", linthresh=min(above))
        axes.set_xlim(left=-0.4 * min(above))
    else:
        axes.set_xlim(left=-0.04 * max(above))


def interval_mark(one: Contrast, reach: float) -> str:
    """A difference and its interval on a line from -`reach` to `reach`; "" where there's none.

    Full where it's told, hollow where not.
    """
    if one.mean is None or reach <= 0:
        return ""
    middle, scale = _WIDTH / 2, (_WIDTH / 2 - _EDGE) / reach
    x = [middle + scale * max(-reach, min(reach, end)) for end in (one.low or 0.0, one.mean, one.high or 0.0)]
    y = _HEIGHT / 2
    whisker = ""
    if one.low is not None and one.high is not None:
        whisker = f'<path class="whisker" d="M{x[0]:.1f} {y:g}H{x[2]:.1f}"/>'
    return (
        f'<svg class="mark{" told" if one.told else ""}" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" '
        f'aria-hidden="true"><path class="zero" d="M{middle:g} 1V{_HEIGHT - 1:g}"/>'
        f'{whisker}<circle cx="{x[1]:.1f}" cy="{y:g}" r="3.6"/></svg>'
    )


def reach_of(contrasts: Sequence[Contrast]) -> float:
    """How far the intervals of metrics with limits reach from 0."""
    ends = [abs(end) for c in contrasts for end in (c.low, c.mean, c.high) if end is not None]
    return max(ends, default=0.0)
