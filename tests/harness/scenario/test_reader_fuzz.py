"""Whatever the bytes are, reading them gives scenarios or a UserError, and nothing else."""

import contextlib
import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rembench.harness.errors import UserError
from rembench.harness.scenario.pack import load_pack, scenario_to_json
from rembench.harness.scenario.reader import examine_scenario, read_scenario

ORCHIDS = json.loads((Path(__file__).parents[2] / "packs/tiny/scenarios/orchid-house.json").read_text("utf-8"))
ORCHIDS["level"] = 3
ORCHIDS["steps"][1]["instructions"] = "The watering day matters most."
ORCHIDS["items"][0].update(tags=["staleness"], instruction="prioritise")
ORCHIDS["items"][0]["values"][0]["gives_away"] = True
HINTS = st.sampled_from(
    [
        "s1", "c1", "(store)", "s1#0", "s1#99999999999999", "#", "*", "held", "session", "fact", "/",
        "a/..", "", "\0", "\ud800", "2026-01-01", "0001-01-01T00:00+23:59", "2026-01-01T٠٠:00", "x_",
    ]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | HINTS
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | HINTS, inner, max_size=3),
    max_leaves=6,
)
RELAXED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _reads_or_refuses(text: str) -> None:
    examined = examine_scenario(text, where="p.jsonl:1")
    for fault in examined.faults:
        assert str(fault).startswith("p.jsonl:1: ")
        assert str(fault).isprintable()
    if examined.faults:
        with pytest.raises(UserError, match=re.escape(str(examined.faults[0]))):
            read_scenario(text, where="p.jsonl:1")
        return
    scenario = read_scenario(text, where="p.jsonl:1")
    json.dumps(scenario_to_json(scenario), ensure_ascii=False).encode()


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at]
    inside: Any = ()
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in inside:
        found.extend(_places(inner, (*at, step)))
    return found


PLACES = _places({"": ORCHIDS}, ())[1:]


def _mutated(place: tuple[Any, ...], what: str, new: Any) -> Any:
    whole = {"": copy.deepcopy(ORCHIDS)}
    at: Any = whole
    for step in place[:-1]:
        at = at[step]
    if what == "drop" and len(place) > 1:
        del at[place[-1]]
    elif what == "add" and isinstance(at, dict):
        at[str(new)] = new
    elif what == "double" and isinstance(at, list):
        at.append(at[place[-1]])
    else:
        at[place[-1]] = new
    return whole[""]


@RELAXED
@given(st.sampled_from(PLACES), st.sampled_from(["drop", "add", "double", "put"]), ANY_JSON)
def test_a_scenario_with_one_part_changed_is_read_or_refused(
    place: tuple[Any, ...], what: str, new: Any
) -> None:
    _reads_or_refuses(json.dumps(_mutated(place, what, new)))


@RELAXED
@given(ANY_JSON)
def test_any_json_is_read_or_refused(value: Any) -> None:
    _reads_or_refuses(json.dumps(value))


@RELAXED
@given(st.data())
def test_a_scenario_with_bytes_changed_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    text = json.dumps(ORCHIDS).encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    file = tmp_path / "p.jsonl"
    file.write_bytes(text[:start] + data.draw(st.binary(max_size=4)) + text[end:])
    _loads_or_refuses(file)


@RELAXED
@given(st.binary(max_size=60), st.sampled_from(["p.json", "p.jsonl"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    _loads_or_refuses(tmp_path / name)


def _loads_or_refuses(file: Path) -> None:
    with contextlib.suppress(UserError):
        assert load_pack(str(file)).scenarios
