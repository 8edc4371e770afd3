"""Readers of a run, as `run --reader` and `ask` have them: made, noted in the run folder, put to work."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import rembench
from rembench.consolidators.load import load_consolidator
from rembench.harness.answers.asking import Asking, Progress, to_ask
from rembench.harness.answers.questions import known
from rembench.harness.answers.sittings import recallers, sittings
from rembench.harness.cli.console import Console
from rembench.harness.cli.plan import maker
from rembench.harness.engine.purse import RunPurse
from rembench.harness.errors import UserError
from rembench.harness.night import Recaller
from rembench.harness.providers.load import Model, load_model
from rembench.harness.reader.calls import ReaderCall
from rembench.harness.reader.journal import ReaderJournal, ReaderRecord, Readers, read_answers
from rembench.harness.reader.question import prompt_hashes
from rembench.harness.reader.reader import Limits, Reader, reader_name
from rembench.harness.reader.recalling import Recalling
from rembench.harness.scoring import Run

ROLE = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A reader ready to be asked, and the spec that it was made from."""

    spec: str
    model: Model

    @property
    def name(self) -> str:
        """What it's called in the run folder and in reports."""
        return reader_name(self.model)

    def record(self, seed: int) -> ReaderRecord:
        """How it's asked, as it's noted."""
        return ReaderRecord(
            name=self.name,
            spec=None if self.model.secrets else self.spec,
            rembench=rembench.__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            seed=seed,
            options=self.model.options,
            prompts=prompt_hashes(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How it's put to work: calls at a time, the money, and whether all is asked `again`."""

    concurrency: int = 8
    purse: RunPurse = field(default_factory=RunPurse)
    again: bool = False


def choose(spec: str) -> Chosen:
    """The reader that `spec` names; UserError if there's none such, or it can't be made."""
    return Chosen(spec=spec, model=load_model(spec, ROLE))


def chosen_of(folder: Path) -> tuple[Chosen, ...]:
    """The readers that a run goes on with where none is named: all that have begun."""
    return tuple(_again(record) for record in read_answers(folder).records.values())


def _again(record: ReaderRecord) -> Chosen:
    if record.spec is None:
        what = f"the run's reader {record.name} was given a secret as an option, which isn't written down"
        raise UserError(what, right="give the reader again with --reader, or put keys into the environment")
    return choose(record.spec)


def note_reader(folder: Path, chosen: Chosen, seed: int) -> None:
    """Note in the run folder who is to read it, so that an interrupted run goes on with the same."""
    journal = ReaderJournal(folder)
    try:
        _introduce(journal, read_answers(folder), chosen.record(seed), again=False)
    finally:
        journal.close()


def ask_reader(run: Run, chosen: Chosen, manner: Manner, shown: Console) -> Progress:
    """Put to a reader whatever it hasn't been asked about this run; every call is journalled when it's over."""
    journal = ReaderJournal(run.folder)
    recalls = _recalls(run)
    try:
        begun = read_answers(run.folder, known(run.scenarios))
        before = _introduce(journal, begun, chosen.record(run.record.seed), again=manner.again)
        for call in before:
            manner.purse.add(call.usage, most=call.most_usd)
        names = recallers(run.record.consolidators)
        work = to_ask(sittings(run.record.of_shard(run.scenarios), run.nights, names), before)
        limits = Limits(seed=run.record.seed, purse=manner.purse.night)
        asking = Asking(
            reader=Reader(chosen.model, limits), journal=journal, concurrency=manner.concurrency,
            recalls=recalls, is_spent=manner.purse.is_empty,
            listener=lambda progress: shown.asked(progress, manner.purse),
        )  # fmt: skip
        return asyncio.run(asking.ask(work))
    finally:
        for recalling in recalls.values():
            recalling.close()
        journal.close()


def _introduce(
    journal: ReaderJournal, begun: Readers, record: ReaderRecord, *, again: bool
) -> tuple[ReaderCall, ...]:
    """Note who reads, unless it has begun already; the calls that it has made."""
    old = begun.records.get(record.name)
    if old is None or again:
        journal.begin(record)
        return ()
    if old.prompts != record.prompts:
        what = f"{record.name} has begun with other prompts (those of rembench {old.rembench})"
        raise UserError(what, right="answers to different prompts don't mix: ask everything again with --again")
    return begun.calls[record.name]


def _recalls(run: Run) -> dict[str, Recalling]:
    """The recalls of the run's consolidators that have one, by name."""
    names = recallers(run.record.consolidators)
    specs = {str(one["name"]): str(one["spec"]) for one in run.record.consolidators if one["name"] in names}
    return {name: Recalling(_recaller(spec, run)) for name, spec in specs.items()}


def _recaller(spec: str, run: Run) -> Callable[[], Recaller]:
    make = maker(load_consolidator(spec), run.record, run.scenarios)

    def made() -> Recaller:
        found = make()
        if not isinstance(found, Recaller):
            raise UserError("it has no recall any more", where=spec, right="it had one when the run was made")
        return cast(Recaller, found)

    return made


def asked_lines(chosen: Chosen, run: Path, progress: Progress) -> Iterator[str]:
    """What's to be said of calls that failed, and of those that weren't made."""
    if progress.first:
        kinds = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(progress.faults.items()))
        failed = f"{sum(progress.faults.values())} of {progress.made} calls failed ({kinds})"
        yield f"{chosen.name}: {failed}; first: {progress.first.message}"
    if progress.left:
        what = f"{progress.left} of {progress.total} calls weren't made, the budget is spent"
        yield f"{chosen.name}: {what}; go on with `rembench ask {run} --reader {chosen.name} --budget USD`"
