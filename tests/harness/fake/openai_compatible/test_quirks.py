"""Servers that aren't OpenAI's."""

import openai
import pytest

from rembench.testing import Chat, FakeService, Quirks, Said, count_tokens
from tests.harness.fake.clients import QUESTION, gpt

SCHEMA = {
    "type": "object",
    "properties": {"mood": {"type": "string", "enum": ["Calm", "busy"]}},
    "required": ["mood"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "mood", "schema": SCHEMA, "strict": True}}


def ask(service, **given):
    with gpt(service) as client:
        return client.chat.completions.create(**{"model": "m", "messages": QUESTION, **given})


@pytest.mark.parametrize("name", ["seed", "temperature", "max_completion_tokens", "response_format"])
def test_rejected_parameter_is_named(name):
    given = {"seed": 1, "temperature": 0, "max_completion_tokens": 9, "response_format": FORMAT}
    with FakeService(Chat(Quirks(rejects={name}))) as service:
        with pytest.raises(openai.BadRequestError, match=name) as caught:
            ask(service, **given)
        assert caught.value.param == name
        ask(service, **{other: value for other, value in given.items() if other != name})


@pytest.mark.parametrize("kind", ["json_schema", "json_object"])
def test_rejected_format_is_named_and_the_other_taken(kind):
    forms = {"json_schema": FORMAT, "json_object": {"type": "json_object"}}
    with FakeService(Chat(Quirks(rejects={kind}))) as service:
        with pytest.raises(openai.BadRequestError, match=kind) as caught:
            ask(service, response_format=forms.pop(kind))
        assert caught.value.param == "response_format"
        (other,) = forms.values()
        ask(service, response_format=other)


@pytest.mark.parametrize("ignored", ["json_schema", "response_format"])
def test_ignored_format_leaves_talk_around_the_json(ignored):
    with FakeService(Chat(Quirks(ignores={ignored}))) as service:
        made = ask(service, response_format=FORMAT)
    assert '```json\n{"mood":"Calm"}\n```' in made.choices[0].message.content
    assert made.usage.prompt_tokens == count_tokens(QUESTION[0]["content"])


def test_server_that_only_knows_max_tokens_uses_its_own_limit():
    quirks = Quirks(ignores={"max_completion_tokens"}, limit=16)
    with FakeService(Chat(quirks), model=lambda prompt: Said(text="x" * 400)) as service:
        assert ask(service, max_completion_tokens=50).usage.completion_tokens == 16
        assert ask(service, max_tokens=50).usage.completion_tokens == 50


def test_usage_may_be_null_and_is_billed():
    with FakeService(Chat(Quirks(usage=False))) as service:
        assert ask(service).usage is None
        assert len(service.billed) == 1


def test_details_of_the_usage_may_be_missing():
    with FakeService(Chat(Quirks(details=False))) as service:
        usage = ask(service).usage
    assert usage.prompt_tokens_details is None
    assert usage.completion_tokens_details is None


@pytest.mark.parametrize("stream", [False, True])
def test_reasoning_is_an_extra_field(stream):
    model = Said(text="fine", thinking="let me see")
    with (
        FakeService(Chat(Quirks(reasoning=True)), model=lambda prompt: model) as service,
        gpt(service) as client,
    ):
        made = client.chat.completions.create(model="m", messages=QUESTION, stream=stream)
        if stream:
            deltas = [chunk.choices[0].delta.model_extra for chunk in made]
            told = "".join(delta.get("reasoning", "") for delta in deltas)
        else:
            told = made.choices[0].message.model_extra["reasoning"]
    assert told == "let me see"


def test_vllm_has_its_own_errors_and_takes_what_it_does_not_know():
    with FakeService(Chat(Quirks(vllm=True, context=100))) as service:
        made = ask(service, extra_body={"chat_template_kwargs": {}}, response_format={"type": "json_object"})
        assert made.choices[0].model_extra["stop_reason"] is None
        with pytest.raises(openai.BadRequestError) as caught:
            ask(service, max_tokens=99)
    error = caught.value.body
    assert (error["type"], error["code"], error["param"]) == ("BadRequestError", 400, "input_tokens")


def test_prompt_that_is_too_long_is_refused():
    with FakeService(Chat(Quirks(context=8))) as service:
        with pytest.raises(openai.BadRequestError) as caught:
            ask(service)
        assert caught.value.code == "context_length_exceeded"
        ask(service, messages=[{"role": "user", "content": "short"}], max_tokens=99)


def test_unknown_model_is_not_found():
    with FakeService(Chat(Quirks(models={"mine"}))) as service:
        with pytest.raises(openai.NotFoundError) as caught:
            ask(service)
        ask(service, model="mine")
    assert caught.value.code == "model_not_found"
