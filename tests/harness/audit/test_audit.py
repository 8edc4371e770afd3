"""The whole audit, on a little."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from rembench.harness.audit.audit import PARTS, rounded
from rembench.harness.cli.audit_table import audit_lines
from rembench.harness.cli.columns import WIDTH
from tests.harness.audit.small import as_text, small_audit

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found():
    return small_audit()


def test_another_process_with_another_hash_seed_gives_the_same_bytes(found):
    other = str(int(os.environ.get("PYTHONHASHSEED", "0").replace("random", "0")) + 1)
    made = subprocess.run(
        [sys.executable, "-m", "tests.harness.audit.small"],
        check=True, capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": other, "PYTHONUTF8": "1"},
    ).stdout  # fmt: skip
    assert made == as_text(found)


def test_every_part_is_in_it_with_its_bars(found):
    assert list(found) == ["schema", "rembench", "full", "validity", "pooled", "held_out", *PARTS, "bars"]
    json.dumps(found, allow_nan=False)


def test_tables_keep_to_the_width_and_say_who_the_readers_were(found):
    lines = list(audit_lines(found))
    assert max(len(line) for line in lines) <= WIDTH
    titles = [line for before, line in pairwise(lines) if not before]
    unlabelled = ("Known groups", "Dose–response", "Invariance", "Mutants", "Adversary zoo", "Oracle integrity")
    assert [t for t in titles if "readers: a large language model" not in t] == list(unlabelled)
    assert not any("human" in line and "no human" not in line for line in lines)


def test_numbers_have_six_decimals_and_no_negative_zero():
    assert rounded({"a": [1 / 3, -1e-9, (2, None, "x")]}) == {"a": [0.333333, 0.0, [2, None, "x"]]}
    assert str(rounded(-1e-9)) == "0.0"
