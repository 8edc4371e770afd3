"""Costs are summed, and unknown ones stay unknown."""

import pytest

from rembench.harness.night import FREE, InvalidOutputError, ProviderError, Usage
from rembench.harness.usage import check_usage, cost_of, usage_of


def test_known_amounts_are_summed_and_an_unknown_one_makes_the_sum_unknown():
    found = cost_of([Usage(input_tokens=10, output_tokens=2, usd=0.1), Usage(input_tokens=5, usd=0.2)])
    assert (found["calls"], found["input_tokens"]) == (2, 15)
    assert (found["output_tokens"], found["output_tokens_unknown_calls"]) == (None, 1)
    assert found["usd"] == pytest.approx(0.3)
    assert "usd_unknown_calls" not in found


def test_no_calls_cost_nothing():
    assert (cost_of([])["usd"], cost_of([])["calls"]) == (0, 0)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {"usd": 1},
        Usage(usd=-1),
        Usage(usd=float("nan")),
        Usage(calls=True),
        Usage(calls=1.5),
        Usage(input_tokens="9"),
    ],  # type: ignore[arg-type]
)
def test_what_is_no_usage_is_refused(usage):
    with pytest.raises(InvalidOutputError, match="usage"):
        check_usage(usage)


def test_a_usage_is_given_back():
    assert check_usage(FREE) is FREE


def test_what_a_failure_cost_is_known_only_where_it_is_said_rightly():
    assert usage_of(ProviderError("x", usage=Usage(usd=0.5))) == Usage(usd=0.5)
    assert usage_of(ProviderError("x", usage=Usage(usd=float("nan")))) == Usage()
    assert usage_of(RuntimeError("x")) == Usage()


def test_an_error_that_can_not_be_looked_at_is_of_unknown_cost():
    class HostileError(Exception):
        @property
        def usage(self):
            raise SystemExit

    assert usage_of(HostileError()) == Usage()
