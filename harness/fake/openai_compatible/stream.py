"""The chunks of a streamed chat completion."""

from collections.abc import Iterator
from typing import Any

from rembench.harness.fake.wire import Frame, pieces


def chunks(completion: dict[str, Any], piece: int, *, usage: bool) -> Iterator[Frame]:
    """The events in which `completion` is sent; `usage`: its usage in a chunk of its own, if it has one."""
    (choice,) = completion["choices"]
    head = {name: completion[name] for name in ("id", "created", "model", "system_fingerprint", "service_tier")}
    head["object"] = "chat.completion.chunk"

    def chunk(delta: dict[str, Any], reason: str | None = None) -> Frame:
        one = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return Frame(data={**head, "choices": [one], **({"usage": None} if usage else {})})

    yield chunk({"role": "assistant", "content": ""})
    for delta in _deltas(choice["message"], piece):
        yield chunk(delta)
    yield chunk({}, choice["finish_reason"])
    if usage and completion["usage"] is not None:
        yield Frame(data={**head, "choices": [], "usage": completion["usage"]})
    yield Frame(data="[DONE]")


def _deltas(message: dict[str, Any], piece: int) -> Iterator[dict[str, Any]]:
    for name in ("reasoning", "content", "refusal"):
        for text in pieces(message.get(name) or "", piece):
            yield {name: text}
    for index, call in enumerate(message.get("tool_calls") or []):
        function = {"name": call["function"]["name"], "arguments": ""}
        yield {"tool_calls": [{**call, "index": index, "function": function}]}
        for text in pieces(call["function"]["arguments"], piece):
            yield {"tool_calls": [{"index": index, "function": {"arguments": text}}]}
