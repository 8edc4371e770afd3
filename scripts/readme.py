"""Writes the generated parts of README.md: what's in the tables of the code, and the result of a real run.

python scripts/readme.py             run the default run (half a minute), write README.md
python scripts/readme.py --run DIR   take the result of a finished default run
python scripts/readme.py --check     write nothing, exit 1 where README.md isn't what would be written
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rembench.consolidators import TABLE
from rembench.harness.audit.audit import validity
from rembench.harness.audit.validity import load_sets, shipped_sets
from rembench.harness.scenario.card import manifest
from rembench.harness.scenario.pack import find_pack, pack_names
from rembench.metrics import METRICS

README = Path(__file__).parents[1] / "README.md"
ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}


def main() -> None:
    """Write README.md, or check it."""
    arguments = argparse.ArgumentParser(description="Write or check the generated parts of README.md.")
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--run", type=Path)
    said = arguments.parse_args()
    old = README.read_text("utf-8")
    new = written(old, said.run)
    if said.check:
        sys.exit("README.md is out of date: run scripts/readme.py" if new != old else 0)
    README.write_text(new, "utf-8")


def written(text: str, run: Path | None) -> str:
    """`text` with its generated parts renewed."""
    parts = {
        "consolidators": consolidators,
        "metrics": metrics,
        "packs": packs,
        "audit": audit,
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
    yield from ("| name | role | what it does |", "|---|---|---|")
    for name, entry in TABLE.items():
        yield f"| `{name}` | {'control' if entry.control else 'contestant'} | {entry.summary} |"


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


def audit() -> Iterator[str]:
    """The scorer's agreement with the labelled memories that come with rembench, by set and by kind."""
    found = validity(load_sets(shipped_sets()))
    yield "| set | values | kappa | accuracy | abstained | plain containment's kappa | the readers' kappa |"
    yield "|---|---|---|---|---|---|---|"
    names = ("kappa", "accuracy", "abstained", "containment_kappa", "readers_kappa")
    for name, one in found["validity"].items():
        yield f"| `{name}` | {one['n']:,} | {' | '.join(_number(one[key]) for key in names)} |"
    yield ""
    yield "| kind of item, all sets | values | kappa | accuracy | abstained |"
    yield "|---|---|---|---|---|"
    for kind, one in found["pooled"]["by_kind"].items():
        yield f"| {kind} | {one['n']:,} | {' | '.join(_number(one[key]) for key in names[:3])} |"


def _number(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}"


def result(run: Path | None) -> Iterator[str]:
    """What `rembench score` prints of the default run, less the folder's name."""
    with tempfile.TemporaryDirectory() as temporary:
        if run is None:
            run = Path(temporary) / "run"
            _rembench("run", "-o", str(run), "--quiet")
        for line in _rembench("score", str(run)).splitlines()[:-1]:
            yield f"    {line}".rstrip()


def _rembench(*arguments: str) -> str:
    command = [sys.executable, "-m", "rembench", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
