"""The events of a streamed message."""

import json
from collections.abc import Iterator
from typing import Any

from rembench.harness.fake.wire import Frame, pieces


def message_frames(message: dict[str, Any], piece: int) -> Iterator[Frame]:
    """The events in which `message` is sent, at most `piece` characters in each."""
    usage = message["usage"]
    early = usage and {**usage, "output_tokens": 1, "output_tokens_details": None}
    start = {**message, "content": [], "stop_reason": None, "stop_details": None, "stop_sequence": None}
    yield _frame("message_start", message={**start, "usage": early})
    for index, block in enumerate(message["content"]):
        yield _frame("content_block_start", index=index, content_block=_empty(block))
        if index == 0:
            yield _frame("ping")
        for delta in _deltas(block, piece):
            yield _frame("content_block_delta", index=index, delta=delta)
        yield _frame("content_block_stop", index=index)
    ends = {name: message[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
    counted = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    final = usage and {name: usage[name] for name in (*counted, "output_tokens_details", "server_tool_use")}
    yield _frame("message_delta", delta=ends, usage=final)
    yield _frame("message_stop")


def _frame(name: str, **data: Any) -> Frame:
    return Frame(event=name, data={"type": name, **data})


def _empty(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] == "tool_use":
        return {**block, "input": {}}
    if block["type"] == "thinking":
        return {**block, "thinking": "", "signature": ""}
    return {**block, "text": ""}


def _deltas(block: dict[str, Any], piece: int) -> Iterator[dict[str, Any]]:
    if block["type"] == "tool_use":
        for text in pieces(json.dumps(block["input"], ensure_ascii=False), piece):
            yield {"type": "input_json_delta", "partial_json": text}
    elif block["type"] == "thinking":
        for text in pieces(block["thinking"], piece):
            yield {"type": "thinking_delta", "thinking": text}
        yield {"type": "signature_delta", "signature": block["signature"]}
    else:
        for text in pieces(block["text"], piece):
            yield {"type": "text_delta", "text": text}
