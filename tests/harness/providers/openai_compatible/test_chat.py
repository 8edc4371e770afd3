"""Asking chat servers: what's sent, what comes back, what it costs."""

import asyncio
import sys

import pytest

from rembench.harness.engine.purse import RunPurse
from rembench.harness.errors import UserError
from rembench.harness.night import BudgetError, CutOffError, RefusalError, Usage
from rembench.harness.providers.openai_compatible.chat import Chat, ChatOptions, OpenAIChat
from rembench.harness.providers.openai_compatible.service import Service
from rembench.testing import Chat as ChatFamily
from rembench.testing import FakeService, Fault, Quirks, Said
from tests.harness.fake.clients import clear_environment
from tests.harness.providers.openai_compatible.asking import ANSWER, KEY, PATH, Purse, ask, chat, request


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    clear_environment(monkeypatch)


def said(text=ANSWER, **more):
    return lambda prompt: Said(text=text, **more)


def odd(**quirks):
    return FakeService(ChatFamily(Quirks(**quirks)), model=said())


def manners(service):
    """What was sent in every request: the rung, and the names of what else is at stake."""
    made = []
    for body in service.asked.bodies(PATH):
        form = body.get("response_format", {}).get("type", "prompt")
        names = {"seed", "temperature", "max_tokens", "max_completion_tokens"} & body.keys()
        made.append((form, names))
    return made


NEW = {"seed", "max_completion_tokens"}


def test_reply_says_what_it_cost_to_the_token():
    with FakeService(model=said()) as service:
        (reply,) = ask(service)
        (bill,) = service.billed
    # gpt-6-luna: 0.10 a million in, 0.50 out
    usd = (0.1 * bill.input_tokens + 0.5 * bill.output_tokens) / 1e6
    assert reply.text == ANSWER
    assert reply.model == "gpt-6-luna"
    assert reply.usage == Usage(
        input_tokens=bill.input_tokens, output_tokens=bill.output_tokens, cache_read_tokens=0,
        cache_write_tokens=0, calls=1, usd=pytest.approx(usd),
    )  # fmt: skip
    assert "rung: json_schema" in reply.notes


def test_what_came_from_the_cache_is_no_input():
    long = request(system="You keep a memory. " * 400)
    with FakeService(model=said()) as service:
        replies = ask(service, long, long)
        bills = list(service.billed)
    assert bills[1].cache_read_tokens > 0
    for reply, bill in zip(replies, bills, strict=True):
        assert reply.usage.input_tokens == bill.input_tokens
        assert reply.usage.cache_read_tokens == bill.cache_read_tokens


def test_usage_of_null_is_unknown_and_never_zero():
    with odd(usage=False) as service:
        (reply,) = ask(service)
    assert reply.usage == Usage(calls=1)
    assert "usage: none given" in reply.notes


def test_server_that_says_nothing_of_caches_leaves_them_unknown():
    with odd(details=False) as service:
        (reply,) = ask(service)
    assert reply.usage.input_tokens == service.billed[0].prompt_tokens
    assert reply.usage.cache_read_tokens is None
    assert reply.usage.cache_write_tokens is None


def test_temperature_seed_and_effort_are_sent_where_they_are_given():
    with FakeService(model=said()) as service:
        ask(service, temperature=0.5, reasoning_effort="low")
        ask(service, request(seed=None))
    full, bare = service.asked.bodies(PATH)
    assert (full["temperature"], full["seed"], full["reasoning_effort"]) == (0.5, 7, "low")
    assert not {"temperature", "seed", "reasoning_effort"} & bare.keys()


@pytest.mark.parametrize(
    ("rejects", "sent"),
    [
        ({"json_schema"}, [("json_schema", NEW), ("json_object", NEW)]),
        (
            {"json_schema", "json_object"},
            [("json_schema", NEW), ("json_object", NEW), ("prompt", NEW)],
        ),
        ({"response_format"}, [("json_schema", NEW), ("json_object", NEW), ("prompt", NEW)]),
        ({"seed"}, [("json_schema", NEW), ("json_schema", {"max_completion_tokens"})]),
        (
            {"max_completion_tokens"},
            [("json_schema", NEW), ("json_schema", {"seed", "max_tokens"})],
        ),
    ],
)
def test_server_is_asked_in_the_way_that_it_takes(rejects, sent):
    with odd(rejects=rejects) as service:
        first, second = ask(service, request(), request())
    assert manners(service) == [*sent, sent[-1]]
    assert first.usage.calls == len(sent)
    assert first.usage.input_tokens == service.billed[0].input_tokens
    assert second.usage.calls == 1
    assert f"rung: {sent[-1][0]}" in second.notes
    assert sum(note.startswith("asked in another way: 400") for note in first.notes) == len(sent) - 1


def test_server_that_knows_nothing_new_is_asked_in_the_oldest_way():
    nothing = {"json_schema", "json_object", "max_completion_tokens", "seed", "temperature"}
    with odd(rejects=nothing, vllm=True) as service:
        (reply,) = ask(service, temperature=0)
    assert reply.notes[:4] == (
        "rung: prompt", "max_tokens instead of max_completion_tokens", "dropped: seed", "dropped: temperature",
    )  # fmt: skip
    assert reply.usage.calls == 6
    assert reply.text == ANSWER


def test_many_at_once_learn_from_the_first():
    async def asked(service):
        model = chat(service)
        try:
            return await asyncio.gather(*(model.complete(request(f"JSON {n}")) for n in range(8)))
        finally:
            await model.aclose()

    with odd(rejects={"json_schema", "seed"}) as service:
        replies = asyncio.run(asked(service))
    assert len(service.asked.to(PATH)) == 10
    assert sorted(reply.usage.calls for reply in replies) == [1] * 7 + [3]


def test_server_that_ignores_the_schema_twice_is_asked_one_rung_lower():
    chatty = "Certainly. Kim lives in Bergen."
    with FakeService(model=said(chatty)) as service:
        replies = ask(service, *[request()] * 5)
    assert [reply.text for reply in replies] == [chatty] * 5
    assert [form for form, _ in manners(service)] == ["json_schema"] * 2 + ["json_object"] * 2 + ["prompt"]


def test_length_that_the_server_names_is_learnt():
    said_so = "max_completion_tokens=9000 cannot be greater than max_model_len=4096."
    with FakeService(model=said()) as service:
        service.fail(PATH, Fault.answer(400, said_so))
        (reply,) = ask(service, request(most_tokens=9000))
    assert [body["max_completion_tokens"] for body in service.asked.bodies(PATH)] == [9000, 4096]
    assert "at most 4096 tokens" in reply.notes


def test_thoughts_are_no_part_of_the_answer():
    thoughtful = f"<think>Kim? {{Bergen}}</think>\n\n{ANSWER}"
    with FakeService(model=said(thoughtful)) as service:
        assert ask(service)[0].text == ANSWER
    with FakeService(ChatFamily(Quirks(reasoning=True)), model=said(thinking="Kim? Bergen.")) as service:
        (reply,) = ask(service)
    assert reply.text == ANSWER
    assert "Bergen." not in "".join(reply.notes)


def test_refusal_of_the_model_is_a_refusal_with_its_cost():
    with (
        FakeService(model=lambda prompt: Said(refusal="I won't.")) as service,
        pytest.raises(RefusalError) as caught,
    ):
        ask(service)
    assert "I won't." in str(caught.value)
    assert caught.value.usage.output_tokens == service.billed[0].output_tokens


def test_content_filter_is_a_refusal_with_its_cost():
    with FakeService(model=said()) as service:
        service.fail(PATH, Fault.refused())
        with pytest.raises(RefusalError) as caught:
            ask(service)
    assert caught.value.usage.input_tokens == service.billed[0].input_tokens


def test_prompt_that_the_filter_keeps_out_is_a_refusal_that_costs_nothing():
    body = {"error": {"message": "filtered", "code": "content_filter", "param": "prompt", "type": None}}
    purse = Purse()
    with FakeService(model=said()) as service:
        service.fail(PATH, Fault.answer(400, body=body))
        with pytest.raises(RefusalError) as caught:
            ask(service, request(purse=purse))
    assert (caught.value.usage.calls, caught.value.usage.usd) == (1, 0)
    assert purse.settled == [0]


def test_reply_that_is_cut_off_is_known_as_such_with_its_cost():
    with FakeService(model=said("x" * 4000)) as service, pytest.raises(CutOffError) as caught:
        ask(service, request(most_tokens=10))
    assert caught.value.usage.output_tokens == service.billed[0].output_tokens == 10


def test_bounds_go_to_servers_elsewhere_and_not_to_openai():
    async def own(service):
        to = Service(url=f"{service.url}/v1", key="a-key", own=True)
        model = Chat(ChatOptions(model="gpt-6-luna"), to)
        await model.complete(request())
        await model.aclose()

    with FakeService(model=said()) as service:
        ask(service)
        asyncio.run(own(service))
    elsewhere, openai = (body["response_format"]["json_schema"] for body in service.asked.bodies(PATH))
    assert elsewhere["schema"]["properties"]["city"] == {"type": "string", "maxLength": 20}
    assert openai["schema"]["properties"]["city"] == {"type": "string"}
    assert openai["strict"] is True


def test_what_a_call_can_cost_is_held_before_and_settled_after():
    purse = Purse()
    with FakeService(model=said()) as service:
        (reply,) = ask(service, request(purse=purse))
    assert purse.settled == [reply.usage.usd]
    assert purse.held[0] > reply.usage.usd


def test_call_that_the_purse_does_not_allow_is_not_made():
    with FakeService(model=said()) as service, pytest.raises(BudgetError):
        ask(service, request(purse=Purse(most=1e-9)))
    assert len(service.asked) == 0


def test_unknown_price_is_held_as_unknown_at_openai_and_not_at_all_at_a_server_of_ones_own():
    async def own(service, purse):
        model = Chat(ChatOptions(model="mystery-1"), Service(url=f"{service.url}/v1", key="k", own=True))
        reply = await model.complete(request(purse=purse))
        await model.aclose()
        return reply

    at_openai, elsewhere = Purse(), Purse()
    with FakeService(model=said()) as service:
        assert asyncio.run(own(service, at_openai)).usage.usd is None
        assert ask(service, request(purse=elsewhere), model="mystery-1")[0].usage.usd is None
    assert at_openai.held == [None]
    assert elsewhere.held == []


@pytest.mark.parametrize("url", ["https://models.example.com/v1", "https://8.8.8.8/v1"])
def test_with_a_budget_a_service_elsewhere_that_has_no_price_is_not_asked(url, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = OpenAIChat(model="mystery-1", base_url=url, timeout=0.1, tries=1)
    with pytest.raises(BudgetError, match="REMBENCH_PRICES"):
        asyncio.run(model.complete(request(purse=RunPurse(budget=1.0).night())))


def test_price_of_the_users_own_file_counts(tmp_path, monkeypatch):
    own = tmp_path / "prices.yaml"
    own.write_text("dated: 2026-11-01\nmodels:\n  mystery-1: {input: 1000000, output: 0, read: 0}\n")
    monkeypatch.setenv("REMBENCH_PRICES", str(own))
    with FakeService(model=said()) as service:
        (reply,) = ask(service, model="mystery-1")
    assert reply.usage.usd == service.billed[0].input_tokens


def test_key_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OTHER_KEY", f"{KEY}-other")
    with FakeService(model=said()) as service:
        ask(service)
        ask(service, key_env="OTHER_KEY")
        monkeypatch.delenv("OPENAI_API_KEY")
        ask(service)
    assert [asked.key for asked in service.asked] == [KEY, f"{KEY}-other", "EMPTY"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base_url": None}, "OPENAI_API_KEY isn't set"),
        ({"base_url": "https://eu.api.openai.com/v1"}, "OPENAI_API_KEY isn't set"),
        ({"key_env": "NOBODYS_KEY"}, "NOBODYS_KEY isn't set"),
        ({"base_url": "127.0.0.1:8000"}, "isn't an address"),
        ({"base_url": "http://"}, "isn't an address"),
        ({"base_url": "http://me:secret@host/v1"}, "more in it than an address"),
        ({"model": " "}, "model is empty"),
        ({"temperature": float("nan")}, "temperature"),
        ({"timeout": 0.0}, "timeout"),
        ({"tries": 0}, "tries"),
        ({"in_flight": 0}, "in_flight"),
        ({"tokens_per_minute": -1}, "tokens_per_minute"),
        ({"rung": "yaml"}, "rung"),
    ],
)
def test_options_that_can_not_be_are_said_before_anything_is_asked(options, message):
    with pytest.raises(UserError, match=message) as caught:
        OpenAIChat(**{"model": "gpt-6-luna", "base_url": "http://127.0.0.1:1/v1", **options})
    assert "secret" not in str(caught.value)


def test_address_comes_from_the_environment_too(monkeypatch):
    with FakeService(model=said()) as service:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{service.url}/v1/")
        (reply,) = ask(service, base_url=None)
    assert reply.text == ANSWER


def test_without_the_sdk_one_line_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(UserError, match="the package openai isn't installed"):
        OpenAIChat(model="any", base_url="http://127.0.0.1:1/v1")
