"""Dials: the levels can be made, and what can't be is refused in one line that says what would be right."""

from dataclasses import fields, replace

import pytest

from rembench.harness.errors import UserError
from rembench.harness.generator import dials as module
from rembench.harness.generator.dials import DELETION, HARD, LEVELS, LONG, Dials, check, with_settings

PLAIN = Dials(sessions=10, nights=4, items=20)


def test_there_are_five_levels_in_order():
    assert [one.level for one in LEVELS] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["sessions", "nights", "items", "trivia", "noise", "gap", "paraphrase",
                                  "lookalikes", "foreign", "chain"])  # fmt: skip
def test_no_dial_is_turned_back_from_level_to_level(name):
    found = [getattr(one, name) for one in LEVELS]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_budgets_get_tighter():
    budgets = [one.budget for one in (*LEVELS, HARD) if one.budget]
    assert budgets == sorted(budgets, reverse=True)
    assert 1 <= budgets[-1] < budgets[0]


@pytest.mark.parametrize("dials", [*LEVELS, HARD, LONG, DELETION, PLAIN])
def test_what_comes_with_rembench_can_be_made(dials):
    assert check(dials) is dials


def test_what_is_outside_the_levels_has_none():
    assert {one.level for one in (HARD, LONG, DELETION, PLAIN)} == {None}


# Dials that can't be → what the one line says of them.
IMPOSSIBLE = [
    ({"sessions": 2}, "dials: sessions=2 can't be; 3 to 100"),
    ({"sessions": 101}, "dials: sessions=101 can't be; 3 to 100"),
    ({"nights": 0}, "dials: nights=0 can't be; 1 to 40"),
    ({"items": 0}, "dials: items=0 can't be; 1 to 400"),
    ({"items": 401}, "dials: items=401 can't be; 1 to 400"),
    ({"trivia": -1}, "dials: trivia=-1 can't be; 0 to 200"),
    ({"noise": -0.1}, "dials: noise=-0.1 can't be; 0 to 10"),
    ({"noise": float("nan")}, "dials: noise=nan can't be; 0 to 10"),
    ({"noise": float("inf")}, "dials: noise=inf can't be; 0 to 10"),
    ({"paraphrase": 1.1}, "dials: paraphrase=1.1 can't be; 0 to 1"),
    ({"lookalikes": 2}, "dials: lookalikes=2 can't be; 0 to 1"),
    ({"foreign": -1}, "dials: foreign=-1 can't be; 0 to 1"),
    ({"chain": 0}, "dials: chain=0 can't be; 1 to 3"),
    ({"chain": 4}, "dials: chain=4 can't be; 1 to 3"),
    ({"length": 1_500_001}, "dials: length=1500001 can't be; 0 to 1500000"),
    ({"gap": -1}, "dials: gap=-1 can't be; 0 to 98"),
    ({"nights": 11}, "dials: nights=11 with sessions=10; every night has a session before it"),
    ({"gap": 9}, "dials: gap=9 with sessions=10; a correction comes within the story: at most 8"),
    ({"budget": 0.5}, "dials: budget=0.5; 1 or more times the right memory's length, 0 for none"),
]


@pytest.mark.parametrize(("turned", "line"), IMPOSSIBLE, ids=[str(turned) for turned, _ in IMPOSSIBLE])
def test_what_cannot_be_is_refused_in_one_line_that_says_what_would_be_right(turned, line):
    with pytest.raises(UserError) as refused:
        check(replace(PLAIN, **turned))
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("turned", [{"gap": 8}, {"nights": 10}, {"budget": 1.0}, {"noise": 0}, {"sessions": 6}])
def test_what_just_can_be_is_taken(turned):
    check(replace(PLAIN, **turned))


def test_settings_are_text_and_turn_one_dial_each():
    settings = {"sessions": "20", "noise": "0.5", "quiet": "true", "refeed": "false", "gap": "3"}
    assert with_settings(PLAIN, settings) == replace(
        PLAIN, sessions=20, noise=0.5, quiet=True, refeed=False, gap=3
    )
    assert with_settings(PLAIN, {}) == PLAIN


def test_every_dial_but_the_level_can_be_set_to_what_it_is():
    names = [field.name for field in fields(Dials) if field.name != "level"]
    settings = {name: str(getattr(LEVELS[3], name)) for name in names}
    settings |= {"refeed": "true", "quiet": "true"}
    assert with_settings(LEVELS[3], settings) == LEVELS[3]


WRONG = [
    ({"sesions": "20"}, "--dial: no dial is called 'sesions'; known: sessions, nights, items, "),
    ({"level": "3"}, "--dial: no dial is called 'level'; known: sessions, "),
    ({"sessions": "many"}, "--dial: sessions='many'; a whole number"),
    ({"sessions": "2.5"}, "--dial: sessions='2.5'; a whole number"),
    ({"sessions": ""}, "--dial: sessions=''; a whole number"),
    ({"noise": "loud"}, "--dial: noise='loud'; a number"),
    ({"noise": "nan"}, "--dial: noise='nan'; a number"),
    ({"quiet": "yes"}, "--dial: quiet='yes'; true or false"),
    ({"items": "9" * 5000}, "--dial: items='9999"),
    ({"sessions": "4", "nights": "5"}, "dials: nights=5 with sessions=4; "),
]


@pytest.mark.parametrize(("settings", "line"), WRONG)
def test_a_wrong_setting_is_refused_in_one_line(settings, line):
    with pytest.raises(UserError) as refused:
        with_settings(PLAIN, settings)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def test_settings_that_only_fit_together_are_taken_together():
    assert with_settings(PLAIN, {"sessions": "3", "nights": "3", "gap": "1"}).sessions == 3


def test_every_dial_is_explained():
    explained = {line.split()[0] for line in module.__doc__.splitlines()[2:] if line}
    assert explained == {field.name for field in fields(Dials)} - {"level"}
