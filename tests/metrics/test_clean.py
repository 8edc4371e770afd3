"""Clean-scenario rate: one mistake anywhere makes the scenario unclean."""

import pytest

from rembench.metrics.clean import CLEAN_SCENARIO_RATE
from tests.metrics.evidence import ABSTAINED, amounts, chain, planted, reasons, undefined_because, value

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
