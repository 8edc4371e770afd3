"""verdicts.parquet and findings.parquet: one row per run, chain, checkpoint, item and value.

The rows are in the order of chains, checkpoints, items and values, so the same journal gives the same
bytes. The file is an output: nothing reads it back to make a score.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.files import whole
from rembench.harness.outcomes import outcome
from rembench.harness.types import ChainEvidence, Item, Verdict

Row = dict[str, Any]

_TEXT, _NUMBER = "string", "int32"
VERDICT_COLUMNS = {
    "consolidator": _TEXT, "scenario": _TEXT, "repeat": _NUMBER, "checkpoint": _TEXT,
    "item": _TEXT, "kind": _TEXT, "tactic": _TEXT, "value": _NUMBER, "text": _TEXT,
    "expected": _TEXT, "observed": _TEXT, "outcome": _TEXT, "reason": _TEXT, "readings": _TEXT,
    "rule": _TEXT, "path": _TEXT, "start": _NUMBER, "end": _NUMBER, "quote": _TEXT,
    "leak_level": _TEXT, "at_budget": _TEXT,
}  # fmt: skip
FINDING_COLUMNS = {
    "consolidator": _TEXT, "scenario": _TEXT, "repeat": _NUMBER, "checkpoint": _TEXT,
    "type": _TEXT, "item": _TEXT, "value": _NUMBER, "rule": _TEXT, "path": _TEXT,
    "start": _NUMBER, "end": _NUMBER, "quote": _TEXT,
}  # fmt: skip


def write_tables(evidence: Sequence[ChainEvidence], folder: Path) -> None:
    """Write both tables into `folder`."""
    write_rows(_rows(evidence, _verdict_rows), VERDICT_COLUMNS, folder / "verdicts.parquet")
    write_rows(_rows(evidence, _finding_rows), FINDING_COLUMNS, folder / "findings.parquet")


def _rows(
    evidence: Iterable[ChainEvidence], of_reading: Callable[[ChainEvidence, str], Iterator[Row]]
) -> Iterator[Row]:
    for chain in evidence:
        key = chain.chain
        head = {"consolidator": key.consolidator, "scenario": key.scenario, "repeat": key.repeat}
        for checkpoint in chain.readings:
            yield from ({**head, **row} for row in of_reading(chain, checkpoint))


def _verdict_rows(chain: ChainEvidence, checkpoint: str) -> Iterator[Row]:
    items = {item.id: item for item in chain.scenario.items}
    for verdict in chain.readings[checkpoint].verdicts:
        yield _verdict_row(items[verdict.item], verdict)


def _verdict_row(item: Item, verdict: Verdict) -> Row:
    word = None
    if verdict.expected and verdict.observed:
        word = outcome(item.kind, verdict.expected, verdict.observed)
    return {
        "checkpoint": verdict.checkpoint, "item": item.id, "kind": item.kind, "tactic": item.tactic,
        "value": verdict.value, "text": item.values[verdict.value].text,
        "expected": verdict.expected, "observed": verdict.observed, "outcome": word,
        "reason": verdict.reason, "readings": " ".join(verdict.readings) or None,
        "rule": verdict.rule, "path": verdict.path, "start": verdict.start, "end": verdict.end,
        "quote": verdict.quote, "leak_level": verdict.leak_level, "at_budget": verdict.at_budget,
    }  # fmt: skip


def _finding_rows(chain: ChainEvidence, checkpoint: str) -> Iterator[Row]:
    for finding in chain.readings[checkpoint].findings:
        yield {column: getattr(finding, column, None) for column in list(FINDING_COLUMNS)[3:]}


def write_rows(rows: Iterator[Row], columns: dict[str, str], path: Path) -> None:
    """Write a table: columns with pyarrow's names of their types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    table = pa.Table.from_pylist(list(rows), schema=schema)
    with whole(path) as partial:
        pq.write_table(table, partial, compression="zstd")
