"""Claude at the fake service: what's sent, what comes back, and what it cost, to the token."""

import asyncio
import json
import logging
import time

import anthropic
import pytest

from rembench.harness.night import BudgetError, CutOffError, ProviderError, RefusalError, Usage
from rembench.harness.providers.call import call
from rembench.harness.providers.claude.service import ClaudeService, Options
from rembench.harness.providers.load import load_model
from rembench.testing import FakeService, Fault, Messages, Said, plain_model
from tests.harness.providers.claude.asking import (
    KEY,
    MODEL,
    SYSTEM,
    Strict,
    as_usage,
    asked,
    come_here,
    purse,
    request,
)

MESSAGES = "/v1/messages"
NOTHING = Usage(input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.0)


@pytest.fixture
def service(monkeypatch):
    with FakeService(keys=[KEY]) as made:
        come_here(monkeypatch, made)
        yield made


def one(service, *faults, **options):
    """What comes of one request that meets these faults."""
    service.fail(MESSAGES, *faults)
    (found,) = asked(request(), **options)
    assert not service.faults_left
    return found


# what's sent and what comes back


def test_the_reply_is_the_text_with_its_cost_and_how_it_came_about(service):
    reply = one(service)
    assert json.loads(reply.text) == {"mood": "calm"}
    assert reply.model == MODEL
    assert reply.usage == as_usage(service.billed[0])
    usage, by = reply.notes
    assert json.loads(usage.removeprefix("usage "))["output_tokens"] == reply.usage.output_tokens
    assert by == f"request {service.asked[0].request_id}"


def test_the_schema_the_effort_and_the_marked_system_prompt_are_sent_as_a_stream(service):
    one(service, effort="low")
    (body,) = service.asked.bodies(MESSAGES)
    assert body["output_config"]["effort"] == "low"
    assert body["output_config"]["format"]["schema"]["properties"]["mood"] == {"enum": ["calm", "cross"]}
    assert body["system"] == [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}]
    assert (body["max_tokens"], body["stream"]) == (1000, True)


def test_reasoning_is_no_part_of_the_text_and_is_paid_for(monkeypatch):
    with FakeService(model=lambda _: Said(text="fine", thinking="what shall I say?")) as service:
        come_here(monkeypatch, service)
        reply = one(service)
        assert (reply.text, reply.usage) == ("fine", as_usage(service.billed[0]))
        assert service.billed[0].reasoning_tokens > 0


def test_the_token_is_taken_where_there_is_no_key(service, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", KEY)
    assert one(service).model == MODEL


def test_the_address_may_be_an_option(service, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    assert one(service, base_url=service.url).model == MODEL


def test_a_model_that_is_not_in_the_table_of_prices_costs_an_unknown_sum(service):
    reply = one(service, model="my-own-model")
    assert (reply.usage.usd, reply.usage.output_tokens) == (None, service.billed[0].output_tokens)


def test_a_judge_and_a_rewriter_of_packs_find_it_by_its_name(service):
    model = load_model(f"anthropic:model={MODEL},effort=high,in_flight=2")

    async def go():
        try:
            return await call(model, request(), 10)
        finally:
            await model.provider.aclose()

    called = asyncio.run(go())
    assert (called.reason, called.model) == (None, MODEL)
    assert called.usage == as_usage(service.billed[0])


# caching


def test_the_system_prompt_is_read_from_the_cache_from_the_second_call_on(service):
    first, second = (asked(request(prompt))[0] for prompt in ("Hello", "And now?"))
    assert (first.usage.cache_read_tokens, second.usage.cache_write_tokens) == (0, 0)
    assert first.usage.cache_write_tokens == second.usage.cache_read_tokens > 512
    assert [first.usage, second.usage] == [as_usage(bill) for bill in service.billed]
    assert second.usage.usd < first.usage.usd


def slow(prompt):
    time.sleep(0.1)
    return plain_model(prompt)


def test_of_calls_made_at_once_one_writes_the_cache_and_the_others_read_it(monkeypatch):
    with FakeService(model=slow) as service:
        come_here(monkeypatch, service)
        replies = asked(*(request(f"{n}?") for n in range(6)))
        assert [reply.usage.cache_write_tokens > 0 for reply in replies].count(True) == 1
        assert service.most_at_once > 1


def test_where_the_first_call_fails_the_next_goes_ahead_of_the_others(service):
    service.fail(MESSAGES, Fault.answer(400))
    replies = asked(*(request(f"{n}?") for n in range(4)))
    assert isinstance(replies[0], ProviderError)
    assert [reply.usage.cache_write_tokens > 0 for reply in replies[1:]].count(True) == 1


# faults: what comes of each, and what it cost

PASSING = {
    "429": Fault.rate_limited(),
    "500": Fault.broken(),
    "529": Fault.overloaded(),
    "409": Fault.conflict(),
    "408": Fault.answer(408),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_the_service_turned_away_is_tried_again_and_costs_nothing(service, name):
    reply = one(service, PASSING[name])
    assert reply.usage == as_usage(service.billed[0], calls=2)
    assert reply.notes[0].startswith(f"try 1: {name}: ")


@pytest.mark.parametrize("name", PASSING)
def test_what_is_turned_away_every_time_is_a_failure_that_cost_nothing(service, name):
    found = one(service, *[PASSING[name]] * 3, tries=3)
    assert type(found) is ProviderError
    assert str(found).endswith("(3 tries)")
    assert found.usage == Usage(
        input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=3, usd=0.0
    )


@pytest.mark.parametrize("fault", [Fault.dropped(), Fault.stalled(5.0)], ids=["dropped", "stalled"])
def test_a_call_of_which_nothing_came_is_tried_again_and_its_cost_is_unknown(service, fault):
    reply = one(service, fault, timeout=1.0)
    assert reply.usage == Usage(calls=2)


CUT = {
    "cut": Fault.cut(after=3),
    "cut cleanly": Fault.cut(after=3, clean=True),
    "stalled": Fault.stalled(5.0, after=3),
    "overloaded": Fault.error_event(after=3),
}


@pytest.mark.parametrize("name", CUT)
def test_a_stream_that_broke_off_is_tried_again_its_prompt_known_and_the_rest_unknown(service, name):
    reply = one(service, CUT[name], timeout=1.0)
    cut, whole = service.billed
    assert not cut.delivered
    both = as_usage(cut, whole)
    assert reply.usage == Usage(
        input_tokens=both.input_tokens,
        cache_read_tokens=both.cache_read_tokens,
        cache_write_tokens=both.cache_write_tokens,
        calls=2,
    )


@pytest.mark.parametrize("name", CUT)
def test_a_stream_that_broke_off_at_the_last_try_is_a_failure_with_what_is_known(service, name):
    found = one(service, CUT[name], timeout=1.0, tries=1)
    (bill,) = service.billed
    assert type(found) is ProviderError
    assert found.usage == Usage(
        input_tokens=bill.input_tokens,
        cache_read_tokens=bill.cache_read_tokens,
        cache_write_tokens=bill.cache_write_tokens,
        calls=1,
    )


def test_an_error_in_a_stream_that_does_not_pass_is_not_tried_again(service):
    found = one(service, Fault.error_event(after=3, status=400, message="no such thing"))
    assert type(found) is ProviderError
    assert str(found) == "no such thing"
    assert found.usage.input_tokens == service.billed[0].input_tokens


def test_a_stream_that_broke_off_after_its_end_is_whole(service):
    events = 3 + len('{"mood":"calm"}') // 8 + 1 + 1  # all but message_stop
    reply = one(service, Fault.cut(after=events + 1))
    assert json.loads(reply.text) == {"mood": "calm"}
    assert reply.usage == as_usage(service.billed[0])


def test_a_reply_cut_off_at_its_limit_is_paid_for(service):
    found = one(service, Fault.truncated())
    assert type(found) is CutOffError
    assert str(found) == "the reply was cut off at its limit of 1000 tokens"
    assert found.usage == as_usage(service.billed[0])


def test_a_refusal_is_paid_for_and_says_why(service, monkeypatch):
    found = one(service, Fault.refused("I'd rather"))
    assert type(found) is RefusalError
    assert found.usage == as_usage(service.billed[0])
    with FakeService(model=lambda _: Said(refusal=f"not with {KEY}")) as other:
        come_here(monkeypatch, other)
        assert str(one(other)) == "the model refused: not with ***"


@pytest.mark.parametrize("reason", ["pause_turn", "compaction", None])
def test_a_reply_that_stopped_for_another_reason_is_a_failure(service, reason):
    message = anthropic.types.Message.construct(stop_reason=reason, content=[])
    with pytest.raises(ProviderError, match=f"the reply stopped for {reason}") as caught:
        ClaudeService(Options(model=MODEL)).whole(message, NOTHING, 1000)
    assert (type(caught.value), caught.value.usage) == (ProviderError, NOTHING)


def test_a_reply_that_is_not_of_the_documented_shape_is_a_failure(service):
    found = one(service, Fault.no_usage())
    assert type(found) is ProviderError
    assert found.usage == Usage(calls=1)


def test_a_reply_without_any_text_is_an_empty_reply(service):
    assert one(service, Fault.empty()).text == ""


@pytest.mark.parametrize("fault", [Fault.chatty(), Fault.wrong_case()], ids=["chatty", "wrong case"])
def test_what_the_model_says_is_given_as_it_is(service, fault):
    assert one(service, fault).usage == as_usage(service.billed[0])


def test_a_wrong_key_is_a_failure_that_cost_nothing(service, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-another-key")
    found = one(service)
    assert type(found) is ProviderError
    assert str(found).startswith("401: ")
    assert found.usage == NOTHING


def test_a_prompt_that_is_too_long_is_a_failure_that_cost_nothing(monkeypatch):
    with FakeService(Messages(context=10)) as service:
        come_here(monkeypatch, service)
        found = one(service)
        assert "prompt is too long" in str(found)
        assert found.usage == NOTHING


def test_nobody_there_is_a_failure_that_cost_nothing(service):
    found = asked(request(), base_url="http://127.0.0.1:9", tries=2)[0]
    assert str(found).startswith("the connection broke: ")
    assert found.usage == Usage(
        input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=2, usd=0.0
    )


def test_an_unknown_model_says_what_the_service_says(monkeypatch):
    with FakeService() as service:
        come_here(monkeypatch, service)
        found = one(service, Fault.answer(404, "model: claude-opus-9"))
        assert str(found) == "404: model: claude-opus-9"


# money


def test_before_the_first_call_the_tokens_are_counted_and_the_most_is_held(service):
    run = purse(budget=1.0)
    night = run.night()
    (reply,) = asked(request(purse=night))
    assert service.asked.paths == ("POST /v1/messages/count_tokens", "POST /v1/messages")
    counted, sent = service.asked.bodies("/v1/messages/count_tokens"), service.asked.bodies(MESSAGES)
    assert counted[0].items() <= sent[0].items()
    assert run.settled == pytest.approx(reply.usage.usd)


def test_nothing_is_sent_that_could_pass_the_budget(service):
    # at most 8 $ a million for the prompt, 20 $ for the 1000 tokens of the reply
    (found,) = asked(request(purse=purse(budget=0.02).night()))
    assert isinstance(found, BudgetError)
    assert found.usage.usd == 0
    assert str(found).startswith(f"stopped before a call of {MODEL}, at most 0.0")
    assert not service.billed


def test_with_a_budget_a_model_without_a_price_is_not_asked(service):
    (found,) = asked(request(purse=purse(budget=1.0).night()), model="my-own-model")
    assert "its price isn't known" in str(found)
    assert not service.billed


@pytest.mark.parametrize("fault", [Fault.answer(404), Fault.broken(), Fault.dropped(), Fault.answer(401)])
def test_where_tokens_can_not_be_counted_they_are_thought_of_by_length(service, fault):
    service.fail("/v1/messages/count_tokens", fault)
    run = purse(budget=1.0)
    (reply,) = asked(request(purse=run.night()))
    assert reply.usage == as_usage(service.billed[0])


def test_an_endpoint_that_is_not_there_is_not_asked_again(service):
    service.fail("/v1/messages/count_tokens", Fault.answer(404))

    async def go() -> None:
        provider = Strict(model=MODEL)
        for n in range(3):
            await provider.complete(request(f"{n}?", purse=purse().night()))
        await provider.aclose()

    asyncio.run(go())
    assert service.asked.paths.count("POST /v1/messages/count_tokens") == 1


# keys


def test_the_key_is_in_no_error_note_or_log(service, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-gateway: other-marked-secret")
    said = f"key {KEY} and other-marked-secret"
    faults = [
        *(Fault.answer(status, said) for status in (400, 401, 403, 404, 409, 413, 429, 500, 529)),
        *CUT.values(),
        Fault.dropped(),
        Fault.error_event(after=3, message=said),
        Fault.refused(said),
        Fault.truncated(),
        Fault.no_usage(),
    ]
    texts = []
    for fault in faults:
        found = one(service, fault, tries=1, timeout=1.0)
        texts += [str(found), repr(found), repr(getattr(found, "__cause__", None))]
    service.fail(
        MESSAGES, *(fault for fault in faults if fault.kind == "status" and fault.status in (429, 500))
    )
    (reply,) = asked(request())
    texts += [repr(reply), caplog.text]
    assert len(reply.notes) == 4
    for text in texts:
        assert KEY not in text
        assert "other-marked-secret" not in text
