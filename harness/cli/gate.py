"""`rembench gate`: whether a run is worse than a baseline by more than is put up with.

`gate RUN --baseline B` is short for `gate check RUN --baseline B`; `gate init` and `gate baseline` write what
it needs.
"""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rembench.harness.cli import completion
from rembench.harness.cli.folder import folder_path, make_folder, writing
from rembench.harness.cli.gate_files import check_outputs, refuse_part_of_run, write_file
from rembench.harness.cli.gate_looks import Asked, until_decided
from rembench.harness.cli.gate_sides import Side, existing, measured_run, paired, run_names
from rembench.harness.cli.options import RunOptions
from rembench.harness.cli.score import Packs, RunFolder, say_unfinished
from rembench.harness.errors import UserError
from rembench.harness.gate.baseline import write_baseline
from rembench.harness.gate.decide import EXIT_CODES, Gate
from rembench.harness.gate.draft import draft_policy
from rembench.harness.gate.gate import gate as gated
from rembench.harness.gate.page import cases, lines, markdown, to_json
from rembench.harness.gate.policy import DEFAULT, Policy, read_policy
from rembench.harness.scoring import load_run
from rembench.reports.junit import junit

_LOOKS = 4


class _WithDefault(TyperGroup):
    """A group whose command `check` needn't be named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["check", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_WithDefault,
    help="Pass or fail a run against a baseline: `rembench gate RUN --baseline B` (see `gate check --help`).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PolicyFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="TOML; `gate init` writes one. [margins of seven metrics]"),
]


@app.command()
def check(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="A run folder; none with --until-decided.", parser=folder_path),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="B", help="A run folder, or what `gate baseline` wrote.")
    ] = None,
    policy: PolicyFile = None,
    consolidator: Annotated[
        list[str] | None,
        typer.Option(
            "-c",
            "--consolidator",
            autocompletion=completion.consolidators,
            help="Only this one of the run. With --until-decided: what to run, as for `rembench run`.",
        ),
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--pack",
            autocompletion=completion.packs,
            help="Where the run's packs lie now. With --until-decided: the packs to run on.",
        ),
    ] = None,
    junit_: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML.")] = None,
    summary: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page in Markdown.")] = None,
    until: Annotated[
        bool,
        typer.Option("--until-decided", help="Run scenarios in fixed looks, and stop once it's decided."),
    ] = False,
    looks: Annotated[
        int | None, typer.Option(help=f"With --until-decided: so many at the most. [{_LOOKS}]")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", parser=folder_path, metavar="PATH", help="With --until-decided: the run folder."
        ),
    ] = None,
    repeats: Annotated[
        int | None, typer.Option(help="With --until-decided: times that each scenario is run. [1]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="With --until-decided: seed of the run. [0]")] = None,
    concurrency: Annotated[int | None, typer.Option(help="With --until-decided: chains at a time. [8]")] = None,
    budget: Annotated[float | None, typer.Option(help="With --until-decided: US dollars.")] = None,
    resume: Annotated[
        bool | None, typer.Option("--resume", help="With --until-decided: go on with the run in -o.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Pass (exit 0), fail (1) or undecided (3): a run against a baseline, metric by metric."""
    if baseline is None:
        raise UserError("--baseline is missing", right="a run folder, or a file that `gate baseline` wrote")
    check_outputs({"--junit": junit_, "--summary": summary}, {"--baseline": baseline, "--policy": policy})
    rules = read_policy(policy) if policy else DEFAULT
    options = RunOptions(
        consolidator=tuple(consolidator) if consolidator else None, pack=tuple(pack) if pack else None, out=out,
        repeats=repeats, seed=seed, concurrency=concurrency, budget=budget, resume=resume,
    )  # fmt: skip
    if until:
        if run is not None:
            raise UserError("--until-decided makes its own run", where=str(run), right="leave RUN out")
        asked = Asked(
            run=options, baseline=Side(baseline), policy=rules, looks=_LOOKS if looks is None else looks
        )
        found = until_decided(asked, quiet=json_)
    else:
        _refuse_looks({"--looks": looks, "-o": out, "--repeats": repeats, "--seed": seed,
                       "--concurrency": concurrency, "--budget": budget, "--resume": resume})  # fmt: skip
        found = _check(run, baseline, rules, options)
    _print(found, as_json=json_)
    _write(found, junit_, summary)
    raise typer.Exit(EXIT_CODES[found.verdict])


@app.command()
def init(
    run: RunFolder,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help="A file that isn't there yet.")
    ] = Path("gate.toml"),
    consolidator: Annotated[
        str | None, typer.Option("-c", "--consolidator", metavar="NAME", help="Whose values. [the first one's]")
    ] = None,
    pack: Packs = None,
) -> None:
    """Write a commented policy from a run, with margins that so many scenarios can tell."""
    if os.path.lexists(out):
        raise UserError("is there already", where=str(out), right="give another file with -o")
    found = load_run(run, pack or ())
    name = existing(found, [consolidator] if consolidator else [])[0]
    text = draft_policy(measured_run(found, [name]), name)
    write_file(out, text)
    typer.echo(out)


@app.command()
def baseline(
    run: RunFolder,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The file; it's replaced.")] = Path(
        "baseline.json"
    ),
    policy: PolicyFile = None,
    consolidator: Annotated[
        list[str] | None,
        typer.Option("-c", "--consolidator", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    pack: Packs = None,
) -> None:
    """Write what a gate needs of a run as a small file to commit."""
    refuse_part_of_run(out)
    rules = read_policy(policy) if policy else DEFAULT
    found = load_run(run, pack or ())
    names = existing(found, consolidator or ())
    say_unfinished(found)
    make_folder(out.parent)
    with writing(out.parent, "give another file with -o"):
        write_baseline(measured_run(found, names, rules.metrics), out, rules.metrics)
    typer.echo(out)


def _refuse_looks(given: dict[str, object]) -> None:
    for name, value in given.items():
        if value is not None:
            raise UserError(f"{name} goes with --until-decided", right="see rembench gate check --help")


def _check(run: Path | None, baseline: Path, rules: Policy, options: RunOptions) -> Gate:
    if run is None:
        raise UserError("RUN is missing", right="a run folder, or --until-decided")
    found = load_run(run, options.pack or ())
    side = Side(baseline, options.pack or ())
    pairs = paired(measured_run(found, ()), run_names(found), side, options.consolidator or ())
    for one in (found, side.run):
        if one is not None:
            say_unfinished(one)
    mine = measured_run(found, [pair.name for pair in pairs], rules.metrics)
    theirs = side.measured([pair.against for pair in pairs], rules.metrics)
    return gated(mine, theirs, pairs, rules)


def _write(found: Gate, junit_file: Path | None, summary: Path | None) -> None:
    if junit_file is not None:
        write_file(junit_file, junit("rembench gate", cases(found)))
    if summary is not None:
        write_file(summary, markdown(found))


def _print(found: Gate, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(to_json(found), ensure_ascii=False, sort_keys=True, allow_nan=False))
        return
    for line in lines(found):
        typer.echo(line)
