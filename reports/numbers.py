"""How a number is written: the same in every report, and never NaN."""

from dataclasses import dataclass

from rembench.reports.summary_types import MetricSummary

NONE = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """A metric's number as text: value, interval, counts, and the reason where there's no value."""

    value: str
    interval: str
    counts: str
    note: str
    order: float  # to sort by; undefined ones come last


def number(metric: MetricSummary | None) -> Number:
    """The texts of one metric."""
    if metric is None:
        return Number(NONE, "", "", "not measured in this run", float(-(10**12)))
    counts = f"{metric.scored} scored, {metric.missing} missing"
    if metric.value is None:
        return Number(NONE, "", counts, metric.reason or "no value", float(-(10**12)))
    note = counts
    if metric.bounds and metric.missing:
        low, high = (plain(b, metric.unit) for b in metric.bounds)
        note = f"{counts}; between {low} and {high} whatever the missing verdicts are"
    interval = metric.reason or ""
    if metric.low is not None and metric.high is not None:
        interval = f"{plain(metric.low, metric.unit)}–{plain(metric.high, metric.unit)}"
    return Number(plain(metric.value, metric.unit), interval, counts, note, metric.value)


def plain(value: float, unit: str) -> str:
    """A value in its unit: two decimals for shares, whole tokens, cents of a cent for money."""
    if unit == "tokens":
        return f"{value:,.0f}"
    if unit == "US dollars":
        return f"{value:.4f}" if value else "0"
    if unit == "seconds":
        return f"{value:.2f}"
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text
