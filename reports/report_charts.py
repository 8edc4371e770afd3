"""The charts of report.html: retention over nights, quality against size, leakage by phase.

They hold for two consolidators as for thirty: nights are a small panel for each, with all the others pale
behind it; sizes are dots with a number each and the names below; phases are rows. The order ranks nobody.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from rembench.reports import columns, wording
from rembench.reports.drawing import Point, dot, drawing, group, line, lines, shape, text, words
from rembench.reports.figures import breakable
from rembench.reports.phases import PHASES
from rembench.reports.summary_types import ConsolidatorSummary, MetricSummary, Summary

_PANEL = (200.0, 116.0)
_LEFT, _RIGHT, _TOP, _BOTTOM = 18.0, 196.0, 8.0, 98.0

_SIZE = (720.0, 330.0)
_LONGEST = 34  # characters of a label in a drawing
_UNMEASURED = ' <span class="meta">not measured</span>'


def retention_over_nights(summary: Summary) -> str:
    """A panel for each consolidator: retention at each night, with 95% intervals, and the others behind."""
    everyone = _everyone(summary)
    found = {name: _nights(one) for name, one in everyone.items()}
    nights = [night for of_one in found.values() for night, _ in of_one]
    first, last = min(nights, default=1), max(nights, default=1)

    def at(night: float, share: float) -> Point:
        across = (night - first) / (last - first) if last > first else 0.5
        return _LEFT + 4 + across * (_RIGHT - _LEFT - 8), _BOTTOM - share * (_BOTTOM - _TOP)

    tracks = {name: [at(night, m.value or 0.0) for night, m in of_one] for name, of_one in found.items()}
    behind = [line(track, "other") for track in tracks.values() if len(track) > 1]
    panels, labels = [], wording.labels(everyone)
    for n, (name, one) in enumerate(everyone.items()):
        ends = [
            (at(night, m.low), at(night, m.high))
            for night, m in found[name]
            if m.low is not None and m.high is not None
        ]
        parts = [
            _night_frame((first, last), at),
            group(behind, 'id="all-nights"') if n == 0 else '<use href="#all-nights"/>',
            lines(ends, "ends"),
            line(tracks[name], "mine") if len(tracks[name]) > 1 else "",
            *(dot(point, 2.6) for point in tracks[name]),
        ]
        said = ", ".join(f"{wording.number(m.value)} after night {night}" for night, m in found[name])
        label = f"{labels[name]}: retention {said or 'not measured'}"
        body = drawing(_PANEL, label, [group(parts, 'class="control"')] if one.control else parts)
        panels.append(_panel(summary, name, labels[name], body))
    return f'<div class="panels" role="group" aria-label="Retention over nights">{"".join(panels)}</div>'


def quality_against_size(summary: Summary) -> str:
    """Retention against the tokens that the next session has to read."""
    everyone = _everyone(summary)
    known = {
        name: (one, size.value, kept.value)
        for name, one in everyone.items()
        if (size := one.metrics["store_tokens"]).value is not None
        and (kept := one.metrics["retention"]).value is not None
    }
    top = max((size for _, size, _ in known.values() if size is not None), default=100.0)
    ticks = [
        t for t in (0, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000) if t <= 1.3 * top
    ]

    def at(size: float, share: float) -> Point:
        return 40 + _slow(size) / _slow(1.3 * max(top, 100)) * (_SIZE[0] - 60), 280 - share * 262

    parts = [
        lines([(at(0, k / 4), (_SIZE[0] - 20, at(0, k / 4)[1])) for k in range(5)], "grid"),
        *(text((34, at(0, k / 4)[1] + 4), f"{k / 4:g}", anchor="end") for k in range(0, 5, 2)),
        *(text((at(t, 0)[0], 300), f"{t:,}", anchor="middle") for t in ticks),
        text((_SIZE[0] - 20, 320), "tokens of the memory, logarithmic from 100", anchor="end"),
        text((40, 12), "retention"),
    ]
    numbers = {name: n for n, name in enumerate(everyone, start=1)}
    points = {name: at(size or 0.0, kept or 0.0) for name, (_, size, kept) in known.items()}
    for name, (one, _, _) in sorted(known.items(), key=lambda found: not found[1][0].control):
        kept = one.metrics["retention"]
        x = points[name][0]
        ends = (
            []
            if kept.low is None or kept.high is None
            else [((x, at(0, kept.low)[1]), (x, at(0, kept.high)[1]))]
        )
        look = ' class="control"' if one.control else ""
        own = [lines(ends, "ends"), dot(points[name], 4)]
        parts.append(group(own, f'data-c="{_number(summary, name)}"{look}'))
    parts += [
        words(spot, {_number(summary, name): str(numbers[name]) for name in names})
        for spot, names in _apart(points, numbers)
    ]
    said = "; ".join(
        f"{wording.labels(everyone)[name]} {wording.number(kept)} in {wording.number(size, 'tokens')} tokens"
        for name, (_, size, kept) in known.items()
    )
    body = drawing(_SIZE, f"Retention against size: {said or 'nothing measured'}", parts)
    key = _key(summary, everyone, numbers, known)
    chart = _scrolling(body, "Quality against size, chart")
    return f'<div role="group" aria-label="Quality against size">{chart}{key}</div>'


def leakage_by_phase(summary: Summary) -> str:
    """Share of scenarios with a leak at content level, by phase, a row for each consolidator."""
    everyone = {n: one for n, one in _everyone(summary).items() if one.metrics["deletion_leakage"].slices}
    phases = [p for p in PHASES if any(_phase(one, p) is not None for one in everyone.values())]
    row = 12.0 * max(1, len(phases)) + 10
    head, left, right = 52.0, 232.0, 700.0
    foot = head + row * len(everyone)

    def at(share: float, y: float) -> Point:
        return left + share * (right - left), y

    labels = wording.clipped(wording.labels(everyone), _LONGEST)
    parts = [
        lines([(at(k / 4, head - 4), at(k / 4, foot)) for k in range(5)], "grid"),
        *(text(at(k / 4, foot + 16), f"{k / 4:g}", anchor="middle") for k in range(5)),
        text(at(1, foot + 34), "share of scenarios in which something deleted can be read", anchor="end"),
    ]
    for n, (name, one) in enumerate(everyone.items()):
        top = head + n * row
        own = [text((left - 14, top + row / 2), labels[name], kind="name", anchor="end")]
        for k, phase in enumerate(phases):
            found = _phase(one, phase)
            if found is None or found.value is None:
                continue
            y = top + 8 + 12 * k
            if found.low is not None and found.high is not None:
                own.append(line([at(found.low, y), at(found.high, y)], f"p p{k % 4}"))
            own.append(shape(at(found.value, y), k))
        parts.append(group(own, f'data-c="{_number(summary, name)}"'))
    parts += _phase_key(phases, (8.0, 9.0))
    body = drawing((720.0, foot + 40), "Deletion leakage by phase; the table above has its numbers", parts)
    return _scrolling(body, "Leakage by phase, chart")


def _everyone(summary: Summary) -> dict[str, ConsolidatorSummary]:
    return {name: summary.consolidators[name] for name in columns.ordered_names(summary)}


def _number(summary: Summary, name: str) -> int:
    """The number by which the page knows a consolidator."""
    return list(summary.consolidators).index(name)


def _nights(one: ConsolidatorSummary) -> list[tuple[int, MetricSummary]]:
    """Its retention at every night that has one."""
    slices = one.metrics["retention"].slices
    numbers = sorted(int(name[6:]) for name in slices if name.startswith("night="))
    return [(n, slices[f"night={n}"]) for n in numbers if slices[f"night={n}"].value is not None]


def _night_frame(ends: tuple[int, int], at: Callable[[float, float], Point]) -> str:
    first, last = ends
    grid = lines([((_LEFT, at(0, k / 2)[1]), (_RIGHT, at(0, k / 2)[1])) for k in range(3)], "grid")
    sides = [text((13, at(0, k)[1] + 3.5), str(k), anchor="end") for k in (0, 1)]
    low = text((at(first, 0)[0], 112), f"night {first}", anchor="start" if last > first else "middle")
    high = text((at(last, 0)[0], 112), str(last), anchor="end") if last > first else ""
    return "".join((grid, *sides, low, high))


def _panel(summary: Summary, name: str, label: str, body: str) -> str:
    one = summary.consolidators[name]
    look = "panel control" if one.control else "panel"
    return f'<div class="{look}" data-c="{_number(summary, name)}"><p>{breakable(label)}</p>{body}</div>'


def _key(
    summary: Summary,
    everyone: Mapping[str, ConsolidatorSummary],
    numbers: Mapping[str, int],
    known: Mapping[str, object],
) -> str:
    """Which number is whose, and who has no place in the chart."""
    labels = wording.labels(everyone)
    rows = [
        f'<li data-c="{_number(summary, name)}"><b>{numbers[name]}</b>{breakable(labels[name])}'
        f"{'' if name in known else _UNMEASURED}</li>"
        for name in everyone
    ]
    return f'<ul class="key">{"".join(rows)}</ul>'


def _phase(one: ConsolidatorSummary, phase: str) -> MetricSummary | None:
    return one.metrics["deletion_leakage"].slices.get(f"phase={phase}")


def _phase_key(phases: Sequence[str], start: Point) -> Iterator[str]:
    """Which mark is which phase, in as many lines as it takes."""
    x, y = start
    for k, phase in enumerate(phases):
        width = 34 + 6.4 * len(PHASES[phase])
        if x + width > 720:
            x, y = start[0], y + 18
        yield shape((x, y), k)
        yield text((x + 9, y + 4), PHASES[phase])
        x += width


def _slow(size: float) -> float:
    """A scale that's straight up to 100 and logarithmic from there."""
    return size / 100 if size <= 100 else 1 + math.log10(size / 100) * 2


def _apart(points: Mapping[str, Point], numbers: Mapping[str, int]) -> Iterator[tuple[Point, list[str]]]:
    """Where the numbers of points may stand: once for those that lie together, and none over another."""
    heaps: dict[tuple[int, int], list[str]] = {}
    for name, (x, y) in points.items():
        heaps.setdefault((round(x / 5), round(y / 5)), []).append(name)
    taken: list[tuple[float, float, float]] = []
    for names in heaps.values():
        x, y = points[names[0]]
        width = 6.7 * sum(len(str(numbers[name])) + 1 for name in names)
        left = x + 8 if x + 8 + width < _SIZE[0] else x - 8 - width
        spot = y + 4
        while any(abs(spot - b) < 13 and left < a + w and a < left + width for a, b, w in taken):
            spot -= 13
        taken.append((left, spot, width))
        yield (left, spot), names


def _scrolling(body: str, label: str) -> str:
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{body}</div>'
