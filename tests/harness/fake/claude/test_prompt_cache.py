"""Prompt caching to the token. Every word "w" * 4 * n is n tokens."""

import threading

import pytest

from rembench.testing import FakeService, Fault, Said
from tests.harness.fake.clients import MODEL, claude

HOUR = {"type": "ephemeral", "ttl": "1h"}
MINUTES = {"type": "ephemeral"}


def text(tokens, letter="w", cache=None):
    block = {"type": "text", "text": letter * 4 * tokens}
    return {**block, "cache_control": cache} if cache else block


def usage(service, *, system=(), content=(), model=MODEL, **given):
    """(uncached, written for 5 minutes, written for an hour, read) of one request."""
    with claude(service) as client:
        message = client.messages.create(
            model=model,
            max_tokens=9,
            system=list(system),
            messages=[{"role": "user", "content": list(content) or [text(1)]}],
            **given,
        )
    bill, used = service.billed[-1], message.usage
    told = (
        used.input_tokens,
        used.cache_creation.ephemeral_5m_input_tokens,
        used.cache_creation.ephemeral_1h_input_tokens,
        used.cache_read_input_tokens,
    )
    assert used.cache_creation_input_tokens == told[1] + told[2] == bill.cache_write_tokens
    assert told == (
        bill.input_tokens,
        bill.cache_write_5m_tokens,
        bill.cache_write_1h_tokens,
        bill.cache_read_tokens,
    )
    assert sum(told) == bill.prompt_tokens
    return told


def test_second_request_reads_what_the_first_wrote(service):
    system = [text(600, cache=MINUTES)]
    assert usage(service, system=system, content=[text(10, "a")]) == (10, 600, 0, 0)
    assert usage(service, system=system, content=[text(20, "b")]) == (20, 0, 0, 600)


def test_without_a_break_point_nothing_is_cached(service):
    assert usage(service, system=[text(600)]) == (601, 0, 0, 0)
    assert usage(service, system=[text(600)]) == (601, 0, 0, 0)


def test_prefix_that_is_too_short_is_not_cached(service):
    assert usage(service, system=[text(511, cache=MINUTES)]) == (512, 0, 0, 0)
    assert usage(service, system=[text(512, "v", cache=MINUTES)]) == (1, 512, 0, 0)


@pytest.mark.parametrize(
    ("model", "least"), [("claude-opus-5", 512), ("claude-sonnet-5", 1024), ("claude-haiku-4-5-x", 4096)]
)
def test_shortest_prefix_is_the_models(service, model, least):
    assert usage(service, model=model, system=[text(least - 1, cache=MINUTES)]) == (least, 0, 0, 0)
    assert usage(service, model=model, system=[text(least, "v", cache=MINUTES)]) == (1, least, 0, 0)


def test_changed_beginning_reads_nothing(service):
    usage(service, system=[text(300, "a"), text(300, cache=MINUTES)])
    assert usage(service, system=[text(300, "b"), text(300, cache=MINUTES)]) == (1, 600, 0, 0)


def test_another_model_reads_nothing(service):
    usage(service, system=[text(600, cache=MINUTES)])
    assert usage(service, system=[text(600, cache=MINUTES)], model="claude-opus-5") == (1, 600, 0, 0)


def test_tools_come_before_the_system_prompt_and_a_schema_before_both(service):
    tool = {"name": "t", "input_schema": {"type": "object"}}
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    system = [text(600, cache=MINUTES)]
    usage(service, system=system)
    assert usage(service, system=system, tools=[tool])[3] == 0
    assert (
        usage(service, system=system, output_config={"format": {"type": "json_schema", "schema": schema}})[3]
        == 0
    )
    assert usage(service, system=system)[3] == 600


def test_growing_conversation_reads_the_longest_prefix_and_writes_the_rest(service):
    assert usage(service, system=[text(600, cache=MINUTES)], content=[text(50, "a", cache=MINUTES)]) == (
        0,
        650,
        0,
        0,
    )
    grown = [text(50, "a"), text(30, "b", cache=MINUTES), text(7, "c")]
    assert usage(service, system=[text(600, cache=MINUTES)], content=grown) == (7, 30, 0, 650)


def test_break_point_after_the_common_prefix_falls_back_on_an_earlier_one(service):
    usage(service, system=[text(600, cache=MINUTES)], content=[text(50, "a", cache=MINUTES)])
    told = usage(service, system=[text(600, cache=MINUTES)], content=[text(40, "b", cache=MINUTES)])
    assert told == (0, 40, 0, 600)


def test_only_what_ended_at_a_break_point_can_be_read(service):
    usage(service, system=[text(600), text(50, "a", cache=MINUTES)])
    assert usage(service, system=[text(600, cache=MINUTES)]) == (1, 600, 0, 0)


@pytest.mark.parametrize(("between", "read"), [(18, 600), (19, 600), (20, 0)])
def test_look_back_ends_after_twenty_blocks(service, between, read):
    usage(service, system=[text(600, cache=MINUTES)])
    content = [*[text(1, "x")] * (between - 1), text(1, "y", cache=MINUTES)]
    assert usage(service, system=[text(600)], content=content)[3] == read


def test_hour_and_minutes_are_told_apart(service):
    system = [text(600, cache=HOUR), text(40, "a", cache=MINUTES)]
    assert usage(service, system=system) == (1, 40, 600, 0)
    service.advance(299)
    assert usage(service, system=system) == (1, 0, 0, 640)
    service.advance(299)  # reading made it younger
    assert usage(service, system=system) == (1, 0, 0, 640)
    service.advance(301)
    assert usage(service, system=system) == (1, 40, 0, 600)
    service.advance(3601)
    assert usage(service, system=system) == (1, 40, 600, 0)


def test_top_level_cache_control_is_on_the_last_block(service):
    assert usage(service, system=[text(600)], content=[text(5, "a")], cache_control=MINUTES) == (0, 605, 0, 0)
    assert usage(service, system=[text(600)], content=[text(5, "a"), text(3)], cache_control=MINUTES) == (
        0,
        3,
        0,
        605,
    )


def test_rejected_request_writes_nothing():
    with FakeService() as service:
        service.fail("/v1/messages", Fault.overloaded())
        assert usage(service, system=[text(600, cache=MINUTES)]) == (1, 600, 0, 0)


def test_requests_that_run_at_once_read_nothing_of_each_other():
    both_here = threading.Barrier(2, timeout=10)

    def model(prompt):
        both_here.wait()
        return Said(text="fine")

    with FakeService(model=model) as service, claude(service) as client:
        asked = {"model": MODEL, "max_tokens": 9, "system": [text(600, cache=MINUTES)]}
        content = [{"role": "user", "content": "go"}]
        askers = [
            threading.Thread(target=lambda: client.messages.create(**asked, messages=content)) for _ in range(2)
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert [bill.cache_read_tokens for bill in service.billed] == [0, 0]
