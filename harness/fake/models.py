"""The lists of models: Anthropic's and OpenAI's."""

from collections.abc import Mapping, Sequence
from typing import Any

from rembench.harness.fake.family import Family, Handler
from rembench.harness.fake.id_pages import page_by_id
from rembench.harness.fake.shapes import Shape
from rembench.harness.fake.wire import Answer, Asked, RejectionError

CLAUDE = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-1", "claude-opus-5")
OTHERS = ("fake-model",)
_EPOCH = 1_790_000_000


class AnthropicModels(Family):
    """GET /v1/models and /v1/models/{id}, with small pages so that clients must turn them."""

    def __init__(self, models: Sequence[str] = CLAUDE, *, page: int = 3) -> None:
        self.models = tuple(models)
        self.page = page

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The two routes."""
        return {("GET", "/v1/models"): self._list, ("GET", "/v1/models/{id}"): self._retrieve}

    def _list(self, asked: Asked) -> Answer:
        return Answer(body=page_by_id([_claude(model) for model in self.models], asked, self.page))

    def _retrieve(self, asked: Asked) -> Answer:
        model = asked.named["id"]
        if model not in self.models:
            raise RejectionError(404, f"model: {model}")
        return Answer(body=_claude(model))


class OpenAIModels(Family):
    """GET /v1/models and /v1/models/{id}, with what vLLM adds; /health and /version."""

    def __init__(
        self, models: Sequence[str] = OTHERS, *, max_model_len: int = 32_768, shape: Shape = "openai"
    ) -> None:
        self.shape = shape
        self.models = tuple(models)
        self.max_model_len = max_model_len

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """The routes."""
        return {
            ("GET", "/v1/models"): self._list,
            ("GET", "/v1/models/{id}"): self._retrieve,
            ("GET", "/health"): lambda _: Answer(body=b"", content_type="text/plain"),
            ("GET", "/version"): lambda _: Answer(body={"version": "0.0.0-fake"}),
        }

    def admit(self, asked: Asked, keys: frozenset[str] | None) -> None:
        """Keys are looked at under /v1 only."""
        if asked.path.startswith("/v1/"):
            super().admit(asked, keys)

    def _list(self, _: Asked) -> Answer:
        return Answer(body={"object": "list", "data": [self._model(model) for model in self.models]})

    def _retrieve(self, asked: Asked) -> Answer:
        model = asked.named["id"]
        if model not in self.models:
            raise RejectionError(404, f"The model `{model}` does not exist.")
        return Answer(body=self._model(model))

    def _model(self, model: str) -> dict[str, Any]:
        return {
            "id": model, "object": "model", "created": _EPOCH, "owned_by": "fake", "root": model,
            "parent": None, "max_model_len": self.max_model_len, "permission": [],
        }  # fmt: skip


def _claude(model: str) -> dict[str, Any]:
    yes, no = {"supported": True}, {"supported": False}
    thinking = {"adaptive": yes, "between_tools": yes, "disabled": no, "enabled": no}
    efforts = dict.fromkeys(("low", "medium", "high", "xhigh", "max"), yes)
    return {
        "id": model, "type": "model", "display_name": model.replace("-", " ").title(),
        "created_at": "2026-10-01T00:00:00Z", "deprecated_at": None, "retires_at": None, "lifecycle": "active",
        "line": None, "max_input_tokens": 1_000_000, "max_tokens": 128_000,
        "capabilities": {
            "batch": yes, "citations": yes, "code_execution": yes, "image_input": yes, "pdf_input": yes,
            "structured_outputs": yes, "effort": {**efforts, "supported": True},
            "context_management": {"supported": True}, "thinking": {"supported": True, "types": thinking},
            "server_tools": {"supported": True, "code_execution": yes, "web_search": yes},
        },
    }  # fmt: skip
