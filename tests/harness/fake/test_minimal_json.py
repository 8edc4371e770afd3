import pydantic
import pytest

from rembench.harness.fake.minimal_json import minimal

REFERRED = {"$defs": {"A": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, ""),
        ({"type": "string", "minLength": 3}, "xxx"),
        ({"type": "string", "format": "date"}, "2026-11-20"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer", "maximum": -2}, -2),
        ({"type": "integer", "exclusiveMinimum": 4}, 5),
        ({"type": "integer", "exclusiveMaximum": 0}, -1),
        ({"type": "number", "maximum": 9}, 0),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"type": ["string", "null"]}, ""),
        ({"const": 7}, 7),
        ({"enum": ["b", "a"]}, "b"),
        ({"type": "array", "items": {"type": "string"}}, []),
        ({"type": "array", "items": {"type": "string"}, "minItems": 2}, ["", ""]),
        ({"type": "object", "properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]}, {"a": ""}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 0),
        ({"oneOf": [{"type": "boolean"}, {"type": "null"}]}, False),
        ({"allOf": [{"type": "string"}, {"minLength": 1}]}, "x"),
        ({**REFERRED, "$ref": "#/$defs/A"}, {"n": 0}),
        ({**REFERRED, "type": "array", "items": {"$ref": "#/$defs/A"}, "minItems": 1}, [{"n": 0}]),
        ({}, None),
    ],
)  # fmt: skip
def test_smallest_value_of(schema, value):
    assert minimal(schema) == value


class Line(pydantic.BaseModel):
    text: str = pydantic.Field(min_length=2)
    sources: list[int] = pydantic.Field(min_length=1)


class Store(pydantic.BaseModel):
    files: dict[str, str]
    lines: list[Line] = pydantic.Field(min_length=2)
    note: str | None
    mood: str = "fine"


def test_value_is_valid_for_the_model_whose_schema_it_is():
    made = Store.model_validate(minimal(Store.model_json_schema()))
    assert made.lines == [Line(text="xx", sources=[0])] * 2
    assert made.mood == "fine"


def test_schema_without_an_end_is_an_error():
    endless = {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}
    with pytest.raises(ValueError, match="no finite value"):
        minimal(endless)
