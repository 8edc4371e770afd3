"""Drift: retention at the last night minus retention at the first."""

from rembench.metrics.drift import DRIFT
from tests.metrics.evidence import ABSTAINED, amounts, chain, planted, reasons, undefined_because, value


def test_drift_is_the_last_night_less_the_first():
    # fact: lost, kept, kept, kept: -1/4; update: gained: +1; macro: (-0.25 + 1) / 2
    evidence = chain(
        planted("city", "fact", "held held held > held held absent"),
        planted("pet", "fact", "held held held > held held held"),
        planted("tea", "fact", "held held held > held absent held"),
        planted("car", "fact", "held held held > absent held absent"),
        planted("job", "update", "held held held > absent absent held"),
    )
    assert amounts(DRIFT, evidence) == [-1, 0, 0, 0, 1]
    assert value(DRIFT, evidence) == 0.375


def test_hedging_at_the_last_night_is_a_loss():
    assert amounts(DRIFT, chain(planted("city", "fact", "held held > held open"))) == [-1]


def test_only_values_expected_held_at_both_ends_are_asked():
    evidence = chain(
        planted("job", "update", "held retired > held held"),
        planted("car", "update", "- held > absent held"),
        planted("tea", "conflict", "open held > open held"),
    )
    assert amounts(DRIFT, evidence) == []
    assert undefined_because(DRIFT, evidence) == "no opportunity in these scenarios"


def test_a_single_night_has_no_drift():
    assert amounts(DRIFT, chain(planted("city", "fact", "held > held"))) == []


def test_no_verdict_at_either_end_is_missing():
    evidence = chain(
        planted("city", "fact", "held held > ? held"), planted("pet", "fact", "held held > held ?")
    )
    assert amounts(DRIFT, evidence) == [None, None]
    assert reasons(DRIFT, evidence) == [ABSTAINED, ABSTAINED]


def test_no_verdict_between_the_ends_does_not_matter():
    assert amounts(DRIFT, chain(planted("city", "fact", "held held held > held ? absent"))) == [-1]


def test_a_failed_night_is_missing_and_no_loss():
    evidence = chain(planted("city", "fact", "held held > held held"), failed="c2")
    assert amounts(DRIFT, evidence) == [None]
