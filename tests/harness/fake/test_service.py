import json
import threading
import time
import urllib.error
import urllib.request

import anthropic
import pytest

from rembench.testing import (
    Answer,
    AnthropicModels,
    Call,
    Events,
    FakeService,
    Family,
    Fault,
    Frame,
    Messages,
    OpenAIModels,
    Quirks,
    RejectionError,
    Said,
)
from rembench.testing import Chat as OpenAIChat
from tests.harness.fake.clients import MODEL, QUESTION, WAYS, claude, gpt, run

VERSION = {"anthropic-version": "2026-10-21"}


def fetched(url, *, method="GET", body=None, **headers):
    """Status, headers and body of a bare request."""
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=data, method=method, headers=named)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_every_reply_has_its_length_its_type_and_its_ids(service):
    message = {"model": MODEL, "max_tokens": 9, "messages": QUESTION}
    asked = {"x_api_key": "k", **VERSION}
    replies = [
        fetched(f"{service.url}/v1/models"),
        fetched(f"{service.url}/nowhere"),
        fetched(f"{service.url}/v1/messages", method="POST", body=message, **asked),
        fetched(f"{service.url}/v1/messages", method="POST", body={**message, "stream": True}, **asked),
    ]
    for number, (_, headers, body) in enumerate(replies, 1):
        assert int(headers["content-length"]) == len(body)
        assert headers["request-id"] == headers["x-request-id"] == f"req_{number:04}"
    types = [headers["content-type"].partition(";")[0] for _, headers, _ in replies]
    assert types == ["application/json"] * 3 + ["text/event-stream"]


def test_query_key_beta_changes_nothing(service):
    asked = {
        "method": "POST",
        "body": {"model": MODEL, "max_tokens": 9, "messages": QUESTION},
        "x_api_key": "k",
    }
    status, _, _ = fetched(f"{service.url}/v1/messages?beta=true", **asked, **VERSION)
    assert status == 200
    assert service.asked.last.query == (("beta", "true"),)


def test_unknown_route_is_404_and_known_one_with_another_method_405(service):
    assert fetched(f"{service.url}/v1/nowhere")[0] == 404
    assert fetched(f"{service.url}/v1/models", method="DELETE")[0] == 405
    error = json.loads(fetched(f"{service.url}/v1/nowhere", **VERSION)[2])
    assert (error["type"], error["error"]["type"], error["request_id"]) == (
        "error",
        "not_found_error",
        "req_0003",
    )


@pytest.mark.parametrize("header", [{"x_api_key": "right"}, {"authorization": "Bearer right"}])
def test_key_may_be_in_either_header(keyed_service, header):
    assert fetched(f"{keyed_service.url}/v1/models", **VERSION, **header)[0] == 200


@pytest.mark.parametrize("header", [{}, {"x_api_key": "wrong"}, {"authorization": "Basic right"}])
def test_no_key_or_a_wrong_one_is_401_in_the_shape_of_each_service(keyed_service, header):
    status, _, body = fetched(f"{keyed_service.url}/v1/models", **VERSION, **header)
    assert (status, json.loads(body)["error"]["type"]) == (401, "authentication_error")
    status, _, body = fetched(f"{keyed_service.url}/v1/models/m")
    assert (status, json.loads(body)["error"]["code"]) == (401, "invalid_api_key")


def test_vllm_says_unauthorized_plainly():
    with FakeService(OpenAIChat(Quirks(vllm=True)), keys={"right"}) as service:
        status, _, body = fetched(f"{service.url}/v1/chat/completions", method="POST", body={})
    assert (status, json.loads(body)) == (401, {"error": "Unauthorized"})


def test_any_key_is_right_unless_told_but_anthropic_wants_one(service):
    assert fetched(f"{service.url}/v1/models")[0] == 200
    assert fetched(f"{service.url}/v1/models", **VERSION)[0] == 401
    assert fetched(f"{service.url}/v1/models", x_api_key="any", **VERSION)[0] == 200


def test_anthropic_wants_its_version(service):
    assert fetched(f"{service.url}/v1/models", x_api_key="any")[0] == 400


def test_health_needs_no_key(keyed_service):
    assert fetched(f"{keyed_service.url}/health")[0] == 200


def test_record_finds_requests_by_place(service):
    run(WAYS["messages"], service, WAYS["messages"].ask)
    run(WAYS["chat"], service, WAYS["chat"].ask)
    assert service.asked.bodies("/v1/messages")[0]["model"] == MODEL
    assert len(service.asked.to("POST /v1/chat/completions")) == 1
    assert service.asked.to("GET /v1/chat/completions") == ()
    assert len(service.asked.to("/v1/")) == 2
    assert service.asked[0].key == "a-key"
    service.asked.clear()
    assert len(service.asked) == 0


def test_bug_of_the_script_is_a_500_and_raised_at_the_end():
    def model(prompt):
        raise ZeroDivisionError("my script")

    service = FakeService(model=model)

    def ask():
        with service, pytest.raises(anthropic.InternalServerError, match="my script"):
            run(WAYS["messages"], service, WAYS["messages"].ask)

    with pytest.raises(ZeroDivisionError, match="my script"):
        ask()
    assert (len(service.asked), len(service.billed)) == (1, 0)


def test_bug_is_noted_on_the_error_of_the_test():
    def ask_what_fails():
        with FakeService(model=lambda prompt: Said(calls=(Call(name="unknown"),))) as service:
            run(WAYS["chat"], service, WAYS["chat"].ask)

    with pytest.raises(Exception, match="has a bug") as caught:
        ask_what_fails()
    assert "called 'unknown'" in caught.value.__notes__[0]


def test_reply_fault_where_no_model_is_is_a_bug_of_the_test():
    def fetch_with_fault():
        with FakeService() as service:
            service.fail("/v1/models", Fault.truncated())
            fetched(f"{service.url}/v1/models")

    with pytest.raises(ValueError, match="no model behind it"):
        fetch_with_fault()


def test_requests_are_answered_at_once_and_counted():
    both_here = threading.Barrier(2, timeout=10)

    def model(prompt):
        both_here.wait()
        return Said(text="both")

    with FakeService(model=model) as service:
        texts = []
        askers = [
            threading.Thread(target=lambda way: texts.append(run(way, service, way.ask)), args=(WAYS[name],))
            for name in ("messages", "chat")
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert texts == ["both", "both"]
        assert service.most_at_once == 2


def test_end_waits_for_nobody():
    service = FakeService()
    with service, claude(service, max_retries=0) as client:
        service.fail("/v1/messages", Fault.stalled(60))
        errors = []

        def ask():
            try:
                client.messages.create(model=MODEL, max_tokens=9, messages=QUESTION)
            except anthropic.APIConnectionError as error:
                errors.append(error)

        asker = threading.Thread(target=ask)
        asker.start()
        while not len(service.asked):
            time.sleep(0.01)
        service.__exit__(None, None, None)
        asker.join(10)
        assert len(errors) == 1
    with pytest.raises(OSError, match="refused"):
        fetched(service.url)


def test_address_before_the_start_is_an_error():
    with pytest.raises(RuntimeError, match="with statement"):
        FakeService().url  # noqa: B018


def test_environment_leads_both_clients_here(monkeypatch, keyed_service):
    for name, value in keyed_service.environment.items():
        monkeypatch.setenv(name, value)
    import openai

    with anthropic.Anthropic() as client:
        assert len(list(client.models.list())) == 5
    with openai.OpenAI() as client:
        assert len(list(client.models.list())) == 1


def test_given_family_replaces_the_known_one_and_only_leaves_the_rest_out():
    with FakeService(AnthropicModels(["claude-mine"])) as service:
        with claude(service) as client:
            assert [model.id for model in client.models.list()] == ["claude-mine"]
        run(WAYS["chat"], service, WAYS["chat"].ask)
    with FakeService(OpenAIModels(), only=True) as service:
        assert fetched(f"{service.url}/v1/messages", method="POST", **VERSION)[0] == 404
        assert fetched(f"{service.url}/v1/models")[0] == 200


class Counters(Family):
    """A family of somebody else's."""

    beta = "counters-2026-01-01"
    never_with = ("other-2026-01-01",)

    def __init__(self):
        self.counts = {}

    def routes(self):
        return {
            ("POST", "/v1/counters/{name}"): self._count,
            ("GET", "/v1/counters/{name}/ticks"): lambda asked: Events(frames=self._ticks()),
        }

    def _count(self, asked):
        name = asked.named["name"]
        if name == "none":
            raise RejectionError(409, "no", kind="counter_error", counter=name).but(x_should_retry="false")
        self.counts[name] = self.counts.get(name, 0) + 1
        return Answer(body={"name": name, "count": self.counts[name], "at": self.desk.now()}, status=201)

    def _ticks(self):
        yield Frame(event="tick", data={"n": 1})
        self.desk.stopping.wait(0.01)
        yield Frame(event="tick", data={"n": 2})


COUNTER = {"x_api_key": "k", "anthropic_beta": "counters-2026-01-01", **VERSION}


def test_own_family_is_served_with_its_state():
    with FakeService(Counters()) as service:
        for _ in range(2):
            status, _, body = fetched(f"{service.url}/v1/counters/a", method="POST", **COUNTER)
        assert (status, json.loads(body)) == (201, {"name": "a", "count": 2, "at": "2026-11-20T00:00:02Z"})
        assert service.family(Counters).counts == {"a": 2}
        _, headers, body = fetched(f"{service.url}/v1/counters/none", method="POST", **COUNTER)
        assert json.loads(body)["error"] == {"type": "counter_error", "message": "no", "counter": "none"}
        assert headers["x-should-retry"] == "false"


def test_own_family_may_stream_as_it_goes():
    with FakeService(Counters()) as service:
        _, headers, body = fetched(f"{service.url}/v1/counters/a/ticks", **COUNTER)
    assert headers["transfer-encoding"] == "chunked"
    assert body.decode() == 'event: tick\ndata: {"n": 1}\n\nevent: tick\ndata: {"n": 2}\n\n'


@pytest.mark.parametrize("betas", ["", "counters-2026-01-01,other-2026-01-01"])
def test_own_family_has_its_beta_rules(betas):
    with FakeService(Counters()) as service:
        asked = {**COUNTER, "anthropic_beta": betas}
        assert fetched(f"{service.url}/v1/counters/a", method="POST", **asked)[0] == 400


def test_state_is_of_one_service_only():
    with FakeService() as one, FakeService() as other:
        run(WAYS["messages"], one, WAYS["messages"].ask)
        assert (len(one.asked), len(other.asked)) == (1, 0)
        assert other.family(Messages) is not one.family(Messages)


def test_vllm_flavour_says_404_with_a_number_as_code():
    with FakeService(OpenAIChat(Quirks(vllm=True, models={"mine"}))) as service, gpt(service) as client:
        import openai

        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(model="other", messages=QUESTION)
    assert (caught.value.body["type"], caught.value.body["code"]) == ("NotFoundError", 404)
