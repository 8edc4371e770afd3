"""Two on one metric: what's told, what isn't, and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.reports.compare.contrasts import ALIKE, CHANCE, NO_PAIR, TURNS, Question, contrasts
from tests.reports.compare.made import score, table

NAMES = [f"s{n:02}" for n in range(12)]


def ask(first, second, metric="retention"):
    return contrasts([Question(first=table(metric, first), second=table(metric, second))]).contrasts[0]


def spread(*values):
    return dict(zip(NAMES, values, strict=False))


LOW = spread(0.1, 0.2, 0.15, 0.3, 0.1, 0.2, 0.25, 0.1, 0.2, 0.3, 0.1, 0.2)
HIGH = {name: value + 0.5 + 0.01 * n for n, (name, value) in enumerate(LOW.items())}


def test_a_difference_that_chance_cannot_have_made_is_told():
    # 12 scenarios, all of one sign: 2 of 2^12 flips are as far out
    found = ask(HIGH, LOW)
    assert found.told
    assert found.mean == pytest.approx(0.555)
    assert found.p == pytest.approx(2 / 2**12)
    assert found.low < 0.555 < found.high
    assert (found.higher, found.better) == ("first", "first")


def test_of_what_should_be_low_the_lower_one_is_better():
    found = ask(HIGH, LOW, "staleness")
    assert (found.higher, found.better) == ("first", "second")


def test_of_what_is_neither_good_nor_bad_nobody_is_better():
    found = ask(HIGH, LOW, "store_tokens")
    assert (found.higher, found.better) == ("first", None)


def test_five_scenarios_tell_nothing_and_say_how_many_would():
    first = dict(list(HIGH.items())[:5])
    found = ask(first, dict(list(LOW.items())[:5]))
    assert (found.told, found.why_not) == (False, CHANCE)
    assert found.detectable.reason == "5 scenarios can't tell any difference: it takes 6"
    assert found.wanted.value == 6


def test_one_scenario_has_a_difference_and_no_interval():
    found = ask({"s00": 0.9}, {"s00": 0.1})
    assert found.mean == pytest.approx(0.8)
    assert (found.low, found.high, found.reason) == (None, None, "one scenario has no spread")
    assert (found.told, found.wanted.value) == (False, None)


def test_differences_that_are_all_alike_have_no_interval():
    found = ask(dict.fromkeys(NAMES, 1.0), dict.fromkeys(NAMES, 0.0))
    assert (found.low, found.high, found.reason) == (None, None, ALIKE)
    assert found.told


def test_without_a_scenario_in_common_there_is_no_number():
    found = ask({"s00": 0.9}, {"s00": None})
    assert (found.mean, found.adjusted, found.unpaired) == (None, None, 1)
    assert (found.told, found.why_not, found.reason) == (False, NO_PAIR, NO_PAIR)


def test_a_difference_that_the_missing_could_turn_is_not_told():
    open_ = {name: score(value, bounds=(0.0, value), missing=1) for name, value in HIGH.items()}
    found = ask(open_, LOW)
    assert found.adjusted < 0.05
    assert found.bounds[0] < 0 < found.bounds[1]
    assert (found.told, found.why_not) == (False, TURNS)


def test_a_difference_that_the_missing_could_not_turn_is_told():
    open_ = {name: score(value, bounds=(value - 0.1, value), missing=1) for name, value in HIGH.items()}
    assert ask(open_, LOW).told


def test_many_tests_ask_for_more_and_a_question_without_values_is_none():
    one = Question(first=table("retention", HIGH), second=table("retention", LOW))
    empty = Question(first=table("insight", {}), second=table("insight", {}))
    alone, many = contrasts([one, empty]), contrasts([one] * 200)
    assert (alone.tests, many.tests) == (1, 200)
    assert alone.contrasts[0].told
    assert not many.contrasts[0].told  # 200 x 2 / 2^12 is more than 0.05
    assert many.contrasts[0].detectable.reason == "12 scenarios can't tell any difference: it takes 13"
    assert 0 < alone.contrasts[0].detectable.value < 0.1


VALUES = st.lists(st.tuples(*[st.none() | st.integers(0, 8).map(lambda n: n / 8)] * 2), max_size=9)


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_turned_round_everything_is_the_same_with_the_other_sign(values):
    first = {f"s{n}": a for n, (a, _) in enumerate(values)}
    second = {f"s{n}": b for n, (_, b) in enumerate(values)}
    there, back = ask(first, second), ask(second, first)
    assert (there.p, there.adjusted, there.told) == (back.p, back.adjusted, back.told)
    assert (there.scenarios, there.unpaired) == (back.scenarios, back.unpaired)
    assert {there.higher, back.higher} in ({None}, {"first", "second"})
    for mine, theirs in ((there.mean, back.mean), (there.low, back.high), (there.high, back.low)):
        assert (mine is None) is (theirs is None)
        assert mine is None or mine == pytest.approx(-theirs)
