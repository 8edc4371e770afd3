"""What every consolidator of the table keeps to."""

import copy
import importlib

import pytest
from hypothesis import given, settings

from rembench.consolidators import CONTROLS, DEFAULTS, TABLE
from rembench.consolidators.load import load_consolidator
from rembench.harness.memory import check_memory
from rembench.harness.night import FREE
from rembench.harness.tokens import memory_tokens
from tests.consolidators.nights import ODD_NIGHTS, arbitrary_nights, consolidated, night

every = pytest.mark.parametrize("name", TABLE)


@every
def test_entry_is_called_what_the_table_calls_it(name):
    assert TABLE[name].name == name
    assert (name in CONTROLS) == TABLE[name].control
    assert load_consolidator(name).control == TABLE[name].control


def test_defaults_are_contestants():
    assert DEFAULTS
    assert not set(DEFAULTS) & set(CONTROLS)


@every
def test_module_and_class_say_what_they_do(name):
    module, _, made = TABLE[name].target.partition(":")
    imported = importlib.import_module(module)
    assert imported.__doc__
    assert getattr(imported, made).__doc__


@every
def test_same_night_twice_gives_the_same_memory(name):
    first, second = consolidated(name, night()), consolidated(name, night())
    assert first == second
    assert list(first.memory) == list(second.memory)


@every
def test_night_is_not_changed(name):
    given_night = night(memory={"a.md": "- x\n"})
    before = copy.deepcopy(given_night)
    consolidated(name, given_night)
    assert given_night == before


@every
@pytest.mark.parametrize("odd", ODD_NIGHTS)
def test_odd_night_gives_a_valid_memory(name, odd):
    check_memory(consolidated(name, ODD_NIGHTS[odd]).memory)


@every
@pytest.mark.parametrize("budget", [0, 12, 40])
def test_write_budget_is_kept_exactly_where_declared(name, budget):
    kept = memory_tokens(consolidated(name, night(write_budget=budget)).memory) <= budget
    if load_consolidator(name).capabilities.write_budget:
        assert kept
    elif budget == 0:
        assert not kept


@every
def test_provenance_is_given_exactly_where_declared(name):
    given_some = bool(consolidated(name, night()).provenance)
    assert given_some == load_consolidator(name).capabilities.provenance


@every
def test_nothing_shipped_without_a_model_costs_anything(name):
    assert not load_consolidator(name).capabilities.network
    assert consolidated(name, night()).usage == FREE


@pytest.mark.parametrize("name", [n for n in TABLE if n not in ("nothing", "oracle")])
def test_quiet_night_changes_nothing(name):
    crowded = {"a.md": "# A\n\n" + "- a line of the store\n" * 2000, "b.md": "", "c.md": "no end"}
    assert consolidated(name, night(memory=crowded, sessions=())).memory == crowded


@every
@settings(max_examples=30, deadline=None)
@given(given_night=arbitrary_nights)
def test_any_night_gives_a_valid_memory_within_the_budget(name, given_night):
    memory = check_memory(consolidated(name, given_night).memory)
    budget = given_night.write_budget
    if budget is not None and load_consolidator(name).capabilities.write_budget:
        assert memory_tokens(memory) <= budget
