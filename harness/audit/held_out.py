"""The cue table held out: each scenario read without the cues that no other scenario speaks for.

A cue is a word of the language; but whoever wrote the table had these memories before them, and a cue that
decides in one scenario only may be there for its sake. So every scenario is read again without the cues
that decided in it and in no other scenario of the sets. What's lost is an upper bound of what the table owes to
them: some of those words would be in any such table. The rules in code aren't held out.

    kappa, accuracy   as in `agreement`, of these readings
    cues              cues that decided a verdict in any scenario; `single` of them in one only
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from rembench.harness.audit.agreement import Judged, answers, kappa
from rembench.harness.scorer.reader import ScenarioScorer

_CUE = re.compile(r"[a-z]+: “[^”]+”")


def held_out(sets: Sequence[tuple[str, Sequence[Judged]]]) -> dict[str, Any]:
    """{"sets": {name: {"n", "kappa", "accuracy"}}, "cues", "single"} for named sets of read memories."""
    deciding: dict[str, set[str]] = defaultdict(set)
    for _, judged in sets:
        for one in judged:
            for verdict in one.reading.verdicts:
                for rule in _CUE.findall(verdict.rule):
                    deciding[rule].add(one.labelled.scenario.id)
    single: dict[str, set[str]] = defaultdict(set)
    for rule, scenarios in deciding.items():
        if len(scenarios) == 1:
            single[min(scenarios)].add(rule)
    table = {name: _agreement(_reread(judged, single)) for name, judged in sets}
    return {"sets": table, "cues": len(deciding), "single": sum(map(len, single.values()))}


def _reread(judged: Sequence[Judged], single: dict[str, set[str]]) -> list[Judged]:
    scorers: dict[str, ScenarioScorer] = {}
    result = []
    for one in judged:
        scenario, labelled = one.labelled.scenario, one.labelled
        if scenario.id not in scorers:
            scorers[scenario.id] = ScenarioScorer(scenario, without=single.get(scenario.id, ()))
        reading = scorers[scenario.id].read(labelled.memory, labelled.checkpoint)
        result.append(Judged(labelled=labelled, reading=reading))
    return result


def _agreement(judged: Sequence[Judged]) -> dict[str, Any]:
    given = answers(judged)
    right = sum(a.label == a.answer for a in given)
    return {
        "n": len(given),
        "kappa": kappa([(a.label, a.answer) for a in given]),
        "accuracy": right / len(given) if given else None,
    }
