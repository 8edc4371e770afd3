"""Anthropic's Messages: POST /v1/messages, plain and streamed, and POST /v1/messages/count_tokens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.fake.bending import Ending, Uttered, utter
from rembench.harness.fake.claude.prompt import blocks_of, prompt_of
from rembench.harness.fake.claude.prompt_cache import CacheUse, PromptCache
from rembench.harness.fake.claude.rules import check_message, check_prompt
from rembench.harness.fake.claude.stream import message_frames
from rembench.harness.fake.family import Family, Handler
from rembench.harness.fake.faults import Fault
from rembench.harness.fake.meter import Bill
from rembench.harness.fake.wire import Answer, Asked, Events, RejectionError

_STOP_REASONS: Mapping[Ending, str] = {
    "end": "end_turn", "length": "max_tokens", "calls": "tool_use", "stop": "stop_sequence",
    "refused": "refusal", "filtered": "refusal",
}  # fmt: skip
_NOT_DELIVERED = ("cut", "drop", "stall", "frame")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A reply and what it cost."""

    message: dict[str, Any]
    uttered: Uttered
    cache: CacheUse

    def bill(self, request_id: str, path: str, *, batch: bool = False, fault: Fault | None = None) -> Bill:
        """The bill for it."""
        return Bill(
            request_id=request_id,
            path=path,
            model=self.message["model"],
            input_tokens=self.cache.uncached,
            output_tokens=self.uttered.tokens,
            cache_read_tokens=self.cache.read,
            cache_write_5m_tokens=self.cache.written_5m,
            cache_write_1h_tokens=self.cache.written_1h,
            reasoning_tokens=self.uttered.reasoning_tokens,
            batch=batch,
            delivered=fault is None or fault.kind not in _NOT_DELIVERED,
        )


class Messages(Family):
    """The rules of the newest API version, with prompt caching.

    Of the schema, every tool, every block of the system prompt and of the messages each counts its tokens
    alone (`meter.count_tokens`); the prompt's are their sum. `context` is the longest prompt in tokens,
    `piece` the characters of one event of a stream.
    """

    bends = True
    open = True

    def __init__(self, *, context: int = 1_000_000, piece: int = 8) -> None:
        self.context = context
        self.piece = piece
        self.cache = PromptCache()
        self._threads: dict[str, dict[str, Any]] = {}

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The two routes."""
        return {("POST", "/v1/messages"): self._create, ("POST", "/v1/messages/count_tokens"): self._count}

    def _count(self, asked: Asked) -> Answer:
        check_prompt(asked.fields)
        return Answer(body={"input_tokens": sum(block.tokens for block in blocks_of(asked.fields))})

    def _create(self, asked: Asked) -> Answer | Events:
        body = self._whole(asked.body)
        check_message(body, version=asked.headers.get("anthropic-version", ""), betas=asked.betas)
        exchange = self.exchange(body, asked.fault)
        self.desk.ledger.add(exchange.bill(asked.request_id, asked.path, fault=asked.fault))
        message = exchange.message
        if body.get("thread"):
            said = {"role": "assistant", "content": message["content"]}
            self._threads[message["id"]] = {**body, "messages": [*body["messages"], said]}
        if asked.fault and asked.fault.bend == "no_usage":
            message = {**message, "usage": None}
        if body.get("stream"):
            return Events(frames=tuple(message_frames(message, self.piece)))
        return Answer(body=message)

    def exchange(self, body: dict[str, Any], fault: Fault | None = None, *, batch: bool = False) -> Exchange:
        """Ask the model, with what the cache has; the body is one that was checked."""
        blocks = blocks_of(body)
        tokens = sum(block.tokens for block in blocks)
        if tokens > self.context:
            raise RejectionError(400, f"prompt is too long: {tokens} tokens > {self.context} maximum")
        with self.desk.lock:
            cache = self.cache.look(body["model"], blocks, self.desk.elapsed)
        prompt = prompt_of(body, batch=batch)
        uttered = utter(self.desk.model(prompt), prompt, fault, body.get("stop_sequences") or ())
        unknown = [call.name for call in uttered.calls if call.name not in prompt.tools]
        if unknown:
            raise ValueError(
                f"the scripted model called {unknown[0]!r}, the request has {sorted(prompt.tools)}"
            )
        with self.desk.lock:
            self.cache.write(cache, self.desk.elapsed)
        return Exchange(message=self._message(body, uttered, cache, batch=batch), uttered=uttered, cache=cache)

    def _whole(self, body: Any) -> Any:
        """The body with what its thread already has: fields that it doesn't repeat, and the messages before."""
        thread = body.get("thread") if isinstance(body, dict) else None
        if not thread or thread.get("type") != "continue":
            return body
        before = self._threads.get(thread.get("previous_message_id"))
        if before is None:
            raise RejectionError(404, f"thread: no such message: {thread.get('previous_message_id')}")
        return {**before, **body, "messages": [*before["messages"], *body["messages"]]}

    def _message(
        self, body: Mapping[str, Any], uttered: Uttered, cache: CacheUse, *, batch: bool
    ) -> dict[str, Any]:
        refused = uttered.ending in ("refused", "filtered")
        why = {"type": "refusal", "category": None, "explanation": uttered.refusal or None}
        return {
            "id": self.desk.new_id("msg"),
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": list(self._content(uttered)),
            "stop_reason": _STOP_REASONS[uttered.ending],
            "stop_sequence": uttered.stop,
            "stop_details": why if refused else None,
            "container": None,
            "usage": _usage(uttered, cache, batch=batch),
        }

    def _content(self, uttered: Uttered) -> Iterator[dict[str, Any]]:
        if uttered.thinking:
            yield {"type": "thinking", "thinking": uttered.thinking, "signature": "c2lnbmVk"}
        if uttered.text:
            yield {"type": "text", "text": uttered.text, "citations": None}
        for call in uttered.calls:
            yield {
                "type": "tool_use",
                "id": self.desk.new_id("toolu"),
                "name": call.name,
                "input": dict(call.input),
            }


def _usage(uttered: Uttered, cache: CacheUse, *, batch: bool) -> dict[str, Any]:
    return {
        "input_tokens": cache.uncached,
        "output_tokens": uttered.tokens,
        "cache_creation_input_tokens": cache.written_5m + cache.written_1h,
        "cache_read_input_tokens": cache.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": cache.written_5m,
            "ephemeral_1h_input_tokens": cache.written_1h,
        },
        "output_tokens_details": {"thinking_tokens": uttered.reasoning_tokens},
        "server_tool_use": None,
        "service_tier": "batch" if batch else "standard",
        "inference_geo": None,
    }
