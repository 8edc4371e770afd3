"""The short table of a reader: what it answers right from each memory, and from the raw sessions."""

from collections.abc import Iterator, Mapping

from rembench.harness.cli.columns import UNDEFINED
from rembench.reports.reader.summary import ReaderSummary, ReadSummary
from rembench.reports.summary_types import MetricSummary, Summary
from rembench.reports.wording import interval, number

_SESSIONS = "(raw sessions)"
_HEADS = ("answered", "difference", "", "told anyway", "lost a night", "scored", "missing")


def reader_lines(summary: Summary) -> Iterator[str]:
    """The table of every reader of the run, nothing where there's none."""
    for one in summary.readers.values():
        yield ""
        yield f"reader {one.name}{_cost(one)}"
        yield from _table(one)
        yield "difference: from the memory less from the raw sessions, 95% interval; r: by its own recall"


def _table(reader: ReaderSummary) -> Iterator[str]:
    every = [*(one for one in reader.consolidators.values() if not one.control)]
    every += [one for one in reader.consolidators.values() if one.control]
    ceiling = reader.sessions
    rows = [["consolidator", *_HEADS], [_SESSIONS, *_cells(ceiling, UNDEFINED, "")]]
    for one in every:
        gap = one.metrics["answered_gap"]
        rows.append([_label(one), *_cells(one.metrics, _value(gap), interval(gap))])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for first, *others in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()


def _cells(metrics: Mapping[str, MetricSummary], gap: str, within: str) -> list[str]:
    answered = metrics["answered"]
    lost = metrics["answers_lost_per_night"]
    return [
        _value(answered), gap, within, _value(metrics["told_anyway"]), _value(lost), f"{answered.scored:,}",
        f"{answered.missing:,}",
    ]  # fmt: skip


def _value(metric: MetricSummary) -> str:
    return UNDEFINED if metric.value is None else number(metric.value, metric.unit)


def _label(one: ReadSummary) -> str:
    return f"{one.name}{' r' if one.by_recall else ''}{' *' if one.control else ''}"


def _cost(reader: ReaderSummary) -> str:
    cost = reader.cost["all"]
    usd = cost["usd"]
    return f": {cost['calls']} calls, {'unknown' if usd is None else f'{usd:.2f}'} USD"
