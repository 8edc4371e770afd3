"""Every bar that the scorer is held to, with what was found: met, not met, or not asked with the reason.

    agreement   kappa ≥ 0.80 on every set, with all cues and with those held out that one scenario alone
                speaks for (see `held_out`), and ≥ 0.70 on every kind of item; no verdict on ≤ 5% of all values
    errors      mean absolute error of retention and staleness ≤ 0.05 on a memory; rank correlation of the
                memories within a scenario ≥ 0.9
    leaks       found or not found rightly in ≥ 95% of the pairs of a memory and a value that must be gone;
                false alarms on ≤ 1% of the values that aren't mentioned
    false       in a set of which at least 95% is right by its labels: ≤ 2% of what's right is called an error
    findings    precision ≥ 0.8 against the listed claims, closed-world errors and unsupported atoms apart
    parts       the bars of the parts that need no labels, as their modules state them

Numbers are compared as they are, before they are rounded for print; a bar without a number to compare isn't
met by default: it's not asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Table = Mapping[str, Any]

NEARLY_RIGHT = 0.95
_CLOSED_WORLD = ("distorted", "misbound", "condition_dropped")


def bars(found: Table) -> list[Row]:
    """{"part", "what", "bar", "found", "n", "met"} for every bar.

    `part` is the audit's key that it's of, `n` what `found` is taken over; `met` is None with a `reason` where
    it isn't asked.
    """
    rows = [{"part": "validity", **row} for row in _labelled(found)]
    for name, measured in _PARTS.items():
        if name in found:
            rows += [{"part": name, **row} for row in measured(found[name])]
    return rows


def _labelled(found: Table) -> Iterator[Row]:
    for name, one in found["validity"].items():
        yield from _of_set(name, one)
    for name, one in found["held_out"]["sets"].items():
        yield _at_least(f"kappa, set {name}, cues held out", 0.80, one["kappa"], one["n"])
    pooled = found["pooled"]
    for kind, one in pooled["by_kind"].items():
        yield _at_least(f"kappa of {kind}, all sets", 0.70, one["kappa"], one["n"])
    yield _at_most("no verdict, all sets", 0.05, pooled["abstained"], pooled["n"])


def _of_set(name: str, one: Table) -> Iterator[Row]:
    yield _at_least(f"kappa, set {name}", 0.80, one["kappa"], one["n"])
    for metric in ("retention", "staleness"):
        error = one["metric_error"][metric]
        yield _at_most(f"error of {metric}, set {name}", 0.05, error["mae"], error["memories"])
    for metric in ("retention", "staleness"):
        error = one["metric_error"][metric]
        ranks = _at_least(
            f"ranks by {metric}, set {name}", 0.9, error["rank_correlation"], error["rank_scenarios"]
        )
        yield {**ranks, **({"reason": error["rank_reason"]} if "rank_reason" in error else {})}
    leaks = one["leaks"]
    yield _at_least(f"leak or none, set {name}", 0.95, leaks["accuracy"], leaks["n"])
    alarms = leaks["false_alarms_not_mentioned"]
    yield _at_most(f"alarms on what isn't mentioned, set {name}", 0.01, alarms, leaks["not_mentioned"])
    yield from _errors(name, one["errors"])
    yield from _findings(name, one)


def _errors(name: str, errors: Table) -> Iterator[Row]:
    asked = errors["accepted"] + errors["errors"]
    if asked and errors["accepted"] >= NEARLY_RIGHT * asked:
        what = f"right values called errors, set {name}"
        yield _at_most(what, 0.02, errors["called_errors"], errors["accepted"])


def _findings(name: str, one: Table) -> Iterator[Row]:
    if not one["claims"]["all"].get("listed"):
        return
    for title, types in (("closed-world findings", _CLOSED_WORLD), ("unsupported atoms", ("unsupported",))):
        mine = [one["findings"][type_] for type_ in types]
        n, right = sum(f["n"] for f in mine), sum(f["right"] for f in mine)
        yield _at_least(f"precision of {title}, set {name}", 0.8, right / n if n else None, n)


def _known_groups(part: Table) -> Iterator[Row]:
    for name, one in part["packs"].items():
        off = len(one["oracle"]["off"]) + one["oracle"]["missing"]
        asked = sum(value is not None for value in one["oracle"]["metrics"].values())
        yield _row(f"oracle's metrics off or missing, {name}", "0", off, asked, not off)
        nothing = one["nothing"]
        gained = sum(bool(value) for value in nothing.values())
        yield _row(f"nothing's metrics that aren't 0, {name}", "0", gained, len(nothing), not gained)


def _dose_response(part: Table) -> Iterator[Row]:
    for name, one in part["types"].items():
        n = sum(one["injected"])
        yield _row(f"slope of {one['metric']}, {name}", "1 ± 0.05", one["slope"], n, one["slope_met"])
        worst = max(one["moved"].values(), default=0.0)
        yield _row(f"other metrics moved by {name}", "≤ 0.02", worst, n, one["moved_met"])


def _invariance(part: Table) -> Iterator[Row]:
    for name, one in part["transformations"].items():
        bar = f"≥ {one['bar']:.0%}"
        worst = min(one["identical"], one["identical_findings"])
        yield _row(f"same when rewritten: {name}", bar, worst, one["verdicts"], one["met"])


def _mutants(part: Table) -> Iterator[Row]:
    for name, one in part["types"].items():
        yield _row(f"mutants noticed: {name}", "≥ 95%", one["share"], one["made"], one["met"])


def _zoo(part: Table) -> Iterator[Row]:
    for name, one in part["consolidators"].items():
        yield _row(f"skill of {name}", "≤ 0.05", one["metrics"]["skill"], part["scenarios"], one["met"])
    better, judge = part["duplication"], part["judge"]
    yield _row("metrics better by duplication", "0", len(better["improved"]), better["metrics"], better["met"])
    changed = len(judge["changed"])
    yield _row("changed by text aimed at a judge", "0", changed, judge["verdicts"], judge["met"])


def _integrity(part: Table) -> Iterator[Row]:
    for name, wrong in part["faults"].items():
        yield _row(f"faults of generated scenarios: {name}", "0", wrong, part["scenarios"], not wrong)


_PARTS = {
    "integrity": _integrity,
    "known_groups": _known_groups,
    "dose_response": _dose_response,
    "invariance": _invariance,
    "mutants": _mutants,
    "zoo": _zoo,
}


def _at_least(what: str, bar: float, value: float | None, n: int) -> Row:
    return _row(what, f"≥ {bar:.2f}", value, n, None if value is None else value >= bar)


def _at_most(what: str, bar: float, value: float | None, n: int) -> Row:
    return _row(what, f"≤ {bar:.2f}", value, n, None if value is None else value <= bar)


def _row(what: str, bar: str, value: float | None, n: int, met: bool | None) -> Row:
    row: Row = {"what": what, "bar": bar, "found": value, "n": n, "met": met}
    return row if met is not None else {**row, "reason": "nothing to measure it on"}


def unmet(rows: Sequence[Row]) -> list[Row]:
    """The bars that were asked and aren't met."""
    return [row for row in rows if row["met"] is False]
