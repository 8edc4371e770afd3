"""The smallest value that fits a JSON schema, always the same one."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_FORMATS = {
    "date": "2026-11-20", "time": "00:00:00Z", "date-time": "2026-11-20T00:00:00Z", "duration": "P1D",
    "email": "a@example.org", "hostname": "example.org", "uri": "https://example.org/", "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1", "uuid": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
_DEEPEST = 50


def minimal(schema: Schema) -> Any:
    """The smallest value: required properties only, the first of alternatives, the shortest text."""
    return _made(schema, schema, 0)


def resolved(schema: Schema, root: Schema) -> Schema:
    """`schema` without a reference at its top."""
    while "$ref" in schema:
        at: Any = root
        for part in schema["$ref"].removeprefix("#").strip("/").split("/"):
            at = at[part] if part else at
        schema = {**at, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _made(schema: Schema, root: Schema, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("the schema has no finite value")
    schema = resolved(schema, root)
    for merged in schema.get("allOf", ()):
        schema = {**schema, **resolved(merged, root), "allOf": ()}
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for alternatives in ("anyOf", "oneOf"):
        if schema.get(alternatives):
            return _made(schema[alternatives][0], root, depth + 1)
    return _of_type(_type(schema), schema, root, depth)


def _type(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return str(kind[0])
    return (
        str(kind) if kind else "array" if "items" in schema else "object" if "properties" in schema else "null"
    )


def _of_type(kind: str, schema: Schema, root: Schema, depth: int) -> Any:
    if kind == "object":
        known = schema.get("properties", {})
        return {name: _made(known.get(name, {}), root, depth + 1) for name in schema.get("required", ())}
    if kind == "array":
        return [_made(schema.get("items", {}), root, depth + 1) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "x" * schema.get("minLength", 0))
    if kind in ("integer", "number"):
        return _number(schema)
    return False if kind == "boolean" else None


def _number(schema: Schema) -> Any:
    if "exclusiveMinimum" in schema:
        return max(0, schema["exclusiveMinimum"] + 1)
    low = schema.get("minimum", 0)
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1) - 1 if "exclusiveMaximum" in schema else low)
    return low if "minimum" in schema else min(0, high)
