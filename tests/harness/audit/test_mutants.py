from dataclasses import replace

import pytest

from rembench.harness.audit.entries import read_entries
from rembench.harness.audit.mutants import TELLS, is_noticed, of
from rembench.harness.audit.mutate import MUTATIONS, mutants
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Finding
from tests.harness.audit.garden import GARDEN, oracle

BY_TYPE = {m.type: m for m in mutants(read_entries(GARDEN, "c2", oracle()))}
MUTANT = BY_TYPE["value swapped"]
READING = ScenarioScorer(GARDEN).read(oracle(), "c2")


def finding(**where):
    place = {"path": MUTANT.path, "start": MUTANT.start, "end": MUTANT.start + 1, **where}
    return Finding(**{"checkpoint": "c2", "type": "unsupported", "rule": "r", "quote": "q", **place})


def read_as(mutant, stance):
    """The reading in which the mutant's value has this stance."""
    verdicts = tuple(
        replace(v, observed=stance) if (v.item, v.value) == (mutant.item, mutant.value) else v
        for v in READING.verdicts
    )
    return replace(READING, verdicts=verdicts)


def test_swapped_values_are_noticed():
    found = of([GARDEN])
    assert found["types"]["value swapped"]["share"] == 1.0
    assert set(found["types"]) == set(MUTATIONS)


def test_what_changes_nothing_is_not_noticed():
    assert not is_noticed(MUTANT, READING, READING)


@pytest.mark.parametrize(
    ("stance", "noticed"),
    [("held", False), ("retired", True), ("absent", True), ("open", False), (None, False)],
)
def test_a_denied_value_is_noticed_where_it_is_not_held_any_more(stance, noticed):
    mutant = BY_TYPE["negated"]
    assert is_noticed(mutant, READING, read_as(mutant, stance)) == noticed


def test_what_was_not_held_before_cannot_be_noticed_as_gone():
    mutant = BY_TYPE["negated"]
    assert not is_noticed(mutant, read_as(mutant, "open"), read_as(mutant, "absent"))


def test_only_findings_that_tell_of_the_fault_count():
    # "was hornbeam until the end of 2019": that no source has 2019 says nothing of the tense.
    mutant = BY_TYPE["tense shifted"]
    year = finding(path=mutant.path, start=mutant.start, end=mutant.end)
    assert not is_noticed(mutant, READING, replace(READING, findings=(year,)))
    dropped = BY_TYPE["condition dropped"]
    gone = finding(type="condition_dropped", path="other.md", item=dropped.item, value=dropped.value)
    assert is_noticed(dropped, READING, replace(READING, findings=(gone,)))
    assert not is_noticed(dropped, READING, read_as(dropped, "absent"))


def test_every_type_says_what_tells_of_it():
    assert set(TELLS) == set(MUTATIONS)


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
