from dataclasses import replace

from rembench.harness.audit.entries import read_entries
from rembench.harness.audit.mutants import is_noticed, of
from rembench.harness.audit.mutate import MUTATIONS, mutants
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Finding
from tests.harness.audit.garden import GARDEN, oracle

MUTANT = next(iter(mutants(read_entries(GARDEN, "c2", oracle()))))
READING = ScenarioScorer(GARDEN).read(oracle(), "c2")


def finding(**where):
    place = {"path": MUTANT.path, "start": MUTANT.start, "end": MUTANT.start + 1, **where}
    return Finding(checkpoint="c2", type="unsupported", rule="r", quote="q", **place)


def test_swapped_values_are_noticed():
    found = of([GARDEN])
    assert found["types"]["value swapped"]["share"] == 1.0
    assert set(found["types"]) == set(MUTATIONS)


def test_what_changes_nothing_is_not_noticed():
    assert not is_noticed(MUTANT, READING, READING)


def test_a_new_finding_in_the_line_is_noticed():
    assert is_noticed(MUTANT, READING, replace(READING, findings=(finding(),)))


def test_a_new_finding_on_the_item_is_noticed():
    elsewhere = finding(path="other.md", item=MUTANT.item)
    assert is_noticed(MUTANT, READING, replace(READING, findings=(elsewhere,)))


def test_a_finding_elsewhere_is_not():
    assert not is_noticed(MUTANT, READING, replace(READING, findings=(finding(path="other.md"),)))


def test_a_finding_that_was_there_before_is_not():
    there = replace(READING, findings=(finding(),))
    assert not is_noticed(MUTANT, there, there)


def test_missed_mutants_are_shown(monkeypatch):
    monkeypatch.setitem(
        MUTATIONS, "negated", lambda place: replace(place.entry, stated=f"{place.entry.stated}!")
    )
    found = of([GARDEN])
    assert not found["met"]
    assert found["types"]["negated"]["share"] == 0.0
    assert "garden c1 hedge: - hedge, plant: hornbeam!" in found["types"]["negated"]["examples"]
