"""A number as a cell of a table: value, interval, counts, and what its range mark is drawn from.

A cell doesn't say what it's a number of; that's said once, by its column (`<col data-m data-s>`) and its row
(`<tr data-c>`), where evidence.js looks for it.
"""

import re
from html import escape

from rembench.reports import wording
from rembench.reports.summary_types import MetricSummary

Limits = tuple[float | None, float | None]


def figure_cell(found: MetricSummary | None, limits: Limits = (None, None)) -> str:
    """The `<td>` of a number that can lie between `limits`; without one a dash and why there's none.

    Where there was no opportunity at all (None), the dash stands alone.
    """
    if found is None:
        return f'<td data-o="">{wording.DASH}</td>'
    counts = _counts(found)
    if found.value is None:
        why = escape(wording.visible(found.reason or "no value"))
        small = f"<small>{counts}</small>" if counts else ""
        return f'<td data-o=""><button>{wording.DASH}</button><small class="why">{why}</small>{small}</td>'
    value = wording.number(found.value, found.unit)
    said = "<br>".join(part for part in (wording.interval(found), counts) if part)
    small = f"<small>{said}</small>" if said else ""
    return (
        f'<td data-o="{found.value:.5g}"{_bounds(found)}{_mark(found, limits)}>'
        f"<button>{value}</button>{small}</td>"
    )


def breakable(label: str) -> str:
    """A label as HTML; a long one may break after its marks."""
    return re.sub(r"(?<=[:,=/])(?=\w)", "<wbr/>", escape(wording.visible(label)))


def plain_cell(found: MetricSummary | None, limits: Limits = (None, None)) -> str:
    """The same of a number whose evidence isn't in the page."""
    return figure_cell(found, limits).replace("<button>", "<b>").replace("</button>", "</b>")


def _counts(found: MetricSummary) -> str:
    if not found.scored and not found.missing:
        return ""
    missing = f" <b>{found.missing:,} missing</b>" if found.missing else ""
    return f"n {found.scored:,}{missing}"


def _bounds(found: MetricSummary) -> str:
    """Between what it lies whatever the missing verdicts are; the evidence sheet says it."""
    if not found.bounds or not found.missing:
        return ""
    low, high = (wording.number(end, found.unit) for end in found.bounds)
    return f' data-b="{low} and {high}"'


def _mark(found: MetricSummary, limits: Limits) -> str:
    """Where interval and value lie between the limits, as parts of the cell's width."""
    least, most = limits
    places = (found.low, found.high, found.value)
    if least is None or most is None or None in places:
        return ""
    inside = ((min(most, max(least, p or 0.0)) - least) / (most - least) for p in places)
    low, high, value = (f"{p:.3f}".rstrip("0").rstrip(".").removeprefix("0") or "0" for p in inside)
    return f' style="--l:{low};--h:{high};--v:{value}"'
