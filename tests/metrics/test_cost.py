"""Cost: a night's tokens, money and seconds; what isn't reported is unknown."""

import pytest

from rembench.harness.night import Usage
from rembench.metrics.cost import (
    RETENTION_PER_1000_TOKENS,
    RETENTION_PER_USD,
    SECONDS,
    TOKENS_IN,
    TOKENS_OUT,
    USD,
)
from tests.metrics.evidence import amounts, chain, planted, reasons, undefined_because, value

PAID = {
    "c1": Usage(input_tokens=100, cache_read_tokens=40, cache_write_tokens=10, output_tokens=20, usd=0.25),
    "c2": Usage(input_tokens=50, output_tokens=40, usd=0.75),
}


def test_cached_tokens_are_input_tokens():
    # 100 + 40 + 10 and 50; a night's mean (150 + 50) / 2
    evidence = chain(nights=2, usage=PAID)
    assert amounts(TOKENS_IN, evidence) == [150, 50]
    assert value(TOKENS_IN, evidence) == 100


def test_output_money_and_time_are_means_over_nights():
    evidence = chain(nights=2, usage=PAID, seconds={"c1": 3.0, "c2": 4.0})
    assert value(TOKENS_OUT, evidence) == 30
    assert value(USD, evidence) == 0.5
    assert value(SECONDS, evidence) == 3.5


@pytest.mark.parametrize("metric", [TOKENS_IN, TOKENS_OUT, USD], ids=lambda m: m.name)
def test_what_is_not_reported_is_unknown_and_never_zero(metric):
    evidence = chain(nights=2, usage={"c1": Usage(cache_read_tokens=5), "c2": PAID["c2"]})
    first, second = amounts(metric, evidence)
    assert first is None
    assert second is not None
    assert reasons(metric, evidence) == ["unknown", None]


def test_a_free_night_costs_nothing_which_is_known():
    assert [amounts(m, chain()) for m in (TOKENS_IN, TOKENS_OUT, USD)] == [[0], [0], [0]]


def test_a_failed_night_costs_what_it_costs_and_those_after_it_were_not_run():
    evidence = chain(nights=3, usage=PAID, failed="c2")
    assert amounts(USD, evidence) == [0.25, 0.75, None]
    assert reasons(SECONDS, evidence) == [None, None, "not run"]


def test_retention_per_1000_tokens_is_of_the_memory():
    # retention 1/2; five words and a full stop are 6 tokens; 0.5 / 6 * 1000
    evidence = chain(
        planted("city", "fact", "held > held"),
        planted("pet", "fact", "held > absent"),
        memories={"c1": {"a.md": "Oda keeps bees in Graz."}},
    )
    assert value(RETENTION_PER_1000_TOKENS, evidence) == pytest.approx(83.33333333)


def test_retention_per_dollar():
    # retention 1 at both nights, for half a dollar a night
    evidence = chain(planted("city", "fact", "held held > held held"), usage=PAID)
    assert value(RETENTION_PER_USD, evidence) == 2


def test_what_costs_nothing_has_no_retention_per_dollar():
    evidence = chain(planted("city", "fact", "held > held"))
    assert value(RETENTION_PER_USD, evidence) is None
    assert "zero to divide by" in undefined_because(RETENTION_PER_USD, evidence)


def test_an_empty_memory_has_no_retention_per_token():
    evidence = chain(planted("city", "fact", "held > absent"), memories={"c1": {}})
    assert value(RETENTION_PER_1000_TOKENS, evidence) is None


def test_unknown_money_is_the_reason_for_no_retention_per_dollar():
    evidence = chain(planted("city", "fact", "held > held"), usage={"c1": Usage()})
    assert undefined_because(RETENTION_PER_USD, evidence) == "unknown"
