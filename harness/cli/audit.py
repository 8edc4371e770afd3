"""`rembench audit`: how well the scorer agrees with careful readers, and whether it behaves as a measure."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.audit.audit import audit as measured
from rembench.harness.audit.validity import load_sets, shipped_sets
from rembench.harness.cli.audit_table import audit_lines
from rembench.harness.cli.folder import make_folder
from rembench.harness.engine.record import write_atomically
from rembench.harness.errors import UserError
from rembench.harness.judge.judge import Judge
from rembench.harness.providers.load import load_model

Validity = Annotated[
    list[Path] | None,
    typer.Option(
        "--validity", metavar="DIR", help="A set of labelled memories; the sets that come along if not said."
    ),
]
JudgeName = Annotated[
    str | None,
    typer.Option(
        "--judge",
        metavar="NAME",
        help="A model to measure beside it, at its cost: name, package.module:Name or path.py:Name, "
        "each with :key=value,... if need be.",
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Take every case where a sample would do: slower.")]
AsJson = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Write one JSON object; '-': print it instead of tables."),
]


def audit(validity: Validity = None, judge: JudgeName = None, full: Full = False, json_: AsJson = None) -> None:
    """Measure the scorer itself, against labelled memories and against memories made to be right or wrong."""
    if json_ is not None and json_.is_dir():
        raise UserError("is a folder", where=str(json_), right="--json takes a file, or '-'")
    asked = Judge(load_model(judge)) if judge is not None else None
    sets = load_sets(tuple(validity or shipped_sets()))
    found = measured(sets, full=full, judge=asked, progress=_say if sys.stderr.isatty() else None)
    text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
    if json_ == Path("-"):
        typer.echo(text)
        return
    if json_ is not None:
        make_folder(json_.parent)
        write_atomically(json_, text + "\n")
    for line in audit_lines(found):
        typer.echo(line)


def _say(part: str) -> None:
    typer.echo(f"{part} …", err=True)
