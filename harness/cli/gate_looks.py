"""`rembench gate --until-decided`: scenarios are run look by look, until the gate is decided.

The order of the scenarios is chance's, by the run's seed, so that every look has its share of all sorts; a twin
comes with its original. Every look spends a part of the level (`statistics.spending`).
"""

import math
import random
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass

import typer

import rembench
from rembench.consolidators.load import load_consolidator
from rembench.harness.cli.console import Console, console
from rembench.harness.cli.gate_sides import Side, paired
from rembench.harness.cli.options import RunOptions, with_config
from rembench.harness.cli.plan import Plan, make_plan
from rembench.harness.cli.run import run_nights
from rembench.harness.engine.journal import JOURNAL, read_journal
from rembench.harness.errors import UserError
from rembench.harness.gate.decide import Gate
from rembench.harness.gate.gate import gate
from rembench.harness.gate.measured import Measured, measured, scored_by
from rembench.harness.gate.pairing import Couple
from rembench.harness.gate.policy import Policy
from rembench.harness.scenario.pack import load_pack
from rembench.harness.scoring import Run, evidence
from rembench.harness.statistics.spending import Look
from rembench.harness.types import ChainEvidence, ChainKey, NightRecord

MOST_LOOKS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What's to be run, against what, and in how many looks at the most."""

    run: RunOptions
    baseline: Side
    policy: Policy
    looks: int


def until_decided(asked: Asked, *, quiet: bool) -> Gate:
    """Run and decide, look by look; the gate of the look that was the last."""
    if not 1 <= asked.looks <= MOST_LOOKS:
        raise UserError(f"--looks {asked.looks}: a number from 1 to {MOST_LOOKS} was expected")
    with redirect_stdout(sys.stderr):  # what a consolidator prints is no result
        options = with_config(asked.run, None)
        pairs = _paired(options, asked.baseline)
        plan = make_plan(options)
        found = _Looks(asked, plan, pairs).decided(quiet=quiet)
    left = f"the run is in {plan.folder}; `rembench run --resume -o {plan.folder}` runs what's left of it"
    typer.echo(f"rembench: {left}", err=True)
    return found


def _paired(options: RunOptions, baseline: Side) -> tuple[Couple, ...]:
    """Who is set against whom, before a folder is made for the run."""
    for name, given in (("-c", options.consolidator), ("-p", options.pack)):
        if not given:
            raise UserError(f"--until-decided makes a run: {name} is missing", right="as for `rembench run`")
    packs = [load_pack(name) for name in options.pack or ()]
    head = Measured(
        where="what's to be run",
        rembench=scored_by(rembench.__version__),
        created="",
        packs=tuple((pack.name, pack.sha256) for pack in packs),
        seed=options.seed or 0,
        repeats=options.repeats or 1,
        versions={},
        contestants={},
    )
    names = tuple(load_consolidator(spec).name for spec in options.consolidator or ())
    return paired(head, (names, names), baseline)


class _Looks:
    """The run as it grows: which scenarios each look has, and what's known of them."""

    def __init__(self, asked: Asked, plan: Plan, pairs: Sequence[Couple]) -> None:
        self._asked, self._plan, self._pairs = asked, plan, pairs
        self._baseline = asked.baseline.measured([one.against for one in pairs], asked.policy.metrics)
        self._chains: list[ChainEvidence] = []
        known = self._baseline.scenarios()
        self._order = sorted({s.twin_of or s.id for s in plan.scenarios} & known)
        if not self._order:
            what = "the packs and the baseline have no scenario in common"
            raise UserError(what, where=self._baseline.where, right="run the packs that it was made on")
        random.Random(plan.record.seed).shuffle(self._order)  # noqa: S311 - an order, no secret

    def decided(self, *, quiet: bool) -> Gate:
        """Look by look, until it's decided or nothing is left to be run."""
        n, looks = len(self._order), self._asked.looks
        sizes = list(dict.fromkeys(math.ceil(n * look / looks) for look in range(1, looks + 1)))
        names = {one.name for one in self._pairs}
        done = sum(night.chain.consolidator in names for night in self._plan.finished)
        with console(self._total(), done, quiet=quiet) as shown:
            for look, size in enumerate(sizes, start=1):
                before = sizes[look - 2] if look > 1 else 0
                self._run(self._order[before:size], shown)
                shares = tuple(one / n for one in sizes[:look])
                run = self._measured()
                found = gate(run, self._baseline, self._pairs, self._asked.policy, Look(shares))
                _say(f"look {look} of {len(sizes)}, {size} of {n} scenarios: {found.verdict}", quiet=quiet)
                if found.verdict != "undecided":
                    break
        return found

    def _measured(self) -> Measured:
        metrics = self._asked.policy.metrics
        return measured(self._record(()), self._chains, version=rembench.__version__, metrics=metrics)

    def _total(self) -> int:
        nights = {s.id: len(s.nights) for s in self._plan.scenarios}
        return sum(nights[chain.scenario] for chain in self._of(self._order))

    def _of(self, originals: Sequence[str]) -> list[ChainKey]:
        """The chains of these scenarios and their twins."""
        names, ids = {one.name for one in self._pairs}, set(originals)
        mine = {s.id for s in self._plan.scenarios if (s.twin_of or s.id) in ids}
        every = self._plan.record.chains(self._plan.scenarios)
        return [chain for chain in every if chain.consolidator in names and chain.scenario in mine]

    def _run(self, originals: Sequence[str], shown: Console) -> None:
        """Run these scenarios and their twins, and read what was written."""
        chains = self._of(originals)
        try:
            run_nights(self._plan, chains, self._nights(), shown)
        except KeyboardInterrupt:
            again = f"the same command with --resume -o {self._plan.folder}"
            typer.echo(f"rembench: interrupted; the finished nights are safe: {again}", err=True)
            raise typer.Exit(130) from None
        ids = {chain.scenario for chain in chains}
        nights = [night for night in self._nights() if night.chain.scenario in ids]
        self._check_any(nights)
        run = self._record(nights, ids)
        for name in dict.fromkeys(one.name for one in self._pairs):
            self._chains.extend(evidence(run, consolidator=name))

    def _nights(self) -> list[NightRecord]:
        path = self._plan.folder / JOURNAL
        if not path.exists():
            return list(self._plan.finished)
        return list(read_journal(path, self._plan.record.nights(self._plan.scenarios)))

    def _record(self, nights: Sequence[NightRecord], ids: set[str] | None = None) -> Run:
        scenarios = tuple(s for s in self._plan.scenarios if ids is None or s.id in ids)
        return Run(
            folder=self._plan.folder, record=self._plan.record, scenarios=scenarios, nights=tuple(nights)
        )

    def _check_any(self, nights: Sequence[NightRecord]) -> None:
        """UserError for a contestant of which all nights of a look failed: no use going on."""
        for name in dict.fromkeys(one.name for one in self._pairs):
            mine = [night for night in nights if night.chain.consolidator == name]
            failed = [night.failure for night in mine if night.failure]
            if mine and len(failed) == len(mine):
                what = f"all {len(mine)} nights of {name} failed; first: {failed[0].message}"
                raise UserError(what, where=str(self._plan.folder))


def _say(line: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(f"rembench: {line}", err=True)
