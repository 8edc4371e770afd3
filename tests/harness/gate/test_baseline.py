import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.errors import UserError
from rembench.harness.gate.baseline import read_baseline, write_baseline
from tests.harness.gate.made import score, side

values = st.one_of(st.none(), st.floats(0, 1e12).map(lambda v: float(f"{v:.12g}")))


def written(tmp_path, found, metrics=("retention", "staleness")):
    path = tmp_path / "baseline.json"
    write_baseline(found, path, metrics)
    return path


def test_what_is_written_is_read_again(tmp_path):
    found = side(
        {"retention": [0.5, None, score(None, bounds=(0.0, 1.0), scored=0, missing=3)], "staleness": []}
    )
    path = written(tmp_path, found)
    again = read_baseline(path)
    assert again.contestants == found.contestants
    assert (again.packs, again.seed, again.repeats, again.rembench) == ((("core", "abc"),), 0, 1, "1")
    assert again.where == str(path)


@given(st.lists(values, max_size=5))
def test_numbers_survive_the_file(tmp_path_factory, found):
    one = side({"usd": {f"s{n}": score(v, bounds=None, missing=1) for n, v in enumerate(found)}})
    path = written(tmp_path_factory.mktemp("b"), one, ["usd"])
    assert read_baseline(path).contestants == one.contestants


def test_only_what_the_gate_needs_is_written(tmp_path):
    path = written(tmp_path, side({"retention": [0.5], "usd": [1.0]}))
    assert list(json.loads(path.read_text())["consolidators"]["it"]) == ["retention"]


def test_a_scenario_is_one_line_so_that_a_change_can_be_read(tmp_path):
    lines = written(tmp_path, side({"retention": [0.5, 0.25]})).read_text().splitlines()
    assert '    "s00": [0.5, 0.5, 0.5, 20, 0, 20],' in lines
    assert '    "s01": [0.25, 0.25, 0.25, 20, 0, 20]' in lines


def test_names_that_json_must_escape_survive(tmp_path):
    found = side({"retention": {'s"1\\': score(0.5)}}, name='it: "x"\n')
    assert read_baseline(written(tmp_path, found)).contestants == found.contestants


BROKEN = [
    ("[]", "is a list; an object is needed"),
    ("{}", "isn't a baseline; `rembench gate baseline RUN -o FILE` writes one"),
    ("{", "malformed JSON"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_what_is_no_baseline_is_said_in_one_line(tmp_path, text, said):
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(UserError) as wrong:
        read_baseline(path)
    assert said in str(wrong.value)


CHANGES = [
    (("schema",), 2, "unknown version of the baseline; this version reads 1"),
    (("columns",), ["value"], "columns: aren't those of this version"),
    (("seed",), "x", "seed: is text; a whole number is needed"),
    (("consolidators",), {}, "consolidators: is empty"),
    (("consolidators", "it", "retention", "s00"), [1], "has 1 numbers; 6"),
    (("consolidators", "it", "retention", "s00", 0), "x", "isn't a number"),
    (("consolidators", "it", "retention", "s00", 0), 1.5, "1.5 is no value that retention can have"),
    (("consolidators", "it", "retention", "s00", 1), -0.5, "-0.5 is no value that retention can have"),
    (("consolidators", "it", "retention", "s00", 4), -1, "isn't from 0"),
    (("consolidators", "it", "retention", "s00", 1), 0.9, "least is above most"),
    (("more",), 1, "unknown key 'more'"),
    (("packs", 0), {"name": "core"}, "'sha256' is missing"),
]


@pytest.mark.parametrize(("path", "value", "said"), CHANGES)
def test_a_damaged_baseline_is_refused_where_it_is_damaged(tmp_path, path, value, said):
    file = written(tmp_path, side({"retention": [0.5]}))
    top = json.loads(file.read_text())
    at = top
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    file.write_text(json.dumps(top))
    with pytest.raises(UserError) as wrong:
        read_baseline(file)
    assert said in str(wrong.value)


@pytest.mark.parametrize("number", ["1e999", "-1e300", f"1{'0' * 400}"])
def test_a_number_too_large_for_a_machine_is_refused(tmp_path, number):
    file = written(tmp_path, side({"retention": [0.5]}))
    file.write_text(file.read_text().replace("[0.5, 0.5", f"[{number}, 0.5"))
    with pytest.raises(UserError, match="too large"):
        read_baseline(file)


def test_a_metric_that_this_version_does_not_know_is_read_past(tmp_path):
    file = written(tmp_path, side({"retention": [0.5]}))
    file.write_text(file.read_text().replace('"retention"', '"retired_metric"'))
    assert read_baseline(file).contestants == {"it": {}}


def test_a_missing_file_says_what_makes_one(tmp_path):
    with pytest.raises(UserError, match="baseline not found; a run folder, or a file"):
        read_baseline(tmp_path / "none.json")
