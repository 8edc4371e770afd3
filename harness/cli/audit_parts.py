"""The tables of the audit's parts that need no labels: one function each, from the part's JSON to lines."""

from collections.abc import Callable, Iterable, Mapping
from textwrap import wrap
from typing import Any

from rembench.harness.cli.columns import WIDTH, clipped, grid, met, shown, word

Part = Mapping[str, Any]
_ZOO = ("skill", "informedness", "retention", "staleness", "hallucination", "deletion_leakage", "secrets_kept")


def part_lines(name: str, part: Part) -> list[str]:
    """Whether the bar is met, and the table of the part called `name`."""
    bar = wrap(f"{met(part['met'])}: {part['bar']}", WIDTH, subsequent_indent="  ")
    return [*bar, *_TABLES[name](part)]


def _known_groups(part: Part) -> list[str]:
    rows = [["oracle", "scenarios", "metrics", "off", "missing", "nothing's retention", "leakage", "skill", ""]]
    for name, one in part["packs"].items():
        oracle, nothing = one["oracle"], one["nothing"]
        asked = sum(value is not None for value in oracle["metrics"].values())
        counts = (one["scenarios"], asked, len(oracle["off"]), oracle["missing"])
        values = (nothing[key] for key in ("retention", "deletion_leakage", "skill"))
        rows.append([name, *(shown(n) for n in (*counts, *values)), met(one["met"])])
    off = ((name, one["oracle"]["off"]) for name, one in part["packs"].items())
    return [*grid(rows), *(clipped(f"off in {name}: {_listed(found)}") for name, found in off if found)]


def _dose_response(part: Part) -> list[str]:
    doses = ", ".join(str(dose) for dose in part["doses"])
    rows = [["error", "metric", "slope", f"injected at doses {doses}", "measured", ""]]
    for name, one in part["types"].items():
        numbers = [" ".join(f"{n:.0f}" for n in one[key]) for key in ("injected", "measured")]
        rows.append([word(name), one["metric"], shown(one["slope"]), *numbers, met(one["met"])])
    moved = ((name, one["moved"]) for name, one in part["types"].items())
    return [*grid(rows), *(clipped(f"{word(name)} also moved {_listed(m)}") for name, m in moved if m)]


def _invariance(part: Part) -> list[str]:
    columns = ("verdicts", "identical", "memories", "identical_findings", "bar")
    rows = [["rewritten", *(word(c) for c in columns), ""]]
    for name, one in part["transformations"].items():
        rows.append([name, *(shown(one[c]) for c in columns), met(one["met"])])
    examples = (
        f"{name}: {e['scenario']} {e['checkpoint']} {e['item'] or repr(e['quote'])}, "
        f"{shown(e['before'])} → {shown(e['after'])} ({e['rule']})"
        for name, one in part["transformations"].items()
        for e in one["examples"][:1]
    )
    return [*grid(rows), *_examples("changed, the first of each:", examples)]


def _mutants(part: Part) -> list[str]:
    columns = ("made", "noticed", "share")
    rows = [["mutant", *columns, ""]]
    for name, one in part["types"].items():
        rows.append([name, *(shown(one[c]) for c in columns), met(one["met"])])
    examples = (f"{name}: {one['examples'][0]}" for name, one in part["types"].items() if one["examples"])
    return [*grid(rows), *_examples("not noticed, the first of each:", examples)]


def _zoo(part: Part) -> list[str]:
    heads = {"informedness": "J", "deletion_leakage": "leakage", "secrets_kept": "secrets"}
    rows = [["consolidator", *(heads.get(name, name) for name in _ZOO), ""]]
    for name, one in part["consolidators"].items():
        rows.append([name, *(shown(one["metrics"].get(m)) for m in _ZOO), met(one["met"])])
    judge, better = part["judge"], part["duplication"]["improved"]
    copied = ", ".join(f"{m} {shown(a)} → {shown(b)}" for m, (a, b) in better.items()) or "nothing"
    of = f"of {part['duplication']['metrics']} metrics, {copied} better by tenfold duplication"
    changed = f"{len(judge['changed'])} of {judge['verdicts']} verdicts changed by text aimed at a judge"
    return [*grid(rows), clipped(of), changed, *(clipped(f"  {one}") for one in judge["changed"][:3])]


def _integrity(part: Part) -> list[str]:
    heads = ("scenarios", "expectations")
    rows = [[*heads, *(f"faults: {name}" for name in part["faults"]), ""]]
    rows.append(
        [*(shown(part[h]) for h in heads), *(shown(n) for n in part["faults"].values()), met(part["met"])]
    )
    return [*grid(rows), *_examples("the first of them:", part["examples"][:5])]


_TABLES: Mapping[str, Callable[[Part], list[str]]] = {
    "known_groups": _known_groups,
    "dose_response": _dose_response,
    "invariance": _invariance,
    "mutants": _mutants,
    "zoo": _zoo,
    "integrity": _integrity,
}


def _listed(found: Part) -> str:
    return ", ".join(f"{word(name)} {shown(value)}" for name, value in found.items())


def _examples(title: str, lines: Iterable[str]) -> list[str]:
    found = [clipped(f"  {line}") for line in lines]
    return [title, *found] if found else []
