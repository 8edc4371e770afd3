"""`rembench ask`: a model answers each item's question from a run's memories, and from the raw sessions."""

import json
import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

from rembench.harness.cli import completion
from rembench.harness.cli.console import console
from rembench.harness.cli.reader_table import reader_lines
from rembench.harness.cli.readers import Manner, ask_reader, asked_lines, choose
from rembench.harness.cli.score import AsJson, Packs, RunFolder, say_unfinished, score_run, write_reports
from rembench.harness.cli.table import result_lines
from rembench.harness.engine.purse import RunPurse
from rembench.harness.errors import UserError
from rembench.harness.scoring import load_run


def ask(
    run: RunFolder,
    reader: Annotated[
        str,
        typer.Option(
            help="The model: name, package.module:Name or path.py:Name, each with :key=value,... if need be.",
            autocompletion=completion.models,
        ),
    ],
    again: Annotated[
        bool, typer.Option("--again", help="Ask everything anew; the answers before no longer count.")
    ] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=1000, help="Calls at a time.")] = 8,
    budget: Annotated[
        float | None,
        typer.Option(help="US dollars that this reader may cost on this run, with what it has cost so far."),
    ] = None,
    pack: Packs = None,
    json_: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Ask a model each item's question about every memory of a run, and about the raw sessions.

    Nothing of the run is run again. What it has been asked isn't asked again: the same command goes on.
    """
    if budget is not None and not 0 < budget <= 1e9:
        raise UserError(f"--budget {budget}: a number above 0, at most 1000000000, was expected")
    with redirect_stdout(sys.stderr):  # what a provider prints is no result
        chosen = choose(reader)
        found = load_run(run, pack or ())
        say_unfinished(found)
        manner = Manner(concurrency=concurrency, purse=RunPurse(budget=budget), again=again)
        with console(0, 0, quiet=quiet or json_) as shown:
            try:
                progress = ask_reader(found, chosen, manner, shown)
            except KeyboardInterrupt:
                typer.echo(
                    "rembench: interrupted; the answers are safe: the same command without --again goes on",
                    err=True,
                )
                raise typer.Exit(130) from None
            scored = score_run(run, pack or (), shown.scored)
        report = write_reports(scored, run)
    for line in asked_lines(chosen, run, progress):
        typer.echo(f"rembench: {line}", err=True)
    if json_:
        made = {"run": str(run), "report": str(report), "summary": scored.summary.to_json()}
        typer.echo(json.dumps(made, ensure_ascii=False, sort_keys=True, allow_nan=False))
    else:
        for line in (*result_lines(scored.summary), *reader_lines(scored.summary)):
            typer.echo(line)
        typer.echo(f"report: {report}")
        typer.echo(run)
    if progress.made and progress.made == sum(progress.faults.values()):
        raise typer.Exit(2)
