"""A night through a chat server: what's written, and what it cost."""

import pytest

from rembench.consolidators.load import load_consolidator
from rembench.consolidators.rewriter import as_json
from rembench.harness.errors import UserError
from rembench.harness.night import InvalidOutputError, ProviderError
from rembench.testing import Chat, FakeService, Fault, Quirks, Said
from tests.consolidators.chat_servers import MEMORY, PATH, consolidated, openai_at, vllm_at, writer
from tests.consolidators.nights import night
from tests.harness.fake.clients import clear_environment


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    clear_environment(monkeypatch)
    monkeypatch.delenv("VLLM_API_KEY", raising=False)


def test_options_reach_the_model():
    with FakeService(model=writer) as service:
        consolidated(openai_at(service, style="hygiene", most_tokens=900, temperature=0.5))
    (body,) = service.asked.bodies(PATH)
    assert "only cleaned" in body["messages"][0]["content"]
    assert (body["max_completion_tokens"], body["temperature"]) == (900, 0.5)
    assert "seed" in body


@pytest.mark.parametrize("place", [openai_at, vllm_at])
def test_night_becomes_the_memory_that_the_model_wrote(place):
    with FakeService(Chat(Quirks(vllm=place is vllm_at)), model=writer) as service:
        made = consolidated(place(service))
    (bill,) = service.billed
    assert made.memory == MEMORY
    assert (made.usage.input_tokens, made.usage.output_tokens) == (bill.input_tokens, bill.output_tokens)
    assert "rung: json_schema" in made.trace


@pytest.mark.parametrize("place", [openai_at, vllm_at])
def test_same_night_twice_is_asked_alike(place):
    with FakeService(model=writer) as service:
        first, second = consolidated(place(service), night(), night())
    bodies = service.asked.bodies(PATH)
    assert bodies[0] == bodies[1]
    assert first.memory == second.memory


def test_servers_that_take_less_bring_the_same_memory():
    for rejects in ((), {"json_schema"}, {"json_schema", "json_object"}, {"seed", "max_completion_tokens"}):
        with FakeService(Chat(Quirks(rejects=rejects)), model=writer) as service:
            assert consolidated(openai_at(service)).memory == MEMORY


def test_reply_that_is_no_memory_is_asked_for_again_as_often_as_said():
    with FakeService(model=lambda prompt: Said(text="Nothing to add.")) as service:
        wrong = consolidated(openai_at(service, retries=2))
    assert type(wrong) is InvalidOutputError
    assert len(service.asked) == 3
    assert wrong.usage.output_tokens == sum(bill.output_tokens for bill in service.billed)
    seeds = [body["seed"] for body in service.asked.bodies(PATH)]
    assert len(set(seeds)) == 3


def test_talk_around_the_memory_is_no_harm():
    with FakeService(model=writer) as service:
        service.fail(PATH, Fault.chatty())
        assert consolidated(openai_at(service)).memory == MEMORY


def test_bare_tab_in_a_line_is_read_as_one():
    bare = as_json({"a.md": "- a<tab>b\n"}).replace("<tab>", "\t")
    with FakeService(model=lambda prompt: Said(text=bare)) as service:
        assert consolidated(openai_at(service)).memory == {"a.md": "- a\tb\n"}


def test_nobody_there_is_a_failure_of_the_provider():
    wrong = consolidated("openai:model=any,base_url=http://127.0.0.1:1/v1,tries=1")
    assert type(wrong) is ProviderError
    assert wrong.usage.usd == 0


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("openai:model=any", "OPENAI_API_KEY isn't set"),
        ("openai:model=any,base_url=http://127.0.0.1:1/v1,retries=-1", "retries"),
        ("openai:model=any,base_url=http://127.0.0.1:1/v1,most_tokens=0", "most_tokens"),
    ],
)
def test_what_can_not_be_is_said_before_the_first_night(spec, message):
    with pytest.raises(UserError, match=message):
        load_consolidator(spec).make(None)
