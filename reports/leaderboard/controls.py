"""The controls of a leaderboard: run here, so that no submission can make them worse than they are."""

from collections.abc import Sequence
from pathlib import Path

from rembench.consolidators import CONTROLS
from rembench.consolidators.load import load_consolidator
from rembench.harness.engine.directly import run_directly
from rembench.harness.engine.record import RunRecord
from rembench.harness.scenario.answers import answer_key
from rembench.harness.scoring import Progress, Run, evidence
from rembench.harness.types import ChainEvidence, NightRecord, Scenario

SEED = 0


def control_chains(
    scenarios: Sequence[Scenario], progress: Progress | None = None
) -> tuple[ChainEvidence, ...]:
    """What every control wrote on these scenarios, once, and was found to say."""
    key = answer_key(scenarios, SEED, 1)
    nights: list[NightRecord] = []
    for name in CONTROLS:
        loaded = load_consolidator(name)
        for scenario in scenarios:
            nights.extend(run_directly(name, lambda made=loaded: made.make(key), scenario, SEED))  # type: ignore[misc]
    record = RunRecord(
        rembench="", created="", packs=(), seed=SEED, repeats=1,
        consolidators=tuple({"name": name, "spec": name, "control": True} for name in CONTROLS),
    )  # fmt: skip
    run = Run(folder=Path(), record=record, scenarios=tuple(scenarios), nights=tuple(nights))
    return evidence(run, progress=progress)
