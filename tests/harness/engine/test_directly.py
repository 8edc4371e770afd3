"""A chain without a journal is given what the engine would give it."""

import asyncio

import pytest

from rembench.consolidators import CONTROLS
from rembench.consolidators.load import load_consolidator
from rembench.harness.engine.directly import run_directly
from rembench.harness.engine.journal import Journal, read_journal
from rembench.harness.engine.ledger import RunLedger
from rembench.harness.engine.run import Engine, Settings
from rembench.harness.scenario.answers import answer_key
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import ChainKey

SEED = 3


@pytest.fixture(scope="module")
def scenario():
    """One whose store has files in several folders."""
    return load_pack("gate").scenarios[0]


@pytest.fixture(scope="module")
def journalled(scenario, tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    key = answer_key([scenario], SEED, 1)
    journal = Journal(folder)
    engine = Engine(
        ledger=RunLedger(folder),
        scenarios={scenario.id: scenario},
        makers={name: lambda name=name: load_consolidator(name).make(key) for name in CONTROLS},
        settings=Settings(seed=SEED),
        journal=journal,
    )
    try:
        chains = [ChainKey(consolidator=name, scenario=scenario.id, repeat=0) for name in CONTROLS]
        asyncio.run(engine.run(chains, []))
    finally:
        journal.close()
    return read_journal(folder / "nights.jsonl")


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_writes_the_same_directly_and_by_the_engine(name, scenario, journalled):
    key = answer_key([scenario], SEED, 1)
    alone = run_directly(name, lambda: load_consolidator(name).make(key), scenario, SEED)
    by_engine = {night.night: night.memory for night in journalled if night.chain.consolidator == name}
    assert {night.night: night.memory for night in alone} == by_engine
