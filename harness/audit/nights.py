"""Nights run in this process, without the engine: for tables that need a consolidator's memories at once.

    made = run_nights({"oracle": ..., "copy-all": CopyAll}, scenarios)
    made.evidence, made.summary

The nights, the reading of what they wrote and the arithmetic are those of a run: only the journal, the
limits and the failures are left out. A consolidator that raises here is a bug, and shows as one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rembench.consolidators import CONTROLS
from rembench.consolidators.load import load_consolidator
from rembench.harness.engine.directly import run_directly
from rembench.harness.engine.record import RunRecord
from rembench.harness.night import Consolidator
from rembench.harness.scenario.answers import answer_key
from rembench.harness.scenario.pack import load_pack
from rembench.harness.scoring import Run, evidence
from rembench.harness.types import ChainEvidence, NightRecord, Scenario
from rembench.reports.summary import summarise
from rembench.reports.summary_types import Summary

Make = Callable[[], Consolidator]
SEED = 0
ORACLE = "oracle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """What the consolidators wrote on all scenarios, read and summed up."""

    evidence: tuple[ChainEvidence, ...]
    summary: Summary


def packs(*, full: bool) -> tuple[Scenario, ...]:
    """The scenarios that the tables are made on: the natural pack, with `full` the recorded one too."""
    names = ("natural", "recorded") if full else ("natural",)
    return tuple(s for name in names for s in load_pack(name).scenarios)


def controls(scenarios: Sequence[Scenario]) -> dict[str, Make]:
    """Every control of the table, ready to be made; the oracle has the key of these scenarios."""
    key = answer_key(scenarios, SEED, 1)

    def made(name: str) -> Make:
        return lambda: load_consolidator(name).make(key)

    return {name: made(name) for name in CONTROLS}


def run_nights(consolidators: Mapping[str, Make], scenarios: Sequence[Scenario]) -> Nights:
    """Every consolidator through all nights of every scenario; those named in `CONTROLS` count as controls."""
    nights = (
        night
        for name, make in consolidators.items()
        for scenario in scenarios
        for night in run_directly(name, make, scenario, SEED)
    )
    return read_nights(tuple(consolidators), tuple(nights), scenarios)


def read_nights(names: Sequence[str], nights: Sequence[NightRecord], scenarios: Sequence[Scenario]) -> Nights:
    """What these nights wrote, read and summed up by consolidator."""
    record = RunRecord(
        rembench="", created="", packs=(), seed=SEED, repeats=1,
        consolidators=tuple({"name": name, "control": name in CONTROLS} for name in names),
    )  # fmt: skip
    run = Run(folder=Path(), record=record, scenarios=tuple(scenarios), nights=tuple(nights))
    chains = evidence(run)
    summary = summarise(record.to_json(), chains, controls=record.controls)
    return Nights(evidence=chains, summary=summary)
