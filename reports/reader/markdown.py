"""The reports' section on readers in Markdown; `Writing` is how the report escapes and draws tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rembench.reports import wording
from rembench.reports.reader.page import COST_HEADS, OUTCOME_HEADS, STOPPED_HEADS, Page, Row, pages
from rembench.reports.summary_types import MetricSummary, Summary

_LISTED = 15


@dataclass(frozen=True, slots=True)
class Writing:
    """How words and tables are written."""

    escaped: Callable[[str], str]
    table: Callable[[Sequence[str], Iterable[Sequence[str]]], Iterator[str]]


def reader_lines(summary: Summary, writing: Writing) -> Iterator[str]:
    """The section, nothing where no reader took part."""
    every = pages(summary)
    if not every:
        return
    yield from ("", "## Readers: what an agent makes of the memory", "")
    yield (
        "A language model was asked each item's question at every night, with the memory and with all raw "
        "sessions so far; its answers are read by the same matching as a memory is."
    )
    yield from ("", "### Consolidators and readers", "")
    heads = [head for page in every for head in (writing.escaped(page.label), "against the raw sessions")]
    yield from writing.table(["answered right", *heads], _matrix(every, writing))
    for page in every:
        yield from _page(page, writing)


def _matrix(every: Sequence[Page], writing: Writing) -> Iterator[list[str]]:
    for place, row in enumerate(every[0].rows):
        found = (page.rows[place].metrics for page in every)
        cells = (cell for m in found for cell in (_cell(m["answered"]), _cell(m.get("answered_gap"))))
        yield [_name(row, writing), *cells]


def _page(page: Page, writing: Writing) -> Iterator[str]:
    yield from ("", f"### {writing.escaped(page.label)}", "")
    heads = [
        "against the raw sessions",
        "told apart",
        "lost a night ↓",
        "told anyway ↓",
        "… against the raw sessions",
    ]
    yield from writing.table(
        ["consolidator", *heads, *OUTCOME_HEADS], (_numbers(r, writing) for r in page.rows)
    )
    yield from ("", "Questions that stopped finding their answer:", "")
    nights = (f"stopped at night {night}" for night in page.nights)
    rows = ([_name(r, writing), *r.stopped, *r.by_night] for r in page.rows if r.name)
    yield from writing.table(["consolidator", *STOPPED_HEADS, *nights], rows)
    yield from _stopped(page, writing)
    yield from ("", f"What asking did cost (model: {writing.escaped(page.models)}):", "")
    yield from writing.table(["questions", *COST_HEADS], ([title, *cells] for title, cells in page.cost))
    if page.faults:
        yield from ("", f"Calls without a reply: {page.faults}.")


def _numbers(row: Row, writing: Writing) -> list[str]:
    metrics = row.metrics
    return [
        _name(row, writing), _cell(metrics.get("answered_gap")), row.told_apart,
        _cell(metrics["answers_lost_per_night"]), _cell(metrics["told_anyway"]), _cell(metrics.get("told_gap")),
        *row.outcomes,
    ]  # fmt: skip


def _stopped(page: Page, writing: Writing) -> Iterator[str]:
    shown = page.questions[:_LISTED]
    if not shown:
        return
    heads = [
        "consolidator",
        "scenario",
        "question",
        "first right",
        "stopped",
        "the answer there",
        "memory",
        "sessions",
    ]
    yield ""
    yield from writing.table(
        heads,
        (
            [
                writing.escaped(text)
                for text in (one.consolidator, f"{one.scenario} {one.item}", one.question, one.first, one.night,
                             one.answer, one.memory, one.sessions)
            ]
            for one in shown
        ),
    )  # fmt: skip
    more = page.left + len(page.questions) - len(shown)
    if more:
        yield from ("", f"{more:,} more are in answers.parquet.")


def _name(row: Row, writing: Writing) -> str:
    marks = [*(["control"] if row.control else []), *(["by its recall"] if row.by_recall else [])]
    return writing.escaped(row.label) + (f" ({', '.join(marks)})" if marks else "")


def _cell(one: MetricSummary | None) -> str:
    if one is None:
        return ""
    if one.value is None:
        return wording.DASH
    return f"{wording.number(one.value, one.unit)} {wording.interval(one)}".strip()
