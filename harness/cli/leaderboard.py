"""`rembench leaderboard`: runs handed in by anybody, scored again, with ranks as far as they can be told."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.cli.columns import grid
from rembench.harness.cli.folder import folder_path, make_folder, writing
from rembench.harness.cli.runs import load_with, packs_by_hash
from rembench.harness.cli.score import AsJson
from rembench.harness.cli.timeline import printable
from rembench.harness.engine.record import RunRecord
from rembench.harness.errors import UserError
from rembench.metrics import METRICS
from rembench.reports.compare.pairs import QUALITY
from rembench.reports.compare.sources import Source, distinct, run_labels
from rembench.reports.leaderboard.board import Board, Entry, Refused
from rembench.reports.leaderboard.build import build
from rembench.reports.leaderboard.files import to_json, write_files
from rembench.reports.leaderboard.site.write import write_site
from rembench.reports.leaderboard.submissions import take
from rembench.reports.wording import number

_PATH = re.compile(r"(?<!\S)/\S+")  # a site says nothing of the machine that it was made on
_SHOWN = ("skill", "obligations_met", "prohibitions_broken", "deletion_leakage")


def leaderboard(
    run: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders.", parser=folder_path)],
    out: Annotated[
        Path, typer.Option("-o", "--out", parser=folder_path, metavar="PATH", help="The site's folder.")
    ],
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack", "-p", help="The leaderboard's packs, by name or path; those of most runs if not said."
        ),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Build a leaderboard from runs: each is scored again from its journal, or refused.

    Writes a site that opens from the disk, and prints the path of its first page last.
    """
    packs = packs_by_hash(pack or ())
    sources, refused = _load(distinct(run), packs)
    board = build(take(sources, list(packs)), refused)
    make_folder(out)
    with writing(out, "give another folder with -o"):
        first = write_site(board, out)
        write_files(board, out)
    if json_:
        typer.echo(json.dumps(to_json(board), sort_keys=True, allow_nan=False))
    else:
        typer.echo("\n".join(printable(line) for line in _lines(board)))
        typer.echo(first)
    for one in board.refused:
        typer.echo(printable(f"rembench: {one.label} is refused: {one.reason}"), err=True)
    if board.refused:
        raise typer.Exit(2)


def _load(folders: Sequence[Path], packs: dict[str, str]) -> tuple[list[Source], list[Refused]]:
    """The runs that can be read, and those that can't; UserError for a folder that's no run, and for none."""
    sources: list[Source] = []
    refused: list[Refused] = []
    faults: list[UserError] = []
    for folder, label in zip(folders, run_labels(folders), strict=True):
        RunRecord.load(folder)
        try:
            sources.append(Source(label=label, run=load_with(folder, packs)))
        except UserError as wrong:
            faults.append(wrong)
            refused.append(Refused(label=label, reason=_PATH.sub("…", wrong.what)))
    if not sources:
        raise faults[0]
    return sources, refused


def _lines(board: Board) -> list[str]:
    heads = ["", "ranks", *(METRICS[m].title.lower() for m in _SHOWN), "marks"]
    rows = [[one.label, _ranks(one), *_values(board, one.label), _marks(one)] for one in board.entries]
    rows += [[f"{name} *", "", *_values(board, name), ""] for name in board.controls]
    lines = grid([heads, *rows])
    lines.append("* control, made here; ranks are by informedness, right for all together 95 times in 100")
    return lines


def _ranks(one: Entry) -> str:
    place = one.standings[QUALITY]
    if place.best is None:
        return "none"
    return f"{place.best}" if place.best == place.worst else f"{place.best} to {place.worst}"


def _values(board: Board, label: str) -> list[str]:
    found = board.summary.consolidators[label].metrics
    return [number(found[m].value, found[m].unit) for m in _SHOWN]


def _marks(one: Entry) -> str:
    return ", ".join(mark.name.replace("_", " ") for mark in one.marks)
