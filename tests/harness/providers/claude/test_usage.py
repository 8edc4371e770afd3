"""A usage record of Anthropic's as tokens to be billed, and as money where that's known."""

import pytest
from anthropic.types import CacheCreation
from anthropic.types import Usage as Record

from rembench.harness.night import Usage
from rembench.harness.providers.claude.usage import billed, is_list_price, note_of, usage_of, usage_of_cut
from rembench.harness.providers.prices import Billed, Price
from rembench.harness.providers.tries import LOST


def record(**more) -> Record:
    return Record.construct(**{"input_tokens": 10, "output_tokens": 5, **more})


SPLIT = {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}


def test_no_token_is_counted_twice():
    found = billed(record(cache_creation_input_tokens=7, cache_read_input_tokens=2, cache_creation=SPLIT))
    assert found == Billed(input=10, output=5, read=2, write=3, write_1h=4)
    assert found.prompt == 19


def test_what_was_written_without_a_split_went_to_the_cache_that_was_asked_for():
    given = record(cache_creation_input_tokens=7)
    assert billed(given) == Billed(input=10, output=5, write=7)
    assert billed(given, ttl="1h", batch=True) == Billed(input=10, output=5, write_1h=7, batch=True)


def test_a_record_without_caches_has_none():
    nothing = dict.fromkeys(["cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation"])
    assert billed(record(**nothing)) == Billed(input=10, output=5)


def test_a_call_costs_what_its_tokens_cost():
    tokens = Billed(input=10, output=5, read=2, write=3, write_1h=4)
    price = Price(input=1, output=10, read=0.5, write=2, write_1h=4)
    # 10 + 50 + 1 + 6 + 16 = 83 millionths
    known = Usage(
        input_tokens=10,
        output_tokens=5,
        cache_read_tokens=2,
        cache_write_tokens=7,
        calls=1,
        usd=pytest.approx(83e-6),
    )
    assert usage_of(tokens, price) == known
    assert usage_of(tokens, None).usd is None
    assert usage_of(tokens, price, known=False).usd is None


def test_of_a_reply_that_broke_off_the_prompt_is_known():
    cut = usage_of_cut(record(cache_read_input_tokens=2))
    assert cut == Usage(input_tokens=10, cache_read_tokens=2, cache_write_tokens=0, calls=1)
    assert usage_of_cut(None) == LOST


@pytest.mark.parametrize(
    ("more", "holds"),
    [
        ({}, True),
        ({"service_tier": "standard", "speed": "standard", "inference_geo": "global"}, True),
        ({"service_tier": "batch"}, True),
        ({"service_tier": "priority"}, False),
        ({"speed": "fast"}, False),
        ({"inference_geo": "us"}, False),
    ],
)
def test_the_table_holds_for_what_is_bought_in_the_usual_way(more, holds):
    assert is_list_price(record(**more)) == holds


def test_the_record_is_noted_as_it_came():
    assert note_of(record(service_tier="standard")) == (
        'usage {"input_tokens": 10, "output_tokens": 5, "service_tier": "standard"}'
    )


def written(total, split, ttl):
    made = split and CacheCreation(ephemeral_5m_input_tokens=split[0], ephemeral_1h_input_tokens=split[1])
    record = Record(input_tokens=1, output_tokens=2, cache_creation_input_tokens=total, cache_creation=made)
    found = billed(record, ttl=ttl)
    return found.write, found.write_1h


@pytest.mark.parametrize(
    ("total", "split", "ttl", "made"),
    [
        (None, None, "5m", (0, 0)),
        (100, (60, 40), "5m", (60, 40)),
        (100, None, "5m", (100, 0)),
        (100, None, "1h", (0, 100)),
        (100, (0, 0), "1h", (0, 100)),
        (None, (60, 40), "5m", (60, 40)),
    ],
)
def test_every_token_that_was_written_is_billed_for_the_time_it_is_kept(total, split, ttl, made):
    assert written(total, split, ttl) == made
