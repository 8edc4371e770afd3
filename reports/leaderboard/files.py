"""A leaderboard's files for machines, in a site's folder.

results.json                    everything but slices and scenarios
data/<table>.csv, .parquet      the tables of `rows`; scenarios as Parquet alone
dataset/                        the same tables as a folder that `datasets.load_dataset(folder, table)` reads,
                                without a network
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rembench.harness.engine.record import write_atomically
from rembench.harness.files import whole
from rembench.metrics import METRICS
from rembench.reports.leaderboard.board import Board, Entry
from rembench.reports.leaderboard.rows import TABLES, FlatTable, Row
from rembench.reports.summary_types import ConsolidatorSummary, rounded

RESULTS = "results.json"
SPLIT = "test"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NO_CSV = frozenset({"scenarios"})
"""Tables that are too long for a spreadsheet."""


def file_names() -> list[str]:
    """What may be written into a site's folder."""
    names = [table.name for table in TABLES]
    return [
        RESULTS,
        *(f"data/{name}.parquet" for name in names),
        *(f"data/{name}.csv" for name in names if name not in NO_CSV),
        "dataset/README.md",
        *(f"dataset/{_file(table)}" for table in TABLES),
    ]


def write_files(board: Board, site: Path) -> None:
    """Write all of them into `site`, which exists."""
    text = json.dumps(to_json(board), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    write_atomically(site / RESULTS, text + "\n")
    made = [(table, list(table.rows(board))) for table in TABLES]
    (site / "data").mkdir(exist_ok=True)
    for table, rows in made:
        _write_parquet(table, rows, site / "data" / f"{table.name}.parquet")
        if table.name not in NO_CSV:
            write_atomically(site / "data" / f"{table.name}.csv", _csv(table, rows))
    write_dataset(board, made, site / "dataset")


def write_dataset(board: Board, made: Sequence[tuple[FlatTable, list[Row]]], folder: Path) -> None:
    """Write the tables that have rows, and a card whose header says which file is which."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    written = [(table, rows) for table, rows in made if rows]
    for table, rows in written:
        _write_parquet(table, rows, folder / _file(table))
    write_atomically(folder / "README.md", _card(board, [table for table, _ in written]))


def to_json(board: Board) -> dict[str, Any]:
    """results.json: numbers are numbers or null with a reason beside, never NaN."""
    return {
        "schema": 1,
        "rembench": board.scored_by,
        "packs": [asdict(pack) for pack in board.basis.packs],
        "limit": board.basis.limit,
        "shard": board.basis.shard,
        "scenarios": [
            {"id": s.id, "title": s.title, "origin": s.origin, "domain": s.domain, "level": s.level}
            for s in board.basis.scenarios
            if s.twin_of is None
        ],
        "metrics": {
            name: {
                "title": metric.title,
                "asks": metric.asks,
                "better": metric.better,
                "role": metric.role,
                "unit": metric.unit,
                "headline": metric.headline,
            }
            for name, metric in METRICS.items()
        },
        "entries": [_entry(board, one) for one in board.entries],
        "controls": {name: _summary(board.summary.consolidators[name]) for name in board.controls},
        "refused": [asdict(one) for one in board.refused],
    }


def _entry(board: Board, one: Entry) -> dict[str, Any]:
    submission = {k: v for k, v in asdict(one.submission).items() if k != "prompts"}
    return {
        "label": one.label,
        "consolidator": one.consolidator,
        "spec": one.spec,
        "options": dict(one.options),
        "capabilities": dict(one.capabilities),
        "submission": submission,
        "ranked": one.ranked,
        "ranks": {metric: asdict(standing) for metric, standing in one.standings.items()},
        "ranks_by_kind": {
            kind: asdict(found[one.label]) for kind, found in board.kinds.items() if one.label in found
        },
        "marks": [asdict(mark) for mark in one.marks],
        "answers": [{"question": a.question, "short": a.short, "text": a.text} for a in one.answers],
        "informedness_spread": {
            "between_scenarios": rounded(one.spread.between),
            "within_scenarios": rounded(one.spread.within),
            "repeats": rounded(one.spread.repeats),
            "reason": one.spread.reason,
        },
        **_summary(one.summary),
    }


def _summary(one: ConsolidatorSummary) -> dict[str, Any]:
    return {
        "metrics": {m: replace(found, slices={}).to_json() for m, found in one.metrics.items()},
        "outcomes": {expected: dict(row) for expected, row in one.outcomes.items()},
        "cost": dict(one.cost),
        "failures": dict(one.failures),
    }


def _csv(table: FlatTable, rows: Sequence[Row]) -> str:
    """Commas, quotes where needed; a text that a spreadsheet would take for a formula begins with '."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_field(row.get(name)) for name in table.columns] for row in rows)
    return out.getvalue()


def _field(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _write_parquet(table: FlatTable, rows: Sequence[Row], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in table.columns.items()])
    with whole(path) as partial:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), partial, compression="zstd")


def _file(table: FlatTable) -> str:
    return f"data/{table.name}-{SPLIT}.parquet"


def _card(board: Board, tables: Sequence[FlatTable]) -> str:
    import yaml

    header = {
        "pretty_name": "rembench: results of memory consolidators",
        "tags": ["memory", "agents", "consolidation", "evaluation", "leaderboard"],
        "configs": [
            {
                "config_name": table.name,
                "data_files": [{"split": SPLIT, "path": _file(table)}],
                **({"default": True} if table.name == "results" else {}),
            }
            for table in tables
        ],
    }
    packs = ", ".join(f"{pack.name} (sha256 {pack.sha256[:12]})" for pack in board.basis.packs)
    lines = [
        "# Results of memory consolidators",
        "",
        f"Written by `rembench leaderboard`: {len(board.entries)} entries and {len(board.controls)} controls "
        f"on {packs}, scored by rembench {board.scored_by}. A number that isn't known is null, never 0.",
        "",
        "    from datasets import load_dataset",
        *(f'    {table.name} = load_dataset("path/to/this/folder", "{table.name}")' for table in tables),
    ]
    for table in tables:
        lines += ["", f"## {table.name}", "", table.says, "", f"Columns: {', '.join(table.columns)}."]
    front = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{front}---\n\n" + "\n".join(lines) + "\n"
