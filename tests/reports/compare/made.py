"""Entrants made of numbers, and runs made of other runs."""

from collections import Counter
from dataclasses import replace

from rembench.harness.scoring import Run
from rembench.metrics import METRICS
from rembench.reports.by_scenario import ScenarioScore, ScenarioTable
from rembench.reports.compare.entrants import SLICED, Entrant
from rembench.reports.compare.pairs import METRICS_COMPARED


def score(value, bounds=None, missing=0):
    """One scenario's value; without bounds, exactly that."""
    ends = bounds or (None if value is None else (value, value))
    return ScenarioScore(
        value=value, bounds=ends, scored=int(value is not None), missing=missing, opportunities=1
    )


def table(metric, values):
    """A metric's table: scenario → a value, None, or a score."""
    scores = {n: v if isinstance(v, ScenarioScore) else score(v) for n, v in values.items()}
    return ScenarioTable(
        metric=METRICS[metric],
        scenarios=scores,
        scored=sum(s.scored for s in scores.values()),
        missing=sum(s.missing for s in scores.values()),
        reasons=Counter(),
        repeats=1,
    )


def entrant(label, values, *, control=False, chains=()):
    """An entrant with these values (metric → scenario → value), and without any on the other metrics."""
    names = dict.fromkeys([*METRICS_COMPARED, *SLICED, "usd", "tokens_in", "tokens_out", "seconds"])
    return Entrant(
        label=label, run="run", folder="run", consolidator=label, control=control, contestant=not control,
        transcript="full", chains=tuple(chains),
        tables={name: table(name, values.get(name, {})) for name in names},
        slices={name: {} for name in SLICED},
    )  # fmt: skip


def renamed(run: Run, folder, names):
    """The run as another, in `folder`: each of `names` did what the consolidator that it's mapped to did."""
    entries = {str(one["name"]): one for one in run.record.consolidators}
    return replace(
        run,
        folder=folder,
        record=replace(
            run.record,
            consolidators=tuple({**entries[old], "name": new} for new, old in names.items()),
        ),
        nights=tuple(
            replace(night, chain=replace(night.chain, consolidator=new))
            for new, old in names.items()
            for night in run.nights
            if night.chain.consolidator == old
        ),
    )
