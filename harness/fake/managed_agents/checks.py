"""What Anthropic's managed-agents endpoints check of a request before they do anything."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from rembench.harness.fake.wire import Asked, RejectionError

CONTENT_BYTES = 102_400
_PATH_BYTES, _SEGMENTS = 1024, 20
_PAIRS, _KEY, _VALUE = 16, 64, 512
_NOT_IN_PATHS = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def fields_of(asked: Asked, known: Collection[str]) -> Mapping[str, Any]:
    """The body's fields; RejectionError for a body that's no object, and for fields that nobody knows."""
    if asked.body is not None and not isinstance(asked.body, dict):
        raise RejectionError(400, "the body isn't a JSON object")
    for name in asked.fields:
        if name not in known:
            raise RejectionError(400, f"{name}: Extra inputs are not permitted")
    return asked.fields


def check_text(
    fields: Mapping[str, Any], name: str, *, most: int, least: int = 0, needed: bool = False
) -> None:
    """Reject a field that isn't text of that many characters, or that's missing where it's needed."""
    value = fields.get(name)
    if value is None:
        if needed:
            raise RejectionError(400, f"{name}: Field required")
    elif not isinstance(value, str) or not least <= len(value) <= most:
        raise RejectionError(400, f"{name}: must be text of {least} to {most} characters")


def check_metadata(fields: Mapping[str, Any], *, may_be_null: bool = False) -> None:
    """Reject metadata that isn't at most 16 pairs of short texts."""
    metadata = fields.get("metadata") or {}
    if not isinstance(metadata, dict) or len(metadata) > _PAIRS:
        raise RejectionError(400, f"metadata: must be an object of at most {_PAIRS} pairs")
    for key, value in metadata.items():
        if may_be_null and value is None:
            continue
        if not isinstance(value, str) or not 1 <= len(key) <= _KEY or len(value) > _VALUE:
            raise RejectionError(
                400, f"metadata.{key}: keys have 1 to {_KEY} characters, values up to {_VALUE}"
            )


def merged(metadata: Mapping[str, str], changes: Mapping[str, str | None] | None) -> dict[str, str]:
    """Metadata with changes: null takes a key away."""
    both = {**metadata, **(changes or {})}
    return {key: value for key, value in both.items() if value is not None}


def check_content(content: object) -> str:
    """The text of a memory; RejectionError where it's none or too large."""
    if not isinstance(content, str):
        raise RejectionError(400, "content: must be text")
    if len(content.encode()) > CONTENT_BYTES:
        raise RejectionError(400, f"content: at most {CONTENT_BYTES} bytes")
    return content


def check_path(path: object) -> str:
    """The path of a memory; RejectionError where it breaks a rule."""
    if wrong := path_fault(path):
        raise RejectionError(400, f"path: {wrong}")
    return str(path)


def path_fault(path: object) -> str | None:
    """Why `path` can't be a memory's, None where it can."""
    if not isinstance(path, str) or not path.startswith("/"):
        return "must start with /"
    if len(path.encode("utf-8", "surrogatepass")) > _PATH_BYTES:
        return f"at most {_PATH_BYTES} bytes"
    segments = path[1:].split("/")
    if len(segments) > _SEGMENTS:
        return f"at most {_SEGMENTS} segments"
    if any(segment in ("", ".", "..") for segment in segments):
        return "no segment may be empty, . or .."
    if any(unicodedata.category(c) in _NOT_IN_PATHS for c in path):
        return "control and format characters aren't allowed"
    if unicodedata.normalize("NFC", path) != path:
        return "must be in Normalization Form C"
    return None
