"""The whole audit as one JSON object, in the shape that other programs rely on.

    {"schema": 1, "rembench": version, "full": whether every case was taken,
     "validity": {set: {"readers", "how", "n", "kappa", ..., "metric_error", "leaks", "claims", "findings",
                        "errors"}},
     "pooled": agreement over the values of all sets,
     "held_out": agreement where the cues that one scenario alone speaks for aren't used in it,
     "known_groups", "dose_response", "invariance", "mutants", "zoo", "integrity": one object each,
     "judge": where one is measured, see `judge`; "bars": every bar with what was found}

Numbers are numbers, or null with a reason beside; they're rounded to six decimals, so that two machines agree.
Bars are compared before the rounding.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import rembench
from rembench.harness.audit import dose_response, invariance, known_groups, mutants, zoo_table
from rembench.harness.audit.agreement import Judged, agreement, answers, read_set
from rembench.harness.audit.bars import bars
from rembench.harness.audit.claims import called_errors, claims, findings
from rembench.harness.audit.held_out import held_out
from rembench.harness.audit.judge import measure_judge
from rembench.harness.audit.leaks import leaks
from rembench.harness.audit.metric_error import metric_error
from rembench.harness.audit.validity import ValiditySet
from rembench.harness.judge.judge import Judge

SCHEMA = 1
_DECIMALS = 6

Part = Callable[[bool], dict[str, Any]]
"""Measures one part; told whether to take every case."""


def _integrity(full: bool) -> dict[str, Any]:
    """The generator brings pydantic with it, which no other command needs: it's imported when it's used."""
    from rembench.harness.audit import integrity

    return integrity.measure(full)


PARTS: Mapping[str, Part] = {
    "known_groups": known_groups.measure,
    "dose_response": dose_response.measure,
    "invariance": invariance.measure,
    "mutants": mutants.measure,
    "zoo": zoo_table.measure,
    "integrity": _integrity,
}
"""The parts that need no labels."""

Progress = Callable[[str], None]


def audit(
    sets: Sequence[ValiditySet],
    *,
    full: bool = False,
    judge: Judge | None = None,
    progress: Progress | None = None,
    parts: Mapping[str, Part] = PARTS,
) -> dict[str, Any]:
    """Everything that's measured of the scorer; `full` takes every case where a part of them would do.

    With `judge`, it's measured on the same sets. `progress` is called with the name of every part as it begins.
    """
    say = progress or (lambda _: None)
    found: dict[str, Any] = {"schema": SCHEMA, "rembench": rembench.__version__, "full": full}
    found |= validity(sets, say)
    for name, measure in parts.items():
        say(name)
        found[name] = measure(full)
    if judge:
        found["judge"] = measure_judge(sets, judge, say)
    found["bars"] = bars(found)
    return cast("dict[str, Any]", rounded(found))


def rounded(found: object) -> object:
    """The same object with every number rounded to six decimals."""
    if isinstance(found, float):
        return round(found, _DECIMALS) + 0.0  # no -0.0
    if isinstance(found, Mapping):
        return {key: rounded(value) for key, value in found.items()}
    return [rounded(value) for value in found] if isinstance(found, (list, tuple)) else found


def validity(sets: Iterable[ValiditySet], say: Progress = lambda _: None) -> dict[str, Any]:
    """`validity`, `pooled`, `held_out`: agreement set by set, over all values, and without single cues."""
    table: dict[str, Any] = {}
    every: list[tuple[str, Sequence[Judged]]] = []
    for one in sets:
        say(f"validity {one.name}")
        judged = read_set(one)
        every.append((one.name, judged))
        table[one.name] = {"readers": one.readers, "how": one.how, **_set(one, judged)}
    say("cues held out")
    pooled = agreement(answers([one for _, judged in every for one in judged]))
    return {"validity": table, "pooled": pooled, "held_out": held_out(every)}


def _set(one: ValiditySet, judged: Sequence[Judged]) -> dict[str, Any]:
    given = answers(judged)
    return {
        "scenarios": len({m.scenario.id for m in one.memories}),
        "memories": len(one.memories),
        **agreement(given),
        "metric_error": metric_error(judged),
        "leaks": leaks(given),
        "claims": claims(judged),
        "findings": findings(judged),
        "errors": called_errors(given),
    }
