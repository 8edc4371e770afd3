"""The tables that `rembench audit` prints: plain text, at most a hundred characters wide."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from rembench.harness.audit.agreement import NO_VERDICT
from rembench.harness.types import STANCES

WIDTH = 100
_UNDEFINED = "–"
_ERRORS = ("memories", "mae", "bias", "max", "rank_correlation")
_PARTS = {
    "known_groups": "Known groups",
    "dose_response": "Dose–response",
    "invariance": "Invariance",
    "mutants": "Mutants",
    "zoo": "Adversary zoo",
}

Table = Mapping[str, Any]


def audit_lines(found: Table) -> Iterator[str]:
    """All tables of an audit."""
    sets, pooled = found["validity"], found["pooled"]
    yield from _made(sets)
    readers = f" · readers: {', '.join(dict.fromkeys(one['readers'] for one in sets.values()))}"
    yield from _titled(f"Agreement with the labels{readers}", _sets(sets))
    yield "an abstention counts as disagreement; containment: the value's text stands in the memory"
    yield from _titled(f"By kind of item, all sets{readers}", _groups(pooled["by_kind"]))
    yield from _titled(f"By style of memory, all sets{readers}", _groups(pooled["by_style"]))
    yield from _titled(f"By expected stance, all sets{readers}", _groups(pooled["by_expected"]))
    yield from _titled(f"Verdicts on each label, all sets{readers}", _confusion(pooled["confusion"]))
    for name, one in sets.items():
        title = f"Metrics from verdicts beside metrics from labels, set {name} · readers: {one['readers']}"
        yield from _titled(title, _metrics(one))
    yield from _titled(f"Leaks: values that must be gone{readers}", _leaks(sets))
    yield from _titled(f"Findings beside the unsupported claims listed{readers}", _claims(sets))
    yield from _titled(f"Values right by their label, and wrong by it{readers}", _errors(sets))
    for key, title in _PARTS.items():
        if key in found:
            yield from _titled(title, list(part_lines(found[key])))


def grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned columns: the first to the left, the others to the right; cut at `WIDTH`."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for first, *others in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()[:WIDTH])
    return lines


def part_lines(part: Table) -> Iterator[str]:
    """Any part as text: its plain values, and every table inside it as a grid."""
    plain = {key: value for key, value in part.items() if not isinstance(value, Mapping)}
    rows = {key: value for key, value in part.items() if isinstance(value, Mapping)}
    for key, value in plain.items():
        yield from wrap(f"{_word(key)}: {_shown(value)}", WIDTH, subsequent_indent="  ")
    flat = {key: row for key, row in rows.items() if not any(isinstance(v, Mapping) for v in row.values())}
    if flat:
        columns = list(dict.fromkeys(name for row in flat.values() for name in row))
        head = ["", *(_word(column) for column in columns)]
        yield from grid(
            [head, *([_word(k), *(_shown(r.get(c, "")) for c in columns)] for k, r in flat.items())]
        )
    for key, row in rows.items():
        if key not in flat:
            yield f"{_word(key)}:"
            yield from (f"  {line}"[:WIDTH] for line in part_lines(row))


def _made(sets: Table) -> Iterator[str]:
    for name, one in sets.items():
        counts = f"{one['memories']} memories of {one['scenarios']} scenarios, {one['n']} labelled values"
        line = f"set {name}: {counts} · labelled by: {one['readers']} · how: {one['how']}"
        yield from wrap(line, WIDTH, subsequent_indent="  ")


def _titled(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from ("", title[:WIDTH], *lines)


def _sets(sets: Table) -> list[str]:
    head = ["set", "values", "kappa", "accuracy", "abstained", "containment's kappa", "readers' kappa"]
    names = ("n", "kappa", "accuracy", "abstained", "containment_kappa", "readers_kappa")
    return grid([head, *([name, *(_shown(one[n]) for n in names)] for name, one in sets.items())])


def _groups(groups: Table) -> list[str]:
    head = ["", "values", "kappa", "accuracy", "abstained"]
    names = ("n", "kappa", "accuracy", "abstained")
    return grid([head, *([name, *(_shown(one[n]) for n in names)] for name, one in groups.items())])


def _confusion(table: Table) -> list[str]:
    answers = [*STANCES, NO_VERDICT]
    return grid([["label", *answers], *([la, *(str(row[a]) for a in answers)] for la, row in table.items())])


def _metrics(one: Table) -> list[str]:
    errors = one["metric_error"]
    rows = [[name, *(_shown(error[key]) for key in _ERRORS)] for name, error in errors.items()]
    return grid([["", *(_word(key) for key in _ERRORS)], *rows])


def _leaks(sets: Table) -> list[str]:
    head = ["set", "pairs", "leaks", "recall", "right", "false alarms", "not mentioned", "false alarms"]
    names = (
        "n", "leaks", "recall", "accuracy", "false_alarms", "not_mentioned", "false_alarms_not_mentioned",
    )  # fmt: skip
    return grid([head, *([name, *(_shown(one["leaks"][n]) for n in names)] for name, one in sets.items())])


def _claims(sets: Table) -> list[str]:
    rows = [["set", "claims", "recall", "findings", "precision"]]
    for name, one in sets.items():
        for verdict, numbers in one["claims"].items():
            shown = (_shown(numbers.get(key)) for key in ("n", "recall", "findings", "precision"))
            rows.append([f"{name} {verdict}", *shown])
    return grid(rows)


def _errors(sets: Table) -> list[str]:
    head = ["set", "right", "called errors", "wrong", "called errors"]
    names = ("accepted", "called_errors", "errors", "errors_found")
    return grid([head, *([name, *(_shown(one["errors"][n]) for n in names)] for name, one in sets.items())])


def _word(key: str) -> str:
    return key.replace("_", " ")


def _shown(value: object) -> str:
    if value is None:
        return _UNDEFINED
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(one) for one in value) or "none"
    return str(value)
