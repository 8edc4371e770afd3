import asyncio

import anthropic
import pytest

from rembench.testing import Batches, FakeService, Fault, Messages, Said
from tests.harness.fake.clients import MODEL, QUESTION, async_claude, claude

PARAMS = {"model": MODEL, "max_tokens": 9, "messages": QUESTION}


def requests(*names, **changes):
    return [{"custom_id": name, "params": {**PARAMS, **changes}} for name in names]


def ended(client, made):
    while made.processing_status != "ended":
        made = client.messages.batches.retrieve(made.id)
    return made


def results(client, made):
    return {line.custom_id: line.result for line in client.messages.batches.results(made.id)}


def test_batch_ends_after_some_polls_and_work_is_billed_then():
    with FakeService(Batches(polls=3)) as service, claude(service) as client:
        made = client.messages.batches.create(requests=requests("a", "b"))
        states = [made]
        for _ in range(3):
            states.append(client.messages.batches.retrieve(made.id))
            told = (states[-1].request_counts.processing, len(service.billed))
            assert told == ((0, 2) if len(states) == 4 else (2, 0))
    assert [state.processing_status for state in states] == ["in_progress"] * 3 + ["ended"]
    assert [state.results_url for state in states[:3]] == [None] * 3
    assert states[-1].request_counts.succeeded == 2
    assert all(bill.batch and bill.path == "/v1/messages/batches" for bill in service.billed)


def test_results_are_in_another_order_and_of_this_service(service):
    with claude(service) as client:
        made = ended(client, client.messages.batches.create(requests=requests("a", "b", "c")))
        lines = list(client.messages.batches.results(made.id))
    assert [line.custom_id for line in lines] == ["c", "b", "a"]
    assert {line.result.message.content[0].text for line in lines} == {"OK."}
    assert lines[0].result.message.usage.service_tier == "batch"
    assert made.results_url.startswith(service.url)


def test_results_are_read_by_the_async_client(service):
    async def read():
        async with async_claude(service) as client:
            made = await client.messages.batches.create(requests=requests("a"))
            while made.processing_status != "ended":
                made = await client.messages.batches.retrieve(made.id)
            return [line.custom_id async for line in await client.messages.batches.results(made.id)]

    assert asyncio.run(read()) == ["a"]


def test_results_before_the_end_are_an_error(service):
    with claude(service) as client:
        made = client.messages.batches.create(requests=requests("a"))
        with pytest.raises(anthropic.AnthropicError, match="results_url"):
            client.messages.batches.results(made.id)
        with pytest.raises(anthropic.NotFoundError):
            client.get(f"/v1/messages/batches/{made.id}/results", cast_to=object)


def test_outcomes_are_as_scripted_and_only_replies_are_billed():
    outcomes = {"e": "errored", "x": "expired", "c": "canceled", "t": Fault.truncated()}
    with FakeService(Batches(outcomes=outcomes)) as service, claude(service) as client:
        made = ended(client, client.messages.batches.create(requests=requests(*"excta")))
        told = results(client, made)
    assert {name: result.type for name, result in told.items()} == {
        "e": "errored",
        "x": "expired",
        "c": "canceled",
        "t": "succeeded",
        "a": "succeeded",
    }
    assert told["t"].message.stop_reason == "max_tokens"
    assert told["e"].error.error.type == "api_error"
    assert [bill.request_id for bill in service.billed] == [f"{made.id}/t", f"{made.id}/a"]
    counts = made.request_counts
    assert (counts.succeeded, counts.errored, counts.expired, counts.canceled) == (2, 1, 1, 1)


@pytest.mark.parametrize("change", [{"max_tokens": 0}, {"stream": True}, {"temperature": 0}, {"messages": []}])
def test_wrong_parameters_are_an_errored_entry(service, change):
    with claude(service) as client:
        made = client.messages.batches.create(requests=[*requests("bad", **change), *requests("good")])
        told = results(client, ended(client, made))
    assert told["bad"].error.error.type == "invalid_request_error"
    assert told["good"].type == "succeeded"


def test_canceled_batch_ends_without_replies(service):
    with claude(service) as client:
        made = client.messages.batches.create(requests=requests("a", "b"))
        stopping = client.messages.batches.cancel(made.id)
        assert (stopping.processing_status, stopping.results_url) == ("canceling", None)
        assert stopping.cancel_initiated_at is not None
        made = client.messages.batches.retrieve(made.id)
        assert (made.processing_status, made.request_counts.canceled) == ("ended", 2)
        assert {result.type for result in results(client, made).values()} == {"canceled"}
        with pytest.raises(anthropic.BadRequestError):
            client.messages.batches.cancel(made.id)
    assert len(service.billed) == 0


def test_list_is_newest_first_over_pages_and_deleted_ones_are_gone():
    with FakeService(Batches(page=2)) as service, claude(service) as client:
        ids = [client.messages.batches.create(requests=requests("a")).id for _ in range(5)]
        assert [batch.id for batch in client.messages.batches.list()] == ids[::-1]
        assert [batch.id for batch in client.messages.batches.list(before_id=ids[0], limit=2)] == [
            ids[2],
            ids[1],
            ids[4],
            ids[3],
        ]
        with pytest.raises(anthropic.BadRequestError, match="in_progress"):
            client.messages.batches.delete(ids[0])
        ended(client, client.messages.batches.retrieve(ids[0]))
        client.messages.batches.delete(ids[0])
        with pytest.raises(anthropic.NotFoundError):
            client.messages.batches.retrieve(ids[0])
        assert len(list(client.messages.batches.list())) == 4


@pytest.mark.parametrize(
    "asked",
    [[], requests("a", "a"), requests("a b"), requests("x" * 65), requests("")],
    ids=["none", "twice", "blank", "long", "empty"],
)
def test_malformed_batch_is_refused(service, asked):
    with claude(service) as client, pytest.raises(anthropic.BadRequestError):
        client.messages.batches.create(requests=asked)


def test_batch_whose_reply_was_lost_exists_all_the_same(service):
    service.fail("/v1/messages/batches", Fault.dropped(after=0))
    with claude(service, max_retries=0) as client:
        with pytest.raises(anthropic.APIConnectionError):
            client.messages.batches.create(requests=requests("a"))
        assert len(list(client.messages.batches.list())) == 1


def test_entries_share_the_prompt_cache_and_the_model_knows_its_a_batch():
    prompts = []

    def model(prompt):
        prompts.append(prompt)
        return Said(text="fine")

    system = [{"type": "text", "text": "w" * 4000, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    with FakeService(Messages(), model=model) as service, claude(service) as client:
        ended(client, client.messages.batches.create(requests=requests("a", "b", system=system)))
    assert [prompt.batch for prompt in prompts] == [True, True]
    assert [bill.cache_read_tokens for bill in service.billed] == [0, 1000]
    assert [bill.cache_write_1h_tokens for bill in service.billed] == [1000, 0]
