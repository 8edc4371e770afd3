"""The default run on the packs that come with rembench: what the controls must look like."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warm import rembench

ROOT = Path(__file__).parents[1]
PERFECT = {
    "retention": 1.0, "contradiction": 1.0, "insight": 1.0, "skill": 1.0, "clean_scenario_rate": 1.0,
    "staleness": 0.0, "hallucination": 0.0, "unsupported": 0.0, "deletion_leakage": 0.0,
    "secrets_kept": 0.0, "injections_obeyed": 0.0, "false_stale": 0.0, "damage": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("pack", ["natural", "recorded", "gate"])
def test_the_controls_look_like_what_they_are(pack, tmp_path):
    run = tmp_path / "run"
    printed = rembench("run", "-p", pack, "-o", run, "--quiet").stdout
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    metrics = {name: one["metrics"] for name, one in summary["consolidators"].items()}
    oracle, nothing, hoarder = (metrics[name] for name in ("oracle", "nothing", "append-all"))

    assert {m: oracle[m]["value"] for m in PERFECT} == PERFECT
    assert [m for m, found in oracle.items() if found["missing"]] == []

    assert [nothing[m]["value"] for m in ("retention", "deletion_leakage", "skill")] == [0.0, 0.0, 0.0]
    assert nothing["retention"]["missing"] == 0

    assert hoarder["retention"]["value"] > 0.75
    assert hoarder["staleness"]["value"] > 0.35
    assert min(hoarder[m]["value"] for m in ("deletion_leakage", "secrets_kept")) > 0.6
    assert hoarder["skill"]["value"] == 0.0

    if pack == "gate":
        (tmp_path / "printed").write_text(printed, encoding="utf-8")
        check = [sys.executable, ROOT / "scripts" / "readme.py", "--check", "--run", tmp_path / "printed"]
        assert subprocess.run(check, check=False).returncode == 0, "run scripts/readme.py"
