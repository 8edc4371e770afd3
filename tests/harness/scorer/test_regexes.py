"""No pattern of the scorer has a repetition that a backtracking matcher can take apart in many ways."""

import pkgutil
import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness import scorer
from tests.harness.scorer.regexes import ambiguities


def patterns():
    for info in pkgutil.iter_modules(scorer.__path__, f"{scorer.__name__}."):
        for name, value in vars(import_module(info.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{info.name.rpartition('.')[2]}.{name}", value


PATTERNS = dict(patterns())


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_no_text_in_many_ways(name):
    assert ambiguities(PATTERNS[name]) == []


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"(?:a+)*b", ["nested"]),
        (r"(?:\w+,?)*;", ["nested"]),
        (r"(?:a|a\w)+b", ["nested"]),
        (r"\s*,?\s*x", ["adjacent"]),
        (r"(?:\d+\.)?\w*(?:x|\d+)+y", ["adjacent", "nested"]),
        (r"\W*[^:]{1,40}['\"]*:", ["adjacent"]),
        (r"\d+(?:[.,]\d+)*", []),
        (r"\s*,\s*x", []),
        (r"\s{0,3}\s*x", []),
        (r"(?:the\s+)?(?:end of\s+)?\w+", []),
    ],
)
def test_the_shapes_are_found(pattern, found):
    assert ambiguities(re.compile(pattern)) == found


PIECES = st.sampled_from(["a", r"\d", r"\w", "[ab]", "x", ","])


@settings(deadline=None, max_examples=30)
@given(PIECES, st.sampled_from(["+", "*", "{2,}"]), st.sampled_from(["*", "+"]))
def test_any_run_within_a_run_is_found(piece, inner, outer):
    assert "nested" in ambiguities(re.compile(f"(?:{piece}{inner}){outer};"))


@settings(deadline=None, max_examples=30)
@given(PIECES, PIECES)
def test_two_runs_are_found_where_they_share_a_character(one, other):
    shared = any(re.fullmatch(one, c) and re.fullmatch(other, c) for c in "abx1,_")
    assert ("adjacent" in ambiguities(re.compile(f"{one}*-?{other}*;"))) == shared
