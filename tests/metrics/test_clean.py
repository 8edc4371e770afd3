"""Clean-scenario rate: one mistake anywhere makes the scenario unclean; and the values that are right."""

import pytest

from rembench.metrics.clean import CLEAN_SCENARIO_RATE, VALUES_RIGHT
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value

RIGHT = (
    planted("city", "update", "held retired > held retired", "- held > absent held"),
    planted("pin", "secret", "absent absent > absent absent"),
    planted("date", "conflict", "open open > open open"),
)


def test_a_scenario_with_every_value_right_is_clean():
    assert value(CLEAN_SCENARIO_RATE, chain(*RIGHT)) == 1
    assert amounts(CLEAN_SCENARIO_RATE, chain(*RIGHT)) == [1] * 7


@pytest.mark.parametrize("observed", ["retired", "open", "absent"])
def test_a_superseded_value_may_be_past_unsettled_or_gone(observed):
    assert value(CLEAN_SCENARIO_RATE, chain(planted("job", "update", f"retired > {observed}"))) == 1


@pytest.mark.parametrize(
    "row",
    [
        "held held > held absent",
        "held held > open held",
        "retired retired > retired held",
        "open open > held open",
        "open open > open absent",
        "absent absent > absent retired",
    ],
)
def test_one_mistake_at_one_night_makes_it_unclean(row):
    evidence = chain(*RIGHT, planted("odd", "fact", row))
    assert value(CLEAN_SCENARIO_RATE, evidence) == 0
    assert amounts(CLEAN_SCENARIO_RATE, evidence).count(0) == 1


def test_no_verdict_is_missing_and_no_mistake():
    evidence = chain(planted("city", "fact", "held > held"), planted("pet", "fact", "held > ?"))
    assert amounts(CLEAN_SCENARIO_RATE, evidence) == [1, None]
    assert reasons(CLEAN_SCENARIO_RATE, evidence) == [None, ABSTAINED]


def test_a_scenario_that_expects_nothing_is_not_asked():
    evidence = chain(planted("city", "fact", "- > held"))
    assert amounts(CLEAN_SCENARIO_RATE, evidence) == []
    assert undefined_because(CLEAN_SCENARIO_RATE, evidence) == "no opportunity in these scenarios"


def test_values_right_weighs_what_should_be_there_and_what_should_not_the_same():
    # there: city and date right, pet lost: 2/3; not there: job stale, visit dropped (accepted): 1/2
    evidence = chain(
        planted("city", "fact", "held > held"),
        planted("pet", "fact", "held > absent"),
        planted("date", "conflict", "open > open"),
        planted("job", "update", "retired > held"),
        planted("visit", "temporary", "retired > absent"),
    )
    assert value(VALUES_RIGHT, evidence) == pytest.approx((2 / 3 + 1 / 2) / 2)


@pytest.mark.parametrize("word", ["absent", "held"])
def test_storing_nothing_and_holding_everything_get_one_half(word):
    rows = [("city", "held"), ("pet", "held"), ("job", "retired"), ("pin", "absent")]
    evidence = chain(*(planted(name, "fact", f"{row} > {word}", tags=("staleness",)) for name, row in rows))
    assert value(VALUES_RIGHT, evidence) == 0.5
    assert value(VALUES_RIGHT, evidence, "class=staleness") == 0.5


def test_a_value_without_a_verdict_is_missing_from_values_right():
    evidence = chain(planted("city", "fact", "held held > ? held"), failed="c2")
    assert amounts(VALUES_RIGHT, evidence) == [None, None]
    assert reasons(VALUES_RIGHT, evidence) == [ABSTAINED, FAILED]
