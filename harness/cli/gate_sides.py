"""The two sides of a gate: a run's folder, and a baseline that's a folder or a file."""

from collections.abc import Collection, Sequence
from pathlib import Path

import rembench
from rembench.harness.errors import UserError, unknown_name
from rembench.harness.gate.baseline import read_baseline
from rembench.harness.gate.measured import Measured, contestant_names, measured
from rembench.harness.gate.pairing import Couple, check_comparable, couples
from rembench.harness.scoring import Run, evidence, load_run
from rembench.metrics import METRICS

Names = tuple[tuple[str, ...], tuple[str, ...]]
"""The names of the contestants, and those of everyone."""


class Side:
    """A run folder or a baseline's file; of a run only those are scored that are asked for."""

    def __init__(self, path: Path, packs: Sequence[str] = ()) -> None:
        self.where = path
        self.run = load_run(path, packs) if path.is_dir() else None
        self._file = None if path.is_dir() else read_baseline(path)

    @property
    def names(self) -> Names:
        """Of its contestants, and of everyone."""
        if self.run is not None:
            return run_names(self.run)
        everyone = tuple(self._file.contestants) if self._file else ()
        return everyone, everyone

    def measured(self, names: Sequence[str], metrics: Collection[str] = METRICS) -> Measured:
        """What those of these names have, in these metrics at least; of nobody: what was run."""
        if self._file is not None:
            return self._file
        if self.run is None:
            raise UserError("isn't a run folder", where=str(self.where))
        return measured_run(self.run, names, metrics)


def run_names(run: Run) -> Names:
    """The names of a run's contestants, and of everyone in it."""
    return contestant_names(run), tuple(str(one["name"]) for one in run.record.consolidators)


def measured_run(run: Run, names: Sequence[str], metrics: Collection[str] = METRICS) -> Measured:
    """A run, with what those of these names have in these metrics."""
    chains = [chain for name in dict.fromkeys(names) for chain in evidence(run, consolidator=name)]
    return measured(run, chains, version=rembench.__version__, metrics=metrics)


def existing(run: Run, asked: Sequence[str]) -> tuple[str, ...]:
    """The names asked for, or those of all contestants; UserError for one that isn't there, and for none."""
    contestants, everyone = run_names(run)
    for name in asked:
        if name not in everyone:
            raise unknown_name("consolidator", name, everyone, where=str(run.folder))
    if not (asked or contestants):
        raise UserError("the run has only controls", where=str(run.folder), right="name one of them with -c")
    return tuple(dict.fromkeys(asked or contestants))


def paired(head: Measured, names: Names, baseline: Side, asked: Sequence[str] = ()) -> tuple[Couple, ...]:
    """Who is set against whom; UserError, before anything is scored, where nothing can be compared.

    `head` is what was run, or is to be, and `names` who took part.
    """
    check_comparable(head, baseline.measured(()))
    return couples(names, baseline.names, where=(head.where, str(baseline.where)), asked=asked)
