"""OpenAI's chat: POST /v1/chat/completions, plain and streamed."""

from collections.abc import Iterator, Mapping
from typing import Any

from rembench.harness.fake.bending import Ending, Uttered
from rembench.harness.fake.family import Handler
from rembench.harness.fake.meter import canonical
from rembench.harness.fake.openai_compatible.answering import (
    Answered,
    AnsweringFamily,
    arguments_of,
    function_tools,
)
from rembench.harness.fake.openai_compatible.rules import KNOWN, check_chat, check_format, text_of
from rembench.harness.fake.openai_compatible.stream import chunks
from rembench.harness.fake.speech import Prompt, ToolResult, Turn
from rembench.harness.fake.wire import Answer, Asked, Events

_REASONS: Mapping[Ending, str] = {
    "end": "stop", "length": "length", "calls": "tool_calls", "stop": "stop", "refused": "stop",
    "filtered": "content_filter",
}  # fmt: skip
_CREATED = 1_795_000_000


class Chat(AnsweringFamily):
    """Chat completions. The tools, the schema and each message count their tokens one by one."""

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The one route."""
        return {("POST", "/v1/chat/completions"): self._create}

    def _create(self, asked: Asked) -> Answer | Events:
        body = self.quirks.heard(asked.body, KNOWN)
        check_chat(body)
        form = asked.body.get("response_format") or {}
        check_format(form, body["messages"], lax=self.quirks.vllm)
        flat = form.get("json_schema") or {}
        schema, held = self.quirks.schema({**form, "schema": flat.get("schema")}, "response_format")
        prompt = self._prompt(body, schema, held=held)
        texts = list(_texts(body, schema if held else None))
        stops = body.get("stop") or ()
        answered = self.answered(asked, prompt, texts, (stops,) if isinstance(stops, str) else stops)
        completion = self._completion(prompt.model, answered)
        if not self.says_usage(asked):
            completion["usage"] = None
        if body.get("stream"):
            wanted = bool((body.get("stream_options") or {}).get("include_usage"))
            return Events(frames=tuple(chunks(completion, self.piece, usage=wanted)))
        return Answer(body=completion)

    def _prompt(self, body: Mapping[str, Any], schema: Any, *, held: bool) -> Prompt:
        messages = body["messages"]
        system = [text_of(message) for message in messages if message["role"] in ("system", "developer")]
        return Prompt(
            interface="chat",
            model=body["model"],
            system="\n".join(system),
            turns=tuple(_turns(messages)),
            schema=schema,
            held=held,
            tools=function_tools(body.get("tools") or []),
            results=tuple(_results(messages)),
            replies=sum(message["role"] == "assistant" for message in messages),
            limit=body.get("max_completion_tokens") or body.get("max_tokens") or self.quirks.limit,
        )

    def _completion(self, model: str, answered: Answered) -> dict[str, Any]:
        uttered = answered.uttered
        choice = {
            "index": 0,
            "finish_reason": _REASONS[uttered.ending],
            "logprobs": None,
            "message": self._message(uttered),
        }
        if self.quirks.vllm:
            choice["stop_reason"] = uttered.stop
        return {
            "id": self.desk.new_id("chatcmpl"),
            "object": "chat.completion",
            "created": _CREATED,
            "model": model,
            "system_fingerprint": "vllm-0.0.0-fake" if self.quirks.vllm else "fp_fake",
            "service_tier": None if self.quirks.vllm else "default",
            "choices": [choice],
            "usage": self._usage(answered),
        }

    def _message(self, uttered: Uttered) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": uttered.text or (None if uttered.calls or uttered.ending == "refused" else ""),
            "refusal": uttered.refusal if uttered.ending == "refused" else None,
        }
        if uttered.calls:
            message["tool_calls"] = [
                {
                    "id": self.desk.new_id("call"),
                    "type": "function",
                    "function": {"name": call.name, "arguments": canonical(call.input)},
                }
                for call in uttered.calls
            ]
        if self.quirks.reasoning:
            message["reasoning"] = uttered.thinking or None
        return message

    def _usage(self, answered: Answered) -> dict[str, Any]:
        out = answered.uttered.tokens
        usage: dict[str, Any] = {
            "prompt_tokens": answered.prompt_tokens,
            "completion_tokens": out,
            "total_tokens": answered.prompt_tokens + out,
        }
        if self.quirks.details:
            usage["prompt_tokens_details"] = {"cached_tokens": answered.cached_tokens}
            usage["completion_tokens_details"] = {"reasoning_tokens": answered.uttered.reasoning_tokens}
        return usage


def _texts(body: Mapping[str, Any], schema: Any) -> Iterator[str]:
    for tool in body.get("tools") or []:
        yield canonical(tool)
    if schema is not None:
        yield canonical(schema)
    for message in body["messages"]:
        calls = message.get("tool_calls")
        yield text_of(message) + (canonical(calls) if calls else "")


def _turns(messages: list[Any]) -> Iterator[Turn]:
    """Those of the user and of the model; results of tools are one turn of the user without text."""
    before = ""
    for message in messages:
        role = message["role"]
        if role in ("user", "assistant"):
            yield Turn(role, text_of(message))
        elif role == "tool" and before != "tool":
            yield Turn("user", "")
        before = role


def _results(messages: list[Any]) -> Iterator[ToolResult]:
    calls = {call["id"]: call["function"] for message in messages for call in message.get("tool_calls") or []}
    last = next(
        (i for i in reversed(range(len(messages))) if messages[i]["role"] == "assistant"), len(messages)
    )
    for message in messages[last:]:
        if message["role"] == "tool":
            call = calls[message["tool_call_id"]]
            yield ToolResult(
                id=message["tool_call_id"],
                name=call["name"],
                text=text_of(message),
                input=arguments_of(call["arguments"]),
            )
