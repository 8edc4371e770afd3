"""A run with as many consolidators as are asked for, made in minutes and without a model.

    folder = run_of_many(folder, consolidators=20, scenarios=96)

The controls and `extractive` are really run; then each contestant is one of them under a name of its own: what
it wrote is that one's, night by night. Pages have their full size, though many of their numbers are the same.
"""

import json
import subprocess
import sys
from pathlib import Path

MODELS = ("extractive", "newest-wins", "random-prune", "append-all", "identity")
"""What a contestant is a copy of, in turn."""


def run_of_many(folder: Path, consolidators: int, scenarios: int, pack: str = "core") -> Path:
    """Make the run in `folder`, unless it's there; the folder of the run."""
    made = folder / f"many-{consolidators}x{scenarios}-{pack}"
    if (made / "nights.jsonl").exists():
        return made
    few = folder / f"few-{scenarios}-{pack}"
    if not (few / "summary.json").exists():
        asked = ["-p", pack, "--limit", str(scenarios), "-o", str(few), "-q"]
        subprocess.run([sys.executable, "-m", "rembench", "run", *asked], check=True)
    copies = {name_of(n): MODELS[n % len(MODELS)] for n in range(consolidators)}
    made.mkdir(parents=True, exist_ok=True)
    record = json.loads((few / "run.json").read_text(encoding="utf-8"))
    entries = {one["name"]: one for one in record["consolidators"]}
    controls = [one for one in record["consolidators"] if one["control"]]
    record["consolidators"] = [
        *({**entries[model], "name": name, "control": False} for name, model in copies.items()),
        *controls,
    ]
    (made / "run.json").write_text(json.dumps(record), encoding="utf-8")
    _journal(few / "nights.jsonl", made / "nights.jsonl", copies, {one["name"] for one in controls})
    return made


def name_of(n: int) -> str:
    """The name of the nth contestant, of the lengths that names have."""
    return f"memory_tool:model=pretend-{n:02d},rounds={1 + n % 4}" if n % 3 else f"pretend-{n:02d}"


def _journal(source: Path, target: Path, copies: dict[str, str], controls: set[str]) -> None:
    nights = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    with target.open("w", encoding="utf-8") as out:
        for night in nights:
            name = night["chain"]["consolidator"]
            for copy in [*(c for c, model in copies.items() if model == name), *({name} & controls)]:
                chain = {**night["chain"], "consolidator": copy}
                out.write(json.dumps({**night, "chain": chain}, ensure_ascii=False) + "\n")
