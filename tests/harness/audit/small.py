"""A small audit as JSON on stdout, to be run twice: one shipped set and every part on the tiny pack."""

import json
import sys
from pathlib import Path

from rembench.harness.audit import dose_response, integrity, invariance, known_groups, mutants, zoo_table
from rembench.harness.audit.audit import audit
from rembench.harness.audit.validity import load_sets, shipped_sets
from rembench.harness.scenario.pack import load_pack

TINY = load_pack(str(Path(__file__).parents[2] / "packs" / "tiny")).scenarios
PARTS = {
    "known_groups": lambda _: {"bar": "", "met": True, "packs": {"tiny": known_groups.of(TINY)}},
    "dose_response": lambda _: dose_response.of(TINY, ["lost", "unsupported"]),
    "invariance": lambda _: invariance.of(TINY),
    "mutants": lambda _: mutants.of(TINY),
    "zoo": lambda _: zoo_table.of(TINY[:1]),
    "integrity": lambda _: integrity.of("small", 2),
}


def small_audit():
    return audit(load_sets(shipped_sets()[:1]), parts=PARTS)


def as_text(found):
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)


if __name__ == "__main__":
    sys.stdout.write(as_text(small_audit()))
