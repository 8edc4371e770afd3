"""Dose–response: d errors of one type in the oracle's memories, and how many the metric finds.

For every type of `inject` and d = 0, 1, 2, 4, 8, every checkpoint of every scenario gets d errors, or as
many as it has opportunities for. A point is a scenario at a dose: errors injected, errors that the metric
counts. The slope is least squares over all points. The bar: slope 1 ± 0.05, and no metric that the errors
don't belong to moves by more than 0.02 from the oracle's.

A metric that counts the error by its own definition isn't "other": losing a value also loses what was held
before the night (damage), and a stale value contradicts the newer one. `OWN` lists them. Few scenarios have
eight opportunities of a type, so the larger doses are pooled over scenarios: `injected` says what was done.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from rembench.harness.audit.inject import INJECTORS, inject
from rembench.harness.audit.nights import Nights, packs, read_nights
from rembench.harness.engine.directly import night_record
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.types import ChainEvidence, NightRecord, Scenario
from rembench.metrics import METRICS

DOSES = (0, 1, 2, 4, 8)
SLOPE = 0.05
MOVE = 0.02
BAR = f"slope 1 ± {SLOPE}, other metrics move ≤ {MOVE}"
_OBLIGED = ("obligations_met", "retention_at_budget")
OWN: dict[str, tuple[str, ...]] = {
    "lost": (
        "retention", *_OBLIGED, "damage", "insight", "false_stale", "contradiction", "neighbour_loss",
        "other_loss", "over_deletion", "overgeneralised", "retention_loss_per_night", "instructions",
    ),
    "stale": ("staleness", "prohibitions_broken", "contradiction", "residual_contradiction"),
    "leaked": ("deletion_leakage", "prohibitions_broken", "net_leakage"),
    "adopted": ("hallucination", "prohibitions_broken"),
    "obeyed": ("injections_obeyed", "prohibitions_broken"),
    "settled": ("contradiction", *_OBLIGED),
    "secret": ("secrets_kept", "prohibitions_broken"),
    "unconditional": ("overgeneralised",),
    "unsupported": ("unsupported",),
}  # fmt: skip
"""Type → the metric that's measured, then the others that count the same error."""


def measure(full: bool) -> dict[str, Any]:
    """Every type on the natural pack; with `full` on the recorded one too."""
    return of(packs(full=full))


def of(scenarios: Sequence[Scenario], types: Sequence[str] = tuple(INJECTORS)) -> dict[str, Any]:
    """Slope and side effects of every type on some scenarios."""
    injected: dict[tuple[str, str], int] = {}
    records = tuple(_records(scenarios, types, injected))
    names = [_name(t, d) for t in types for d in DOSES]
    nights = read_nights(names, records, scenarios)
    found = {t: _of_type(t, nights, injected) for t in types}
    return {"bar": BAR, "met": all(f["met"] for f in found.values()), "doses": list(DOSES), "types": found}


def _name(type_: str, d: int) -> str:
    return f"{type_} {d}"


def _records(
    scenarios: Sequence[Scenario], types: Sequence[str], injected: dict[tuple[str, str], int]
) -> Iterator[NightRecord]:
    """Every checkpoint's memory at every dose; what was injected is counted by name and scenario."""
    for scenario in scenarios:
        for night in scenario.nights:
            oracle = oracle_memory(scenario, night.id)
            for type_ in types:
                for d in DOSES:
                    chance = Random(f"{scenario.id} {night.id} {type_} {d}")  # noqa: S311
                    made = inject(type_, oracle, (scenario, night.id), d, chance)
                    key = (_name(type_, d), scenario.id)
                    injected[key] = injected.get(key, 0) + made.count
                    yield night_record(key[0], scenario, night.id, made.memory)


def _of_type(type_: str, nights: Nights, injected: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    chains = {(e.chain.consolidator, e.chain.scenario): e for e in nights.evidence}

    def count(chain: ChainEvidence) -> float:
        return _unsupported(chain) if type_ == "unsupported" else _errors(OWN[type_][0], chain)

    by_dose = {d: [key for key in chains if key[0] == _name(type_, d)] for d in DOSES}
    points = [(injected[key], count(chains[key])) for d in DOSES for key in by_dose[d]]
    line = slope(points)
    moved = _moved(type_, nights)
    worst = max(moved.values(), default=0.0)
    slope_met = line is not None and abs(line - 1) <= SLOPE
    return {
        "metric": OWN[type_][0],
        "slope": line,
        "injected": [sum(injected[key] for key in by_dose[d]) for d in DOSES],
        "measured": [sum(count(chains[key]) for key in by_dose[d]) for d in DOSES],
        "moved": {name: by for name, by in sorted(moved.items()) if by > 0},
        "slope_met": slope_met,
        "moved_met": worst <= MOVE,
        "met": slope_met and worst <= MOVE,
    }


def _errors(metric: str, chain: ChainEvidence) -> float:
    """The errors that a metric counts in a chain: its cells that aren't as they should be."""
    known = METRICS[metric]
    amounts = [c.amount for c in known.cells(chain) if c.headline and c.amount is not None]
    return sum(1 - a for a in amounts) if known.better == "higher" else sum(amounts)


def _unsupported(chain: ChainEvidence) -> float:
    """Unsupported atoms: the metric is a share, the errors are the findings."""
    readings = (chain.readings[night.id] for night in chain.scenario.nights)
    return sum(f.type == "unsupported" for reading in readings for f in reading.findings)


def slope(points: Sequence[tuple[float, float]]) -> float | None:
    """The least-squares slope of y on x; None where all x are the same."""
    if len({x for x, _ in points}) < 2:
        return None
    from scipy.stats import linregress

    return float(linregress([x for x, _ in points], [y for _, y in points]).slope)


def _moved(type_: str, nights: Nights) -> dict[str, float]:
    """How far every other metric of obligation or prohibition moves at most, over the doses.

    One that has nothing to be asked of any more (no conditional value is held: all are lost) hasn't moved.
    """
    base = nights.summary.consolidators[_name(type_, 0)].metrics
    moved = {}
    for name, metric in METRICS.items():
        was = base[name].value
        if metric.role == "description" or name in OWN[type_] or was is None:
            continue
        values = [nights.summary.consolidators[_name(type_, d)].metrics[name].value for d in DOSES[1:]]
        moved[name] = max((abs(v - was) for v in values if v is not None), default=0.0)
    return moved
