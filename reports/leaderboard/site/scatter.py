"""Quality against a price as a drawing: every point has its name beside it, or a number where there's no room.

Quality is informedness, from what a trivial strategy gets at worst to the oracle's 1. The line is the front:
the most that's to be had for no more than so much.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from rembench.reports import wording
from rembench.reports.compare.front import Front, Point

_WIDTH, _HEIGHT = 640.0, 380.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 16.0, 30.0, 46.0
_LETTER, _LINE = 6.7, 14.0  # of a label, in the drawing's units
_LONGEST = 26
_WIDE = 30.0
"""From so many times the least on, the scale is logarithmic."""

_SPOTS = (
    (9, 4, "start"), (-9, 4, "end"), (0, -10, "middle"), (0, 18, "middle"), (9, -7, "start"), (-9, -7, "end"),
    (9, 14, "start"), (-9, 14, "end"),
)  # fmt: skip
_FAR = tuple(
    (right * far, down, anchor)
    for far in (18, 34)
    for down in (-22, 30, -38, 46)
    for right, anchor in ((1, "start"), (-1, "end"))
)
"""Where a name may stand: beside the dot, or away from it."""


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )  # fmt: skip


class _Scale:
    """Where a price stands: logarithmic if prices differ much, with a place of its own for nothing."""

    def __init__(self, prices: Sequence[float]) -> None:
        above = [price for price in prices if price > 0]
        self.least, self.most = (min(above), max(above)) if above else (0.0, 1.0)
        self.is_log = bool(above) and self.most > _WIDE * self.least
        self.zero = self.is_log and any(price <= 0 for price in prices)
        self.start = _LEFT + (58.0 if self.zero else 14.0)
        self.end = _WIDTH - _RIGHT - 14.0

    def at(self, price: float) -> float:
        if not self.is_log:
            return _LEFT + 14.0 + (self.end - _LEFT - 14.0) * max(0.0, price) / (self.most or 1.0)
        if price <= 0:
            return _LEFT + 16.0
        low, high = math.log10(self.least), math.log10(self.most)
        return self.start + (self.end - self.start) * (math.log10(price) - low) / ((high - low) or 1.0)

    def ticks(self) -> list[float]:
        if self.is_log:
            first, last = math.floor(math.log10(self.least)), math.ceil(math.log10(self.most))
            powers = [10.0**k for k in range(first, last + 1)]
            kept = [0.0] if self.zero else []
            return kept + [p for p in powers if self.least * 0.999 <= p <= self.most * 1.001]
        step = _step(self.most)
        return [k * step for k in range(int(self.most / step) + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The drawing, "" where nobody has a place; and the entries for whose names there was no room."""

    svg: str
    unnamed: tuple[Point, ...]


def scatter(front: Front, title: str, marked: str | None = None) -> Drawing:
    """Draw it; `marked` is the label of the one that the page is about."""
    known = [one for one in front.points if one.price is not None and one.quality is not None]
    if not known:
        return Drawing(svg="", unnamed=())
    scale = _Scale([one.price or 0.0 for one in known])
    low = min(0.0, math.floor(min(one.quality or 0.0 for one in known) * 5) / 5)
    steps = _steps(known, scale, low)
    dots = {one.label: (scale.at(one.price or 0.0), _y(one.quality or 0.0, low)) for one in known}
    taken = [_Box(x - 6, y - 6, x + 6, y + 6) for x, y in dots.values()]
    taken += [
        _Box(min(a, c), min(b, d) - 0.5, max(a, c), max(b, d) + 0.5) for (a, b), (c, d) in pairwise(steps)
    ]
    order = sorted(known, key=lambda p: (p.label != marked, p.control, not p.on_front, p.label))
    labels = {one.label: _label(one, dots[one.label], taken, marked) for one in order}
    parts = [*_axes(scale, low, front), _line(steps), *labels.values()]
    parts += [_dot(one, dots[one.label], marked) for one in reversed(order)]
    svg = (
        f'<svg class="scatter" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
    return Drawing(svg=svg, unnamed=tuple(one for one in known if not labels[one.label] and not one.control))


def _y(quality: float, low: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1.0 - quality) / ((1.0 - low) or 1.0)


def _axes(scale: _Scale, low: float, front: Front) -> list[str]:
    floor = _HEIGHT - _BOTTOM
    made = []
    for k in range(round(low * 5), 6):
        y, text = _y(k / 5, low), wording.number(k / 5)
        made.append(f'<path class="grid" d="M{_LEFT:.0f} {y:.1f}H{_WIDTH - _RIGHT:.0f}"/>')
        made.append(f'<text class="axis" x="{_LEFT - 7:.0f}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    for tick in scale.ticks():
        x = scale.at(tick)
        made.append(f'<path class="grid" d="M{x:.1f} {floor:.1f}v5"/>')
        made.append(
            f'<text class="axis" x="{x:.1f}" y="{floor + 18:.1f}" text-anchor="middle">{_amount(tick)}</text>'
        )
    words = escape(front.price.title) + (", logarithmic" if scale.is_log else "")
    made.append(
        f'<text class="name" x="{_WIDTH - _RIGHT:.0f}" y="{_HEIGHT - 6:.0f}" text-anchor="end">{words} →</text>'
    )
    made.append('<text class="name" x="4" y="12">↑ informedness</text>')
    return made


def _steps(points: Sequence[Point], scale: _Scale, low: float) -> list[tuple[float, float]]:
    """The corners of the line of the front."""
    corners: list[tuple[float, float]] = []
    for price, quality in sorted((p.price or 0.0, p.quality or 0.0) for p in points if p.on_front):
        x, y = scale.at(price), _y(quality, low)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return corners


def _line(corners: Sequence[tuple[float, float]]) -> str:
    if len(corners) < 2:
        return ""
    return f'<path class="front" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in corners)}"/>'


def _dot(one: Point, at: tuple[float, float], marked: str | None) -> str:
    look = "control" if one.control else "on" if one.on_front else "off"
    if one.label == marked:
        look += " marked"
    size = 5.5 if one.on_front or one.label == marked else 4.5
    return f'<circle class="{look}" cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{size}"/>'


def _label(one: Point, at: tuple[float, float], taken: list[_Box], marked: str | None) -> str:
    """The name where there's room, if need be a little way off with a line to the dot; else ""."""
    text = wording.visible(one.label)
    text = text if len(text) <= _LONGEST else f"{text[:16]}…{text[-8:]}"
    wide, (x, y) = _LETTER * len(text), at
    look = "marked" if one.label == marked else "control" if one.control else ""
    for right, down, anchor in (*_SPOTS, *(_FAR if not one.control else ())):
        left, base = x + right, y + down
        start = left - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = _Box(start, base - _LINE + 3, start + wide, base + 3)
        inside = box.left >= _LEFT and box.right <= _WIDTH and box.top >= 0 and box.bottom <= _HEIGHT - _BOTTOM
        if inside and not any(box.meets(other) for other in taken if not _own(other, at)):
            taken.append(box)
            where = f'x="{left:.1f}" y="{base:.1f}" text-anchor="{anchor}"'
            lead = (
                f'<path class="lead" d="M{x:.1f} {y:.1f}L{left:.1f} {base - 4:.1f}"/>' if abs(right) > 9 else ""
            )
            return f'{lead}<text class="label {look}" {where}>{escape(text)}</text>'
    return ""


def _own(box: _Box, at: tuple[float, float]) -> bool:
    return abs((box.left + box.right) / 2 - at[0]) < 0.01 and abs((box.top + box.bottom) / 2 - at[1]) < 0.01


def _step(most: float) -> float:
    raw = (most or 1.0) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= raw)


def _amount(value: float) -> str:
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 10 else f"{value:.6f}".rstrip("0").rstrip(".")
