"""How each service writes an error."""

from typing import Any, Literal

from rembench.harness.fake.wire import RejectionError

Shape = Literal["anthropic", "openai", "vllm"]

_ANTHROPIC = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 408: "timeout_error", 409: "conflict_error", 413: "request_too_large",
    429: "rate_limit_error", 504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip
_OPENAI = {401: "invalid_request_error", 429: "requests"}
_OPENAI_CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}
_VLLM = {400: "BadRequestError", 404: "NotFoundError", 429: "RateLimitError", 503: "ServiceUnavailableError"}


def error_type(shape: Shape, status: int) -> str:
    """The service's usual name for an error of that status."""
    if shape == "anthropic":
        return _ANTHROPIC.get(status, "api_error" if status >= 500 else "invalid_request_error")
    if shape == "openai":
        return _OPENAI.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return _VLLM.get(status, "InternalServerError" if status >= 500 else "BadRequestError")


def error_body(shape: Shape, error: RejectionError, request_id: str) -> dict[str, Any]:
    """The body of an error reply."""
    kind = error.kind or error_type(shape, error.status)
    if shape == "anthropic":
        inner = {"type": kind, "message": error.message, **error.extra}
        return {"type": "error", "error": inner, "request_id": request_id}
    if shape == "vllm" and error.status == 401:
        return {"error": "Unauthorized"}
    inner = {"message": error.message, "type": kind, "param": None, "code": _OPENAI_CODES.get(error.status)}
    inner |= error.extra
    return {"error": {**inner, "code": error.status} if shape == "vllm" else inner}
