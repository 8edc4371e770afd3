"""What POST /v1/chat/completions refuses with a 400, whatever the server."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rembench.harness.fake.schema_rules import check_for_openai
from rembench.harness.fake.wire import RejectionError

KNOWN = frozenset(
    "messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens"
    " max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty"
    " prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format"
    " safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools"
    " top_logprobs top_p user verbosity web_search_options".split()
)
_ROLES = ("system", "developer", "user", "assistant", "tool")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")

Body = Mapping[str, Any]


def check_chat(body: Body) -> None:
    """RejectionError for a request that no server would take."""
    for name in ("max_tokens", "max_completion_tokens"):
        limit = body.get(name)
        if limit is not None and (not isinstance(limit, int) or limit < 1):
            raise _invalid(name, limit)
    if body.get("max_tokens") and body.get("max_completion_tokens"):
        said = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise RejectionError(400, said, param="max_tokens", code="invalid_parameter_combination")
    temperature = body.get("temperature")
    if temperature is not None and not 0 <= temperature <= 2:
        raise _invalid("temperature", temperature)
    if body.get("n") not in (None, 1):
        raise _invalid("n", body["n"])
    if body.get("stream_options") and not body.get("stream"):
        raise RejectionError(
            400, "'stream_options' is only allowed when 'stream' is enabled.", param="stream_options"
        )
    _check_turns(body.get("messages"))


def check_format(form: Body, messages: Sequence[Body], *, lax: bool) -> None:
    """RejectionError for an answer format that's malformed; `lax`: a server that takes any schema."""
    says_json = any("json" in text_of(message).casefold() for message in messages)
    if form.get("type") == "json_object" and not lax and not says_json:
        said = "'messages' must contain the word 'json' in some form, to use 'response_format' of type"
        raise RejectionError(400, f"{said} 'json_object'.", param="messages")
    if form.get("type") == "json_schema":
        wanted = form.get("json_schema") or {}
        check_named_schema(wanted, lax=lax)


def check_named_schema(wanted: Body, *, lax: bool) -> None:
    """RejectionError for a schema without a right name, or one that can't be strict though it says so."""
    name = wanted.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _invalid("response_format.json_schema.name", name)
    if not isinstance(wanted.get("schema"), dict):
        raise _invalid("response_format.json_schema.schema", wanted.get("schema"))
    if wanted.get("strict") and not lax:
        check_for_openai(wanted["schema"], name)


def text_of(message: Body) -> str:
    """A message's text."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content)


def _check_turns(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise _invalid("messages", messages)
    awaited: list[str] = []
    for i, message in enumerate(messages):
        role = message.get("role")
        if role not in _ROLES:
            raise _invalid(f"messages[{i}].role", role)
        if role == "tool":
            if message.get("tool_call_id") not in awaited:
                said = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
                raise RejectionError(400, f"Invalid parameter: {said}", param=f"messages.[{i}].role")
            awaited.remove(message["tool_call_id"])
            continue
        _check_answered(awaited)
        awaited = [call["id"] for call in message.get("tool_calls") or []]
        if role != "assistant" and not text_of(message):
            raise _invalid(f"messages[{i}].content", message.get("content"))
    _check_answered(awaited)


def _check_answered(awaited: list[str]) -> None:
    if awaited:
        said = "An assistant message with 'tool_calls' must be followed by tool messages responding to each:"
        raise RejectionError(400, f"{said} {', '.join(awaited)}", param="messages")


def _invalid(name: str, value: Any) -> RejectionError:
    return RejectionError(400, f"Invalid value for '{name}': {value!r}.", param=name, code="invalid_value")
