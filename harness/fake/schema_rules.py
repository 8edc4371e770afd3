"""What the two services say about the schema of an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from rembench.harness.fake.minimal_json import resolved
from rembench.harness.fake.wire import RejectionError

_UNKNOWN = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
    "maxItems", "uniqueItems", "oneOf", "not", "if", "patternProperties",
)  # fmt: skip
_MOST_OPTIONAL = 24
_MOST_UNIONS = 16

Schema = Mapping[str, Any]


def check_for_anthropic(schema: Any) -> None:
    """RejectionError 400 for what structured output doesn't know: recursion, limits of size, open objects."""
    parts = list(_parts(_object(schema), schema, ()))
    optional = unions = 0
    for part in parts:
        unknown = [name for name in _UNKNOWN if name in part]
        if part.get("minItems", 0) > 1:
            unknown.append("minItems")
        if unknown:
            raise RejectionError(400, f"output_config.format.schema: '{unknown[0]}' isn't supported")
        _check_closed(part)
        optional += len(part.get("properties", {}).keys() - set(part.get("required", ())))
        unions += "anyOf" in part or isinstance(part.get("type"), list)
    if optional > _MOST_OPTIONAL or unions > _MOST_UNIONS:
        raise RejectionError(400, f"schema is too complex: {optional} optional properties, {unions} unions")


def check_for_openai(schema: Any, name: str) -> None:
    """RejectionError 400 for what a strict schema may not be."""
    if _object(schema).get("type") != "object":
        raise _invalid(name, "schema must be a JSON Schema of 'type: \"object\"'")
    for part in _parts(schema, schema, (), recursive=True):
        if part.get("type") == "object" or "properties" in part:
            if part.get("additionalProperties") is not False:
                raise _invalid(name, "'additionalProperties' is required to be supplied and to be false")
            left_out = sorted(part.get("properties", {}).keys() - set(part.get("required", ())))
            if left_out:
                raise _invalid(
                    name, f"'required' must include every key in properties. Missing '{left_out[0]}'"
                )


def _check_closed(part: Schema) -> None:
    is_object = part.get("type") == "object" or "properties" in part
    if is_object and part.get("additionalProperties") is not False:
        raise RejectionError(
            400,
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly false",
        )


def _invalid(name: str, why: str) -> RejectionError:
    said = f"Invalid schema for response_format '{name}': {why}"
    return RejectionError(400, said, param="response_format", code=None)


def _object(schema: Any) -> Schema:
    if not isinstance(schema, dict):
        raise RejectionError(400, "schema: Input should be an object")
    return schema


def _parts(
    schema: Schema, root: Schema, above: tuple[str, ...], *, recursive: bool = False
) -> Iterator[Schema]:
    reference = schema.get("$ref", "")
    if reference and reference in above:
        if recursive:
            return
        raise RejectionError(400, "output_config.format.schema: recursive schemas aren't supported")
    above = (*above, reference) if reference else above
    schema = resolved(schema, root)
    yield schema
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    for name in ("anyOf", "oneOf", "allOf"):
        inner += schema.get(name, ())
    for part in inner:
        if isinstance(part, dict):
            yield from _parts(part, root, above, recursive=recursive)
