"""Makes the synthetic packs in `datasets/` from their seeds, or checks that they're what the seeds make.

scripts/packs.py            write core, gate, deletion and hard
scripts/packs.py --check    make them again and compare, writing nothing
scripts/packs.py --long DIR four scenarios of 100 sessions and about a million tokens (not in the repository)
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.cli.folder import new_folder
from rembench.harness.cli.timeline import printable, scenario_lines
from rembench.harness.generator.dials import DELETION, HARD, LONG
from rembench.harness.generator.generate import Recipe, generate
from rembench.harness.generator.write import line, write_scenarios
from rembench.harness.scenario.card import write_card
from rembench.harness.scenario.lines import write_jsonl_gz
from rembench.harness.scenario.reader import scenario_of
from rembench.harness.scenario.survey import survey_pack

FOLDER = Path(__file__).parents[1] / "datasets"
DATA = "scenarios.jsonl.gz"
SHOWN = ("core-0001-clinic", "core-0011-household", "core-0016-coding")
BEGIN, END = "<!-- scenarios -->", "<!-- /scenarios -->"

CORE = Recipe(seed="core 1", n=96, prefix="core")
PACKS: Mapping[str, Recipe] = {
    "core": CORE,
    "gate": CORE,
    "deletion": Recipe(seed="deletion 1", n=100, prefix="deletion", dials=(DELETION,), twins=True, secrets=3),
    "hard": Recipe(seed="hard 1", n=24, prefix="hard", dials=(HARD,)),
}
GATE = 24


def made(name: str) -> list[dict[str, Any]]:
    """The scenarios of a pack."""
    scenarios = list(generate(PACKS[name]))
    return covering(scenarios, GATE) if name == "gate" else scenarios


def covering(scenarios: Sequence[dict[str, Any]], n: int) -> list[dict[str, Any]]:
    """`n` of them, taken so that each adds the most of what's rarest so far; in their order."""
    marks = [tuple(_marks(one)) for one in scenarios]
    seen: dict[tuple[str, str], int] = {}
    chosen: list[int] = []
    while len(chosen) < n:
        left = [k for k in range(len(scenarios)) if k not in chosen]
        best = max(left, key=lambda k: (sum(1 / (1 + seen.get(m, 0)) ** 2 for m in set(marks[k])), -k))
        chosen.append(best)
        for mark in set(marks[best]):
            seen[mark] = seen.get(mark, 0) + 1
    return [scenarios[k] for k in sorted(chosen)]


def _marks(scenario: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a scenario covers: its setting and level, each weighing as much as six items, kinds and tactics."""
    for n in range(6):
        yield f"domain {n}", scenario["domain"]
        yield f"level {n}", str(scenario["level"])
    for item in scenario["items"]:
        yield item["kind"], str(item.get("tactic"))


def write(name: str) -> None:
    """Write a pack's scenarios, hash, counts, statistics and metadata."""
    folder = FOLDER / name
    (folder / DATA).unlink(missing_ok=True)
    write_jsonl_gz(folder / DATA, (line(one) for one in made(name)))
    if name == "core":
        _write_examples(folder / "README.md")
    pack = survey_pack(str(folder))
    write_card(pack)
    print(f"{name}: {pack.statistics['scenarios']} scenarios, sha256 {pack.sha256}")


def _write_examples(card: Path) -> None:
    """Three scenarios, whole and unedited, in the card of core."""
    before, _, rest = card.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    shown = [scenario_of(one) for one in generate(CORE) if one["id"] in SHOWN]
    parts = ["\n".join(printable(text) for text in scenario_lines(one, full=True)) for one in shown]
    blocks = "".join(f"\n````text\n{part}\n````\n" for part in parts)
    card.write_text(f"{before}{BEGIN}\n{blocks}\n{END}{after}", encoding="utf-8")


def check(name: str) -> bool:
    """Whether the pack that's there has, line by line, what its seed makes."""
    with gzip.open(FOLDER / name / DATA, "rt", encoding="utf-8") as stream:
        there = [text.rstrip("\n") for text in stream]
    same = there == [line(one) for one in made(name)]
    print(f"{name}: {'as its seed makes it' if same else 'differs from what its seed makes'}")
    return same


def main() -> int:
    """Write or check the packs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true")
    options.add_argument("--long", type=Path, metavar="DIR")
    options.add_argument("packs", nargs="*", default=[], metavar="PACK", help="all by default")
    asked = options.parse_args()
    if asked.long:
        recipe = Recipe(seed="long 1", n=4, prefix="long", dials=(LONG,))
        new_folder(asked.long)
        number = write_scenarios(asked.long / "scenarios.jsonl", generate(recipe))
        print(json.dumps({"scenarios": number, "folder": str(asked.long)}))
        return 0
    names = asked.packs or list(PACKS)
    if asked.check:
        found = [check(name) for name in names]
        return int(not all(found))
    for name in names:
        write(name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
