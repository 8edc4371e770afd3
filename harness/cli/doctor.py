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

from rembench.consolidators.load import known_consolidators, load_consolidator
from rembench.harness.engine.record import versions
from rembench.harness.errors import UserError
from rembench.harness.scenario.card import card_faults
from rembench.harness.scenario.pack import pack_names
from rembench.harness.scenario.survey import survey_pack

_ROOM = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `what` says how it stands, in one line."""

    kind: str
    name: str
    ok: bool
    what: str


def doctor(
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Say which packs and consolidators can be used here, and what's missing."""
    checks = [*_platform(), *_packs(), *_consolidators(), *_disk()]
    ok = all(check.ok for check in checks)
    if json_:
        made = {"ok": ok, "checks": [asdict(c) for c in checks], "versions": versions()}
        typer.echo(json.dumps(made, ensure_ascii=False, indent=1))
    else:
        for check in checks:
            mark = "ok     " if check.ok else "MISSING"
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


def _consolidators() -> Iterator[Check]:
    for name, entry in known_consolidators().items():
        try:
            loaded = load_consolidator(entry.spec)
        except UserError as wrong:
            yield Check("consolidator", name, ok=False, what=str(wrong))
            continue
        needs = "needs a network" if loaded.capabilities.network else "offline"
        usage = f"; -c '{entry.spec}'" if entry.example else ""
        yield Check("consolidator", name, ok=True, what=f"{needs}; {entry.summary}{usage}")


def _disk() -> Iterator[Check]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    writable = os.access(here, os.W_OK)
    what = f"{free / 2**30:.1f} GiB free" if writable else "can't be written"
    yield Check("disk", "this folder", writable and free > _ROOM, what)
