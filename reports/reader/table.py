"""answers.parquet: one row for every question that was put to a reader, with its answer and whether it's right.

Rows of the raw sessions have no consolidator. `right` is null where there's no verdict, for `reason`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.answers.evidence import Answers, ReadChain
from rembench.harness.scorer.table import write_rows
from rembench.harness.types import ChainEvidence
from rembench.metrics.cells import Point, all_right, item_points

FILE = "answers.parquet"
_TEXT, _NUMBER, _FLAG = "string", "int32", "bool"
COLUMNS = {
    "reader": _TEXT, "source": _TEXT, "consolidator": _TEXT, "scenario": _TEXT, "repeat": _NUMBER,
    "checkpoint": _TEXT, "item": _TEXT, "kind": _TEXT, "tactic": _TEXT, "question": _TEXT,
    "something_to_tell": _FLAG, "answer": _TEXT, "right": _FLAG, "reason": _TEXT, "conveyed": _TEXT,
}  # fmt: skip


def write_answers(chains: Sequence[ReadChain], folder: Path) -> None:
    """Write the table into `folder`."""
    write_rows(_rows(chains), COLUMNS, folder / FILE)


def _rows(chains: Sequence[ReadChain]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    for chain in chains:
        key = chain.written.chain
        head = {"reader": chain.reader, "scenario": key.scenario}
        if (chain.reader, key.scenario) not in seen:
            seen.add((chain.reader, key.scenario))
            yield from _questions(
                {**head, "source": "sessions", "consolidator": None, "repeat": None},
                chain.sessions,
                chain.from_sessions,
            )
        yield from _questions(
            {**head, "source": "memory", "consolidator": key.consolidator, "repeat": key.repeat},
            chain.memory,
            chain.answers,
        )


def _questions(head: dict[str, Any], evidence: ChainEvidence, answers: Answers) -> Iterator[dict[str, Any]]:
    for points in item_points(evidence):
        item, checkpoint = points[0].item, points[0].verdict.checkpoint
        right = all_right(points)
        answer = answers.get((checkpoint, item.id))
        reasons = (point.verdict.reason for point in points if point.verdict.observed is None)
        yield {
            **head,
            "checkpoint": checkpoint, "item": item.id, "kind": item.kind, "tactic": item.tactic,
            "question": item.question,
            "something_to_tell": any(point.expected in {"held", "open"} for point in points),
            "answer": answer.text if answer else None,
            "right": None if right is None else right == 1.0,
            "reason": next(reasons, None) if right is None else None,
            "conveyed": "; ".join(map(_conveyed, points)),
        }  # fmt: skip


def _conveyed(point: Point) -> str:
    return f"{point.value.text}: {point.expected} > {point.verdict.observed or 'no verdict'}"
