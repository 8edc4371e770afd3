import pytest
from anthropic.types import CacheCreation
from anthropic.types import Usage as Record

from rembench.harness.providers.claude.usage import billed


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
