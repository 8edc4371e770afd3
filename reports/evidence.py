"""What every number of a report rests on, small enough to travel inside the page.

    drill_down(summary, evidence) → one JSON value of numbered tables; a -1 stands for "none"

    strings     texts
    scenarios   [id, title, origin, domain, id of the scenario whose twin it is]
    nights      [consolidator, scenario, repeat, checkpoint, files of the memory or null, why there's none]
    values      [scenario, item, kind, tactic, subject, attribute, text, condition, source messages]
    verdicts    [night, value, expected, observed, outcome, accepted, rule, reason, readings, file, start,
                 end, leak level, request, at budget, stance before the night]
    findings    [night, type, rule, file, start, end]
    cells       metric → one for each consolidator → {all: how many there are, rows: those in the page}
                [amount or null, reason, slices, table, first row, number of rows]
    slices      [1 if the cell counts in the metric itself, names of those that the report shows...]

Stances are 0 to 3 in the order of `STANCES`, 4 is "no verdict". Rows come with the misses first, then those
without a verdict, and are cut where a run is so large that the page would be; `all` then says how many.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rembench.harness.outcomes import accepted, outcome
from rembench.harness.types import STANCES, STORE, Cell, ChainEvidence, Ref, Stance, Verdict
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.columns import SHOWN
from rembench.reports.summary_types import NO_VERDICT, Summary
from rembench.reports.tables import Files, Messages, Rows, Strings, Values

ROWS = 120_000
"""At most about this many cells are in the page, shared out evenly."""

OUTCOMES = "outcomes"
"""The name under which the cells of the stance tables stand beside the metrics."""

_SHOWN = {**SHOWN, OUTCOMES: ("stance=",)}

IN_VERDICTS, IN_FINDINGS, IN_NIGHTS = range(3)

_Cells = list[tuple[ChainEvidence, Cell]]


def drill_down(summary: Summary, evidence: Sequence[ChainEvidence]) -> dict[str, Any]:
    """The evidence of every metric and of every stance table, ready for `json.dumps`."""
    names = list(summary.consolidators)
    chains: dict[str, list[ChainEvidence]] = defaultdict(list)
    for one in evidence:
        chains[one.chain.consolidator].append(one)
    cells = {m: [_asking(metric, chains[name]) for name in names] for m, metric in _asked().items()}
    most = _share([len(found) for by_name in cells.values() for found in by_name])
    book = _Book(names)
    rows = {
        m: [{"all": len(found), "rows": [book.cell(m, e, c) for e, c in found[:most]]} for found in by_name]
        for m, by_name in cells.items()
    }
    return {**book.tables(), "consolidators": names, "cells": rows}


def outcome_cells(evidence: ChainEvidence) -> Iterator[Cell]:
    """A cell for every verdict that has an expectation, in the slice of its place in the stance table."""
    for step in evidence.scenario.nights:
        for verdict in evidence.readings[step.id].verdicts:
            if verdict.expected is None:
                continue
            known = verdict.observed is not None
            yield Cell(
                amount=float(accepted(verdict.expected, verdict.observed)) if verdict.observed else None,
                ref=Ref(checkpoint=verdict.checkpoint, item=verdict.item, value=verdict.value),
                reason=None if known else verdict.reason,
                slices=(stance_slice(verdict.expected, verdict.observed or NO_VERDICT),),
            )


def stance_slice(expected: str, observed: str) -> str:
    """The slice of one place of the stance table."""
    return f"stance={expected} {observed}"


def _asked() -> dict[str, Metric]:
    """The metrics that have cells, and the stance table as one more."""
    own = {m: metric for m, metric in METRICS.items() if not metric.of and not metric.relative_to}
    table = Metric(
        name=OUTCOMES, title="Stances", asks="What does the memory convey?", better="higher",
        role="description", unit="values", cells=outcome_cells,
    )  # fmt: skip
    return {**own, OUTCOMES: table}


def _asking(metric: Metric, chains: Sequence[ChainEvidence]) -> _Cells:
    """The cells that the report's numbers of a metric rest on, misses first."""
    shown = _SHOWN.get(metric.name, ())
    cells = [
        (chain, cell)
        for chain in chains
        if metric.concerns(chain.scenario)
        for cell in metric.cells(chain)
        if cell.headline or any(name.startswith(shown) for name in cell.slices)
    ]
    return sorted(cells, key=lambda found: _rank(metric, found[1]))


def _rank(metric: Metric, cell: Cell) -> int:
    """0 for a miss, 1 for no verdict, 2 for the rest."""
    if cell.amount is None:
        return 1
    if metric.better == "neither":
        return 2
    missed = cell.amount < (metric.limits[1] or 0.0) if metric.better == "higher" else cell.amount > 0
    return 0 if missed else 2


def _share(counts: Sequence[int]) -> int:
    """The most rows that each list may have, so that all together have no more than `ROWS`."""
    low, high = 50, max([50, *counts])
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(count, middle) for count in counts) <= ROWS:
            low = middle
        else:
            high = middle - 1
    return low


class _Book:
    """The tables, filled as cells ask for their rows."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = {name: n for n, name in enumerate(names)}
        self._strings = Strings()
        self._files = Files(self._strings)
        self._messages = Messages(self._strings)
        self._values = Values(self._strings, self._messages)
        self._scenarios, self._nights, self._verdicts, self._findings = Rows(), Rows(), Rows(), Rows()
        self._slices = Rows()

    def tables(self) -> dict[str, Any]:
        """All tables."""
        return {
            "strings": self._strings.rows(),
            "scenarios": self._scenarios.rows,
            "nights": self._nights.rows,
            "values": self._values.table.rows,
            "messages": self._messages.table.rows,
            "files": self._files.table.rows,
            "verdicts": self._verdicts.rows,
            "findings": self._findings.rows,
            "slices": self._slices.rows,
        }

    def cell(self, metric: str, evidence: ChainEvidence, cell: Cell) -> list[Any]:
        """The row of a cell."""
        shown = tuple(name for name in cell.slices if name.startswith(_SHOWN.get(metric, ())))
        amount = None if cell.amount is None else round(cell.amount, 4)
        if amount is not None and amount.is_integer():
            amount = int(amount)
        reason = self._strings.add(cell.reason)
        return [amount, reason, self._slice(cell.headline, shown), *self._rests_on(evidence, cell.ref)]

    def _slice(self, headline: bool, slices: tuple[str, ...]) -> int:
        key = (headline, slices)
        number = self._slices.find(key)
        if number is not None:
            return number
        names = [self._strings.add(name) for name in slices]
        return self._slices.add(key, [int(headline), *names])

    def _rests_on(self, evidence: ChainEvidence, ref: Ref) -> list[int]:
        if ref.finding is not None:
            return [IN_FINDINGS, *self._finding(evidence, ref.checkpoint, ref.finding)]
        if ref.item is None:
            return [IN_NIGHTS, self._night(evidence, ref.checkpoint), 1]
        first = self._item(evidence, ref.checkpoint, ref.item)
        verdicts = evidence.readings[ref.checkpoint].verdicts
        if ref.value is None:
            return [IN_VERDICTS, first, sum(v.item == ref.item for v in verdicts)]
        return [IN_VERDICTS, first + ref.value, 1]

    def _finding(self, evidence: ChainEvidence, checkpoint: str, index: int) -> tuple[int, int]:
        """The rows of all findings of a night of the same type; of one item, if it has one."""
        findings = evidence.readings[checkpoint].findings
        one = findings[index]
        alike = [f for f in findings if (f.type, f.item) == (one.type, one.item)]
        night = self._night(evidence, checkpoint)
        key = (night, one.type, one.item)
        first = self._findings.find(key)
        if first is not None:
            return first, len(alike)
        memory = evidence.memories[checkpoint]
        add = self._strings.add
        for n, f in enumerate(alike):
            place = self._files.place(f.path, memory.get(f.path, ""), f.start, f.end)
            row = [night, add(f.type), add(f.rule), *place]
            number = self._findings.add(key if n == 0 else (*key, n), row)
            first = number if first is None else first
        return first or 0, len(alike)

    def _night(self, evidence: ChainEvidence, checkpoint: str) -> int:
        key = (evidence.chain, checkpoint)
        number = self._nights.find(key)
        if number is not None:
            return number
        record = evidence.nights.get(checkpoint)
        failure = record.failure if record else None
        memory = evidence.memories.get(checkpoint)
        files = None if memory is None else self._files.whole(memory)
        why = f"{failure.type}: {failure.message}" if failure else None
        row = [self._names[evidence.chain.consolidator], self._scenario(evidence), evidence.chain.repeat,
               self._strings.add(checkpoint), files, self._strings.add(why)]  # fmt: skip
        return self._nights.add(key, row)

    def _scenario(self, evidence: ChainEvidence) -> int:
        one = evidence.scenario
        number = self._scenarios.find(one.id)
        if number is not None:
            return number
        return self._scenarios.add(
            one.id,
            [self._strings.add(text) for text in (one.id, one.title, one.origin, one.domain, one.twin_of)],
        )

    def _item(self, evidence: ChainEvidence, checkpoint: str, item_id: str) -> int:
        """The first of the rows of an item's verdicts, which stand one after another by value."""
        night = self._night(evidence, checkpoint)
        key = (night, item_id)
        number = self._verdicts.find(key)
        if number is not None:
            return number
        before = _before(evidence, checkpoint, item_id)
        verdicts = sorted(_of_item(evidence, checkpoint, item_id), key=lambda v: v.value)
        rows = [self._verdict(evidence, night, v, before.get(v.value)) for v in verdicts]
        numbers = [self._verdicts.add(key if n == 0 else (*key, n), row) for n, row in enumerate(rows)]
        return numbers[0]

    def _verdict(
        self, evidence: ChainEvidence, night: int, verdict: Verdict, before: Stance | None
    ) -> list[Any]:
        item = next(i for i in evidence.scenario.items if i.id == verdict.item)
        add = self._strings.add
        word, right = None, None
        if verdict.expected and verdict.observed:
            word = outcome(item.kind, verdict.expected, verdict.observed)
            right = accepted(verdict.expected, verdict.observed)
        request = -1
        if verdict.expected == "absent":
            request = self._messages.request(evidence.scenario, item, verdict.value)
        return [
            night, self._values.add(evidence, self._scenario(evidence), item, verdict.value),
            _stance(verdict.expected, -1), _stance(verdict.observed, 4), add(word), int(bool(right)),
            add(verdict.rule), add(verdict.reason), [STANCES.index(s) for s in verdict.readings],
            *self._place(evidence, verdict), add(verdict.leak_level), request,
            _stance(verdict.at_budget, 4), _stance(before, 4),
        ]  # fmt: skip

    def _place(self, evidence: ChainEvidence, verdict: Verdict) -> list[int]:
        memory = evidence.memories.get(verdict.checkpoint)
        if memory is None or verdict.path is None or verdict.start is None or verdict.end is None:
            return [-1, 0, 0]
        return self._files.place(verdict.path, memory.get(verdict.path, ""), verdict.start, verdict.end)


def _stance(stance: Stance | None, none: int) -> int:
    return none if stance is None else STANCES.index(stance)


def _of_item(evidence: ChainEvidence, checkpoint: str, item_id: str) -> list[Verdict]:
    return [v for v in evidence.readings[checkpoint].verdicts if v.item == item_id]


def _before(evidence: ChainEvidence, checkpoint: str, item_id: str) -> Mapping[int, Stance | None]:
    """What the memory conveyed of an item's values before the night."""
    order = [STORE, *(step.id for step in evidence.scenario.nights)]
    at = order.index(checkpoint)
    return {v.value: v.observed for v in _of_item(evidence, order[at - 1], item_id)} if at else {}
