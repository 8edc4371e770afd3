"""What POST /v1/messages refuses with a 400."""

from collections.abc import Mapping
from typing import Any

from rembench.harness.fake.schema_rules import check_for_anthropic
from rembench.harness.fake.wire import RejectionError

_KNOWN = frozenset(
    "max_tokens messages model cache_control container diagnostics inference_geo metadata output_config"
    " service_tier speed stop_sequences stream system thinking tool_choice tools user_profile_id workspace_id"
    " temperature top_p top_k context_management mcp_servers fallbacks thread".split()
)
_SAMPLING = ("temperature", "top_p", "top_k")
_NO_SAMPLING_SINCE = "2026-10-21"
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_MOST_TOKENS = 128_000
_THREADS = "message-threads-2026-08-12"

Body = Mapping[str, Any]


def check_message(body: Any, *, version: str, betas: tuple[str, ...] = ()) -> None:
    """RejectionError for a request that the service wouldn't take."""
    if not isinstance(body, dict):
        raise RejectionError(400, "the body must be a JSON object")
    _check_top(body, betas)
    check_prompt(body)
    _check_sampling(body, version)
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= _MOST_TOKENS:
        raise RejectionError(400, f"max_tokens: {limit!r} isn't an integer from 1 to {_MOST_TOKENS}")


def check_prompt(body: Body) -> None:
    """The part of the check that counting tokens has too."""
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise RejectionError(400, "model: Field required")
    _check_tools(body)
    _check_thinking(body)
    _check_output(body.get("output_config") or {})
    _check_system(body.get("system"))
    check_turns(body.get("messages"))


def is_newest(model: str) -> bool:
    """Whether a model takes no forced tool, and thinks as it will."""
    return model.endswith("-5-5") or model.startswith("claude-fable-5-1")


def _check_top(body: Body, betas: tuple[str, ...]) -> None:
    for name in body:
        if name not in _KNOWN:
            raise RejectionError(400, f"{name}: Extra inputs are not permitted")
    if body.get("thread") and _THREADS not in betas:
        raise RejectionError(400, f"thread: needs the header anthropic-beta: {_THREADS}")


def _check_sampling(body: Body, version: str) -> None:
    for name in _SAMPLING:
        if name in body and (version >= _NO_SAMPLING_SINCE or is_newest(body["model"])):
            raise RejectionError(400, f"{name}: sampling parameters aren't supported")


def _check_tools(body: Body) -> None:
    tools = body.get("tools") or []
    names = [tool.get("name") for tool in tools]
    if len(set(names)) < len(names):
        raise RejectionError(400, "tools: Tool names must be unique.")
    for i, tool in enumerate(tools):
        built_in = tool.get("type", "custom") != "custom"
        if built_in and (tool["type"].startswith("memory_") != (tool.get("name") == "memory")):
            raise RejectionError(
                400, f"tools.{i}.name: Input should be 'memory' where the type is memory_20250818"
            )
        if not built_in and (tool.get("input_schema") or {}).get("type") != "object":
            raise RejectionError(400, f"tools.{i}.custom.input_schema.type: Input should be 'object'")
    choice = body.get("tool_choice") or {}
    if choice and not tools:
        raise RejectionError(400, "tool_choice may only be specified while providing tools.")
    if choice.get("type") in ("any", "tool") and is_newest(body["model"]):
        raise RejectionError(400, f"tool_choice: {body['model']} doesn't support forced tool use")
    if choice.get("type") == "tool" and choice.get("name") not in names:
        raise RejectionError(400, f"tool_choice: Tool '{choice.get('name')}' not found in provided tools")


def _check_thinking(body: Body) -> None:
    thinking = body.get("thinking") or {}
    kind = thinking.get("type")
    if is_newest(body["model"]) and kind in ("enabled", "disabled"):
        raise RejectionError(400, f"thinking.type: {body['model']} doesn't support '{kind}'")
    if kind == "enabled" and not 1024 <= thinking.get("budget_tokens", 0) < body.get(
        "max_tokens", _MOST_TOKENS
    ):
        raise RejectionError(400, "thinking.budget_tokens: must be at least 1024 and less than max_tokens")


def _check_output(config: Body) -> None:
    if config.get("effort") not in (None, *_EFFORTS):
        raise RejectionError(400, f"output_config.effort: Input should be one of {', '.join(_EFFORTS)}")
    form = config.get("format")
    if form:
        if form.get("type") != "json_schema":
            raise RejectionError(400, "output_config.format.type: Input should be 'json_schema'")
        check_for_anthropic(form.get("schema"))


def _check_system(system: Any) -> None:
    blocks = system if isinstance(system, list) else []
    for i, block in enumerate(blocks):
        if block.get("type") != "text" or not block.get("text"):
            raise RejectionError(400, f"system.{i}: text content blocks must be non-empty")


def check_turns(messages: Any) -> None:
    """Roles, no empty content, no prefill, and each tool_use answered by a tool_result right after it."""
    if not isinstance(messages, list) or not messages:
        raise RejectionError(400, "messages: at least one message is required")
    awaited: set[str] = set()
    for i, message in enumerate(messages):
        if message.get("role") not in ("user", "assistant"):
            raise RejectionError(400, f"messages.{i}.role: Input should be 'user' or 'assistant'")
        blocks = content_blocks(message)
        if not blocks or any(
            block.get("type") == "text" and not block.get("text", "").strip() for block in blocks
        ):
            raise RejectionError(400, f"messages.{i}: text content blocks must be non-empty")
        _check_results(i, blocks, awaited)
        awaited = {block["id"] for block in blocks if block.get("type") == "tool_use"}
    if messages[0]["role"] != "user":
        raise RejectionError(400, 'messages: first message must use the "user" role')
    if messages[-1]["role"] == "assistant":
        raise RejectionError(
            400,
            "This model does not support assistant message prefill."
            " The conversation must end with a user message.",
        )


def _check_results(i: int, blocks: list[dict[str, Any]], awaited: set[str]) -> None:
    is_result = [block.get("type") == "tool_result" for block in blocks]
    given = [block.get("tool_use_id") for block in blocks if block.get("type") == "tool_result"]
    for name in given:
        if name not in awaited:
            raise RejectionError(
                400,
                f"messages.{i}.content: unexpected `tool_use_id` found in `tool_result` blocks: {name}. Each"
                " `tool_result` block must have a corresponding `tool_use` block in the previous message.",
            )
    if awaited - set(given) or len(given) > len(set(given)) or not all(is_result[: len(given)]):
        raise RejectionError(
            400,
            f"messages.{i}: `tool_use` ids were found without `tool_result` blocks immediately after:"
            f" {', '.join(sorted(awaited - set(given)) or sorted(awaited))}.",
        )


def content_blocks(message: Body) -> list[dict[str, Any]]:
    """A message's content as blocks."""
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content or [])


def check_break_points(found: list[Mapping[str, Any]]) -> None:
    """`cache_control` in the order of the prompt: at most four, an hour's before five minutes'."""
    if len(found) > 4:
        raise RejectionError(
            400, f"A maximum of 4 blocks with cache_control may be provided. Found {len(found)}."
        )
    shortest_first = False
    for control in found:
        ttl = control.get("ttl", "5m")
        if control.get("type") != "ephemeral" or ttl not in ("5m", "1h"):
            raise RejectionError(
                400, "cache_control: Input should be {'type': 'ephemeral', 'ttl'?: '5m' or '1h'}"
            )
        if ttl == "1h" and shortest_first:
            raise RejectionError(400, "a ttl='1h' cache_control block must not come after a ttl='5m' block")
        shortest_first = shortest_first or ttl == "5m"
