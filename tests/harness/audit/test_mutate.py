import pytest

from rembench.harness.audit.entries import read_entries
from rembench.harness.audit.mutate import MUTATIONS, mutants
from tests.harness.audit.garden import GARDEN, lines, oracle

ENTRIES = read_entries(GARDEN, "c2", oracle())


def after(type_, item):
    """The changed lines of the mutants of one type made of an item."""
    return {m.after for m in mutants(ENTRIES, types=[type_]) if m.item == item}


def test_a_mutant_changes_one_line():
    for mutant in mutants(ENTRIES):
        assert lines(oracle()) - lines(mutant.memory) == {mutant.before}
        assert lines(mutant.memory) - lines(oracle()) == {mutant.after}


def test_a_mutant_says_where_its_line_is():
    for mutant in mutants(ENTRIES):
        assert mutant.memory[mutant.path][mutant.start : mutant.end] == mutant.after


def test_mutants_are_the_same_every_time():
    assert list(mutants(ENTRIES)) == list(mutants(ENTRIES))


def test_open_entries_have_no_mutants():
    assert {m.item for m in mutants(ENTRIES)} == {"pump", "hedge", "water"}


def test_value_is_swapped_for_the_items_older_one():
    assert after("value swapped", "pump") == {"- pump, running time: 25 minutes"}


def test_subject_is_swapped_for_one_with_a_file():
    (mutant,) = (m for m in mutants(ENTRIES, types=["subject swapped"]) if m.item == "hedge")
    assert mutant.after in {
        "- pump, plant: hornbeam",
        "- gate, plant: hornbeam",
        "- greenhouse, plant: hornbeam",
    }
    assert mutant.path == f"memory/{mutant.after.split()[1].rstrip(',')}.md"
    assert "memory/hedge.md" not in mutant.memory


def test_negation_denies_the_value():
    (line,) = after("negated", "hedge")
    assert line.split(": ")[1] in {
        "not hornbeam", "isn't hornbeam", "definitely not hornbeam", "no, not hornbeam",
        "anything but hornbeam",
    }  # fmt: skip


def test_tense_shift_puts_it_into_the_past():
    (line,) = after("tense shifted", "hedge")
    assert any(word in line for word in ("formerly", "used to be", "2019", "no longer"))


def test_condition_is_dropped():
    assert after("condition dropped", "water") == {
        "- greenhouse, who waters: Orla",
        "- greenhouse, who waters: Finn",
    }


def test_number_is_off_by_one():
    assert after("off by one", "pump") == {"- pump, running time: 41 minutes"}
    assert not after("off by one", "hedge")


def test_unit_is_changed():
    assert after("unit changed", "pump") == {"- pump, running time: 40 hours"}


@pytest.mark.parametrize("type_", MUTATIONS)
def test_every_type_is_made_of_something(type_):
    assert list(mutants(ENTRIES, types=[type_]))
