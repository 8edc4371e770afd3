"""`rembench run`: consolidators x packs x repeats, scored and reported."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.cli import completion
from rembench.harness.cli.console import Console, console
from rembench.harness.cli.folder import folder_path
from rembench.harness.cli.options import RunOptions, with_config
from rembench.harness.cli.plan import Plan, make_plan
from rembench.harness.cli.reader_table import reader_lines
from rembench.harness.cli.readers import Chosen, Manner, ask_reader, asked_lines, choose, chosen_of, note_reader
from rembench.harness.cli.score import Scored, score_run, write_reports
from rembench.harness.cli.table import result_lines
from rembench.harness.engine.journal import Journal
from rembench.harness.engine.ledger import RunLedger
from rembench.harness.engine.purse import RunPurse
from rembench.harness.engine.run import Engine
from rembench.harness.scoring import load_run
from rembench.harness.types import ChainKey, NightRecord


def run(
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--pack", help="A pack's name or path; may be repeated.", autocompletion=completion.packs
        ),
    ] = None,
    consolidator: Annotated[
        list[str] | None,
        typer.Option(
            "-c",
            "--consolidator",
            autocompletion=completion.consolidators,
            help="name, name:key=value,..., package.module:Name or path.py:Name; may be repeated. "
            "The controls always run too.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            parser=folder_path,
            metavar="PATH",
            help="The run folder; a new one in runs/ if not said.",
        ),
    ] = None,
    repeats: Annotated[int | None, typer.Option(help="Times that each scenario is run. [1]")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N scenarios of each pack.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the run. [0]")] = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Chains at a time, for each consolidator. [8]")
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            help="US dollars: no call is made that could pass it. What reports its cost only afterwards "
            "may go over it by the nights in flight."
        ),
    ] = None,
    night_timeout: Annotated[
        float | None,
        typer.Option(help="Seconds that a night may take. [900, or what the consolidator declares]"),
    ] = None,
    resume: Annotated[
        bool | None,
        typer.Option("--resume", help="Go on with the run in -o, or with the latest, with its own options."),
    ] = None,
    retry_failed: Annotated[
        bool | None, typer.Option("--retry-failed", help="With --resume: run failed nights again.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="Where chains run: local. [local]")] = None,
    shard: Annotated[
        str | None, typer.Option(help="i/n: only every nth scenario, beginning with the ith.")
    ] = None,
    batch: Annotated[
        bool | None,
        typer.Option(
            "--batch", help="Through the provider's batches, where a consolidator has them: as :batch=true."
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The same options from a TOML file.")] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            help="A model that answers each item's question from every memory, and from the raw sessions: "
            "name, package.module:Name or path.py:Name, each with :key=value,... if need be.",
            autocompletion=completion.models,
        ),
    ] = None,
    judge: Annotated[str | None, typer.Option(help="A model that reads where the scorer abstains.")] = None,
    json_: Annotated[bool | None, typer.Option("--json", help="Print one JSON object instead of text.")] = None,
    quiet: Annotated[bool | None, typer.Option("--quiet", "-q", help="No progress.")] = None,
) -> None:
    """Run consolidators on packs, score what they wrote and write a report.

    With nothing else: the default consolidators and the controls on the default pack, offline.
    """
    said = RunOptions(
        pack=tuple(pack) if pack else None, consolidator=tuple(consolidator) if consolidator else None,
        out=out, repeats=repeats, limit=limit, seed=seed, concurrency=concurrency, budget=budget,
        night_timeout=night_timeout, resume=resume, retry_failed=retry_failed, engine=engine, shard=shard,
        batch=batch,         reader=reader, judge=judge, json=json_, quiet=quiet,
    )  # fmt: skip
    options = with_config(said, config)
    with redirect_stdout(sys.stderr):  # what a consolidator prints is no result
        chosen = choose(options.reader) if options.reader is not None else None
        plan = make_plan(options)
        readers = (chosen,) if chosen else chosen_of(plan.folder)
        scored, report = _carry_out(plan, readers, quiet=bool(options.quiet or options.json))
    failures = list(_failure_lines(plan, scored))
    for line, _ in failures:
        typer.echo(f"rembench: {line}", err=True)
    _print(plan, scored, report, as_json=bool(options.json))
    if any(lost for _, lost in failures):
        raise typer.Exit(2)


def _carry_out(plan: Plan, readers: Sequence[Chosen], *, quiet: bool) -> tuple[Scored, Path]:
    chains = list(plan.record.chains(plan.scenarios))
    nights = {s.id: len(s.nights) for s in plan.scenarios}
    total = sum(nights[chain.scenario] for chain in chains)
    with console(total, len(plan.finished), quiet=quiet) as shown:
        try:
            for chosen in readers:
                note_reader(plan.folder, chosen, plan.record.seed)
            purse = run_nights(plan, chains, plan.finished, shown)
            if readers:
                _ask(plan, readers, purse, shown)
        except KeyboardInterrupt:
            typer.echo(
                f"rembench: interrupted; what's finished is safe: rembench run --resume -o {plan.folder}",
                err=True,
            )
            raise typer.Exit(130) from None
        scored = score_run(plan.folder, plan.pack_places, shown.scored)
    return scored, write_reports(scored, plan.folder)


def _ask(plan: Plan, readers: Sequence[Chosen], purse: RunPurse, shown: Console) -> None:
    run = load_run(plan.folder, plan.pack_places)
    for chosen in readers:
        manner = Manner(concurrency=plan.settings.concurrency, purse=purse)
        for line in asked_lines(chosen, plan.folder, ask_reader(run, chosen, manner, shown)):
            typer.echo(f"rembench: {line}", err=True)


def run_nights(
    plan: Plan, chains: Iterable[ChainKey], finished: Sequence[NightRecord], shown: Console
) -> RunPurse:
    """Run what isn't finished of these chains, every night journalled; the purse, with what that did cost."""
    journal = Journal(plan.folder)
    try:
        ledger = RunLedger(plan.folder)
        ledger.renew(plan.failed)
        engine = Engine(
            scenarios={s.id: s for s in plan.scenarios},
            makers=plan.makers,
            settings=plan.settings,
            journal=journal,
            ledger=ledger,
            listener=shown.night,
        )
        for night in plan.failed:
            engine.count(night)  # it was spent all the same
        asyncio.run(engine.run(chains, finished))
    finally:
        journal.close()
    return engine.purse


def _failure_lines(plan: Plan, scored: Scored) -> Iterator[tuple[str, bool]]:
    """One line per contestant with failed nights; whether it has no scored night at all."""
    nights = plan.record.nights(plan.scenarios)
    for entry in plan.record.consolidators:
        total = sum(len(ids) for chain, ids in nights.items() if chain.consolidator == entry["name"])
        mine = [n for n in scored.run.nights if n.chain.consolidator == entry["name"]]
        failed: list[NightRecord] = [n for n in mine if n.failure]
        if not failed or failed[0].failure is None:
            continue
        types = Counter(n.failure.type for n in failed if n.failure)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(types.items()))
        unreached = f", {total - len(mine)} after them not reached" if total > len(mine) else ""
        line = f"{entry['name']}: {len(failed)} of {total} nights failed ({counts}){unreached}; first: "
        yield line + failed[0].failure.message, not entry["control"] and len(failed) == len(mine)


def _print(plan: Plan, scored: Scored, report: Path, *, as_json: bool) -> None:
    if as_json:
        made = {"run": str(plan.folder), "report": str(report), "summary": scored.summary.to_json()}
        typer.echo(json.dumps(made, ensure_ascii=False, sort_keys=True, allow_nan=False))
        return
    for line in (*result_lines(scored.summary), *reader_lines(scored.summary)):
        typer.echo(line)
    typer.echo(f"report: {report}")
    typer.echo(plan.folder)
    sys.stdout.flush()
