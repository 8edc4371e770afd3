from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.errors import UserError
from rembench.harness.spec import Spec, arguments, read_spec


@pytest.mark.parametrize(
    ("text", "target", "options"),
    [
        ("extractive", "extractive", {}),
        ("append-all", "append-all", {}),
        ("extractive:budget=800", "extractive", {"budget": "800"}),
        ("x:a=1,b=two words,c=", "x", {"a": "1", "b": "two words", "c": ""}),
        ("x:stop=a,b,url=http://h:80/v1?q=2", "x", {"stop": "a,b", "url": "http://h:80/v1?q=2"}),
        ("pack.mod:Name", "pack.mod:Name", {}),
        ("mod:Name:a=1", "mod:Name", {"a": "1"}),
        ("some dir/my-file.py:Name", "some dir/my-file.py:Name", {}),
        ("/abs/f.py:Name:a=x.py:Y", "/abs/f.py:Name", {"a": "x.py:Y"}),
    ],
)
def test_spec_is_read_into_its_parts(text, target, options):
    assert read_spec(text) == Spec(target, options)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "isn't a consolidator"),
        ("two words", "isn't a consolidator"),
        ("extractive:", "isn't a consolidator"),
        ("=x", "isn't a consolidator"),
        ("a.b:C:nokey", "'nokey' isn't an option"),
        ("x:a=\udcff", "a character that can't be written"),
        ("x\0y", "a character that can't be written"),
        ("x:a=1,a=2", "option 'a' is given twice"),
    ],
)
def test_bad_spec_gets_one_line(text, error):
    with pytest.raises(UserError, match=error) as caught:
        read_spec(text)
    assert "\n" not in str(caught.value)


@given(st.text())
def test_any_text_is_a_spec_or_a_user_error(text):
    with suppress(UserError):
        assert read_spec(text).target


OPTIONS = """
from typing import Literal
class Made:
    def __init__(self, *, n: int = 1, x: float | None = 0.5, flag: bool = False, s: str = "",
                 mode: Literal["fast", "slow"] = "fast", loose=None, odd: list = ()) -> None: ...
class Any:
    def __init__(self, **options: int) -> None: ...
class Needs:
    def __init__(self, key: "str") -> None: ...
class Unreadable:
    def __init__(self, key: "Nowhere" = 1) -> None: ...
"""
MADE: dict = {}
exec(OPTIONS, MADE)


def converted(made, **options):
    return arguments(MADE[made], options, where="made", withheld=frozenset())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("n", "12", 12),
        ("x", "1e-3", 0.001),
        ("x", "None", None),
        ("flag", "yes", True),
        ("flag", "0", False),
        ("s", "none", "none"),
        ("mode", "slow", "slow"),
        ("loose", "7", "7"),
    ],
)
def test_value_is_converted_to_the_annotation(name, text, value):
    assert converted("Made", **{name: text}) == {name: value}


@pytest.mark.parametrize(
    ("made", "options", "error"),
    [
        ("Made", {"n": "1.5"}, "made: n=1.5: not a whole number"),
        ("Made", {"x": "much"}, "not a number"),
        ("Made", {"flag": "perhaps"}, "not true or false"),
        ("Made", {"mode": "warp"}, "known: fast, slow"),
        ("Made", {"flagg": "1"}, "unknown option 'flagg'; did you mean 'flag'"),
        ("Made", {"odd": "1"}, "can't be given here"),
        ("Needs", {}, "option 'key' is missing"),
        ("Unreadable", {}, "can't be read"),
    ],
)
def test_wrong_option_says_what_would_be_right(made, options, error):
    with pytest.raises(UserError, match=error):
        converted(made, **options)


def test_class_that_takes_any_option_is_given_any():
    assert converted("Any", whatever="3") == {"whatever": "3"}
    assert converted("Needs", key="k") == {"key": "k"}
