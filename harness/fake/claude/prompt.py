"""Reads the body of POST /v1/messages: as what the model is asked, and as blocks to be counted and cached."""

from collections.abc import Iterator, Mapping
from typing import Any

from rembench.harness.fake.bending import call_tokens
from rembench.harness.fake.claude.prompt_cache import Block
from rembench.harness.fake.claude.rules import check_break_points, content_blocks
from rembench.harness.fake.meter import canonical, count_tokens
from rembench.harness.fake.speech import Prompt, ToolResult, Turn
from rembench.harness.fake.wire import RejectionError

Body = Mapping[str, Any]


def schema_of(body: Body) -> Mapping[str, Any] | None:
    """The schema that the answer shall have."""
    form = (body.get("output_config") or {}).get("format") or {}
    return form.get("schema")


def prompt_of(body: Body, *, batch: bool) -> Prompt:
    """What the model is asked."""
    messages = body["messages"]
    return Prompt(
        interface="messages",
        model=body["model"],
        system="\n".join(block["text"] for block in system_blocks(body)),
        turns=tuple(Turn(message["role"], text_of(content_blocks(message))) for message in messages),
        schema=schema_of(body),
        tools={tool["name"]: tool for tool in body.get("tools") or []},
        results=_results(messages),
        replies=sum(message["role"] == "assistant" for message in messages),
        limit=body.get("max_tokens"),
        batch=batch,
    )


def system_blocks(body: Body) -> list[dict[str, Any]]:
    """The system prompt as blocks."""
    system = body.get("system") or []
    return [{"type": "text", "text": system}] if isinstance(system, str) else list(system)


def text_of(blocks: list[dict[str, Any]]) -> str:
    """The text of a turn."""
    return "\n".join(block["text"] for block in blocks if block.get("type") == "text")


def _results(messages: list[Any]) -> tuple[ToolResult, ...]:
    calls = {
        block["id"]: block
        for message in messages
        for block in content_blocks(message)
        if block.get("type") == "tool_use"
    }
    return tuple(
        ToolResult(
            id=block["tool_use_id"],
            name=calls[block["tool_use_id"]]["name"],
            text=_result_text(block),
            input=calls[block["tool_use_id"]]["input"],
            is_error=bool(block.get("is_error")),
        )
        for block in content_blocks(messages[-1])
        if block.get("type") == "tool_result"
    )


def _result_text(block: Body) -> str:
    content = block.get("content") or ""
    return content if isinstance(content, str) else text_of(content)


def blocks_of(body: Body) -> list[Block]:
    """The prompt as blocks with their break-points: schema, tools, system, messages; RejectionError 400."""
    parts = list(_parts(body))
    automatic = body.get("cache_control")
    if automatic and parts:
        where, block = parts[-1]
        parts[-1] = (where, {"cache_control": automatic, **block})
    controls = [block["cache_control"] for _, block in parts if block.get("cache_control")]
    check_break_points(controls)
    return [_block(where, block) for where, block in parts]


def _parts(body: Body) -> Iterator[tuple[str, dict[str, Any]]]:
    schema = schema_of(body)
    if schema is not None:
        yield "format", {"schema": schema}
    for tool in body.get("tools") or []:
        yield "tools", dict(tool)
    for block in system_blocks(body):
        yield "system", block
    for message in body["messages"]:
        for block in content_blocks(message):
            yield message["role"], block


def _block(where: str, block: Body) -> Block:
    control = block.get("cache_control") or {}
    if control and block.get("type") == "text" and not block["text"].strip():
        raise RejectionError(400, "cache_control cannot be set for empty text blocks")
    if control and block.get("type") == "thinking":
        raise RejectionError(400, "cache_control cannot be set for thinking blocks")
    bare = {name: value for name, value in block.items() if name != "cache_control"}
    ttl = control.get("ttl", "5m") if control else None
    return Block(text=canonical([where, bare]), tokens=_tokens(bare), ttl=ttl)


def _tokens(block: Body) -> int:
    kind = block.get("type")
    if kind == "text":
        return count_tokens(block["text"])
    if kind == "thinking":
        return count_tokens(block["thinking"])
    if kind == "tool_use":
        return call_tokens(block["name"], block["input"])
    if kind == "tool_result":
        return count_tokens(_result_text(block))
    return count_tokens(canonical(block))
