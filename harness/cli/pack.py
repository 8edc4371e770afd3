"""`rembench pack`: list the packs, look into one, check one; `new` and `export` have their own modules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from rembench.harness.cli import completion
from rembench.harness.cli.pack_export import export
from rembench.harness.cli.pack_generate import generate_pack
from rembench.harness.cli.pack_new import new
from rembench.harness.cli.timeline import printable, scenario_lines
from rembench.harness.errors import UserError, unknown_name
from rembench.harness.scenario.card import card_faults, manifest, write_card
from rembench.harness.scenario.checks import Fault
from rembench.harness.scenario.pack import PackReader, find_pack, pack_name, pack_names, scenario_to_json
from rembench.harness.scenario.statistics import SPREADS, wording
from rembench.harness.scenario.survey import Survey, examine_pack, survey_pack
from rembench.harness.solver.check import check_log
from rembench.harness.solver.log import LOG
from rembench.harness.types import Scenario

SHOWN_FAULTS = 100

app = typer.Typer(
    help="List, show, validate, begin and export packs of scenarios.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PackName = Annotated[
    str, typer.Argument(metavar="PACK", help="A pack's name or path.", autocompletion=completion.packs)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]


app.command("generate")(generate_pack)


@app.command("list")
def list_packs(json_: AsJson = False) -> None:
    """List the packs that come with rembench."""
    rows = [_row(name) for name in pack_names()]
    if json_:
        _print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['name']:<12} {row['scenarios']:>6} scenarios  {row['title']}")


@app.command()
def show(
    pack: PackName,
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="One scenario's id: its timeline.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Print messages in full.")] = False,
    json_: AsJson = False,
) -> None:
    """Show what is in a pack, or one scenario: its timeline, its items and what is expected."""
    if scenario is None:
        found = survey_pack(pack)
        _print_json(_pack_json(found)) if json_ else _echo(_pack_lines(found))
        return
    one = _scenario(pack, scenario)
    _print_json(scenario_to_json(one)) if json_ else _echo(scenario_lines(one, full=full))


@app.command()
def validate(
    packs: Annotated[
        list[str],
        typer.Argument(
            metavar="PACK_OR_PATH...", help="Names or paths of packs.", autocompletion=completion.packs
        ),
    ],
    json_: AsJson = False,
) -> None:
    """Check packs: every fault of every scenario, and the pack's own hash and counts.

    What a scenario's log says is worked out again by the second solver.
    """
    results = [_validated(pack) for pack in packs]
    if json_:
        _print_json(results)
    else:
        for result in results:
            _print_result(result)
    if not all(result["valid"] for result in results):
        raise typer.Exit(2)


@app.command(hidden=True)
def card(packs: Annotated[list[str], typer.Argument(metavar="PACK_OR_PATH...")]) -> None:
    """Write the hash and the counts of packs into their pack.json and README.md."""
    for name in packs:
        pack = survey_pack(name)
        write_card(pack)
        typer.echo(f"{pack.path}: {len(pack.outlines)} scenarios, sha256 {pack.sha256}")


for command in (new, export):
    app.command()(command)


def _row(name: str) -> dict[str, Any]:
    path = find_pack(name)
    own = manifest(path)
    if not own.get("statistics"):
        pack = survey_pack(name)
        own = {"title": "", "sha256": pack.sha256, "statistics": pack.statistics}
    return {
        "name": name,
        "title": own["title"],
        "path": str(path),
        "sha256": own["sha256"],
        "scenarios": own["statistics"]["scenarios"],
    }


def _pack_json(pack: Survey) -> dict[str, Any]:
    outlines = [asdict(one) for one in pack.outlines]
    for one in outlines:
        del one["twin_of"]
    return {
        "name": pack.name,
        "path": pack.path,
        "sha256": pack.sha256,
        "statistics": pack.statistics,
        "scenarios": outlines,
    }


def _pack_lines(pack: Survey) -> list[str]:
    counted = pack.statistics
    totals = ("scenarios", "sessions", "messages", "nights", "deletion_requests", "items", "values")
    kinds = {kind: n["items"] for kind, n in counted["by_kind"].items()}
    width = max(len(one.id) for one in pack.outlines)
    return [
        f"{pack.name}  ({pack.path})",
        f"sha256 {pack.sha256}",
        ", ".join(f"{key.replace('_', ' ')} {counted[key]}" for key in totals),
        *_named("items by kind", kinds),
        *_named("expectations", counted["expectations"]),
        *_named("items by failure class", counted["by_tag"]),
        *_named("levels", counted["levels"]),
        *_named("domains", counted["domains"]),
        *(line for key in SPREADS for line in _named(key.replace("_", " "), counted[key])),
        *_named("wording", dict(wording(counted))),
        "",
        *(
            f"{one.id:<{width}}  {one.sessions} sessions, {one.nights} nights, "
            f"{one.items:>2} items  {one.title}"
            for one in pack.outlines
        ),
    ]


def _named(what: str, found: Mapping[str, object]) -> list[str]:
    pairs = ", ".join(f"{name} {'–' if one is None else one}" for name, one in found.items())
    return [f"{what}: {pairs}"] if found else []


def _scenario(pack: str, id_: str) -> Scenario:
    reader, ids, found = PackReader(pack), [], None
    for one in reader:
        ids.append(one.id)
        found = one if one.id == id_ else found
    if found is None:
        raise unknown_name("scenario", id_, ids, where=pack_name(reader.path))
    return found


def _validated(name: str) -> dict[str, Any]:
    try:
        examined = examine_pack(name, _solved_again)
    except UserError as error:
        solved = {"asked": 0, "agrees": 0}
        known = {"pack": name, "valid": False, "scenarios": 0, "sha256": None, "second_solver": solved}
        return known | {"errors": [str(error)]}
    pack = examined.survey
    faults = [*examined.faults, *(card_faults(pack) if pack else [])]
    return {
        "pack": name,
        "valid": not faults,
        "scenarios": examined.scenarios,
        "sha256": pack.sha256 if pack else None,
        "second_solver": {"asked": examined.checked, "agrees": examined.agreed},
        "errors": [str(fault) for fault in faults],
    }


def _solved_again(raw: Mapping[str, Any], scenario: Scenario) -> Sequence[Fault] | None:
    """What the second solver finds wrong; None where there's no log for it to read."""
    return check_log(raw, scenario) if LOG in raw else None


def _print_result(result: dict[str, Any]) -> None:
    errors = result["errors"]
    for error in errors[:SHOWN_FAULTS]:
        typer.echo(f"rembench: error: {error}", err=True)
    if len(errors) > SHOWN_FAULTS:
        typer.echo(f"rembench: error: {len(errors) - SHOWN_FAULTS} more faults", err=True)
    if result["valid"]:
        agrees = result["second_solver"]["agrees"]
        solved = f", second solver agrees on {agrees}" if agrees else ""
        typer.echo(
            f"{result['pack']}: {result['scenarios']} scenarios, sha256 {result['sha256']}, valid{solved}"
        )


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def _echo(lines: list[str]) -> None:
    typer.echo("\n".join(printable(line) for line in lines))
