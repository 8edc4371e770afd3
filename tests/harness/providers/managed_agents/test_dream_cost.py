import pytest

from rembench.harness.night import Usage
from rembench.harness.providers.managed_agents.dream_cost import (
    Plan,
    dream_usage,
    most_usd,
    session_fee,
    session_usage,
    sum_of,
)

DREAM = {
    "model": {"id": "claude-sonnet-5"},
    "usage": {
        "input_tokens": 1000,
        "output_tokens": 200,
        "cache_read_input_tokens": 5000,
        "cache_creation_input_tokens": 3000,
    },
}
HOUR = {"active_seconds": 3600.0, "cache_creation": {}}


def test_a_dream_is_billed_by_its_tokens_and_its_sessions_hours():
    made = dream_usage(DREAM, {"usage": HOUR})
    # sonnet-5, dollars per million: 2 in, 10 out, 0.20 read, 2.50 written for 5 minutes; an hour is 0.08
    assert made.usd == pytest.approx((1000 * 2 + 200 * 10 + 5000 * 0.2 + 3000 * 2.5) / 1e6 + 0.08)
    assert (made.input_tokens, made.output_tokens, made.cache_read_tokens, made.cache_write_tokens) == (
        1000,
        200,
        5000,
        3000,
    )


def test_what_the_session_says_of_its_cache_decides_the_price_of_writing_if_the_sums_agree():
    split = {"ephemeral_1h_input_tokens": 2000, "ephemeral_5m_input_tokens": 1000}
    # 2000 at 4.00 and 1000 at 2.50 instead of 3000 at 2.50
    extra = 2000 * (4 - 2.5) / 1e6
    plain = dream_usage(DREAM, {"usage": HOUR}).usd
    assert dream_usage(DREAM, {"usage": {**HOUR, "cache_creation": split}}).usd == pytest.approx(plain + extra)
    split["ephemeral_5m_input_tokens"] = 7
    assert dream_usage(DREAM, {"usage": {**HOUR, "cache_creation": split}}).usd == pytest.approx(plain)


def test_hours_that_cannot_be_read_make_the_cost_of_a_dream_unknown():
    assert dream_usage(DREAM, {}).usd is None
    assert dream_usage(DREAM, {}).output_tokens == 200


def test_a_dream_that_never_had_a_session_cost_no_hours():
    assert dream_usage(DREAM, None).usd == pytest.approx(0.0125)


def test_time_comes_from_usage_or_else_from_the_statistics_or_is_unknown():
    assert session_fee({"usage": {"active_seconds": 1800}, "stats": {"active_seconds": 9}}) == pytest.approx(
        0.04
    )
    assert session_fee({"usage": {}, "stats": {"active_seconds": 45}}) == pytest.approx(0.001)
    assert session_fee({}) is None


def test_a_session_without_counts_has_an_unknown_cost():
    assert session_usage({}, "claude-haiku-5-5") == Usage(calls=1)
    counted = {"usage": {"input_tokens": 10, "output_tokens": 2}}
    assert session_usage(counted, "claude-haiku-5-5").usd is None


def test_a_long_prompt_of_a_model_with_two_prices_has_an_unknown_price():
    usage = {"input_tokens": 200_000, "output_tokens": 1, "active_seconds": 0}
    assert session_usage({"usage": usage}, "claude-haiku-5-5").usd is None
    assert session_usage({"usage": {**usage, "input_tokens": 100_000}}, "claude-haiku-5-5").usd > 0


def test_a_night_is_the_sum_of_what_was_ordered():
    one = Usage(input_tokens=1, output_tokens=2, cache_read_tokens=3, cache_write_tokens=4, calls=1, usd=0.5)
    assert sum_of(one, [one, one]) == Usage(
        input_tokens=3, output_tokens=6, cache_read_tokens=9, cache_write_tokens=12, calls=3, usd=1.5
    )
    assert sum_of(None, []).usd == 0
    assert sum_of(Usage(calls=1), [one]).usd is None


def test_the_upper_estimate_is_what_its_docstring_says():
    plan = Plan(model="claude-sonnet-5", replay_model="claude-haiku-4-5", store=2000, replays=[4000])
    # replay: 2500 tokens in at 2 $/M (the one-hour cache), 500 out at 5; dream: ten times 23,000 in at 4,
    # 26,000 out at 10; 4.05 hours at 0.08
    replay = (2500 * 2 + 500 * 5) / 1e6
    dream = (10 * 23_000 * 4 + 26_000 * 10) / 1e6
    assert most_usd(plan) == pytest.approx(replay + dream + 4.05 * 0.08)


def test_without_a_price_there_is_no_upper_estimate():
    known = Plan(model="claude-sonnet-5", replay_model="claude-haiku-5-5", store=1, replays=[1])
    assert most_usd(known) is not None
    assert most_usd(Plan(model="unheard", replay_model="claude-haiku-5-5", store=1, replays=[])) is None
    assert most_usd(Plan(model="claude-sonnet-5", replay_model="unheard", store=1, replays=[])) is None
