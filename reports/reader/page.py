"""What the reports show of readers, as rows of words: the same for HTML and Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rembench.reports import wording
from rembench.reports.columns import ordered_names
from rembench.reports.reader.summary import OUTCOMES, ReaderSummary, ReadSummary, Stopped
from rembench.reports.summary_types import MetricSummary, Summary

SESSIONS = "raw sessions"
OUTCOME_HEADS = OUTCOMES
STOPPED_HEADS = (
    "asked", "ever answered right", "stopped", "… alike to be answered", "… still told by the raw sessions",
    "found again later",
)  # fmt: skip
COST_HEADS = ("calls", "tokens in", "of them from a cache", "tokens out", "US dollars")
COST_ROWS = {"memories": "about memories", "sessions": "about the raw sessions", "all": "together"}
LISTED = 60
"""Questions that stopped, listed of each contestant."""
_QUOTE = 160  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One consolidator as a reader has read it; `name` None: the raw sessions."""

    name: str | None
    label: str
    control: bool
    by_recall: bool
    metrics: Mapping[str, MetricSummary]
    told_apart: str
    outcomes: tuple[str, ...]
    stopped: tuple[str, ...]
    by_night: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedRow:
    """A question that stopped finding its answer, in words."""

    consolidator: str
    scenario: str
    item: str
    question: str
    first: str
    night: str
    again: str
    answer: str
    memory: str
    sessions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One reader: `rows` begin with the raw sessions; `left` are the questions that aren't listed."""

    name: str
    label: str
    number: int
    models: str
    prompts: Mapping[str, str]
    faults: str
    rows: tuple[Row, ...]
    nights: tuple[int, ...]
    questions: tuple[StoppedRow, ...]
    left: int
    cost: tuple[tuple[str, tuple[str, ...]], ...]


def pages(summary: Summary) -> list[Page]:
    """Every reader of the run, in the order in which they came."""
    short = wording.labels(summary.readers)
    return [
        _page(summary, reader, short[name], number)
        for number, (name, reader) in enumerate(summary.readers.items(), start=1)
    ]


def _page(summary: Summary, reader: ReaderSummary, label: str, number: int) -> Page:
    nights = sorted({n for one in reader.consolidators.values() for n in one.stopped.by_night})
    contestants = [one for one in reader.consolidators.values() if not one.control]
    asked = contestants or list(reader.consolidators.values())
    listed = [found for one in asked for found in _worst(one.questions)]
    labels = wording.labels(summary.consolidators)
    record = reader.record
    return Page(
        name=reader.name,
        label=label,
        number=number,
        models=", ".join(reader.models) or "not said",
        prompts=record["prompts"],
        faults=", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in reader.faults.items()),
        rows=(_sessions(reader), *_rows(summary, reader, nights, labels)),
        nights=tuple(nights),
        questions=tuple(_question(found, labels) for found in listed),
        left=sum(len(one.questions) for one in asked) - len(listed),
        cost=tuple((title, _cost(reader.cost.get(source))) for source, title in COST_ROWS.items()),
    )


def _sessions(reader: ReaderSummary) -> Row:
    return Row(
        name=None, label=SESSIONS, control=False, by_recall=False, metrics=reader.sessions, told_apart="",
        outcomes=tuple(f"{reader.session_outcomes[word]:,}" for word in OUTCOMES), stopped=(), by_night=(),
    )  # fmt: skip


def _rows(
    summary: Summary, reader: ReaderSummary, nights: Sequence[int], labels: Mapping[str, str]
) -> Iterator[Row]:
    for name in ordered_names(summary):
        one = reader.consolidators[name]
        counts = one.stopped
        yield Row(
            name=name, label=labels[name], control=one.control, by_recall=one.by_recall, metrics=one.metrics,
            told_apart=_told_apart(one), outcomes=tuple(f"{one.outcomes[word]:,}" for word in OUTCOMES),
            stopped=tuple(
                f"{n:,}" for n in (counts.asked, counts.found, counts.stopped, counts.unchanged,
                                   counts.told_by_sessions, counts.again)
            ),
            by_night=tuple(f"{counts.by_night.get(night, 0):,}" for night in nights),
        )  # fmt: skip


def _told_apart(one: ReadSummary) -> str:
    """What can be told of the difference to the raw sessions."""
    if one.metrics["answered_gap"].value is None:
        return wording.DASH
    noticed = one.detection.detectable
    least = f"{wording.number(noticed.value)} is noticed" if noticed.value is not None else noticed.reason
    return f"p {wording.number(one.detection.p)}; {least}"


def _worst(questions: Sequence[Stopped]) -> list[Stopped]:
    """Those to list: first what nothing changed about, and what the raw sessions still told."""
    ranked = sorted(questions, key=lambda one: (one.is_changed, one.told_by_sessions is not True))
    return ranked[:LISTED]


def _question(found: Stopped, labels: Mapping[str, str]) -> StoppedRow:
    repeat = f", repeat {found.repeat + 1}" if found.repeat else ""
    told = {True: "told", False: "not told", None: "no verdict"}[found.told_by_sessions]
    return StoppedRow(
        consolidator=labels[found.consolidator],
        scenario=f"{found.scenario}{repeat}",
        item=found.item.id,
        question=found.item.question,
        first=f"night {found.first}",
        night=f"night {found.night}{', when it changed' if found.is_changed else ''}",
        again=f"night {found.again}" if found.again else "not",
        answer=_clipped(found.answer) if found.answer else "no answer",
        memory="; ".join(f"{said.text}: {said.word}{_quoted(said.quote)}" for said in found.memory),
        sessions=told,
    )


def _quoted(quote: str | None) -> str:
    return f" («{_clipped(quote)}»)" if quote else ""


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTE else f"{flat[:_QUOTE]}…"


def _cost(cost: Mapping[str, float | int | None] | None) -> tuple[str, ...]:
    """The amounts under `COST_HEADS`; a sum with an unknown in it says so."""
    if cost is None:
        return ("0",) * len(COST_HEADS)
    return (
        f"{cost['calls']:,}",
        _amount(cost, "input_tokens", "cache_read_tokens", "cache_write_tokens"),
        _amount(cost, "cache_read_tokens"),
        _amount(cost, "output_tokens"),
        _amount(cost, "usd", digits=4),
    )


def _amount(cost: Mapping[str, float | int | None], *names: str, digits: int = 0) -> str:
    amounts = [cost[name] for name in names]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        calls = max(cost.get(f"{name}_unknown_calls") or 0 for name in names)
        return f"unknown of {calls:,} calls"
    return f"{sum(known):,.{digits}f}"
