"""Every fault, through the real clients: plain and streamed, sync and async."""

import httpx2
import openai
import pytest

from rembench.testing import Fault
from tests.harness.fake.clients import WAYS, run

PLAIN = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
STREAMING = [way for way in WAYS.values() if way.stream]
STREAMED = pytest.mark.parametrize("way", STREAMING, ids=[name for name, way in WAYS.items() if way.stream])

AGAIN = [
    (Fault.rate_limited(), "RateLimitError", "RateLimitError"),
    (Fault.overloaded(), "OverloadedError", "InternalServerError"),
    (Fault.broken(), "InternalServerError", "InternalServerError"),
    (Fault.conflict(), "ConflictError", "ConflictError"),
    (Fault.answer(408), "RequestTimeoutError", "APIStatusError"),
]


@PLAIN
def test_no_fault_no_error(way, service):
    assert run(way, service, way.ask) == "OK."
    assert service.asked.paths == (f"POST {way.place}",)


@PLAIN
@pytest.mark.parametrize("fault", [fault for fault, _, _ in AGAIN], ids=lambda fault: str(fault.status))
def test_passing_status_is_tried_again_and_only_the_reply_is_billed(way, service, fault):
    service.fail(way.place, fault, fault)
    assert run(way, service, way.ask) == "OK."
    assert len(service.asked) == 3
    assert [asked.headers["x-stainless-retry-count"] for asked in service.asked] == ["0", "1", "2"]
    assert len(service.billed) == 1
    assert service.faults_left == ()


@PLAIN
@pytest.mark.parametrize(("fault", "claude", "gpt"), AGAIN, ids=lambda fault: str(getattr(fault, "status", "")))
def test_lasting_status_has_the_clients_own_error(way, service, fault, claude, gpt):
    service.fail(way.place, fault)
    error = getattr(way.sdk, claude if way.sdk.__name__ == "anthropic" else gpt)
    with pytest.raises(error) as caught:
        run(way, service, way.ask, max_retries=0)
    assert caught.value.status_code == fault.status
    assert caught.value.request_id == service.asked.last.request_id
    assert len(service.billed) == 0


@PLAIN
def test_conflict_that_says_so_is_not_tried_again(way, service):
    service.fail(way.place, Fault.conflict(retry=False))
    with pytest.raises(way.sdk.ConflictError):
        run(way, service, way.ask)
    assert len(service.asked) == 1


@PLAIN
def test_scripted_body_and_headers_come_through(way, service):
    fault = Fault.answer(400, body={"error": {"message": "as I say", "code": 7}}, x_note="hello")
    service.fail(way.place, fault)
    with pytest.raises(way.sdk.BadRequestError, match="as I say") as caught:
        run(way, service, way.ask)
    assert caught.value.response.headers["x-note"] == "hello"


@PLAIN
def test_dropped_connection_is_a_connection_error_and_costs_nothing(way, service):
    service.fail(way.place, Fault.dropped())
    with pytest.raises(way.sdk.APIConnectionError):
        run(way, service, way.ask, max_retries=0)
    assert len(service.billed) == 0


@PLAIN
@pytest.mark.parametrize("after", [0, 20])
def test_connection_dropped_in_the_reply_is_a_connection_error_that_is_billed(way, service, after):
    service.fail(way.place, Fault.dropped(after))
    with pytest.raises(way.sdk.APIConnectionError):
        run(way, service, way.ask, max_retries=0)
    (bill,) = service.billed
    assert not bill.delivered


@PLAIN
def test_stalled_reply_is_a_time_out(way, service):
    service.fail(way.place, Fault.stalled())
    with pytest.raises(way.sdk.APITimeoutError):
        run(way, service, way.ask, max_retries=0, timeout=0.1)


@PLAIN
def test_plain_reply_is_cut_in_the_middle(way, service):
    service.fail(way.place, Fault.cut())
    with pytest.raises(way.sdk.APIConnectionError):
        run(way, service, way.ask, max_retries=0)


@PLAIN
def test_error_event_is_a_status_where_nothing_is_streamed(way, service):
    service.fail(way.place, Fault.error_event(status=500))
    with pytest.raises(way.sdk.InternalServerError):
        run(way, service, way.ask, max_retries=0)
    assert len(service.billed) == 0


@STREAMED
def test_stream_gives_the_same_text(way, service):
    assert run(way, service, way.stream) == run(way, service, way.ask)
    first, second = service.billed
    assert (first.input_tokens, first.output_tokens) == (second.input_tokens, second.output_tokens)


@STREAMED
@pytest.mark.parametrize("after", [0, 1, 3])
def test_stream_that_is_cut_is_an_error_and_is_billed(way, service, after):
    service.fail(way.place, Fault.cut(after))
    with pytest.raises((httpx2.RemoteProtocolError, way.sdk.APIConnectionError)):
        run(way, service, way.stream, max_retries=0)
    (bill,) = service.billed
    assert not bill.delivered
    assert len(service.asked) == 1


@STREAMED
def test_stream_that_is_cut_cleanly_looks_complete(way, service):
    service.fail(way.place, Fault.cut(3, clean=True))
    run(way, service, way.stream, max_retries=0)
    (bill,) = service.billed
    assert not bill.delivered


@STREAMED
def test_stream_that_stalls_is_a_time_out(way, service):
    service.fail(way.place, Fault.stalled(after=2))
    with pytest.raises((httpx2.ReadTimeout, way.sdk.APITimeoutError)):
        run(way, service, way.stream, max_retries=0, timeout=0.1)


@STREAMED
def test_error_event_ends_the_stream(way, service):
    service.fail(way.place, Fault.error_event(2, message="too busy"))
    with pytest.raises(way.sdk.APIError, match="too busy"):
        run(way, service, way.stream, max_retries=0)
    (bill,) = service.billed
    assert not bill.delivered


@PLAIN
def test_wrong_key_is_an_authentication_error(way, keyed_service):
    with pytest.raises(way.sdk.AuthenticationError):
        run(way, keyed_service, way.ask)
    assert run(way, keyed_service, way.ask, api_key="right") == "OK."


def test_faults_are_taken_by_place_and_in_order(service):
    chat, messages = WAYS["chat"], WAYS["messages"]
    service.fail("/v1/messages", Fault.answer(400, "first"), Fault.answer(400, "second"))
    assert run(chat, service, chat.ask) == "OK."
    for said in ("first", "second"):
        with pytest.raises(messages.sdk.BadRequestError, match=said):
            run(messages, service, messages.ask)
    assert run(messages, service, messages.ask) == "OK."


@pytest.mark.parametrize("method", ["", "GET "])
@pytest.mark.parametrize("path", ["/v1/models/m", "/v1/models/{id}"])
def test_place_may_be_a_path_or_a_pattern_with_or_without_method(method, path, service):
    service.fail(f"{method}{path}", Fault.answer(402))
    with WAYS["chat"].client(service) as client, pytest.raises(openai.APIStatusError):
        client.models.retrieve("m")


def test_star_is_any_place(service):
    service.fail("*", Fault.answer(402), Fault.answer(402))
    for way in (WAYS["messages"], WAYS["chat"]):
        with pytest.raises(way.sdk.APIStatusError):
            run(way, service, way.ask)


def test_other_method_or_path_leaves_the_fault(service):
    service.fail("POST /v1/models", Fault.broken())
    service.fail("/v1/models/{id}", Fault.broken())
    with WAYS["chat"].client(service) as client:
        client.models.list()
    assert [place for place, _ in service.faults_left] == ["POST /v1/models", "/v1/models/{id}"]
