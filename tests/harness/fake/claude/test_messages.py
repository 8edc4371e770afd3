import tempfile

import anthropic
import pydantic
import pytest

from rembench.testing import Call, FakeService, Fault, Messages, Said, count_tokens, plain_model
from tests.harness.fake.clients import MODEL, QUESTION, claude

SCHEMA = {
    "type": "object",
    "properties": {
        "mood": {"type": "string", "enum": ["Calm", "busy"]},
        "files": {"type": "array", "items": {}},
    },
    "required": ["mood", "files"],
    "additionalProperties": False,
}
FORMAT = {"format": {"type": "json_schema", "schema": SCHEMA}}
MEMORY = {"type": "memory_20250818", "name": "memory"}


class Answer(pydantic.BaseModel):
    mood: str
    count: int = pydantic.Field(ge=0)


def ask(service, **given):
    with claude(service) as client:
        return client.messages.create(**{"model": MODEL, "max_tokens": 50, "messages": QUESTION, **given})


def test_text_and_usage_are_as_said(service):
    message = ask(service, system="Be brief.")
    assert (message.content[0].text, message.stop_reason) == ("OK.", "end_turn")
    assert message.usage.input_tokens == count_tokens("Be brief.") + count_tokens(QUESTION[0]["content"])
    assert message.usage.output_tokens == 1
    assert message._request_id == "req_0001"


def test_schema_is_kept_to_and_counted(service):
    plain, structured = ask(service), ask(service, output_config=FORMAT)
    assert structured.content[0].text == '{"files":[],"mood":"Calm"}'
    assert structured.usage.input_tokens > plain.usage.input_tokens


def test_helpers_of_the_client_work(service):
    with claude(service) as client:
        asked = {"model": MODEL, "max_tokens": 50, "messages": QUESTION, "output_format": Answer}
        parsed = client.messages.parse(**asked)
        with client.messages.stream(**asked) as stream:
            streamed = stream.get_final_message()
    assert parsed.parsed_output == streamed.parsed_output == Answer(mood="", count=0)
    assert streamed.usage == parsed.usage


def test_counted_tokens_are_those_of_the_usage(service):
    asked = {"system": "Be brief.", "tools": [MEMORY], "output_config": FORMAT}
    with claude(service) as client:
        counted = client.messages.count_tokens(model=MODEL, messages=QUESTION, **asked)
    assert counted.input_tokens == ask(service, **asked).usage.input_tokens
    assert len(service.billed) == 1


def test_model_is_told_what_was_asked():
    prompts = []

    def model(prompt):
        prompts.append(prompt)
        return Said(text="fine")

    history = [
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"role": "assistant", "content": "c"},
        {"role": "user", "content": "d"},
    ]
    with FakeService(model=model) as service:
        ask(
            service,
            messages=history,
            system=[{"type": "text", "text": "s"}],
            tools=[MEMORY],
            output_config=FORMAT,
        )
    (prompt,) = prompts
    assert prompt.turns == (("user", "a\nb"), ("assistant", "c"), ("user", "d"))
    assert (prompt.interface, prompt.model, prompt.system, prompt.text) == ("messages", MODEL, "s", "d")
    assert (prompt.schema, prompt.tools, prompt.replies, prompt.limit) == (SCHEMA, {"memory": MEMORY}, 1, 50)


def tool_user(prompt):
    if not prompt.replies:
        view = Call(name="memory", input={"command": "view", "path": "/memories"})
        return Said(text="Let me look.", thinking="Hm.", calls=(view,))
    return Said(text=f"{prompt.results[0].name} {prompt.results[0].input['command']}: {prompt.results[0].text}")


@pytest.mark.parametrize("options", [{}, {"thread": False}], ids=["thread", "whole history"])
def test_tool_runner_of_the_client_works(options):
    from anthropic.tools import BetaLocalFilesystemMemoryTool

    with (
        FakeService(model=tool_user) as service,
        claude(service) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        runner = client.beta.messages.tool_runner(
            model=MODEL,
            max_tokens=500,
            messages=QUESTION,
            tools=[BetaLocalFilesystemMemoryTool(base_path=folder)],
            **options,
        )
        final = runner.until_done()
    assert final.content[0].text.startswith("memory view: Here're the files")
    assert len(service.billed) == 2
    assert ("thread" in service.asked.last.body) == (not options)


def test_streamed_message_is_the_plain_one():
    with FakeService(Messages(piece=3), model=tool_user) as service, claude(service) as client:
        asked = {"model": MODEL, "max_tokens": 50, "messages": QUESTION, "tools": [MEMORY]}
        plain = client.messages.create(**asked)
        with client.messages.stream(**asked) as stream:
            kinds = [event.type for event in stream]
            streamed = stream.get_final_message()
    assert [block.type for block in plain.content] == ["thinking", "text", "tool_use"]
    unlike = {"id"}
    told = [[b.model_dump(exclude=unlike | {"parsed_output"}) for b in m.content] for m in (plain, streamed)]
    assert told[0] == told[1]
    assert (streamed.stop_reason, streamed.usage) == (plain.stop_reason, plain.usage)
    assert kinds.count("content_block_start") == 3
    assert kinds.count("text") == 4


def test_answer_ends_at_the_limit_and_what_was_said_is_billed():
    with FakeService(model=lambda prompt: Said(text="x" * 100)) as service:
        message = ask(service, max_tokens=10)
    assert (message.content[0].text, message.stop_reason) == ("x" * 40, "max_tokens")
    assert message.usage.output_tokens == service.billed.total.output_tokens == 10


def test_answer_ends_at_a_stop_sequence():
    with FakeService(model=lambda prompt: Said(text="one STOP two")) as service:
        message = ask(service, stop_sequences=["END", "STOP"])
    assert (message.content[0].text, message.stop_reason) == ("one ", "stop_sequence")
    assert message.stop_sequence == "STOP"


def test_scripted_refusal_is_told_and_billed():
    with FakeService(model=lambda prompt: Said(refusal="I can't do that.")) as service:
        message = ask(service)
    assert (message.content, message.stop_reason) == ([], "refusal")
    assert message.stop_details.explanation == "I can't do that."
    assert message.usage.output_tokens == service.billed[0].output_tokens == 4


def test_thinking_is_part_of_the_output_tokens():
    with FakeService(model=lambda prompt: Said(text="12345678", thinking="1234")) as service:
        message = ask(service)
    assert message.usage.output_tokens == 3
    assert message.usage.output_tokens_details.thinking_tokens == service.billed[0].reasoning_tokens == 1


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [
        (Fault.truncated(), '{"files":[],"', "max_tokens"),
        (Fault.refused("I was ab"), "I was ab", "refusal"),
        (Fault.wrong_case(), '{"files":[],"mood":"cALM"}', "end_turn"),
        (Fault.empty(), None, "end_turn"),
    ],
    ids=lambda value: getattr(value, "bend", None),
)
def test_reply_is_bent_as_the_fault_says(service, fault, text, reason):
    service.fail("/v1/messages", fault)
    message = ask(service, output_config=FORMAT)
    assert [block.text for block in message.content] == ([text] if text else [])
    assert message.stop_reason == reason
    assert service.billed[0].output_tokens == message.usage.output_tokens
    assert service.billed[0].delivered


def test_chatty_reply_has_the_json_in_a_fence(service):
    service.fail("/v1/messages", Fault.chatty())
    text = ask(service, output_config=FORMAT).content[0].text
    assert '```json\n{"files":[],"mood":"Calm"}\n```' in text


def test_usage_that_is_missing_is_billed_and_breaks_strict_clients(service):
    service.fail("/v1/messages", Fault.no_usage())
    with pytest.raises(anthropic.APIResponseValidationError):
        ask(service)
    assert len(service.billed) == 1


def test_wrong_case_without_an_enum_is_a_bug_of_the_test():
    def ask_with_fault():
        with FakeService() as service:
            service.fail("/v1/messages", Fault.wrong_case())
            with pytest.raises(anthropic.InternalServerError):
                ask(service)

    with pytest.raises(ValueError, match="no schema"):
        ask_with_fault()


def test_prompt_that_is_too_long_is_refused():
    with FakeService(Messages(context=8)) as service:
        with pytest.raises(anthropic.BadRequestError, match="prompt is too long: 9 tokens > 8 maximum"):
            ask(service)
        ask(service, messages=[{"role": "user", "content": "short"}])


def test_plain_model_is_what_answers_by_default():
    with FakeService(model=plain_model) as service:
        assert ask(service).content[0].text == "OK."
