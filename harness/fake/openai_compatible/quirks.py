"""How a server that's "OpenAI-compatible" differs from OpenAI's own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.fake.shapes import Shape
from rembench.harness.fake.wire import RejectionError

FORMATS = ("text", "json_object", "json_schema")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What's odd about a server; the default is OpenAI's own service.

    `rejects` and `ignores` hold names of parameters ("seed", "max_completion_tokens") and of answer formats
    ("json_schema", "json_object"): what's rejected is a 400 that names it, what's ignored has no effect.
    `usage` False: it's null. `details` False: no prompt_tokens_details, and nothing is cached. `reasoning`:
    the model's thinking is an extra field. `vllm`: errors in its shape, unknown parameters are ignored.
    `models` None: any name will do. `context` is in tokens, `limit` the answer's where the request has none.
    """

    rejects: Collection[str] = ()
    ignores: Collection[str] = ()
    usage: bool = True
    details: bool = True
    reasoning: bool = False
    vllm: bool = False
    models: Collection[str] | None = None
    context: int = 400_000
    limit: int | None = None

    @property
    def shape(self) -> Shape:
        """In which shape errors are written."""
        return "vllm" if self.vllm else "openai"

    def heard(self, body: Any, known: Collection[str]) -> dict[str, Any]:
        """The parameters of a request that have an effect; RejectionError for those that are rejected."""
        if not isinstance(body, dict):
            raise RejectionError(400, "We could not parse the JSON body of your request.")
        for name in body:
            if name in self.rejects:
                said = f"Unsupported parameter: '{name}' is not supported with this model."
                raise RejectionError(400, said, param=name, code="unsupported_parameter")
            if name not in known and not self.vllm:
                raise RejectionError(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
        model = body.get("model")
        if not isinstance(model, str) or not model:
            raise RejectionError(400, "you must provide a model parameter", param="model")
        if self.models is not None and model not in self.models:
            said = f"The model `{model}` does not exist."
            raise RejectionError(404, said, param="model", code="model_not_found")
        return {name: value for name, value in body.items() if name in known and name not in self.ignores}

    def schema(self, asked: Mapping[str, Any], where: str) -> tuple[Any, bool]:
        """The schema of an answer format and whether the server holds the model to it; {} for any object.

        None where there's none; `where` is the format's parameter. RejectionError where it's rejected.
        """
        kind = asked.get("type", "text")
        if kind not in FORMATS:
            raise RejectionError(400, f"Invalid value: '{kind}'. Supported values are: {FORMATS}.", param=where)
        if kind in self.rejects:
            said = f"Invalid parameter: '{where}' of type '{kind}' is not supported with this model."
            raise RejectionError(400, said, param=where)
        held = kind not in self.ignores and where not in self.ignores
        if kind == "text":
            return None, False
        return ({"type": "object"} if kind == "json_object" else asked.get("schema")), held

    def check_length(self, tokens: int, limit: int | None) -> None:
        """RejectionError for a prompt that's too long; vLLM counts the answer's limit too."""
        asked = tokens + (limit or 0 if self.vllm else 0)
        if asked > self.context:
            said = (
                f"This model's maximum context length is {self.context} tokens. You requested {asked} tokens."
            )
            where = "input_tokens" if self.vllm else "messages"
            raise RejectionError(400, said, param=where, code="context_length_exceeded")
