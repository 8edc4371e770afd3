"""`rembench report`: report.html, its evidence and report.md, made again from the journal."""

from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.cli.folder import folder_path
from rembench.harness.cli.score import Packs, RunFolder, read_run, say_unfinished, write_reports


def report(
    run: RunFolder,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            parser=folder_path,
            metavar="PATH",
            help="Folder for the report; the run's own if not said.",
        ),
    ] = None,
    pack: Packs = None,
) -> None:
    """Write the report of a run again, as report.html and report.md."""
    scored = read_run(run, pack or ())
    say_unfinished(scored.run)
    typer.echo(write_reports(scored, out or run))
