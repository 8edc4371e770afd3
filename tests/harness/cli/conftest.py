import json
from pathlib import Path

import pytest

from tests.warm import rembench

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
    rembench("run", "-p", pack, "-c", "extractive", "-o", folder / "run", "-q")
    (folder / "gate.toml").write_text("[metrics.retention]\nmargin = 0.3\n", encoding="utf-8")
    rembench("gate", "baseline", folder / "run", "-o", folder / "baseline.json", "-c", "extractive")
    return folder
