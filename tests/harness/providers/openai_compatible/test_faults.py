"""Everything that can go wrong between us and a chat server: its type, its cost, and no key in any of it."""

import asyncio
import logging
import socket

import pytest

from rembench.harness.night import ConsolidatorError, CutOffError, ProviderError, RefusalError, Usage
from rembench.harness.providers.openai_compatible.chat import OpenAIChat
from rembench.testing import Chat as ChatFamily
from rembench.testing import FakeService, Fault, Quirks, Said
from tests.harness.fake.clients import clear_environment
from tests.harness.providers.openai_compatible.asking import ANSWER, KEY, PATH, Purse, ask, chat, request

NOTHING = Usage(input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.0)
UNKNOWN = Usage(calls=1)


@pytest.fixture(autouse=True)
def _marked_key(monkeypatch):
    clear_environment(monkeypatch)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def service():
    with FakeService(model=lambda prompt: Said(text=ANSWER)) as made:
        yield made


def failure(service, *faults, kind=ProviderError, **options):
    service.fail(PATH, *faults)
    with pytest.raises(ConsolidatorError) as caught:
        ask(service, **options)
    assert type(caught.value) is kind
    return caught.value


@pytest.mark.parametrize(
    "fault",
    [Fault.rate_limited(), Fault.overloaded(), Fault.broken(), Fault.conflict(), Fault.answer(408)],
    ids=["429", "529", "500", "409", "408"],
)
def test_status_that_passes_is_tried_again_and_costs_nothing_but_a_call(service, fault):
    service.fail(PATH, fault, fault)
    (reply,) = ask(service)
    (bill,) = service.billed
    assert reply.text == ANSWER
    assert (reply.usage.calls, reply.usage.input_tokens, reply.usage.output_tokens) == (
        3, bill.input_tokens, bill.output_tokens,
    )  # fmt: skip
    assert reply.usage.usd > 0
    assert [note[:5] for note in reply.notes[1:3]] == ["try 1", "try 2"]


def test_status_that_stays_is_a_failure_after_all_tries(service):
    wrong = failure(service, *[Fault.overloaded()] * 3, tries=3)
    assert wrong.usage == Usage(
        input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=3, usd=0.0
    )
    assert "529" in str(wrong)
    assert "3 tries" in str(wrong)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_status_that_does_not_pass_is_not_tried_again(service, status):
    wrong = failure(service, Fault.answer(status))
    assert wrong.usage == NOTHING
    assert len(service.asked) == 1


def test_server_that_says_so_is_not_asked_again(service):
    assert failure(service, Fault.conflict(retry=False)).usage == NOTHING


def test_empty_account_is_not_asked_again(service):
    body = {
        "error": {"message": "You exceeded your current quota.", "code": "insufficient_quota", "param": None}
    }
    wrong = failure(service, Fault.answer(429, body=body))
    assert wrong.usage == NOTHING
    assert len(service.asked) == 1


def test_wrong_key_is_a_failure_that_does_not_show_it():
    with FakeService(keys={"sk-the-right-one"}, model=lambda prompt: Said(text=ANSWER)) as service:
        wrong = failure(service)
    assert "401" in str(wrong)
    assert wrong.usage == NOTHING
    assert service.asked[0].key == KEY


def test_stalled_reply_is_given_up_and_its_cost_is_unknown(service):
    service.fail(PATH, Fault.stalled(20))
    (reply,) = ask(service, timeout=0.3)
    assert reply.text == ANSWER
    assert reply.usage == Usage(calls=2)
    assert "no answer in time" in reply.notes[1]


@pytest.mark.parametrize(
    "fault", [Fault.dropped(), Fault.dropped(after=40), Fault.cut()], ids=["dropped", "half", "cut"]
)
def test_broken_connection_is_tried_again_and_its_cost_is_unknown(service, fault):
    service.fail(PATH, fault)
    (reply,) = ask(service)
    assert reply.text == ANSWER
    assert reply.usage == Usage(calls=2)


def test_broken_connection_counts_as_all_that_was_held(service):
    service.fail(PATH, Fault.dropped())
    purse = Purse()
    (reply,) = ask(service, request(purse=purse))
    assert purse.settled[0] is None
    assert purse.settled[1] > 0
    assert reply.usage.usd is None


def test_nobody_there_is_a_failure_that_costs_nothing():
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))  # taken, but nobody listens

        class Nowhere:
            url = f"http://127.0.0.1:{port.getsockname()[1]}"

        with pytest.raises(ProviderError) as caught:
            ask(Nowhere(), tries=2)
    assert caught.value.usage == Usage(
        input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=2, usd=0.0
    )


@pytest.mark.parametrize("body", ['{"id": "chatcmpl-1", "choi', "", "nonsense"])
def test_reply_whose_json_is_broken_is_tried_again_and_its_cost_is_unknown(service, body):
    service.fail(PATH, Fault.answer(200, body=body))
    (reply,) = ask(service)
    assert reply.usage == Usage(calls=2)


@pytest.mark.parametrize("choices", [[], None, [{"index": 0}]])
def test_reply_without_a_choice_is_a_failure_with_its_cost(service, choices):
    body = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices,
        "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
    }  # fmt: skip
    service.fail(PATH, Fault.answer(200, body=body))

    async def asked():
        model = chat(service, OpenAIChat)  # as users have it: the SDK doesn't check replies
        try:
            await model.complete(request())
        finally:
            await model.aclose()

    with pytest.raises(ProviderError, match="no choice") as caught:
        asyncio.run(asked())
    assert (caught.value.usage.input_tokens, caught.value.usage.output_tokens) == (11, 3)


def test_truncated_answer_is_cut_off_with_its_cost(service):
    wrong = failure(service, Fault.truncated(), kind=CutOffError)
    (bill,) = service.billed
    assert wrong.usage.output_tokens == bill.output_tokens


def test_refusal_after_a_failed_try_has_the_cost_of_both(service):
    wrong = failure(service, Fault.overloaded(), Fault.refused(), kind=RefusalError)
    (bill,) = service.billed
    assert (wrong.usage.calls, wrong.usage.input_tokens) == (2, bill.input_tokens)


def test_failure_after_another_way_of_asking_has_the_cost_of_all():
    with FakeService(ChatFamily(Quirks(rejects={"seed"})), model=lambda prompt: Said(text=ANSWER)) as service:
        service.fail(PATH, Fault.overloaded())

        async def asked():
            model = chat(service, tries=2)
            await model.complete(request())  # learns, after one that failed
            service.fail(PATH, Fault.broken(), Fault.broken())
            try:
                await model.complete(request())
            finally:
                await model.aclose()

        with pytest.raises(ProviderError) as caught:
            asyncio.run(asked())
    assert caught.value.usage.calls == 2


@pytest.mark.parametrize("bend", [Fault.chatty(), Fault.empty(), Fault.no_usage()])
def test_odd_answers_are_replies_all_the_same(service, bend):
    service.fail(PATH, bend)
    (reply,) = ask(service)
    assert (reply.text == "") == (bend.bend == "empty")
    assert (reply.usage == UNKNOWN) == (bend.bend == "no_usage")


def test_key_is_nowhere_though_the_server_repeats_it(service, caplog):
    caplog.set_level(logging.DEBUG)
    echo = f"Incorrect API key provided: {KEY}."
    said = [str(failure(service, Fault.answer(status, echo), tries=1)) for status in (400, 401, 429, 500)]
    refused = {"error": {"message": echo, "code": "content_filter"}}
    said.append(str(failure(service, Fault.answer(400, body=refused), kind=RefusalError)))
    service.fail(PATH, Fault.answer(400, f"unknown parameter: seed; your key: {KEY}"), Fault.answer(500, echo))
    (reply,) = ask(service)
    said += [repr(reply), repr(chat(service)), *(record.getMessage() for record in caplog.records)]
    assert all(asked.key == KEY for asked in service.asked)
    assert KEY not in "".join(said)
    assert "***" in said[0]
