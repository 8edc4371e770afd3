"""What every consolidator of the table keeps to.

Those that can't be made by their name alone are run as `AS` says, or tested elsewhere, for the reason in
`ELSEWHERE`; so are those that need a network.
"""

import copy
import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from rembench.consolidators import CONTROLS, DEFAULTS, TABLE
from rembench.consolidators.load import load_consolidator
from rembench.harness.errors import UserError
from rembench.harness.memory import check_memory
from rembench.harness.night import FREE
from rembench.harness.tokens import memory_tokens
from tests.consolidators.nights import ODD_NIGHTS, arbitrary_nights, consolidated, night

EXAMPLES = Path(__file__).parents[2] / "examples"
AS = {"command": f"command:run={sys.executable} {EXAMPLES}/command/preferences.py"}
ELSEWHERE = {"replay": "it writes what's recorded, whatever the night"}

PLAIN = [name for name, entry in TABLE.items() if not entry.example]
OFFLINE = [name for name in PLAIN if not load_consolidator(name).capabilities.network]
RUN = [*OFFLINE, *AS.values()]
every = pytest.mark.parametrize("name", TABLE)
everyone = pytest.mark.parametrize("spec", RUN)


@every
def test_entry_is_called_what_the_table_calls_it(name):
    assert TABLE[name].name == name
    assert (name in CONTROLS) == TABLE[name].control
    assert load_consolidator(TABLE[name].spec).control == TABLE[name].control


def test_every_entry_is_run_here_or_says_why_not():
    online = {name for name, entry in TABLE.items() if load_consolidator(entry.spec).capabilities.network}
    assert {*OFFLINE, *AS, *ELSEWHERE} | online == set(TABLE)


@pytest.mark.parametrize("name", [name for name, entry in TABLE.items() if entry.example])
def test_entry_has_an_example_exactly_where_it_can_not_be_named_alone(name):
    with pytest.raises(UserError, match=r"option '\w+' is missing"):
        load_consolidator(name)
    assert load_consolidator(TABLE[name].spec).options


def test_defaults_are_contestants():
    assert DEFAULTS
    assert not set(DEFAULTS) & set(CONTROLS)


@every
def test_module_and_class_say_what_they_do(name):
    module, _, made = TABLE[name].target.partition(":")
    imported = importlib.import_module(module)
    assert imported.__doc__
    assert getattr(imported, made).__doc__


@everyone
def test_same_night_twice_gives_the_same_memory(spec):
    first, second = consolidated(spec, night()), consolidated(spec, night())
    assert first == second
    assert list(first.memory) == list(second.memory)


@everyone
def test_night_is_not_changed(spec):
    given_night = night(memory={"a.md": "- x\n"})
    before = copy.deepcopy(given_night)
    consolidated(spec, given_night)
    assert given_night == before


@everyone
@pytest.mark.parametrize("odd", ODD_NIGHTS)
def test_odd_night_gives_a_valid_memory(spec, odd):
    check_memory(consolidated(spec, ODD_NIGHTS[odd]).memory)


@everyone
@pytest.mark.parametrize("budget", [0, 12, 40])
def test_write_budget_is_kept_exactly_where_declared(spec, budget):
    kept = memory_tokens(consolidated(spec, night(write_budget=budget)).memory) <= budget
    if load_consolidator(spec).capabilities.write_budget:
        assert kept
    elif budget == 0:
        assert not kept


@everyone
def test_provenance_is_given_exactly_where_declared(spec):
    given_some = bool(consolidated(spec, night()).provenance)
    assert given_some == load_consolidator(spec).capabilities.provenance


@pytest.mark.parametrize("spec", OFFLINE)
def test_nothing_shipped_without_a_model_costs_anything(spec):
    assert consolidated(spec, night()).usage == FREE


@pytest.mark.parametrize("spec", [spec for spec in RUN if spec not in ("nothing", "oracle")])
def test_quiet_night_changes_nothing(spec):
    crowded = {"a.md": "# A\n\n" + "- a line of the store\n" * 2000, "b.md": "", "c.md": "no end"}
    assert consolidated(spec, night(memory=crowded, sessions=())).memory == crowded


@everyone
@settings(max_examples=30, deadline=None)
@given(given_night=arbitrary_nights)
def test_any_night_gives_a_valid_memory_within_the_budget(spec, given_night):
    memory = check_memory(consolidated(spec, given_night).memory)
    budget = given_night.write_budget
    if budget is not None and load_consolidator(spec).capabilities.write_budget:
        assert memory_tokens(memory) <= budget
