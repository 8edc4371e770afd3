"""One chain as numbered tables: its nights, verdicts, findings, and the texts that these point to."""

from collections.abc import Mapping
from typing import Any

from rembench.harness.outcomes import accepted, outcome
from rembench.harness.types import STANCES, STORE, ChainEvidence, Ref, Stance, Verdict
from rembench.reports.evidence.tables import Files, Rows, Strings

IN_VERDICTS, IN_FINDINGS, IN_NIGHTS = range(3)


class ChainTables:
    """The tables of a chain, filled as cells ask for their rows."""

    def __init__(
        self, evidence: ChainEvidence, consolidator: int, values: Mapping[tuple[str, int], int]
    ) -> None:
        self._evidence = evidence
        self._consolidator = consolidator
        self._values = values
        self._strings = Strings()
        self._files = Files(self._strings)
        self._nights, self._verdicts, self._findings, self._rulings = Rows(), Rows(), Rows(), Rows()
        self._items = {item.id: item for item in evidence.scenario.items}
        self._found: dict[str, dict[str, list[Verdict]]] = {}

    def to_json(self) -> dict[str, Any]:
        """All tables."""
        return {
            "consolidator": self._consolidator,
            "scenario": self._evidence.scenario.id,
            "repeat": self._evidence.chain.repeat,
            "strings": self._strings.rows(),
            "nights": self._nights.rows,
            "files": self._files.table.rows,
            "rulings": self._rulings.rows,
            "verdicts": self._verdicts.rows,
            "findings": self._findings.rows,
        }

    def rests_on(self, ref: Ref) -> tuple[int, int, int]:
        """Where that is which a cell refers to: table, first row, number of rows."""
        if ref.finding is not None:
            return IN_FINDINGS, *self._finding(ref.checkpoint, ref.finding)
        if ref.item is None:
            return IN_NIGHTS, self._night(ref.checkpoint), 1
        first = self._item(ref.checkpoint, ref.item)
        if ref.value is None:
            return IN_VERDICTS, first, len(self._of_item(ref.checkpoint, ref.item))
        return IN_VERDICTS, first + ref.value, 1

    def _finding(self, checkpoint: str, index: int) -> tuple[int, int]:
        """The rows of all findings of a night of the same type; of one item, if it has one."""
        findings = self._evidence.readings[checkpoint].findings
        one = findings[index]
        alike = [f for f in findings if (f.type, f.item) == (one.type, one.item)]
        night = self._night(checkpoint)
        key = (night, one.type, one.item)
        first = self._findings.find(key)
        if first is not None:
            return first, len(alike)
        memory = self._evidence.memories[checkpoint]
        add = self._strings.add
        for n, f in enumerate(alike):
            place = self._files.place(f.path, memory.get(f.path, ""), f.start, f.end)
            number = self._findings.add(key if n == 0 else (*key, n), [night, add(f.type), add(f.rule), *place])
            first = number if first is None else first
        return first or 0, len(alike)

    def _night(self, checkpoint: str) -> int:
        number = self._nights.find(checkpoint)
        if number is not None:
            return number
        record = self._evidence.nights.get(checkpoint)
        failure = record.failure if record else None
        memory = self._evidence.memories.get(checkpoint)
        files = None if memory is None else self._files.whole(memory)
        why = f"{failure.type}: {failure.message}" if failure else None
        row = [self._strings.add(checkpoint), files, self._strings.add(why)]
        return self._nights.add(checkpoint, row)

    def _of_item(self, checkpoint: str, item_id: str) -> list[Verdict]:
        """An item's verdicts at a checkpoint, by value."""
        if checkpoint not in self._found:
            items = self._found[checkpoint] = {}
            for verdict in self._evidence.readings[checkpoint].verdicts:
                items.setdefault(verdict.item, []).append(verdict)
        return sorted(self._found[checkpoint].get(item_id, ()), key=lambda v: v.value)

    def _item(self, checkpoint: str, item_id: str) -> int:
        """The first of the rows of an item's verdicts, which stand one after another by value."""
        night = self._night(checkpoint)
        key = (night, item_id)
        number = self._verdicts.find(key)
        if number is not None:
            return number
        before = self._before(checkpoint, item_id)
        verdicts = self._of_item(checkpoint, item_id)
        rows = [self._verdict(night, v, before.get(v.value)) for v in verdicts]
        numbers = [self._verdicts.add(key if n == 0 else (*key, n), row) for n, row in enumerate(rows)]
        return numbers[0]

    def _before(self, checkpoint: str, item_id: str) -> Mapping[int, Stance | None]:
        """What the memory conveyed of an item's values before the night."""
        order = [STORE, *(step.id for step in self._evidence.scenario.nights)]
        at = order.index(checkpoint)
        return {v.value: v.observed for v in self._of_item(order[at - 1], item_id)} if at else {}

    def _verdict(self, night: int, verdict: Verdict, before: Stance | None) -> list[Any]:
        value = self._values[verdict.item, verdict.value]
        return [night, value, self._ruling(verdict, before), *self._place(verdict)]

    def _ruling(self, verdict: Verdict, before: Stance | None) -> int:
        """What was found of a value and what that is called: the same of many verdicts."""
        add = self._strings.add
        word, right = None, None
        if verdict.expected and verdict.observed:
            kind = self._items[verdict.item].kind
            word = outcome(kind, verdict.expected, verdict.observed)
            right = accepted(verdict.expected, verdict.observed)
        readings = tuple(STANCES.index(s) for s in verdict.readings)
        row = (
            _stance(verdict.expected, -1), _stance(verdict.observed, 4), add(word), int(bool(right)),
            add(verdict.rule), add(verdict.reason), readings, add(verdict.leak_level),
            _stance(verdict.at_budget, 4), _stance(before, 4),
        )  # fmt: skip
        number = self._rulings.find(row)
        return self._rulings.add(row, [*row]) if number is None else number

    def _place(self, verdict: Verdict) -> list[int]:
        """File and span that it was read from; nothing where it has none."""
        memory = self._evidence.memories.get(verdict.checkpoint)
        if memory is None or verdict.path is None or verdict.start is None or verdict.end is None:
            return []
        return self._files.place(verdict.path, memory.get(verdict.path, ""), verdict.start, verdict.end)


def _stance(stance: Stance | None, none: int) -> int:
    return none if stance is None else STANCES.index(stance)
