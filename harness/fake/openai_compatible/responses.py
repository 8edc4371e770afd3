"""OpenAI's responses: POST /v1/responses (not streamed) and GET /v1/responses/{id}."""

from collections.abc import Iterator, Mapping
from typing import Any

from rembench.harness.fake.bending import Uttered
from rembench.harness.fake.desk import Desk
from rembench.harness.fake.family import Handler
from rembench.harness.fake.meter import canonical
from rembench.harness.fake.openai_compatible.answering import (
    Answered,
    AnsweringFamily,
    arguments_of,
    function_tools,
)
from rembench.harness.fake.openai_compatible.rules import check_named_schema, text_of
from rembench.harness.fake.speech import Prompt, ToolResult, Turn
from rembench.harness.fake.wire import Answer, Asked, RejectionError

_KNOWN = frozenset(
    "model input access_programs background conversation include instructions max_output_tokens"
    " max_tool_calls metadata parallel_tool_calls previous_response_id prompt_cache_key prompt_cache_options"
    " prompt_cache_retention reasoning safety_identifier service_tier store stream temperature text tool_choice"
    " tools top_logprobs top_p truncation user".split()
)
_CREATED = 1_795_000_000
_LEAST_LIMIT = 16
_WHY_INCOMPLETE = {"length": "max_output_tokens", "filtered": "content_filter"}

Body = Mapping[str, Any]
Items = list[dict[str, Any]]


class Responses(AnsweringFamily):
    """Responses. Instructions, tools, schema and each item of the input count their tokens one by one."""

    def attach(self, desk: Desk) -> None:
        """Take the service's desk; no response is kept yet."""
        super().attach(desk)
        self._kept: dict[str, tuple[Items, dict[str, Any]]] = {}

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The two routes."""
        return {("POST", "/v1/responses"): self._create, ("GET", "/v1/responses/{id}"): self._retrieve}

    def _retrieve(self, asked: Asked) -> Answer:
        return Answer(body=self._find(asked.named["id"])[1])

    def _find(self, name: Any) -> tuple[Items, dict[str, Any]]:
        if name not in self._kept:
            raise RejectionError(404, f"Response with id '{name}' not found.", param="previous_response_id")
        return self._kept[name]

    def _create(self, asked: Asked) -> Answer:
        body = self.quirks.heard(asked.body, _KNOWN)
        items = self._items(body)
        _check(body, items)
        form = (asked.body.get("text") or {}).get("format") or {}
        if form.get("type") == "json_schema":
            check_named_schema(form, lax=self.quirks.vllm)
        schema, held = self.quirks.schema(form, "text.format")
        prompt = self._prompt(body, items, schema, held=held)
        texts = list(_texts(body, items, schema if held else None))
        answered = self.answered(asked, prompt, texts)
        response = self._response(body, answered)
        if not self.says_usage(asked):
            response["usage"] = None
        if body.get("store") is not False:
            self._kept[response["id"]] = ([*items, *response["output"]], response)
        return Answer(body=response)

    def _items(self, body: Body) -> Items:
        given = body.get("input") or []
        items = [{"role": "user", "content": given}] if isinstance(given, str) else list(given)
        before = body.get("previous_response_id")
        return [*self._find(before)[0], *items] if before else items

    def _prompt(self, body: Body, items: Items, schema: Any, *, held: bool) -> Prompt:
        system = [text_of(item) for item in items if item.get("role") in ("system", "developer")]
        return Prompt(
            interface="responses",
            model=body["model"],
            system="\n".join([body.get("instructions") or "", *system]).strip("\n"),
            turns=tuple(_turns(items)),
            schema=schema,
            held=held,
            tools=function_tools(body.get("tools") or []),
            results=tuple(_results(items)),
            replies=sum(turn.role == "assistant" for turn in _turns(items)),
            limit=body.get("max_output_tokens") or self.quirks.limit,
        )

    def _response(self, body: Body, answered: Answered) -> dict[str, Any]:
        uttered = answered.uttered
        reason = _WHY_INCOMPLETE.get(uttered.ending)
        status = "incomplete" if reason else "completed"
        return {
            "id": self.desk.new_id("resp"),
            "object": "response",
            "created_at": _CREATED,
            "model": body["model"],
            "status": status,
            "error": None,
            "incomplete_details": {"reason": reason} if reason else None,
            "instructions": body.get("instructions"),
            "metadata": body.get("metadata") or {},
            "parallel_tool_calls": body.get("parallel_tool_calls", True),
            "previous_response_id": body.get("previous_response_id"),
            "max_output_tokens": body.get("max_output_tokens"),
            "temperature": body.get("temperature"),
            "tool_choice": body.get("tool_choice", "auto"),
            "tools": body.get("tools") or [],
            "output": list(self._output(uttered, status)),
            "usage": _usage(answered),
        }

    def _output(self, uttered: Uttered, status: str) -> Iterator[dict[str, Any]]:
        if uttered.thinking:
            yield {"type": "reasoning", "id": self.desk.new_id("rs"), "summary": []}
        content: Items = []
        if uttered.ending == "refused":
            content = [{"type": "refusal", "refusal": uttered.refusal}]
        elif uttered.text or not uttered.calls:
            content = [{"type": "output_text", "text": uttered.text, "annotations": []}]
        if content:
            shown = {"type": "message", "role": "assistant", "status": status, "content": content}
            yield {"id": self.desk.new_id("msg"), **shown}
        for call in uttered.calls:
            yield {
                "type": "function_call",
                "id": self.desk.new_id("fc"),
                "call_id": self.desk.new_id("call"),
                "name": call.name,
                "arguments": canonical(call.input),
                "status": "completed",
            }


def _check(body: Body, items: Items) -> None:
    if not items:
        raise RejectionError(400, "One of 'input' or 'previous_response_id' must be provided.", param="input")
    if body.get("stream") or body.get("background"):
        raise RejectionError(400, "the fake service neither streams responses nor makes them in the background")
    limit = body.get("max_output_tokens")
    if limit is not None and limit < _LEAST_LIMIT:
        said = f"Invalid 'max_output_tokens': expected a value >= {_LEAST_LIMIT}, but got {limit} instead."
        raise RejectionError(400, said, param="max_output_tokens", code="integer_below_min_value")
    called = {item["call_id"] for item in items if item.get("type") == "function_call"}
    returned = {item["call_id"] for item in items if item.get("type") == "function_call_output"}
    for name in sorted(called - returned):
        raise RejectionError(400, f"No tool output found for function call {name}.", param="input")
    for name in sorted(returned - called):
        raise RejectionError(400, f"No tool call found for function call output {name}.", param="input")


def _turns(items: Items) -> Iterator[Turn]:
    """Turns; calls are the model's without text, their results the user's, those in a row are one."""
    before = ""
    for item in items:
        kind = item.get("type", "message")
        if kind == "message" and item.get("role") in ("user", "assistant"):
            yield Turn(item["role"], text_of(item))
        elif kind == "function_call" and before not in ("function_call", "assistant"):
            yield Turn("assistant", "")
        elif kind == "function_call_output" and before != "function_call_output":
            yield Turn("user", "")
        before = item["role"] if kind == "message" else kind


def _results(items: Items) -> Iterator[ToolResult]:
    calls = {item["call_id"]: item for item in items if item.get("type") == "function_call"}
    latest = next(
        (i for i in reversed(range(len(items))) if items[i].get("type") != "function_call_output"), -1
    )
    for item in items[latest + 1 :]:
        call = calls[item["call_id"]]
        yield ToolResult(
            id=item["call_id"],
            name=call["name"],
            text=_plain(item["output"]),
            input=arguments_of(call["arguments"]),
        )


def _texts(body: Body, items: Items, schema: Any) -> Iterator[str]:
    if body.get("instructions"):
        yield body["instructions"]
    for tool in body.get("tools") or []:
        yield canonical(tool)
    if schema is not None:
        yield canonical(schema)
    for item in items:
        kind = item.get("type", "message")
        if kind == "function_call_output":
            yield _plain(item["output"])
        elif kind == "function_call":
            yield canonical({"name": item["name"], "input": arguments_of(item["arguments"])})
        elif kind == "message":
            yield text_of(item)


def _plain(output: Any) -> str:
    return output if isinstance(output, str) else text_of({"content": output})


def _usage(answered: Answered) -> dict[str, Any]:
    out = answered.uttered.tokens
    return {
        "input_tokens": answered.prompt_tokens,
        "input_tokens_details": {"cached_tokens": answered.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": out,
        "output_tokens_details": {"reasoning_tokens": answered.uttered.reasoning_tokens},
        "total_tokens": answered.prompt_tokens + out,
    }
