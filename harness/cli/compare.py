"""`rembench compare`: consolidators side by side, paired by scenario."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.cli.folder import folder_path, make_folder, writing
from rembench.harness.cli.runs import load_with, packs_by_hash
from rembench.harness.cli.score import AsJson
from rembench.harness.cli.timeline import printable
from rembench.reports.compare.as_json import to_json
from rembench.reports.compare.comparison import Asked, Comparison
from rembench.reports.compare.comparison import compare as compare_runs
from rembench.reports.compare.html import write_html
from rembench.reports.compare.markdown import write_markdown
from rembench.reports.compare.sources import distinct
from rembench.reports.compare.text import text_lines


def compare(  # noqa: PLR0913 - a command's options are its parameters
    run: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders.", parser=folder_path)],
    consolidator: Annotated[
        list[str] | None,
        typer.Option("-c", "--consolidator", help="Compare only these, by name; may be a control."),
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="Show the two memories of this scenario.")] = None,
    night: Annotated[
        str | None, typer.Option(help="Of this night; if not said, the one where they differ most.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", parser=folder_path, metavar="PATH", help="Write compare.html and compare.md there."
        ),
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", "-p", help="Where a pack of the runs lies now, if it was moved."),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Compare the consolidators of one run or several: what differs, and whether it can be told."""
    packs = packs_by_hash(pack or ())
    runs = [load_with(folder, packs) for folder in distinct(run)]
    asked = Asked(consolidators=tuple(consolidator or ()), scenario=scenario, night=night)
    found = compare_runs(runs, asked)
    if out:
        _write(found, out)
    if json_:
        # Escaped, so that nothing in a memory reaches a terminal as a command.
        typer.echo(json.dumps(to_json(found), sort_keys=True, allow_nan=False))
        return
    typer.echo("\n".join(printable(line).rstrip() for line in text_lines(found)))
    if out:
        typer.echo(out / "compare.html")


def _write(found: Comparison, folder: Path) -> None:
    make_folder(folder)
    with writing(folder, "give another folder with -o"):
        write_html(found, folder / "compare.html")
        write_markdown(found, folder / "compare.md")
