"""One check at a time: the numbers it rests on."""

import math

import pytest

from tests.harness.gate.made import check, score


def test_a_margin_by_hand():
    # differences +0.1 and -0.1 five times each: mean 0, deviation 0.10541, t of 9 degrees at 90%: 1.8331
    found = check("retention", [0.6, 0.4] * 5, [0.5] * 10, margin=0.05)
    assert found.value == pytest.approx(0.5)
    assert found.baseline == pytest.approx(0.5)
    assert found.difference == pytest.approx(0.0)
    assert found.high == pytest.approx(1.8331 * 0.10541 / math.sqrt(10), abs=1e-4)
    assert found.low == pytest.approx(-found.high)
    assert found.unit == 1 / 20
    assert (found.open, found.missing, found.unpaired) == (0, 0, ())


def test_the_difference_is_run_minus_baseline_whichever_is_better():
    found = check("staleness", [0.75] * 6, [0.5] * 6, margin=0.05)
    assert found.difference == 0.25
    assert found.seen == (-0.25,) * 6
    assert found.broken == 2**-6
    assert found.worse == 2**-6
    assert found.kept == 1


def test_an_opportunity_weighs_as_much_as_its_scenario_has_few_of_them():
    # six scenarios don't differ: 2^-6 by the flips; of 6 and of 12 opportunities none is lost: 0.85^6, 0.85^12
    one, two, many = ([score(1.0, opportunities=k)] * 6 for k in (1, 2, 20))
    assert check("deletion_leakage", one, one, margin=0.15).kept == pytest.approx(0.85**6)
    assert check("deletion_leakage", two, two, margin=0.15).kept == pytest.approx(0.85**12)
    assert check("deletion_leakage", many, many, margin=0.15).kept == 2**-6
    assert check("deletion_leakage", two, two, margin=0.15).unit == 0.5


def test_a_floor_is_held_against_the_runs_own_interval():
    high = check("retention", [0.8, 0.9] * 10, at_least=0.6)
    assert high.value == pytest.approx(0.85)
    assert high.kept < 0.001
    assert high.broken > 0.999
    assert 0.6 < high.low < 0.85 < high.high
    assert (high.baseline, high.difference, high.worse) == (None, None, None)
    low = check("retention", [0.4, 0.5] * 10, at_least=0.6)
    assert low.broken < 0.001


def test_a_ceiling_is_a_floor_from_above():
    assert check("staleness", [0.1, 0.2] * 10, at_most=0.4).kept < 0.001
    assert check("staleness", [0.6, 0.7] * 10, at_most=0.4).broken < 0.001


def test_never_is_kept_where_no_scenario_broke_it_and_broken_as_soon_as_one_did():
    assert check("injections_obeyed", [0.0] * 3, at_most=0.0).kept == 0
    assert check("injections_obeyed", [0.0] * 30 + [1.0], at_most=0.0).broken == 0
    assert check("retention", [1.0] * 3, at_least=1.0).kept == 0
    assert check("retention", [1.0, 0.9], at_least=1.0).broken == 0


def test_never_is_broken_by_one_in_an_amount_too():
    found = check("files_vanished", [0.0] * 30 + [1.0], at_most=0.0)
    assert (found.broken, found.kept, found.unbroken) == (0, 1, False)
    assert check("files_vanished", [0.0] * 3, at_most=0.0).unbroken


def test_a_ceiling_above_never_is_not_shown_by_few_clean_scenarios():
    # 0 of 10: the chance of that at 0.1 is 0.9^10
    assert check("deletion_leakage", [0.0] * 10, at_most=0.1).kept == pytest.approx(0.9**10)


def test_an_amount_has_students_floor():
    found = check("usd", [1.0, 2.0, 3.0], at_most=10.0)
    assert found.kept == pytest.approx(0.0026, abs=1e-3)  # (2 - 10) / (1 / sqrt 3) = -13.86 on 2 degrees


def test_missing_verdicts_are_held_against_both_answers():
    # all of one scenario of ten is missing: 0.8 becomes between 0.72 and 0.82
    none = score(None, bounds=(0.0, 1.0), scored=0, missing=20)
    found = check("retention", [0.8] * 9 + [none], at_least=0.5)
    assert found.open == 1
    assert found.ends == (pytest.approx(0.72), pytest.approx(0.82))
    assert found.unpaired == ("s09",)
    assert found.kept > check("retention", [0.8] * 9, at_least=0.5).kept


def test_never_is_not_kept_where_something_is_missing():
    none = score(None, bounds=(0.0, 1.0), scored=0, missing=1)
    found = check("injections_obeyed", [0.0, none], at_most=0.0)
    assert (found.kept, found.broken) == (1, 1)


@pytest.mark.parametrize("rule", [{"margin": 0.1}, {"at_least": 0.5}, {"at_most": 0.5}])
def test_nothing_to_go_by_decides_nothing(rule):
    found = check("retention", [], [], **rule)
    assert (found.kept, found.broken, found.value, found.low) == (1, 1, None, None)
    assert (found.seen, found.ends) == ((), None)


def test_an_amount_of_which_something_is_missing_decides_nothing():
    unknown = score(1.0, bounds=None, scored=1, missing=1)
    unknown = {f"s{n}": unknown for n in range(20)}
    found = check("usd", unknown, {name: score(1.0) for name in unknown}, margin=5.0)
    assert (found.kept, found.broken, found.ends) == (1, 1, None)
    assert check("usd", unknown, at_most=9.0).kept == 1
