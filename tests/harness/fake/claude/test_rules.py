"""What the real service refuses is refused with a 400."""

import anthropic
import pytest

from tests.harness.fake.clients import MODEL, QUESTION, claude

TOOL = {"name": "add", "input_schema": {"type": "object"}}
MEMORY = {"type": "memory_20250818", "name": "memory"}
TEXT = {"type": "text", "text": "t"}
CACHED = {**TEXT, "cache_control": {"type": "ephemeral"}}


def call(name="toolu_1"):
    return {"type": "tool_use", "id": name, "name": "add", "input": {}}


def result(name="toolu_1"):
    return {"type": "tool_result", "tool_use_id": name, "content": "3"}


def turns(*contents):
    return [{"role": ("user", "assistant")[i % 2], "content": c} for i, c in enumerate(contents)]


def schema(**changes):
    made = {"type": "object", "properties": {}, "required": [], "additionalProperties": False, **changes}
    return {"output_config": {"format": {"type": "json_schema", "schema": made}}}


def ask(service, given):
    asked = {"model": MODEL, "max_tokens": 50, "messages": QUESTION, **given}
    known = {k: v for k, v in asked.items() if k not in ("temperature", "top_p", "top_k", "foo")}
    extra = {k: v for k, v in asked.items() if k not in known}
    with claude(service) as client:
        return client.messages.create(**known, extra_body=extra)


REFUSED = {
    "max_tokens": {"max_tokens": 0},
    "max_tokens: 200000": {"max_tokens": 200_000, "timeout": 9},
    "model: Field": {"model": ""},
    "at least one message": {"messages": []},
    "first message": {"messages": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]},
    "prefill": {"messages": turns("a", "b")},
    "role: Input": {"messages": [{"role": "tool", "content": "a"}]},
    "non-empty": {"messages": turns("")},
    "messages.2: text content": {"messages": turns("a", "b", [{"type": "text", "text": " "}])},
    "system.0": {"system": [{"type": "text", "text": ""}]},
    "temperature": {"temperature": 0},
    "top_p": {"top_p": 1},
    "top_k": {"top_k": 1},
    "foo: Extra inputs": {"foo": 1},
    "forced tool use": {"tools": [TOOL], "tool_choice": {"type": "any"}},
    "doesn't support forced": {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "add"}},
    "while providing tools": {"tool_choice": {"type": "auto"}},
    "not found in provided": {
        "model": "claude-opus-5",
        "tools": [TOOL],
        "tool_choice": {"type": "tool", "name": "sub"},
    },
    "must be unique": {"tools": [TOOL, TOOL]},
    "'memory'": {"tools": [{**MEMORY, "name": "notes"}]},
    "input_schema.type": {"tools": [{"name": "add", "input_schema": {"type": "array"}}]},
    "'enabled'": {"thinking": {"type": "enabled", "budget_tokens": 2000}, "max_tokens": 5000},
    "'disabled'": {"thinking": {"type": "disabled"}},
    "budget_tokens": {"model": "claude-opus-5", "thinking": {"type": "enabled", "budget_tokens": 10}},
    "output_config.effort": {"output_config": {"effort": "extreme"}},
    "format.type": {"output_config": {"format": {"type": "json_object"}}},
    "'additionalProperties'": schema(additionalProperties=True),
    "'minimum'": schema(properties={"a": {"type": "integer", "minimum": 0}}),
    "'minItems'": schema(properties={"a": {"type": "array", "items": {}, "minItems": 2}}),
    "recursive": schema(properties={"a": {"$ref": "#"}}),
    "25 optional": schema(properties={f"p{i}": {"type": "null"} for i in range(25)}),
    "unexpected `tool_use_id`": {"messages": turns([result()])},
    "without `tool_result`": {"messages": turns("a", [call()], "b")},
    "immediately after: toolu_2": {"messages": turns("a", [call(), call("toolu_2")], [result()])},
    "blocks immediately after": {"messages": turns("a", [call()], [TEXT, result()])},
    "maximum of 4": {"system": [CACHED] * 5},
    "Found 5": {"system": [CACHED] * 4, "cache_control": {"type": "ephemeral"}},
    "must not come after": {
        "system": [CACHED],
        "messages": turns([{**TEXT, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]),
    },
    "cache_control: Input": {"system": [{**TEXT, "cache_control": {"type": "ephemeral", "ttl": "1d"}}]},
}


@pytest.mark.parametrize("said", REFUSED)
def test_is_refused(said, service):
    with pytest.raises(anthropic.BadRequestError, match=said) as caught:
        ask(service, REFUSED[said])
    assert caught.value.type == "invalid_request_error"
    assert len(service.billed) == 0


TAKEN = {
    "several turns": {"messages": turns("a", "b", "c")},
    "tool results first": {"messages": turns("a", [call()], [result(), TEXT]), "tools": [TOOL]},
    "both results": {"messages": turns("a", [call(), call("t2")], [result("t2"), result()]), "tools": [TOOL]},
    "forced tool on an older model": {
        "model": "claude-opus-5",
        "tools": [TOOL],
        "tool_choice": {"type": "any"},
    },
    "automatic tool": {"tools": [TOOL, MEMORY], "tool_choice": {"type": "auto"}},
    "adaptive thinking": {"thinking": {"type": "adaptive"}},
    "effort": {"output_config": {"effort": "low"}},
    "one item at least": schema(properties={"a": {"type": "array", "items": {}, "minItems": 1}}),
    "24 optional": schema(properties={f"p{i}": {"type": "null"} for i in range(24)}),
    "definitions": schema(properties={"a": {"$ref": "#/$defs/A"}}, **{"$defs": {"A": {"type": "string"}}}),
    "four break-points": {"system": [CACHED] * 4},
    "hour before minutes": {
        "system": [{**TEXT, "cache_control": {"type": "ephemeral", "ttl": "1h"}}, CACHED],
    },
}


@pytest.mark.parametrize("given", TAKEN.values(), ids=TAKEN)
def test_is_taken(given, service):
    ask(service, given)
    assert len(service.billed) == 1


def test_older_version_and_model_take_sampling_parameters(service):
    with claude(service, default_headers={"anthropic-version": "2023-06-01"}) as client:
        asked = {"max_tokens": 9, "messages": QUESTION, "extra_body": {"temperature": 0}}
        client.messages.create(model="claude-opus-5", **asked)
        with pytest.raises(anthropic.BadRequestError, match="temperature"):
            client.messages.create(model=MODEL, **asked)


def test_thread_needs_its_beta_name_and_a_known_message(service):
    with claude(service) as client:
        asked = {"model": MODEL, "max_tokens": 9, "messages": QUESTION}
        with pytest.raises(anthropic.BadRequestError, match="message-threads"):
            client.messages.create(**asked, extra_body={"thread": {"type": "create"}})
        with pytest.raises(anthropic.NotFoundError):
            client.beta.messages.create(
                **asked,
                betas=["message-threads-2026-08-12"],
                thread={"type": "continue", "previous_message_id": "msg_9"},
            )
