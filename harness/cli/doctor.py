"""`rembench doctor`: what can run here, and what's missing. It never prints a secret."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from rembench.consolidators.load import Loaded, known_consolidators, load_consolidator
from rembench.harness.cli.leftovers import Removing, show_leftovers
from rembench.harness.engine.record import versions
from rembench.harness.errors import UserError
from rembench.harness.providers.load import known_models, load_model
from rembench.harness.scenario.card import card_faults
from rembench.harness.scenario.pack import pack_names
from rembench.harness.scenario.survey import survey_pack

_ROOM = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `what` says how it stands, in one line.

    `ok`: it's as it should be. `here`: it can be used; what needs a key or a package that isn't here is ok,
    and can't.
    """

    kind: str
    name: str
    ok: bool
    what: str
    here: bool = True


def doctor(
    runs: Annotated[
        list[Path] | None, typer.Argument(metavar="[RUN]...", help="With --leftovers: the runs to look at.")
    ] = None,
    leftovers: Annotated[
        bool,
        typer.Option(
            "--leftovers", help="List what nights have left at a service, by their ledgers and by it."
        ),
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="With --leftovers: remove what these ledgers name.")
    ] = False,
    remove_all: Annotated[
        bool, typer.Option("--remove-all", help="With --leftovers: also what other runs have there now.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Say which packs and consolidators can be used here, and what's missing. Nothing is connected to."""
    if leftovers:
        removing: Removing = "everything" if remove_all else "noted" if remove else "nothing"
        show_leftovers(runs or [], removing=removing, as_json=json_)
        return
    if runs or remove or remove_all:
        raise UserError(
            "runs, --remove and --remove-all go with --leftovers", right="see rembench doctor --help"
        )
    checks = [*_platform(), *_packs(), *consolidator_checks(), *provider_checks(), *_disk()]
    ok = all(check.ok for check in checks)
    if json_:
        made = {"ok": ok, "checks": [asdict(c) for c in checks], "versions": versions()}
        typer.echo(json.dumps(made, ensure_ascii=False, indent=1))
    else:
        for check in checks:
            mark = "MISSING" if not check.ok else "ok     " if check.here else "-      "
            typer.echo(f"{mark}  {check.kind:<12}  {check.name:<14}  {check.what}")
    if not ok:
        raise typer.Exit(2)


def _platform() -> Iterator[Check]:
    for name, found in versions().items():
        good = name != "python" or sys.version_info >= (3, 11)
        yield Check("version", name, good, found)


def _packs() -> Iterator[Check]:
    for name in pack_names():
        try:
            pack = survey_pack(name)
        except UserError as wrong:
            yield Check("pack", name, ok=False, what=str(wrong))
            continue
        faults = list(card_faults(pack))
        what = str(faults[0]) if faults else f"{len(pack.outlines)} scenarios, sha256 {pack.sha256[:12]}"
        yield Check("pack", name, not faults, what)


def consolidator_checks() -> Iterator[Check]:
    """Everyone that's known by name, and what's missing for it to be made."""
    for name, entry in known_consolidators().items():
        try:
            loaded = load_consolidator(entry.spec)
        except UserError as wrong:
            yield Check("consolidator", name, ok=False, here=False, what=str(wrong))
            continue
        lacks = None if loaded.answers or loaded.named else _lacks(loaded)
        needs = f"needs {entry.needs}; " if entry.needs else "" if loaded.capabilities.network else "offline; "
        usage = f"; -c '{entry.spec}'" if entry.example else ""
        what = f"can't run here: {lacks}" if lacks else f"{needs}{entry.summary}{usage}"
        yield Check("consolidator", name, ok=True, here=not lacks, what=what)


def provider_checks() -> Iterator[Check]:
    """The models that a judge, a rewording or the patcher may be given by name."""
    for name in known_models():
        try:
            load_model(f"{name}:model=any", "provider")
        except UserError as wrong:
            yield Check("provider", name, ok=True, here=False, what=f"can't run here: {wrong}")
            continue
        yield Check("provider", name, ok=True, here=True, what="what it needs is here")


def _lacks(loaded: Loaded) -> str | None:
    """What's missing for this consolidator to be made, None if nothing is. Nothing is connected to."""
    try:
        loaded.make(None)
    except UserError as wrong:
        return str(wrong)
    return None


def _disk() -> Iterator[Check]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    writable = os.access(here, os.W_OK)
    what = f"{free / 2**30:.1f} GiB free" if writable else "can't be written"
    yield Check("disk", "this folder", writable and free > _ROOM, what)
