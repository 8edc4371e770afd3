"""Oracle integrity: generated scenarios are right, by a second solver and by the scorer itself.

Of every scenario and its twin, levels 1 to 5 in turn:

valid      the reader finds no fault
solver     a solver that shares no code with the generator, given the log alone, agrees on every expectation,
           and every message that's cited as evidence says what it's evidence of
oracle     the right memory of every night has an accepted stance in every value, a verdict in each, no leak and
           no finding
nothing    every value of the empty memory is absent

The bar: no fault of any sort. 40 scenarios, 10,000 with `full`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rembench.harness.generator.generate import Recipe, orders
from rembench.harness.generator.scenario import make
from rembench.harness.outcomes import accepted
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scenario.checks import faults
from rembench.harness.scenario.reader import scenario_of
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.solver.check import check_log
from rembench.harness.types import Reading, Scenario, Verdict

BAR = "0 disagreements with the second solver, 0 scenarios that the oracle doesn't score perfectly"
CHECKS = ("valid", "solver", "oracle", "nothing")
_SOME, _ALL = 40, 10_000
_EXAMPLES = 20


def measure(full: bool) -> dict[str, Any]:
    """The faults of freshly generated scenarios, by check."""
    return of("integrity", _ALL if full else _SOME)


def of(seed: str, n: int) -> dict[str, Any]:
    """The same of `n` scenarios of another seed."""
    counted: Counter[str] = Counter()
    examples: list[str] = []
    for number in range(n):
        found, mine = examine(seed, n, number)
        counted.update(found)
        examples += mine[: _EXAMPLES - len(examples)]
    wrong = {check: counted.get(check, 0) for check in CHECKS}
    return {
        "bar": BAR,
        "met": not any(wrong.values()),
        "scenarios": counted.get("scenarios", 0),
        "expectations": counted.get("expectations", 0),
        "faults": wrong,
        "examples": examples,
    }


def examine(seed: str, n: int, number: int) -> tuple[Counter[str], list[str]]:
    """Counts and faults of one scenario of a pack of `n` and of its twin."""
    order = next(orders(Recipe(seed=seed, n=n, prefix="check"), first=number))
    counted: Counter[str] = Counter()
    examples = []
    for twin in (False, True):
        made = make(order, twin=twin)
        scenario = scenario_of(made)
        counted["scenarios"] += 1
        values = (value for item in scenario.items for value in item.values)
        counted["expectations"] += sum(s is not None for value in values for s in value.expect.values())
        for check, what in _faults(made, scenario):
            counted[check] += 1
            examples.append(f"{scenario.id}, {check}: {what}")
    return counted, examples


def _faults(made: Mapping[str, Any], scenario: Scenario) -> Iterator[tuple[str, str]]:
    wrong = [f"{fault.path}: {fault.what}" for fault in faults(scenario)]
    if wrong:
        yield from (("valid", one) for one in wrong)
        return
    yield from (("solver", f"{fault.path}: {fault.what}") for fault in check_log(made, scenario))
    scorer = ScenarioScorer(scenario)
    for night in scenario.nights:
        right = scorer.read(oracle_memory(scenario, night.id), night.id)
        yield from (("oracle", f"{night.id}: {one}") for one in _imperfect(right))
        empty = scorer.read({}, night.id)
        present = (v for v in empty.verdicts if v.observed != "absent")
        yield from (("nothing", f"{night.id}: {v.item}[{v.value}]") for v in present)


def _imperfect(reading: Reading) -> Iterator[str]:
    for verdict in reading.verdicts:
        if not _is_right(verdict) or verdict.leak_level:
            yield f"{verdict.item}[{verdict.value}] is {verdict.observed} ({verdict.rule})"
    yield from (f"{finding.type}: {finding.quote[:80]!r}" for finding in reading.findings)


def _is_right(verdict: Verdict) -> bool:
    if verdict.expected is None:
        return True
    return verdict.observed is not None and accepted(verdict.expected, verdict.observed)
