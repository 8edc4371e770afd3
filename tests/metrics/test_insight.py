"""Insight: patterns stated / patterns supported."""

from rembench.metrics.insight import INSIGHT
from tests.metrics.evidence import ABSTAINED, amounts, chain, planted, reasons, undefined_because, value


def test_a_pattern_counts_once_it_is_supported():
    # habit: asked at c2 and c3, stated at c3; trend: asked at c3, not stated: 1 of 3
    evidence = chain(
        planted("habit", "pattern", "- held held > held absent held"),
        planted("trend", "pattern", "- - held > absent absent open"),
    )
    assert amounts(INSIGHT, evidence) == [0, 1, 0]
    assert value(INSIGHT, evidence, "night=3") == 0.5
    assert value(INSIGHT, evidence) == 1 / 3


def test_other_kinds_are_not_asked():
    evidence = chain(planted("city", "fact", "held > held"), planted("habit", "pattern", "absent > absent"))
    assert amounts(INSIGHT, evidence) == []
    assert undefined_because(INSIGHT, evidence) == "no opportunity in these scenarios"


def test_no_verdict_is_missing():
    evidence = chain(planted("habit", "pattern", "held > ?"))
    assert amounts(INSIGHT, evidence) == [None]
    assert reasons(INSIGHT, evidence) == [ABSTAINED]
    assert undefined_because(INSIGHT, evidence) == ABSTAINED
