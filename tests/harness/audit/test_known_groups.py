from dataclasses import replace
from pathlib import Path

from rembench.harness.audit.known_groups import of, wanted
from rembench.harness.scenario.pack import load_pack
from rembench.metrics import METRICS
from tests.harness.audit.garden import GARDEN, item, value

TINY = load_pack(str(Path(__file__).parents[2] / "packs" / "tiny")).scenarios


def test_oracle_is_right_in_everything_and_nothing_in_nothing():
    found = of(TINY)
    assert found["met"]
    assert found["oracle"]["metrics"]["retention"] == 1.0
    assert found["oracle"]["metrics"]["prohibitions_broken"] == 0.0
    assert found["nothing"] == {"retention": 0.0, "deletion_leakage": 0.0, "skill": 0.0}


def test_an_oracle_that_is_not_right_is_reported():
    # What must be held of the hedge must be gone as well: no memory can do both.
    odd = item("odd", "deletion", "hedge", "plant", value("hornbeam", "absent", "absent"))
    found = of([replace(GARDEN, items=(*GARDEN.items, odd))])
    assert not found["met"]
    assert found["oracle"]["off"]["deletion_leakage"] == 1.0


def test_what_is_wanted_follows_the_direction():
    assert wanted(METRICS["retention"]) == 1.0
    assert wanted(METRICS["false_stale"]) == 0.0
    assert wanted(METRICS["store_tokens"]) is None
