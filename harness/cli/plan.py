"""From options to a plan: packs read, consolidators made, the run folder claimed or found again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rembench
from rembench.consolidators import CONTROLS, DEFAULTS
from rembench.consolidators.load import Loaded, load_consolidator, takes_option
from rembench.consolidators.wording import prompt_hashes
from rembench.harness.chain_names import ChainName, ChainNames
from rembench.harness.cli.folder import make_folder, writing
from rembench.harness.cli.options import RunOptions
from rembench.harness.engine.journal import JOURNAL, read_journal
from rembench.harness.engine.record import PRICES, RUN, RunRecord, versions
from rembench.harness.engine.run import Settings
from rembench.harness.errors import UserError, said
from rembench.harness.night import Consolidator, Recaller
from rembench.harness.providers.prices import prices
from rembench.harness.scenario.answers import answer_key
from rembench.harness.scenario.handover import chain_name
from rembench.harness.scenario.pack import load_pack, pack_names
from rembench.harness.scoring import pack_place
from rembench.harness.spec import with_option
from rembench.harness.types import NightRecord, Pack, Scenario

RUNS = Path("runs")
_DEFAULT_PACKS = ("core", "natural")
_LEFTOVER = f"{RUN}.partial"  # all that a run killed in its first moment leaves
_SETTINGS = ("concurrency", "night_timeout", "budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that the engine needs. Of a run that's resumed: `finished` nights, `failed` ones to be run again."""

    folder: Path
    record: RunRecord
    settings: Settings
    scenarios: tuple[Scenario, ...]
    makers: Mapping[str, Callable[[], Consolidator]]
    finished: tuple[NightRecord, ...]
    failed: tuple[NightRecord, ...] = ()

    @property
    def pack_places(self) -> list[str]:
        """Where the packs lie, in their order."""
        return [str(pack["path"]) for pack in self.record.packs]


def make_plan(options: RunOptions) -> Plan:
    """Read everything that a run needs, before anything is run; UserError for what doesn't fit."""
    if options.resume:
        options = _as_the_run(options)
    packs = [load_pack(name, limit=options.limit) for name in options.pack or (default_pack(),)]
    scenarios = _scenarios(packs)
    specs = options.consolidator or DEFAULTS
    loaded = _consolidators(_in_batches(specs) if options.batch else specs)
    settings = Settings(
        seed=options.seed or 0,
        concurrency=options.concurrency or 8,
        night_timeout=options.night_timeout,
        budget=options.budget,
    )
    record = _record(options, packs, loaded, settings)
    makers, capabilities = _makers(loaded, record, scenarios)
    record = replace(
        record,
        consolidators=tuple(dict(c) | {"capabilities": capabilities[c["name"]]} for c in record.consolidators),
    )
    folder, nights = _folder(options, record, scenarios)
    again = [options.retry_failed and night.failure is not None for night in nights]
    return Plan(
        folder=folder,
        record=record,
        settings=settings,
        scenarios=scenarios,
        makers=makers,
        finished=tuple(night for night, is_again in zip(nights, again, strict=True) if not is_again),
        failed=tuple(night for night, is_again in zip(nights, again, strict=True) if is_again),
    )


def _as_the_run(options: RunOptions) -> RunOptions:
    """What's unsaid is as in the run that's resumed."""
    folder = options.out or _latest()
    run = RunRecord.load(folder)
    own: dict[str, Any] = {name: run.settings.get(name) for name in _SETTINGS}
    own |= {
        "out": folder, "repeats": run.repeats, "limit": run.limit, "seed": run.seed, "shard": run.shard,
        "consolidator": tuple(str(one["spec"]) for one in run.consolidators),
        "pack": options.pack or tuple(pack_place(folder, one) for one in run.packs),
    }  # fmt: skip
    unsaid = {name: value for name, value in own.items() if getattr(options, name) is None}
    return replace(options, **unsaid)


def default_pack() -> str:
    """The pack of `run` with nothing else: `core` where it's there."""
    names = pack_names()
    return next(name for name in _DEFAULT_PACKS if name in names)


def _scenarios(packs: Sequence[Pack]) -> tuple[Scenario, ...]:
    seen: dict[str, str] = {}
    for pack in packs:
        for scenario in pack.scenarios:
            if scenario.id in seen:
                where = f"packs {seen[scenario.id]} and {pack.name}"
                raise UserError(f"scenario {scenario.id!r} is in both", where=where, right="give one of them")
            seen[scenario.id] = pack.name
    return tuple(s for pack in packs for s in pack.scenarios)


def _consolidators(specs: Sequence[str]) -> tuple[Loaded, ...]:
    """Those asked for, each once, then the controls that weren't: they're in every report."""
    loaded: dict[str, Loaded] = {}
    for spec in (*specs, *CONTROLS):
        one = load_consolidator(spec)
        loaded.setdefault(one.name, one)
    return tuple(loaded.values())


def _in_batches(specs: Sequence[str]) -> tuple[str, ...]:
    """The specs, with batch=true for those consolidators that can; UserError where none can."""
    able = {spec for spec in specs if takes_option(spec, "batch")}
    if not able:
        raise UserError("--batch: none of the consolidators has batches", where=", ".join(specs))
    return tuple(with_option(spec, "batch", "true") if spec in able else spec for spec in specs)


def _makers(
    loaded: Sequence[Loaded], record: RunRecord, scenarios: Sequence[Scenario]
) -> tuple[dict[str, Callable[[], Consolidator]], dict[str, dict[str, Any]]]:
    """What makes each of them, and what each can do with its options: all are made once.

    So an option out of range is said now, not after an hour.
    """
    makers = {one.name: maker(one, record, scenarios) for one in loaded}
    return makers, {name: _abilities(make()) for name, make in makers.items()}


def _abilities(made: Consolidator) -> dict[str, Any]:
    """What it declares, and whether it has a recall of its own."""
    return asdict(made.capabilities) | ({"recall": True} if isinstance(made, Recaller) else {})


def _names(scenarios: Sequence[Scenario], record: RunRecord) -> ChainNames:
    """Which chain of the run is which."""
    return ChainNames(
        {
            chain_name(record.seed, scenario.id, repeat): ChainName(scenario.id, repeat)
            for scenario in scenarios
            for repeat in range(record.repeats)
        }
    )


def maker(one: Loaded, record: RunRecord, scenarios: Sequence[Scenario]) -> Callable[[], Consolidator]:
    """What makes a consolidator of a run, with what's handed over to it; UserError where it can't be made."""
    handover: object | None = None
    if one.answers:
        handover = answer_key(scenarios, record.seed, record.repeats)
    elif one.named:
        handover = _names(scenarios, record)

    def make() -> Consolidator:
        try:
            return one.make(handover)
        except UserError as wrong:
            name = one.name.partition(":")[0]
            raise UserError(str(wrong), where="" if str(wrong).startswith(name) else one.name) from wrong
        except (Exception, SystemExit) as wrong:
            what = f"can't be made: {type(wrong).__name__}: {said(wrong)}"
            raise UserError(what, where=one.name, right="see its options and its __init__") from wrong

    return make


def _record(
    options: RunOptions, packs: Sequence[Pack], loaded: Sequence[Loaded], settings: Settings
) -> RunRecord:
    return RunRecord(
        rembench=rembench.__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        packs=tuple(
            {"name": p.name, "path": p.path, "sha256": p.sha256, "scenarios": len(p.scenarios)} for p in packs
        ),
        consolidators=tuple(
            {
                "name": one.name, "spec": one.spec, "control": one.control, "options": dict(one.options),
                "capabilities": asdict(one.capabilities),
            }
            for one in loaded
        ),
        seed=settings.seed,
        repeats=options.repeats or 1,
        limit=options.limit,
        shard=options.shard,
        settings={
            "concurrency": settings.concurrency,
            "night_timeout": settings.night_timeout,
            "budget": settings.budget,
        },
        prompts=prompt_hashes(),
        versions=versions() | {PRICES: prices().version},
    )  # fmt: skip


def _folder(
    options: RunOptions, record: RunRecord, scenarios: Sequence[Scenario]
) -> tuple[Path, tuple[NightRecord, ...]]:
    if options.resume and options.out:
        folder = options.out
        RunRecord.load(folder).check_same(record, folder)
        return folder, tuple(read_journal(folder / JOURNAL, record.nights(scenarios)))
    folder = options.out or RUNS / _new_name(record)
    if folder.exists() and not folder.is_dir():
        raise UserError("a file is in the way of the run folder", where=str(folder))
    if (folder / RUN).exists() or (folder / JOURNAL).exists():
        raise UserError(
            "there's a run in this folder already",
            where=str(folder),
            right="go on with --resume, or give another -o",
        )
    if folder.exists() and any(one.name != _LEFTOVER for one in folder.iterdir()):
        what = "the folder isn't empty, and it's no run folder"
        raise UserError(what, where=str(folder), right="give -o a new or an empty one")
    make_folder(folder)
    with writing(folder, "give another -o"):
        record.write(folder)
    return folder, ()


def _latest() -> Path:
    runs = sorted(RUNS.glob(f"*/{RUN}"), key=lambda p: p.stat().st_mtime)
    if not runs:
        raise UserError("no run to resume", where=str(RUNS), right="name its folder with -o")
    return runs[-1].parent


def _new_name(record: RunRecord) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return f"{stamp}-{'-'.join(Path(str(p['name'])).name for p in record.packs)}"
