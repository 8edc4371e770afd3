import json
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parents[2] / "packs" / "tiny" / "scenarios"


def copies(path: Path, n: int) -> Path:
    """A pack of so many scenarios: the tiny ones over and over."""
    known = [json.loads(one.read_text(encoding="utf-8")) for one in sorted(TINY.glob("*.json"))]
    made = [{**known[k % len(known)], "id": f"{known[k % len(known)]['id']}-{k:02d}"} for k in range(n)]
    path.write_text("".join(json.dumps(one) + "\n" for one in made), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def gated(tmp_path_factory):
    """A folder with a pack of ten scenarios, a run on it, its baseline and a policy that ten can decide."""
    folder = tmp_path_factory.mktemp("gated")
    pack = copies(folder / "ten.jsonl", 10)
    rembench = [sys.executable, "-m", "rembench"]
    run = [*rembench, "run", "-p", pack, "-c", "extractive", "-o", folder / "run", "-q"]
    subprocess.run(run, check=True, capture_output=True)
    (folder / "gate.toml").write_text("[metrics.retention]\nmargin = 0.3\n", encoding="utf-8")
    baseline = [*rembench, "gate", "baseline", folder / "run", "-o", folder / "baseline.json"]
    subprocess.run([*baseline, "-c", "extractive"], check=True, capture_output=True)
    return folder
