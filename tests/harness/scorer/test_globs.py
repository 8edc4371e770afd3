"""Globs of store paths: what they match, and that no glob takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.scenario.answers import store_path
from rembench.harness.scorer.globs import Glob
from rembench.harness.types import Value
from tests.harness.scorer.builders import item

MATCHES = [
    ("shared/notes.md", "shared/notes.md"),
    ("shared/*.md", "shared/notes.md"),
    ("shared/*", "shared/.md"),
    ("*", "notes.md"),
    ("?.md", "a.md"),
    ("user/*/notes.md", "user/ivo/notes.md"),
    ("shared/**", "shared/team/notes.md"),
    ("shared/**", "shared/notes.md"),
    ("**", "a/b/c.md"),
    ("**/notes.md", "notes.md"),
    ("**/notes.md", "a/b/notes.md"),
    ("a/**/b.md", "a/b.md"),
    ("a/**/b.md", "a/x/y/b.md"),
    ("**/a/**", "a/b"),
    ("a**z", "a/b/z"),
    ("***.md", "a/b.md"),
    ("shared/", "shared"),
    ("[a](b)+.md", "[a](b)+.md"),
    ("käse/*.md", "käse/å.md"),
]
MISSES = [
    ("shared/*.md", "shared/team/notes.md"),
    ("shared/*", "shared"),
    ("shared/**", "shared2/notes.md"),
    ("shared/**", "user/shared/notes.md"),
    ("*", "a/b"),
    ("?.md", "ab.md"),
    ("a?b", "a/b"),
    ("**/notes.md", "my-notes.md"),
    ("a/**/b.md", "ab.md"),
    ("a/**/b.md", "a/xb.md"),
    ("notes.md", "notes-md"),
    ("[ab].md", "a.md"),
    ("Shared/**", "shared/a.md"),
    ("a.md", "a.md2"),
]


@pytest.mark.parametrize(("glob", "path"), MATCHES)
def test_a_glob_matches_the_whole_path(glob, path):
    assert Glob(glob).matches(path)


@pytest.mark.parametrize(("glob", "path"), MISSES)
def test_a_glob_matches_nothing_else(glob, path):
    assert not Glob(glob).matches(path)


@given(st.text(alphabet="ab/*?.", min_size=1, max_size=12))
def test_what_the_oracle_writes_is_where_it_is_looked_for(glob):
    value = Value(text="x", where=glob)
    assert Glob(glob).matches(store_path(item("Nora", "town", (value,)), value))


@given(st.text(alphabet="ab/*?.[\\", max_size=12), st.text(alphabet="ab/", max_size=12))
def test_a_glob_without_signs_matches_itself_only(glob, path):
    plain = glob.replace("*", "").replace("?", "")
    assert Glob(plain).matches(path) == (path == plain.removesuffix("/"))


@pytest.mark.parametrize("sign", ["*", "**", "**/", "?*", "*a"])
def test_no_glob_takes_long(sign):
    glob, path = Glob((sign * 255)[:255] + "b"), "a" * 255
    began = time.perf_counter()
    assert not glob.matches(path)
    assert time.perf_counter() - began < 2
