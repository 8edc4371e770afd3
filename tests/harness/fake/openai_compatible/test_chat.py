import openai
import pydantic
import pytest

from rembench.testing import FakeService, Fault, Said, count_tokens
from tests.harness.fake.clients import QUESTION, gpt

SCHEMA = {
    "type": "object",
    "properties": {"mood": {"type": "string", "enum": ["Calm", "busy"]}},
    "required": ["mood"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "mood", "schema": SCHEMA, "strict": True}}
ADD = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}


class Answer(pydantic.BaseModel):
    mood: str


def ask(service, **given):
    with gpt(service) as client:
        return client.chat.completions.create(**{"model": "m", "messages": QUESTION, **given})


def test_text_and_usage_are_as_said(service):
    made = ask(service, messages=[{"role": "system", "content": "Be brief."}, *QUESTION], temperature=0, seed=1)
    assert (made.choices[0].message.content, made.choices[0].finish_reason) == ("OK.", "stop")
    prompt = count_tokens("Be brief.") + count_tokens(QUESTION[0]["content"])
    assert (made.usage.prompt_tokens, made.usage.completion_tokens, made.usage.total_tokens) == (
        prompt,
        1,
        prompt + 1,
    )
    assert made._request_id == "req_0001"


def test_model_is_told_what_was_asked():
    prompts = []

    def model(prompt):
        prompts.append(prompt)
        return Said(text="fine")

    messages = [
        {"role": "developer", "content": "s"},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"role": "assistant", "content": "c"},
        {"role": "user", "content": "d"},
    ]
    with FakeService(model=model) as service:
        ask(service, messages=messages, response_format=FORMAT, tools=[ADD], max_completion_tokens=50)
    (prompt,) = prompts
    assert prompt.turns == (("user", "a\nb"), ("assistant", "c"), ("user", "d"))
    assert (prompt.interface, prompt.model, prompt.system, prompt.text) == ("chat", "m", "s", "d")
    assert (prompt.schema, prompt.held, prompt.replies, prompt.limit) == (SCHEMA, True, 1, 50)
    assert list(prompt.tools) == ["add"]


def test_helpers_of_the_client_work(service):
    with gpt(service) as client:
        asked = {"model": "m", "messages": QUESTION, "response_format": Answer}
        parsed = client.chat.completions.parse(**asked)
        with client.chat.completions.stream(**asked, stream_options={"include_usage": True}) as stream:
            streamed = stream.get_final_completion()
    assert parsed.choices[0].message.parsed == streamed.choices[0].message.parsed == Answer(mood="")
    assert streamed.usage == parsed.usage


def test_any_object_is_answered_where_the_prompt_says_json(service):
    form = {"type": "json_object"}
    assert ask(service, response_format=form).choices[0].message.content == "{}"
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        ask(service, response_format=form, messages=[{"role": "user", "content": "hello"}])


def tool_user(prompt):
    if not prompt.replies:
        return Said.call("add", a=1, b=2)
    return Said(text=f"{prompt.results[0].input} = {prompt.results[0].text}", thinking="Hm.")


@pytest.mark.parametrize("streamed", [False, True])
def test_tools_are_called_and_their_results_read(streamed):
    with FakeService(model=tool_user) as service, gpt(service) as client:
        if streamed:
            with client.chat.completions.stream(model="m", messages=QUESTION, tools=[ADD]) as stream:
                first = stream.get_final_completion().choices[0]
        else:
            first = ask(service, tools=[ADD]).choices[0]
        assert first.finish_reason == "tool_calls"
        (call,) = first.message.tool_calls
        sent = {
            "id": call.id,
            "type": "function",
            "function": {"name": "add", "arguments": call.function.arguments},
        }
        history = [
            *QUESTION,
            {"role": "assistant", "tool_calls": [sent]},
            {"role": "tool", "tool_call_id": call.id, "content": "3"},
        ]
        made = ask(service, messages=history, tools=[ADD])
    assert made.choices[0].message.content == "{'a': 1, 'b': 2} = 3"
    assert made.usage.completion_tokens_details.reasoning_tokens == 1


def test_usage_comes_last_in_a_stream_and_only_if_wanted(service):
    with gpt(service) as client:
        asked = {"model": "m", "messages": QUESTION, "stream": True}
        plain = list(client.chat.completions.create(**asked))
        told = list(client.chat.completions.create(**asked, stream_options={"include_usage": True}))
    assert all(chunk.usage is None for chunk in plain)
    assert [chunk.usage is None for chunk in told] == [True] * len(plain) + [False]
    assert told[-1].choices == []
    assert told[-1].usage.completion_tokens == service.billed[-1].output_tokens


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_answer_ends_at_the_limit_and_what_was_said_is_billed(limit):
    with FakeService(model=lambda prompt: Said(text="x" * 100)) as service:
        made = ask(service, **{limit: 10})
    assert (made.choices[0].message.content, made.choices[0].finish_reason) == ("x" * 40, "length")
    assert made.usage.completion_tokens == service.billed.total.output_tokens == 10


def test_answer_ends_at_a_stop_sequence():
    with FakeService(model=lambda prompt: Said(text="one STOP two")) as service:
        assert ask(service, stop="STOP").choices[0].message.content == "one "


def test_scripted_refusal_is_told_and_billed():
    with FakeService(model=lambda prompt: Said(refusal="I can't do that.")) as service:
        made = ask(service)
    assert (made.choices[0].message.content, made.choices[0].finish_reason) == (None, "stop")
    assert made.choices[0].message.refusal == "I can't do that."
    assert made.usage.completion_tokens == service.billed[0].output_tokens == 4


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [
        (Fault.truncated(), '{"mood"', "length"),
        (Fault.refused("I was ab"), "I was ab", "content_filter"),
        (Fault.wrong_case(), '{"mood":"cALM"}', "stop"),
        (Fault.empty(), "", "stop"),
    ],
    ids=lambda value: getattr(value, "bend", None),
)
def test_reply_is_bent_as_the_fault_says(service, fault, text, reason):
    service.fail("/v1/chat/completions", fault)
    made = ask(service, response_format=FORMAT)
    assert (made.choices[0].message.content, made.choices[0].finish_reason) == (text, reason)
    assert service.billed[0].output_tokens == made.usage.completion_tokens


@pytest.mark.parametrize("stream", [False, True])
def test_usage_that_is_missing_is_billed(service, stream):
    service.fail("/v1/chat/completions", Fault.no_usage())
    options = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    with gpt(service) as client:
        made = client.chat.completions.create(model="m", messages=QUESTION, **options)
        assert [chunk.usage for chunk in (made if stream else [made])] == [None] * (3 if stream else 1)
    assert len(service.billed) == 1


@pytest.mark.parametrize(("tokens", "cached"), [(1023, 0), (1024, 1024), (1300, 1280)])
def test_common_beginning_is_cached_in_steps(service, tokens, cached):
    beginning = {"role": "system", "content": "w" * 4 * tokens}
    told = []
    for letter in "ab":
        made = ask(service, messages=[beginning, {"role": "user", "content": letter * 4000}])
        told.append(made.usage.prompt_tokens_details.cached_tokens)
    assert told == [0, cached]
    last = service.billed[-1]
    assert (last.cache_read_tokens, last.input_tokens) == (cached, tokens + 1000 - cached)


CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{}"}}],
}
OPEN = {**SCHEMA, "additionalProperties": True}
OPTIONAL = {**SCHEMA, "required": []}
REFUSED = {
    "'messages'": {"messages": []},
    "role": {"messages": [{"role": "robot", "content": "a"}]},
    "content": {"messages": [{"role": "user", "content": ""}]},
    "preceding message with 'tool_calls'": {
        "messages": [{"role": "tool", "tool_call_id": "c1", "content": "3"}]
    },
    "must be followed by tool messages": {"messages": [*QUESTION, CALL, *QUESTION]},
    "responding to each: c1": {"messages": [*QUESTION, CALL]},
    "'max_tokens': 0": {"max_tokens": 0},
    "at the same time": {"max_tokens": 5, "max_completion_tokens": 5},
    "'temperature': 3": {"temperature": 3},
    "'n': 2": {"n": 2},
    "stream_options": {"stream_options": {"include_usage": True}},
    "Unknown parameter: 'top_k'": {"extra_body": {"top_k": 1}},
    "you must provide a model": {"model": ""},
    "Invalid value: 'xml'": {"response_format": {"type": "xml"}},
    "json_schema.name": {
        "response_format": {"type": "json_schema", "json_schema": {"name": "a b", "schema": SCHEMA}}
    },
    "json_schema.schema": {"response_format": {"type": "json_schema", "json_schema": {"name": "a"}}},
    "'additionalProperties' is required": {
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": OPEN, "strict": True}}
    },
    "Missing 'mood'": {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "a", "schema": OPTIONAL, "strict": True},
        }
    },
}


@pytest.mark.parametrize("said", REFUSED)
def test_is_refused(said, service):
    with pytest.raises(openai.BadRequestError, match=said):
        ask(service, **REFUSED[said])
    assert len(service.billed) == 0


def test_schema_that_is_not_strict_may_be_open(service):
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": OPTIONAL}}
    assert ask(service, response_format=form).choices[0].message.content == "{}"
