"""Runs chains of the tiny pack through the engine, without a command line."""

import asyncio
from pathlib import Path

from rembench.consolidators.load import load_consolidator
from rembench.harness.engine.journal import Journal, read_journal
from rembench.harness.engine.ledger import RunLedger
from rembench.harness.engine.run import Engine, Settings
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import ChainKey, NightRecord

TINY = Path(__file__).parents[2] / "packs" / "tiny"
ODD = Path(__file__).with_name("odd.py")


def run(folder: Path, spec: str, finished=(), **settings) -> list[NightRecord]:
    """Every night of the tiny pack with one consolidator of odd.py, as journalled."""
    scenarios = load_pack(str(TINY)).scenarios
    loaded = load_consolidator(f"{ODD}:{spec}")
    chains = [ChainKey(consolidator="it", scenario=s.id, repeat=0) for s in scenarios]
    journal = Journal(folder)
    try:
        engine = Engine(
            ledger=RunLedger(folder),
            scenarios={s.id: s for s in scenarios},
            makers={"it": lambda: loaded.make(None)},
            settings=Settings(**settings),
            journal=journal,
        )
        asyncio.run(engine.run(chains, finished))
    finally:
        journal.close()
    return read_journal(folder / "nights.jsonl")
