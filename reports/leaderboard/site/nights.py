"""Retention over nights as a drawing: one consolidator with its intervals, controls beside it."""

from collections.abc import Mapping, Sequence
from html import escape

from rembench.reports import wording
from rembench.reports.summary_types import ConsolidatorSummary

_WIDTH, _HEIGHT = 640.0, 380.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 142.0, 12.0, 36.0
_APART = 14.0
_LONGEST = 18  # characters of a name

_Points = list[tuple[int, float, float, float]]


def over_nights(one: ConsolidatorSummary, beside: Sequence[ConsolidatorSummary]) -> str:
    """The drawing; "" where retention isn't measured at any night."""
    own = _points(one)
    if not own:
        return ""
    others = {other.name: found for other in beside if (found := _points(other))}
    last = max(night for found in (own, *others.values()) for night, *_ in found)
    parts = list(_axes(last))
    parts += [f'<path class="other" d="{_line(found, last)}"/>' for found in others.values()]
    high = [f"{_x(n, last):.1f} {_y(h):.1f}" for n, _, _, h in own]
    low = [f"{_x(n, last):.1f} {_y(b):.1f}" for n, _, b, _ in reversed(own)]
    parts.append(f'<path class="band" d="M{"L".join([*high, *low])}Z"/>')
    parts.append(f'<path class="own" d="{_line(own, last)}"/>')
    parts += [f'<circle class="own" cx="{_x(n, last):.1f}" cy="{_y(v):.1f}" r="3.5"/>' for n, v, *_ in own]
    parts += _names({one.name: own, **others}, one.name, last)
    title = escape(f"Retention of {wording.visible(one.name)} at each night, with controls")
    return (
        f'<svg class="nights" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" aria-label="{title}">'
        f"{''.join(parts)}</svg>"
    )


def _points(one: ConsolidatorSummary) -> _Points:
    slices = one.metrics["retention"].slices
    numbers = sorted(int(name[6:]) for name in slices if name.startswith("night="))
    found = [(n, slices[f"night={n}"]) for n in numbers]
    return [
        (n, m.value, m.value if m.low is None else m.low, m.value if m.high is None else m.high)
        for n, m in found
        if m.value is not None
    ]


def _x(night: int, last: int) -> float:
    return _LEFT + 12 + (night - 1) * (_WIDTH - _LEFT - _RIGHT - 24) / max(1, last - 1)


def _y(value: float) -> float:
    return _TOP + (1 - value) * (_HEIGHT - _TOP - _BOTTOM)


def _line(found: _Points, last: int) -> str:
    return "M" + "L".join(f"{_x(n, last):.1f} {_y(v):.1f}" for n, v, *_ in found)


def _axes(last: int) -> list[str]:
    made = []
    for k in range(0, 6):
        y = _y(k / 5)
        made.append(f'<path class="grid" d="M{_LEFT:.0f} {y:.1f}H{_WIDTH - _RIGHT:.0f}"/>')
        made.append(
            f'<text class="axis" x="{_LEFT - 7:.0f}" y="{y + 4:.1f}" text-anchor="end">{k / 5:.1f}</text>'
        )
    for night in range(1, last + 1):
        text = f"night {night}" if night == 1 else f"{night}"
        made.append(
            f'<text class="axis" x="{_x(night, last):.1f}" y="{_HEIGHT - _BOTTOM + 18:.1f}" '
            f'text-anchor="middle">{text}</text>'
        )
    return made


def _names(everyone: Mapping[str, _Points], own: str, last: int) -> list[str]:
    """Each line's name at its end, moved down where two would lie on one another."""
    ends = sorted((_y(found[-1][1]), name, _x(found[-1][0], last)) for name, found in everyone.items())
    made, above = [], -_APART
    for y, name, x in ends:
        place = max(y + 4, above + _APART)
        above = place
        text = wording.visible(name)
        text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        look = "marked" if name == own else "control"
        made.append(f'<text class="label {look}" x="{x + 9:.1f}" y="{place:.1f}">{escape(text)}</text>')
    return made
