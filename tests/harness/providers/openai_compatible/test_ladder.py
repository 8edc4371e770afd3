"""How a server is asked, and what's learnt from what it refuses."""

import pytest

from rembench.harness.providers.openai_compatible.ladder import Ladder, Manner, has_shape, strict
from tests.harness.providers.openai_compatible.asking import ANSWER, SCHEMA, request

SENT = {"max_completion_tokens": 32_000, "seed": 7, "temperature": 0}


@pytest.mark.parametrize(
    ("refusal", "manner"),
    [
        ("'response_format' of type 'json_schema' is not supported.", Manner(rung="json_object")),
        ("response_format.type: Input should be 'text'", Manner(rung="json_object")),
        ("Failed to compile the grammar", Manner(rung="json_object")),
        ("Unsupported parameter: 'max_completion_tokens' is not supported.", Manner(length="max_tokens")),
        ("max_completion_tokens ['body', 'max_completion_tokens'] Extra inputs are not permitted",
         Manner(length="max_tokens")),
        ("max_completion_tokens=32000 cannot be greater than max_model_len=16384.", Manner(most=16_384)),
        ("max_tokens is too large: 32000. This model supports at most 8192 tokens", Manner(most=8192)),
        ("Unknown parameter: 'seed'.", Manner(without=frozenset({"seed"}))),
        ("'temperature' does not support 0 with this model.", Manner(without=frozenset({"temperature"}))),
        ("System role not supported", Manner(without=frozenset({"system"}))),
    ],
)  # fmt: skip
def test_what_is_named_is_left_out(refusal, manner):
    assert Manner().without_what(refusal, SENT) == manner


@pytest.mark.parametrize(
    "refusal",
    [
        "This model's maximum context length is 16384 tokens. However, your prompt has 20000 input tokens.",
        "max_completion_tokens is too large",
        "max_completion_tokens: at most 99999 are possible",
        "the seedling is too warm, and temperatures fell",
        "messages: none were given",
    ],
)
def test_refusal_of_something_else_teaches_nothing(refusal):
    assert Manner().without_what(refusal, SENT) is None


def test_what_was_not_sent_can_not_be_left_out():
    assert Manner().without_what("Unknown parameter: 'seed'.", {"max_completion_tokens": 9}) is None


def test_rungs_end_at_the_prompt():
    assert Manner().lower().lower().lower() == Manner(rung="prompt")
    assert Manner(rung="prompt").without_what("response_format is unknown", SENT) is None


def test_step_that_another_call_took_is_not_taken_twice():
    ladder, first = Ladder("json_schema"), Manner()
    assert ladder.step_back(first, "json_schema is unknown", SENT)
    assert ladder.step_back(first, "json_schema is unknown", SENT)
    assert ladder.manner.rung == "json_object"


def test_second_reply_of_another_shape_leads_one_rung_down():
    ladder = Ladder("json_schema")
    ladder.came(ladder.manner, "Kim lives in Bergen.", SCHEMA)
    assert ladder.manner.rung == "json_schema"
    ladder.came(ladder.manner, '{"town": "Bergen"}', SCHEMA)
    assert ladder.manner.rung == "json_object"


def test_replies_of_the_right_shape_in_between_keep_the_rung():
    ladder = Ladder("json_schema")
    for text in ("No.", ANSWER, "No.", ANSWER):
        ladder.came(ladder.manner, text, SCHEMA)
    assert ladder.manner.rung == "json_schema"


def test_json_object_is_held_to_being_an_object_only():
    assert has_shape('{"town": 1}', {})
    assert not has_shape('{"town": 1}', SCHEMA)
    assert has_shape('{"town": "\x11"}', {})
    assert not has_shape("[1]", {})
    assert not has_shape("[" * 100_000, {})


def test_arguments_say_what_is_wanted_and_no_more():
    made = Manner(rung="json_object", without=frozenset({"seed"})).arguments(
        request(), {"seed": 7}, bounds=True
    )
    assert made == {
        "messages": [
            {"role": "system", "content": "You keep a memory."},
            {"role": "user", "content": "Where does Kim live? Answer in JSON."},
        ],
        "max_completion_tokens": 100,
        "response_format": {"type": "json_object"},
    }


def test_without_the_role_the_system_prompt_goes_before_the_other():
    made = Manner(rung="prompt", without=frozenset({"system"})).arguments(request(), {}, bounds=True)
    assert made["messages"] == [
        {"role": "user", "content": "You keep a memory.\n\nWhere does Kim live? Answer in JSON."}
    ]


def test_strict_schema_has_all_properties_and_no_others():
    loose = {"type": "object", "properties": {"a": {"type": "array", "items": {"properties": {"b": {}}}}}}
    assert strict(loose, bounds=True) == {
        "type": "object",
        "properties": {
            "a": {
                "type": "array",
                "items": {"properties": {"b": {}}, "required": ["b"], "additionalProperties": False},
            }
        },
        "required": ["a"],
        "additionalProperties": False,
    }


def test_bounds_are_kept_or_stripped_but_never_a_property_of_that_name():
    schema = {
        "properties": {
            "maxLength": {"type": "string", "maxLength": 3},
            "x": {"maxItems": 2, "enum": ["format"]},
        }
    }
    kept, stripped = strict(schema, bounds=True)["properties"], strict(schema, bounds=False)["properties"]
    assert kept == schema["properties"]
    assert stripped == {"maxLength": {"type": "string"}, "x": {"enum": ["format"]}}
