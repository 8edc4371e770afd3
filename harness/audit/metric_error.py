"""Error of each metric on a memory: from the scorer's verdicts, against the same metric from the labels.

Every memory is taken as the only night of its scenario. The metric's own cells and the report's own arithmetic
give both numbers; the scorer's abstentions are missing cells, as they are in a report.

    mae               mean of |from verdicts - from labels| over the memories where both are defined
    bias              mean of (from verdicts - from labels) over the same memories
    max               the greatest of |from verdicts - from labels|
    rank_correlation  Spearman's correlation of the two over the memories of a scenario (ties share their mean
                      rank), averaged over the scenarios with at least three such memories whose labels
                      differ; `rank_scenarios` says how many those are. Where the labels differ and the verdicts
                      are constant, nothing was told apart: 0

None with a reason where nothing is defined. `hallucination_adopted` is the adopted part of hallucination, which
alone comes from stances. Metrics that compare nights, or look at the text, have no labels to compare with.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rembench.harness.audit.agreement import Judged
from rembench.harness.types import (
    Cell,
    ChainEvidence,
    ChainKey,
    ConsolidateStep,
    Reading,
    Scenario,
    Stance,
    Verdict,
)
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import within

FROM_STANCES = (
    "retention", "staleness", "false_stale", "contradiction", "residual_contradiction", "history",
    "hallucination", "deletion_leakage", "secrets_kept", "injections_obeyed", "scope_crossed", "insight",
    "obligations_met", "prohibitions_broken", "clean_scenario_rate",
)  # fmt: skip
"""The metrics of one memory that rest on the stances and on nothing else."""

_LEAST_FOR_RANKS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A metric on one memory: from the scorer's verdicts and from the labels; None: undefined."""

    scenario: str
    found: float | None
    true: float | None


def metric_error(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """The errors of every metric in `FROM_STANCES`, by its name."""
    chains = [(evidence(one, one.reading), evidence(one, as_labelled(one))) for one in judged]
    errors = {}
    for name in FROM_STANCES:
        metric = METRICS[name]
        pairs = [Pair(found.scenario.id, _value(metric, found), _value(metric, true)) for found, true in chains]
        errors["hallucination_adopted" if name == "hallucination" else name] = errors_of(pairs)
    return errors


def evidence(judged: Judged, reading: Reading) -> ChainEvidence:
    """The evidence of a chain whose only night wrote the judged memory."""
    labelled = judged.labelled
    scenario = _one_night(labelled.scenario, labelled.checkpoint)
    return ChainEvidence(
        chain=ChainKey(consolidator=labelled.style, scenario=scenario.id, repeat=1),
        scenario=scenario,
        readings={labelled.checkpoint: reading},
        memories={labelled.checkpoint: labelled.memory},
        nights={},
        oracle={},
    )


def as_labelled(judged: Judged) -> Reading:
    """The reading that the labels would be: the label as the stance of every value, no findings."""
    labels = judged.labelled.labels
    verdicts = tuple(_labelled(v, labels[v.item, v.value]) for v in judged.reading.verdicts)
    return replace(judged.reading, verdicts=verdicts, findings=())


def errors_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """mae, bias, max and rank correlation of pairs, with the number of memories that they come from."""
    both = [(p.found, p.true) for p in pairs if p.found is not None and p.true is not None]
    gaps = [found - true for found, true in both]
    result: dict[str, Any] = {
        "memories": len(both),
        "undefined": len(pairs) - len(both),
        "mae": math.fsum(abs(g) for g in gaps) / len(gaps) if gaps else None,
        "bias": math.fsum(gaps) / len(gaps) if gaps else None,
        "max": max(abs(g) for g in gaps) if gaps else None,
        **_ranks(pairs),
    }
    if not gaps:
        result["reason"] = "no memory on which both are defined"
    return result


def _one_night(scenario: Scenario, checkpoint: str) -> Scenario:
    steps = [s for s in scenario.steps if not isinstance(s, ConsolidateStep) or s.id == checkpoint]
    return replace(scenario, steps=tuple(steps))


def _labelled(verdict: Verdict, label: Stance) -> Verdict:
    return replace(verdict, observed=label, reason=None, readings=(), rule="label", leak_level=None)


def _value(metric: Metric, chain: ChainEvidence) -> float | None:
    cells = [c for c in metric.cells(chain) if c.headline and _from_stances(metric, c)]
    return within(metric, [(c.group, c.amount) for c in cells if c.amount is not None])


def _from_stances(metric: Metric, cell: Cell) -> bool:
    return metric.name != "hallucination" or cell.group == "adopted"


def _ranks(pairs: Iterable[Pair]) -> dict[str, Any]:
    by_scenario: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for pair in pairs:
        if pair.found is not None and pair.true is not None:
            by_scenario[pair.scenario].append((pair.found, pair.true))
    found = [r for points in by_scenario.values() if (r := _spearman(points)) is not None]
    if found:
        return {"rank_correlation": math.fsum(found) / len(found), "rank_scenarios": len(found)}
    few = all(len(points) < _LEAST_FOR_RANKS for points in by_scenario.values())
    reason = (
        "fewer than three memories a scenario" if few else "by label the memories of a scenario don't differ"
    )
    return {"rank_correlation": None, "rank_scenarios": 0, "rank_reason": reason}


def _spearman(points: Sequence[tuple[float, float]]) -> float | None:
    left, right = [p[0] for p in points], [p[1] for p in points]
    if len(points) < _LEAST_FOR_RANKS or len(set(right)) < 2:
        return None
    if len(set(left)) < 2:
        return 0.0
    from scipy.stats import spearmanr

    return float(spearmanr(left, right).statistic)
