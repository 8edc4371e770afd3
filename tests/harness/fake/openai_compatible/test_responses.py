import openai
import pydantic
import pytest

from rembench.testing import FakeService, Fault, Quirks, Responses, Said, count_tokens
from tests.harness.fake.clients import gpt

SCHEMA = {
    "type": "object",
    "properties": {"mood": {"type": "string", "enum": ["Calm"]}},
    "required": ["mood"],
    "additionalProperties": False,
}
FORMAT = {"format": {"type": "json_schema", "name": "mood", "schema": SCHEMA, "strict": True}}
ADD = {"type": "function", "name": "add", "parameters": {"type": "object"}, "strict": False}


class Answer(pydantic.BaseModel):
    mood: str


def ask(service, **given):
    with gpt(service) as client:
        return client.responses.create(**{"model": "m", "input": "Who is Kim?", **given})


def test_text_and_usage_are_as_said(service):
    made = ask(service, instructions="Be brief.")
    assert (made.output_text, made.status) == ("OK.", "completed")
    prompt = count_tokens("Be brief.") + count_tokens("Who is Kim?")
    assert (made.usage.input_tokens, made.usage.output_tokens) == (prompt, 1)
    assert service.billed.total.input_tokens == prompt


def test_model_is_told_what_was_asked():
    prompts = []

    def model(prompt):
        prompts.append(prompt)
        return Said(text="fine")

    items = [
        {"role": "developer", "content": "t"},
        {"role": "user", "content": [{"type": "input_text", "text": "a"}]},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    with FakeService(model=model) as service:
        ask(service, instructions="s", input=items, text=FORMAT, tools=[ADD], max_output_tokens=50)
    (prompt,) = prompts
    assert prompt.turns == (("user", "a"), ("assistant", "b"), ("user", "c"))
    assert (prompt.interface, prompt.system, prompt.schema) == ("responses", "s\nt", SCHEMA)
    assert (prompt.limit, prompt.replies, list(prompt.tools)) == (50, 1, ["add"])


def test_helper_of_the_client_works(service):
    with gpt(service) as client:
        assert client.responses.parse(model="m", input="?", text_format=Answer).output_parsed == Answer(mood="")


def tool_user(prompt):
    if not prompt.results:
        return Said.call("add", a=1, b=2)
    return Said(text=f"{prompt.results[0].input} = {prompt.results[0].text}", thinking="Hm.")


@pytest.mark.parametrize("kept", [False, True])
def test_tools_are_called_and_their_results_read(kept):
    with FakeService(model=tool_user) as service:
        first = ask(service, tools=[ADD])
        (call,) = first.output
        output = {"type": "function_call_output", "call_id": call.call_id, "output": "3"}
        if kept:
            made = ask(service, input=[output], tools=[ADD], previous_response_id=first.id)
        else:
            history = [{"role": "user", "content": "Who is Kim?"}, call.to_dict(), output]
            made = ask(service, input=history, tools=[ADD])
        assert made.output_text == "{'a': 1, 'b': 2} = 3"
        assert made.usage.output_tokens_details.reasoning_tokens == 1
        first_bill, second_bill = service.billed
        assert second_bill.input_tokens == first_bill.prompt_tokens + first_bill.output_tokens + 1
        with gpt(service) as client:
            assert client.responses.retrieve(made.id).output_text == made.output_text


def test_answer_ends_at_the_limit():
    with FakeService(model=lambda prompt: Said(text="x" * 100)) as service:
        made = ask(service, max_output_tokens=16)
    assert (made.output_text, made.status) == ("x" * 64, "incomplete")
    assert made.incomplete_details.reason == "max_output_tokens"


def test_scripted_refusal_is_told():
    with FakeService(model=lambda prompt: Said(refusal="I can't do that.")) as service:
        made = ask(service)
    assert made.output[0].content[0].refusal == "I can't do that."


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [
        (Fault.truncated(), '{"mood"', "max_output_tokens"),
        (Fault.refused(), "", "content_filter"),
        (Fault.wrong_case(), '{"mood":"cALM"}', None),
    ],
    ids=lambda value: getattr(value, "bend", None),
)
def test_reply_is_bent_as_the_fault_says(service, fault, text, reason):
    service.fail("/v1/responses", fault)
    made = ask(service, text=FORMAT)
    assert (made.output_text, made.incomplete_details and made.incomplete_details.reason) == (text, reason)


def test_usage_that_is_missing_is_billed(service):
    service.fail("/v1/responses", Fault.no_usage())
    assert ask(service).usage is None
    assert len(service.billed) == 1


REFUSED = {
    "'input' or": {"input": []},
    "neither streams": {"stream": True},
    "expected a value >= 16": {"max_output_tokens": 9},
    "No tool call found": {"input": [{"type": "function_call_output", "call_id": "c1", "output": "3"}]},
    "No tool output found": {
        "input": [{"type": "function_call", "call_id": "c1", "name": "add", "arguments": "{}"}],
    },
    "Unknown parameter: 'messages'": {"extra_body": {"messages": []}},
    "'additionalProperties' is required": {
        "text": {"format": {**FORMAT["format"], "schema": {**SCHEMA, "additionalProperties": True}}}
    },
}


@pytest.mark.parametrize("said", REFUSED)
def test_is_refused(said, service):
    with pytest.raises(openai.BadRequestError, match=said):
        ask(service, **REFUSED[said])


def test_unknown_earlier_response_is_not_found(service):
    with pytest.raises(openai.NotFoundError, match="resp_9"):
        ask(service, previous_response_id="resp_9")
    assert ask(service, store=False).id == "resp_0001"
    with pytest.raises(openai.NotFoundError, match="resp_0001"):
        ask(service, previous_response_id="resp_0001")


def test_server_may_reject_a_schema():
    refused = pytest.raises(openai.BadRequestError, match=r"text\.format")
    with FakeService(Responses(Quirks(rejects={"json_schema"}))) as service, refused:
        ask(service, text=FORMAT)
