"""`rembench score`: everything but the journal, made again from the journal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.answers.evidence import ReadChain, read_chains
from rembench.harness.answers.questions import known
from rembench.harness.answers.sittings import recallers
from rembench.harness.cli.folder import folder_path, make_folder, writing
from rembench.harness.cli.reader_table import reader_lines
from rembench.harness.cli.table import result_lines
from rembench.harness.engine.record import write_atomically
from rembench.harness.reader.journal import read_answers
from rembench.harness.scorer.table import write_tables
from rembench.harness.scoring import Progress, Run, evidence, load_run
from rembench.harness.types import ChainEvidence
from rembench.reports.html import write_html
from rembench.reports.markdown import write_markdown
from rembench.reports.reader.summarise import Run as Asked
from rembench.reports.reader.summarise import summarise_readers
from rembench.reports.reader.table import write_answers
from rembench.reports.summary import summarise
from rembench.reports.summary_types import Summary

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.", parser=folder_path)]
Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", "-p", help="Where the run's packs lie now, in its order, if they were moved."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A run's summary, and the evidence that it's made from; `read` is that of its readers."""

    run: Run
    evidence: tuple[ChainEvidence, ...]
    summary: Summary
    read: tuple[ReadChain, ...] = ()


def read_run(folder: Path, packs: Sequence[str] = (), progress: Progress | None = None) -> Scored:
    """Read every memory of the journal again; nothing is written."""
    run = load_run(folder, packs)
    readers = read_answers(folder, known(run.scenarios))
    chains = evidence(run, progress=progress)
    summary = summarise(run.record.to_json(), chains, controls=run.record.controls)
    if not readers.records:
        return Scored(run=run, evidence=chains, summary=summary)
    recall = recallers(run.record.consolidators)
    read = read_chains(chains, readers, recall)
    asked = Asked(consolidators=tuple(summary.consolidators), controls=run.record.controls, recallers=recall)
    summary = replace(summary, readers=summarise_readers(asked, readers, read))
    return Scored(run=run, evidence=chains, summary=summary, read=read)


def score_run(folder: Path, packs: Sequence[str] = (), progress: Progress | None = None) -> Scored:
    """Read every memory of the journal again; write verdicts.parquet, findings.parquet, summary.json."""
    scored = read_run(folder, packs, progress)
    text = json.dumps(scored.summary.to_json(), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    with writing(folder, "the journal is safe: make room, then `rembench score` it"):
        write_tables(scored.evidence, folder)
        if scored.read:
            write_answers(scored.read, folder)
        write_atomically(folder / "summary.json", text + "\n")
    return scored


def write_reports(scored: Scored, folder: Path) -> Path:
    """Write report.html with its evidence beside it, and report.md; the path of report.html."""
    make_folder(folder)
    with writing(folder, "give another folder with `rembench report -o`"):
        write_html(scored.summary, scored.evidence, folder / "report.html")
        write_markdown(scored.summary, folder / "report.md")
    return folder / "report.html"


def say_unfinished(run: Run) -> None:
    """One line on stderr where the journal lacks nights."""
    done, total = len(run.nights), run.to_journal()
    if done < total:
        what = f"{done} of {total} nights are journalled, the others are missing from every number"
        typer.echo(f"rembench: {what}; go on with `rembench run --resume -o {run.folder}`", err=True)


def score(run: RunFolder, pack: Packs = None, json_: AsJson = False) -> None:
    """Recompute the scores of a run from its journal; nothing is run again."""
    scored = score_run(run, pack or ())
    say_unfinished(scored.run)
    if json_:
        typer.echo(json.dumps(scored.summary.to_json(), ensure_ascii=False, sort_keys=True, allow_nan=False))
        return
    for line in (*result_lines(scored.summary), *reader_lines(scored.summary)):
        typer.echo(line)
    typer.echo(run / "summary.json")
