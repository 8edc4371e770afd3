"""The tables that `rembench audit` prints: plain text, at most a hundred characters wide."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from rembench.harness.audit.agreement import NO_VERDICT
from rembench.harness.audit.claims import DETECTORS
from rembench.harness.cli.audit_judge import judge_lines
from rembench.harness.cli.audit_parts import part_lines
from rembench.harness.cli.columns import WIDTH, grid, met, shown, titled, word
from rembench.harness.types import STANCES

_AGREEMENT = {
    "n": "values", "kappa": "kappa", "accuracy": "accuracy", "abstained": "abstained",
    "containment_kappa": "containment", "readers_kappa": "readers",
}  # fmt: skip
_ERRORS = {
    "memories": "memories", "mae": "mean error", "bias": "bias", "max": "worst",
    "rank_correlation": "rank correlation", "rank_scenarios": "scenarios",
}  # fmt: skip
_PARTS = {
    "known_groups": "Known groups",
    "dose_response": "Dose–response",
    "invariance": "Invariance",
    "mutants": "Mutants",
    "zoo": "Adversary zoo",
    "integrity": "Oracle integrity",
}

_KEY = (
    "kappa of the stance against the label, an abstention counts as disagreement; containment: the kappa",
    "of finding the value's text in the memory; readers: that of the two labellings behind the labels",
    "worst: of the scenarios of the set; held out: each read without the cues that decide in no other",
)

Table = Mapping[str, Any]


def audit_lines(found: Table) -> Iterator[str]:
    """All tables of an audit."""
    sets, pooled = found["validity"], found["pooled"]
    yield from _made(sets)
    readers = f" · readers: {', '.join(dict.fromkeys(one['readers'] for one in sets.values()))}"
    yield from titled(f"Agreement with the labels{readers}", _sets(sets, found["held_out"]["sets"]))
    yield from _KEY
    yield from titled(f"By kind of item, all sets{readers}", _groups(pooled["by_kind"]))
    yield from titled(f"By style of memory, all sets{readers}", _groups(pooled["by_style"]))
    yield from titled(f"By expected stance, all sets{readers}", _groups(pooled["by_expected"]))
    yield from titled(f"Verdicts on each label, all sets{readers}", _confusion(pooled["confusion"]))
    for name, one in sets.items():
        title = f"Metrics from verdicts beside metrics from labels, set {name} · readers: {one['readers']}"
        yield from titled(title, _metrics(one))
    yield from titled(f"Leaks: values that must be gone{readers}", _leaks(sets))
    yield from titled(f"Findings beside the unsupported claims listed{readers}", _claims(sets))
    yield from titled(f"Values right by their label, and wrong by it{readers}", _errors(sets))
    for key, title in _PARTS.items():
        if key in found:
            yield from titled(title, part_lines(key, found[key]))
    if "judge" in found:
        yield from judge_lines(found["judge"], found, readers)
    yield from titled(f"Bars{readers}", _bars(found["bars"]))


def _made(sets: Table) -> Iterator[str]:
    for name, one in sets.items():
        counts = f"{one['memories']} memories of {one['scenarios']} scenarios, {one['n']} labelled values"
        line = f"set {name}: {counts} · labelled by: {one['readers']} · how: {one['how']}"
        yield from wrap(line, WIDTH, subsequent_indent="  ")


def _sets(sets: Table, held_out: Table) -> list[str]:
    """With the kappa of the worst scenario: what's tuned on the others shows there."""
    worst = {name: _lowest(one["by_scenario"]) for name, one in sets.items()}
    rows = [
        [name, *(shown(one[n]) for n in _AGREEMENT), worst[name], shown(held_out[name]["kappa"])]
        for name, one in sets.items()
    ]
    return grid([["set", *_AGREEMENT.values(), "worst", "held out"], *rows])


def _lowest(scenarios: Table) -> str:
    return shown(min((one["kappa"] for one in scenarios.values() if one["kappa"] is not None), default=None))


def _groups(groups: Table) -> list[str]:
    rows = [[name, *(shown(one[n]) for n in _AGREEMENT)] for name, one in groups.items()]
    return grid([["", *_AGREEMENT.values()], *rows])


def _confusion(table: Table) -> list[str]:
    answers = [*STANCES, NO_VERDICT]
    return grid([["label", *answers], *([la, *(str(row[a]) for a in answers)] for la, row in table.items())])


def _metrics(one: Table) -> list[str]:
    errors = one["metric_error"]
    rows = [[name, *(shown(error[key]) for key in _ERRORS)] for name, error in errors.items()]
    return grid([["", *_ERRORS.values()], *rows])


def _leaks(sets: Table) -> list[str]:
    head = ["set", "pairs", "leaks", "recall", "right", "false alarms", "not mentioned", "false alarms"]
    names = (
        "n", "leaks", "recall", "accuracy", "false_alarms", "not_mentioned", "false_alarms_not_mentioned",
    )  # fmt: skip
    return grid([head, *([name, *(shown(one["leaks"][n]) for n in names)] for name, one in sets.items())])


def _claims(sets: Table) -> list[str]:
    rows = [["set and verdict", "claims", "recall", "findings", "of type", "precision"]]
    for name, one in sets.items():
        for verdict, numbers in one["claims"].items():
            n, recall, found, precision = (
                shown(numbers.get(key)) for key in ("n", "recall", "findings", "precision")
            )
            rows.append([f"{name} {verdict}", n, recall, found, word(DETECTORS.get(verdict, "any")), precision])
    return grid(rows)


def _errors(sets: Table) -> list[str]:
    head = ["set", "right", "called errors", "wrong", "called errors"]
    names = ("accepted", "called_errors", "errors", "errors_found")
    return grid([head, *([name, *(shown(one["errors"][n]) for n in names)] for name, one in sets.items())])


def _bars(bars: Sequence[Table]) -> list[str]:
    rows = [[row["what"], row["bar"], shown(row["found"]), shown(row["n"]), met(row["met"])] for row in bars]
    asked = [row for row in bars if row["met"] is not None]
    total = f"{sum(row['met'] for row in asked)} of {len(asked)} bars met, {len(bars) - len(asked)} not asked"
    return [*grid([["", "bar", "found", "of", ""], *rows]), total]
