"""The short table that `run` and `score` print: one line per consolidator, contestants first."""

from collections.abc import Iterator

from rembench.reports.summary_types import ConsolidatorSummary, MetricSummary, Summary

COLUMNS = (
    "skill",
    "retention",
    "contradiction",
    "staleness",
    "hallucination",
    "deletion_leakage",
    "secrets_kept",
)


def result_lines(summary: Summary) -> Iterator[str]:
    """Lines of at most about a hundred characters: values, and how much was scored and missing."""
    names = [*_names(summary, control=False), *_names(summary, control=True)]
    labels = {name: f"{name} *" if summary.consolidators[name].control else name for name in names}
    width = max(len("consolidator"), *(len(label) for label in labels.values()))
    heads = [column.replace("deletion_", "").replace("_kept", "") for column in COLUMNS]
    yield "  ".join([f"{'consolidator':<{width}}", *heads, "scored", "missing"])
    for name in names:
        one = summary.consolidators[name]
        values = [f"{_value(one.metrics.get(c)):>{len(head)}}" for c, head in zip(COLUMNS, heads, strict=True)]
        scored, missing = _counts(one)
        yield "  ".join([f"{labels[name]:<{width}}", *values, f"{scored:>6}", f"{missing:>7}"])
    yield "* control; scored and missing count the values of retention"


def _names(summary: Summary, *, control: bool) -> list[str]:
    return [name for name, one in summary.consolidators.items() if one.control is control]


def _value(metric: MetricSummary | None) -> str:
    return "–" if metric is None or metric.value is None else f"{metric.value:.2f}"


def _counts(one: ConsolidatorSummary) -> tuple[int, int]:
    retention = one.metrics.get("retention")
    return (retention.scored, retention.missing) if retention else (0, 0)
