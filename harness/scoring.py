"""From a run folder to evidence: every memory of the journal read by the scorer, nothing run again.

    run = load_run(folder)          run.json, nights.jsonl, and the packs, whose hashes must match
    chains = evidence(run)          one ChainEvidence per chain, in order

A night that has no memory still has a verdict for every value: None, with the reason.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rembench.harness.engine.journal import JOURNAL, read_journal
from rembench.harness.engine.record import RunRecord
from rembench.harness.errors import UserError
from rembench.harness.night import Memory
from rembench.harness.processes.spread import spread
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scenario.pack import load_pack, pack_names
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.tokens import memory_tokens
from rembench.harness.types import (
    STORE,
    ChainEvidence,
    ChainKey,
    NightRecord,
    Pack,
    Reading,
    Scenario,
    Verdict,
)

BUDGET_FACTOR = 1.5
"""`retention_at_budget` reads this many times the length of the oracle's memory."""

WORTH_PROCESSES = 3_000_000
"""Characters of memories from which on several processes read them, a scenario at a time."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run folder, read: what was run, on what, and every night that finished."""

    folder: Path
    record: RunRecord
    scenarios: tuple[Scenario, ...]
    nights: tuple[NightRecord, ...]

    def to_journal(self) -> int:
        """How many nights the journal has once the run is finished: none comes after a failed one."""
        whole = {s.id: [night.id for night in s.nights] for s in self.scenarios}
        failed = {n.chain: n.night for n in self.nights if n.failure}
        chains = self.record.chains(self.scenarios)
        return sum(
            whole[c.scenario].index(failed[c]) + 1 if c in failed else len(whole[c.scenario]) for c in chains
        )


def load_run(folder: Path, packs: Sequence[str] = ()) -> Run:
    """Read a run folder; `packs` say where the packs lie now, if not where the run found them."""
    record = RunRecord.load(folder)
    if not (folder / JOURNAL).exists():
        right = f"restore it, or run the nights with `rembench run --resume -o {folder}`"
        raise UserError(f"the run has no journal: {JOURNAL} is missing", where=str(folder), right=right)
    scenarios: list[Scenario] = []
    for n, entry in enumerate(record.packs):
        pack = _pack(folder, entry, packs[n] if n < len(packs) else None, record.limit)
        scenarios.extend(pack.scenarios)
    nights = read_journal(folder / JOURNAL, record.nights(scenarios))
    return Run(folder=folder, record=record, scenarios=tuple(scenarios), nights=tuple(nights))


def _pack(folder: Path, entry: Mapping[str, object], place: str | None, limit: int | None) -> Pack:
    name, sha = str(entry["name"]), str(entry["sha256"])
    pack = load_pack(place or pack_place(folder, entry), limit=limit)
    if pack.sha256 != sha:
        raise UserError(
            f"the run was made on pack {name} sha256 {sha[:12]}, but {pack.path} is {pack.sha256[:12]}",
            where=str(folder),
            right="give the pack as it was with --pack PATH, or run again",
        )
    return pack


def pack_place(folder: Path, entry: Mapping[str, object]) -> str:
    """Where a pack of the run in `folder` lies now: where the run found it, or among those that come along."""
    name, path = str(entry["name"]), str(entry["path"])
    try:
        if Path(path).exists():
            return path
    except OSError as wrong:
        raise UserError(
            f"can't look for the run's pack at {path[:200]}: {wrong.strerror}", where=str(folder)
        ) from None
    if name in pack_names():
        return name
    what = f"the run's pack {name} isn't at {path[:200]} any more"
    raise UserError(what, where=str(folder), right="say where it lies now with --pack PATH")


def evidence(
    run: Run,
    *,
    consolidator: str | None = None,
    scenario: str | None = None,
    progress: Progress | None = None,
) -> tuple[ChainEvidence, ...]:
    """Everything known of every chain of the run, or of those asked for, sorted by chain.

    `progress` is called with the number of scenarios read and their total.
    """
    chains = [
        c
        for c in run.record.chains(run.scenarios)
        if consolidator in {None, c.consolidator} and scenario in {None, c.scenario}
    ]
    nights: dict[ChainKey, dict[str, NightRecord]] = {}
    for night in run.nights:
        nights.setdefault(night.chain, {})[night.night] = night
    by_scenario: dict[str, _Chains] = {}
    for chain in chains:
        by_scenario.setdefault(chain.scenario, []).append((chain, nights.get(chain, {})))
    work = [(s, by_scenario[s.id]) for s in run.scenarios if s.id in by_scenario]
    result: list[ChainEvidence] = []
    for n, read in enumerate(_read_all(work)):
        result.extend(read)
        if progress:
            progress(n + 1, len(work))
    return tuple(sorted(result, key=lambda e: e.chain))


_Chains = list[tuple[ChainKey, Mapping[str, NightRecord]]]


def _read_all(work: Sequence[tuple[Scenario, _Chains]]) -> Iterator[list[ChainEvidence]]:
    """The chains of every scenario, read; by several processes where that's worth their start."""
    size = sum(_size(nights) for _, chains in work for _, nights in chains)
    yield from spread(_read_scenario, work, is_worth_it=size >= WORTH_PROCESSES)


def _size(nights: Mapping[str, NightRecord]) -> int:
    return sum(len(text) for night in nights.values() for text in (night.memory or {}).values())


def _read_scenario(work: tuple[Scenario, _Chains]) -> list[ChainEvidence]:
    scenario, chains = work
    reader = _ScenarioReader(scenario)
    return [reader.chain(chain, nights) for chain, nights in chains]


class _ScenarioReader:
    """Reads all chains of one scenario; memories that recur (as the store does) are read once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._scorer = ScenarioScorer(scenario)
        self._oracle = {night.id: oracle_memory(scenario, night.id) for night in scenario.nights}
        self._budgets = {
            checkpoint: int(BUDGET_FACTOR * memory_tokens(memory))
            for checkpoint, memory in self._oracle.items()
        }
        self._known: dict[tuple[str, tuple[tuple[str, str], ...]], Reading] = {}

    def chain(self, chain: ChainKey, nights: Mapping[str, NightRecord]) -> ChainEvidence:
        memories: dict[str, Memory] = {STORE: self._scenario.store}
        memories |= {n: r.memory for n, r in nights.items() if r.memory is not None}
        readings = {STORE: self._read(self._scenario.store, STORE)}
        for checkpoint, reason in self._reasons(nights):
            if reason is None:
                readings[checkpoint] = self._read(memories[checkpoint], checkpoint)
            else:
                readings[checkpoint] = self._unread(checkpoint, reason)
        return ChainEvidence(
            chain=chain,
            scenario=self._scenario,
            readings=readings,
            memories=memories,
            nights=dict(nights),
            oracle=self._oracle,
        )

    def _read(self, memory: Memory, checkpoint: str) -> Reading:
        key = (checkpoint, tuple(sorted(memory.items())))
        if key not in self._known:
            budget = self._budgets.get(checkpoint)
            self._known[key] = self._scorer.read(memory, checkpoint, budget=budget)
        return self._known[key]

    def _reasons(self, nights: Mapping[str, NightRecord]) -> Iterator[tuple[str, str | None]]:
        """Every checkpoint, with the reason why it has no memory or None if it has one."""
        broken: str | None = None
        for step in self._scenario.nights:
            record = nights.get(step.id)
            if record is not None and record.failure is not None:
                broken = f"not reached: night {step.id} failed ({record.failure.type})"
                yield step.id, f"failed: {record.failure.type}"
            elif record is None:
                yield step.id, broken or "not run"
            else:
                yield step.id, None

    def _unread(self, checkpoint: str, reason: str) -> Reading:
        empty = self._read({}, checkpoint)
        verdicts = tuple(_missing(v, reason) for v in empty.verdicts)
        return replace(empty, verdicts=verdicts, findings=(), atoms=0)


def _missing(verdict: Verdict, reason: str) -> Verdict:
    return Verdict(
        checkpoint=verdict.checkpoint,
        item=verdict.item,
        value=verdict.value,
        expected=verdict.expected,
        observed=None,
        rule="no memory",
        reason=reason,
    )
