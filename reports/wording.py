"""How numbers and outside texts are written in a report: the same in HTML, in Markdown and in charts."""

import unicodedata
from collections.abc import Iterable, Mapping

from rembench.reports.summary_types import MetricSummary

DASH = "–"
_COUNTED = frozenset({"tokens", "values"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def number(value: float | None, unit: str = "share") -> str:
    """A value: two decimals, more where two would say 0 or 1 of what isn't; counts with separators."""
    if value is None:
        return DASH
    if unit in _COUNTED:
        return _signed(f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}")
    text = f"{value:.2f}"
    if (text in {"0.00", "-0.00"} and value != 0) or (text == "1.00" and value != 1):
        text = f"{value:.3f}"
    if float(text) == 0 and value:
        return "<0.001" if value > 0 else "0.00"
    return ">0.999" if text == "1.000" and value < 1 else _signed(text)


def interval(one: MetricSummary) -> str:
    """The 95% interval, "" where there's none."""
    if one.value is None or one.low is None or one.high is None:
        return ""
    return f"[{_end(one.low, one.unit)}, {_end(one.high, one.unit)}]"


def counts(one: MetricSummary) -> str:
    """How much was scored and how much is missing."""
    return f"{one.scored:,} scored, {one.missing:,} missing"


def figure_text(one: MetricSummary) -> str:
    """Value, interval and counts in a row; "not measured" with the reason where there's no value."""
    if one.value is None:
        return f"not measured: {one.reason or 'no reason given'}"
    return f"{number(one.value, one.unit)} {brackets(one)}"


def brackets(one: MetricSummary) -> str:
    """Interval and counts in square brackets."""
    missing = f", {one.missing:,} missing" if one.missing else ""
    within = interval(one)[1:-1]
    return f"[{within}; n {one.scored:,}{missing}]" if within else f"[n {one.scored:,}{missing}]"


def note(one: MetricSummary) -> str:
    """Counts, and between what the value lies whatever the missing verdicts are; or why there's none."""
    if one.value is None:
        return one.reason or "no value"
    if not one.bounds or not one.missing:
        return counts(one)
    low, high = (_end(end, one.unit) for end in one.bounds)
    return f"{counts(one)}; between {low} and {high} whatever the missing verdicts are"


def visible(text: object) -> str:
    """An outside text without what a reader can't see: controls, direction marks, surrogates as �."""
    return "".join(
        c if c in "\t\n" or unicodedata.category(c) not in _UNSEEN else "\N{REPLACEMENT CHARACTER}"
        for c in str(text)
    )


def labels(names: Iterable[str]) -> dict[str, str]:
    """A short label for each consolidator: without the folders, where that's still unmistakable.

    What stands after a colon are a class and options, whose slashes are no folders: base_url=http://...
    """
    whole = list(names)
    parts = [name.partition(":") for name in whole]
    short = [f"{target.rsplit('/', 1)[-1]}{colon}{rest}" for target, colon, rest in parts]
    return {
        name: visible(one if short.count(one) == 1 else name) for name, one in zip(whole, short, strict=True)
    }


def clipped(labels: Mapping[str, str], longest: int) -> dict[str, str]:
    """Long labels without their middle, to leave room to draw in; numbered where that makes two alike."""
    made: dict[str, str] = {}
    for name, label in labels.items():
        kept = longest * 3 // 5
        short = label if len(label) <= longest else f"{label[:kept]}…{label[kept - longest :]}"
        alike = sum(one.startswith(short) for one in made.values())
        made[name] = f"{short} ({alike + 1})" if alike and short != label else short
    return made


def _end(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if unit in _COUNTED else f"{value:.2f}"
    return _signed("0.00" if text == "-0.00" else text)


def _signed(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
