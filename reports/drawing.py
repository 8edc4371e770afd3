"""Small SVG: marks and words in the page's own colours, coordinates to a tenth.

What's drawn has classes (`mine`, `other`, `grid`, `dot`...), whose looks are report.css's; ink is currentColor.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from rembench.reports import wording

Point = tuple[float, float]

_SHAPES = (
    "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
    "M-3.6,-3.6h7.2v7.2h-7.2z",
    "M0,-4.6l4.6,8h-9.2z",
    "M0,-4.8l4.8,4.8l-4.8,4.8l-4.8,-4.8z",
)
"""A circle, a square, a triangle, a lozenge: of what's told apart by more than its colour."""


def place(value: float) -> str:
    """A coordinate."""
    return f"{value:.1f}".removesuffix(".0")


def text(at: Point, words: str, *, kind: str = "", anchor: str = "start") -> str:
    """Words; `anchor` as in SVG."""
    named = f' class="{kind}"' if kind else ""
    to = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{place(at[0])}" y="{place(at[1])}"{named}{to}>{escape(wording.visible(words))}</text>'


def words(at: Point, parts: Mapping[int, str]) -> str:
    """Names side by side, each of the consolidator of that number."""
    said = " ".join(f'<tspan data-c="{c}">{escape(one)}</tspan>' for c, one in parts.items())
    return f'<text x="{place(at[0])}" y="{place(at[1])}" class="name">{said}</text>'


def line(points: Sequence[Point], kind: str) -> str:
    """A line through points."""
    return f'<path class="{kind}" d="M{"L".join(f"{place(x)},{place(y)}" for x, y in points)}"/>'


def lines(pairs: Iterable[tuple[Point, Point]], kind: str) -> str:
    """Lines apart from each other."""
    drawn = "".join(f"M{place(a[0])},{place(a[1])}L{place(b[0])},{place(b[1])}" for a, b in pairs)
    return f'<path class="{kind}" d="{drawn}"/>' if drawn else ""


def dot(at: Point, radius: float = 3) -> str:
    """A place on a line, or of one."""
    return f'<circle class="dot" cx="{place(at[0])}" cy="{place(at[1])}" r="{place(radius)}"/>'


def shape(at: Point, number: int) -> str:
    """The mark of the nth of a few that stand side by side."""
    n = number % len(_SHAPES)
    return f'<path class="p p{n}" transform="translate({place(at[0])},{place(at[1])})" d="{_SHAPES[n]}"/>'


def group(parts: Iterable[str], attributes: str) -> str:
    """Parts together; `attributes` are those of a <g>."""
    return f"<g {attributes}>{''.join(parts)}</g>"


def drawing(size: Point, label: str, parts: Iterable[str]) -> str:
    """An `<svg>` of that many units, with what it shows in words."""
    box = f"0 0 {place(size[0])} {place(size[1])}"
    said = escape(wording.visible(label), quote=True)
    head = f'<svg class="chart" role="img" aria-label="{said}" viewBox="{box}" fill="currentColor">'
    return f"{head}{''.join(parts)}</svg>"
