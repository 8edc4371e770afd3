"""`rembench doctor --leftovers`: what nights have left at a service, and its removal.

What only the service names may belong to a run on another machine, which may still need it: it's listed, and
removed only where everything is to be.
"""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import typer

from rembench.harness.engine.ledger import LEDGER, LEFT, RunLedger, read_ledger
from rembench.harness.errors import UserError
from rembench.harness.files import locked
from rembench.harness.night import ProviderError
from rembench.harness.providers.managed_agents.leftovers import Leftover, Removal, found, merged, noted, remove
from rembench.harness.providers.managed_agents.service import ManagedAgents

Removing = Literal["nothing", "noted", "everything"]
RUNS = Path("runs")
KEY = "ANTHROPIC_API_KEY"


def show_leftovers(runs: Sequence[Path], *, removing: Removing, as_json: bool) -> None:
    """Print what's left, by the ledgers of these runs (all under runs/ if none) and by the service itself.

    Without a key only the ledgers are read. UserError where something is to be removed and there's no key, one
    of the runs is going on, or the service doesn't answer.
    """
    key = os.environ.get(KEY, "").strip()
    runs = runs or sorted(path.parent for path in RUNS.glob(f"*/{LEDGER}"))
    left = noted(_ledgers(runs))
    if removing != "nothing" and not key:
        raise UserError("nothing can be removed without a key", right=f"put it into {KEY}")
    removed: tuple[Removal, ...] = ()
    if key:
        with ExitStack() as locks:
            if removing != "nothing":
                for run in runs:
                    locks.enter_context(locked(run))
            left, removed = asyncio.run(_at_service(key, left, removing=removing))
            _write_off(runs, removed)
    if as_json:
        made = {"service": bool(key), "leftovers": [asdict(one) for one in left]}
        if removing != "nothing":
            made["removed"] = [{"id": one.leftover.id, "trouble": one.trouble} for one in removed]
        typer.echo(json.dumps(made, ensure_ascii=False, indent=1))
    else:
        for line in _lines(left, removed, asked=bool(key)):
            typer.echo(line)
    if any(one.trouble for one in removed):
        raise typer.Exit(2)


def _lines(left: Sequence[Leftover], removed: Sequence[Removal], *, asked: bool) -> Iterator[str]:
    said = {one.leftover.id: f"still there: {one.trouble}" if one.trouble else "removed" for one in removed}
    for one in left:
        yield f"{said[one.id]}: {one.line}" if one.id in said else one.line
    if not left:
        yield "nothing is left" if asked else "the ledgers name nothing that's left"
    if not asked:
        yield f"the service wasn't asked: {KEY} isn't set"


async def _at_service(
    key: str, left: tuple[Leftover, ...], *, removing: Removing
) -> tuple[tuple[Leftover, ...], tuple[Removal, ...]]:
    """What's left by the ledgers and by the service, and what came of its removal."""
    service = ManagedAgents(key)
    try:
        everything = merged(left, await found(service))
        doomed = {"nothing": (), "noted": left, "everything": everything}[removing]
        return everything, await remove(service, doomed)
    except ProviderError as wrong:
        raise UserError(f"the service can't be asked: {wrong}", where=KEY) from None
    finally:
        await service.aclose()


def _write_off(runs: Sequence[Path], removed: Sequence[Removal]) -> None:
    """Take what's gone out of the runs' ledgers."""
    gone = {f"{LEFT}{one.leftover.kind}:{one.leftover.id}" for one in removed if one.trouble is None}
    for folder in runs:
        named = {night: gone & notes.keys() for night, notes in read_ledger(folder).items()}
        if any(named.values()):
            ledger = RunLedger(folder)
            for (chain, night), keys in named.items():
                for key in sorted(keys):
                    ledger.write(chain, night, (key, ""))


def _ledgers(runs: Sequence[Path]) -> Mapping[str, Mapping[str, str]]:
    """The notes of every night that has some, by run, chain and night."""
    for run in runs:
        if not run.is_dir():
            raise UserError("not a run folder", where=str(run))
    return {
        f"run {folder}, {chain.consolidator}, {chain.scenario}, repeat {chain.repeat}, {night}": notes
        for folder in runs
        for (chain, night), notes in read_ledger(folder).items()
    }
