"""Writes the generated parts of README.md: the code's tables, the committed simulation, a real run's result.

python scripts/readme.py             the default run and the audit (two minutes), write README.md and audit.json
python scripts/readme.py --run FILE  take the result from what `rembench run -p gate --quiet` printed
python scripts/readme.py --check     write nothing, exit 1 where README.md isn't what would be written, or where
                                     datasets/validity/audit.json isn't what the audit finds; of the latter only
                                     the parts that take seconds are made again (tests -m slow: all)
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rembench.consolidators import TABLE
from rembench.harness.audit import mutants
from rembench.harness.audit.audit import PARTS, audit, rounded, validity
from rembench.harness.audit.validity import load_sets, shipped_sets
from rembench.harness.scenario.card import manifest
from rembench.harness.scenario.pack import find_pack, pack_names
from rembench.metrics import METRICS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
AUDIT = ROOT / "datasets" / "validity" / "audit.json"
GATE_ERROR = ROOT / "benchmarks" / "gate_error.md"
QUICK = {"mutants": mutants.measure}
ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}


def main() -> None:
    """Write README.md, or check it."""
    arguments = argparse.ArgumentParser(description="Write or check the generated parts of README.md.")
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--run", type=Path)
    said = arguments.parse_args()
    if said.check:
        check_audit()
    else:
        AUDIT.write_text(
            json.dumps(audit(load_sets(shipped_sets())), ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    old = README.read_text("utf-8")
    new = written(old, said.run)
    if said.check:
        sys.exit("README.md is out of date: run scripts/readme.py" if new != old else 0)
    README.write_text(new, "utf-8")


def check_audit() -> None:
    """Exit where the committed audit isn't what the scorer gives now, by the parts that take seconds."""
    known = json.loads(AUDIT.read_text("utf-8"))
    now = rounded(
        {**validity(load_sets(shipped_sets())), **{name: part(False) for name, part in QUICK.items()}}
    )
    for name, found in json.loads(json.dumps(now)).items():
        if known[name] != found:
            sys.exit(f"{AUDIT.relative_to(ROOT)} is out of date in {name}: run scripts/readme.py")


def written(text: str, run: Path | None) -> str:
    """`text` with its generated parts renewed."""
    parts = {
        "consolidators": consolidators,
        "metrics": metrics,
        "packs": packs,
        "audit": agreement,
        "gate-error": gate_error,
        "result": lambda: result(run),
    }
    for name, made in parts.items():
        begin, end = f"<!-- {name}: written by scripts/readme.py -->\n", f"<!-- {name}: end -->"
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if not pattern.search(text):
            sys.exit(f"README.md has no place for {name}")
        body = begin + "\n" + "\n".join(made()) + "\n\n" + end
        text = pattern.sub(lambda _, body=body: body, text)
    return text


def consolidators() -> Iterator[str]:
    """The consolidators that come with rembench."""
    yield from (
        "| name | role | what it does | needs | options that it can't do without |",
        "|---|---|---|---|---|",
    )
    for name, entry in TABLE.items():
        example = f"`{entry.example}`" if entry.example else ""
        role = "control" if entry.control else "contestant"
        yield f"| `{name}` | {role} | {entry.summary} | {entry.needs} | {example} |"


def metrics() -> Iterator[str]:
    """The metrics, with the better direction."""
    yield from ("| metric | | asks | unit |", "|---|---|---|---|")
    for name, metric in METRICS.items():
        yield f"| `{name}` | {ARROWS[metric.better]} | {metric.asks} | {metric.unit} |"


def packs() -> Iterator[str]:
    """The packs that come with rembench, by their manifests."""
    yield "| pack | scenarios | sessions | nights | items | values | what |"
    yield "|---|---|---|---|---|---|---|"
    for name in pack_names():
        own = manifest(find_pack(name))
        counted = own["statistics"]
        counts = (counted[key] for key in ("scenarios", "sessions", "nights", "items", "values"))
        yield f"| `{name}` | {' | '.join(f'{n:,}' for n in counts)} | {own['title']} |"


def agreement() -> Iterator[str]:
    """The committed audit: agreement by set and by kind, then every bar with what was found."""
    found = json.loads(AUDIT.read_text("utf-8"))
    sets = found["validity"]
    for how in dict.fromkeys((one["readers"], one["how"]) for one in sets.values()):
        names = ", ".join(f"`{name}`" for name, one in sets.items() if (one["readers"], one["how"]) == how)
        yield f"{names}: labelled by {how[0]}; {how[1]}."
        yield ""
    yield from _agreement("set", {f"`{name}`": one for name, one in sets.items()})
    yield ""
    yield from _agreement("kind of item, all sets", found["pooled"]["by_kind"])
    yield ""
    rows = [row for row in found["bars"] if row["part"] == "validity" and not _is_in_a_table(row["what"])]
    yield from ("| against the labels | bar | found | of | |", "|---|---|---|---|---|")
    for row in rows:
        yield f"| {row['what']} | {row['bar']} | {_number(row['found'])} | {row['n']:,} | {_met(row['met'])} |"
    yield ""
    yield from ("| without labels | bar | met | not met |", "|---|---|---|---|")
    for part in PARTS:
        mine = [row for row in found["bars"] if row["part"] == part]
        missed = "; ".join(f"{r['what']} {_number(r['found'])}" for r in mine if r["met"] is False) or "–"
        met = f"{sum(r['met'] is True for r in mine)} of {len(mine)}"
        yield f"| {part.replace('_', ' ')} | {found[part]['bar']} | {met} | {missed} |"


def _is_in_a_table(what: str) -> bool:
    return what.startswith("kappa") and "held out" not in what


def _agreement(title: str, groups: dict[str, Any]) -> Iterator[str]:
    yield f"| {title} | values | kappa | accuracy | abstained | plain containment's kappa | readers' kappa |"
    yield "|---|---|---|---|---|---|---|"
    names = ("kappa", "accuracy", "abstained", "containment_kappa", "readers_kappa")
    for name, one in groups.items():
        yield f"| {name} | {one['n']:,} | {' | '.join(_number(one[key]) for key in names)} |"


def _number(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else f"{value}"


def _met(found: bool | None) -> str:
    return {True: "met", False: "**not met**", None: "not asked"}[found]


def gate_error() -> Iterator[str]:
    """The first table of the committed simulation, and the command that made it; it isn't made again here."""
    head, _, rest = GATE_ERROR.read_text("utf-8").partition("\n## ")
    yield from rest.partition("\n## ")[0].strip().splitlines()[2:]
    yield ""
    yield head.splitlines()[2]


def result(run: Path | None) -> Iterator[str]:
    """What quickstart's run prints, less the names of its report and its folder."""
    printed = run.read_text("utf-8") if run else _printed()
    for line in printed.splitlines()[:-2]:
        yield f"    {line}".rstrip()


def _printed() -> str:
    command = [sys.executable, "-m", "rembench", "run", "-p", "gate", "--quiet", "-o"]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([*command, f"{folder}/run"], check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
