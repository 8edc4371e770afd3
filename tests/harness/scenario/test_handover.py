import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.memory import check_memory
from rembench.harness.night import DeletionRequest
from rembench.harness.scenario.handover import chain_name, handovers, night_of
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import Scenario


@pytest.fixture
def orchid_house(tiny: Path) -> Scenario:
    return next(one for one in load_pack(str(tiny)).scenarios if one.id == "orchid-house")


def test_a_night_is_given_the_sessions_since_the_night_before(orchid_house: Scenario) -> None:
    given_ = [[one.id for one in night.sessions] for night in handovers(orchid_house)]
    assert given_ == [["s1"], ["s2"], ["s1", "s3"]]


def test_a_session_that_is_named_again_is_a_refeed(orchid_house: Scenario) -> None:
    assert [night.refed for night in handovers(orchid_house)] == [(), (), ("s1",)]


def test_a_deletion_request_is_new_once_and_standing_ever_after(orchid_house: Scenario) -> None:
    first, second, third = handovers(orchid_house)
    assert first.deletions == ()
    assert [(one.id, one.standing) for one in second.deletions] == [("d1", False)]
    assert [(one.id, one.standing) for one in third.deletions] == [("d1", True)]
    assert isinstance(third.deletions[0], DeletionRequest)


def test_named_sessions_come_oldest_first(orchids: dict[str, Any], write_pack: Callable[..., Path]) -> None:
    orchids["steps"][6]["sessions"] = ["s3", "s2", "s1"]
    scenario = load_pack(str(write_pack(orchids))).scenarios[0]
    last = handovers(scenario)[-1]
    assert [one.id for one in last.sessions] == ["s1", "s2", "s3"]
    assert last.refed == ("s1", "s2")


def test_a_session_left_out_by_a_night_is_not_refed_when_it_comes_later(
    orchids: dict[str, Any], write_pack: Callable[..., Path]
) -> None:
    orchids["steps"][4]["sessions"] = []
    orchids["steps"][6]["sessions"] = ["s2", "s3"]
    scenario = load_pack(str(write_pack(orchids))).scenarios[0]
    second, third = handovers(scenario)[1:]
    assert second.sessions == ()
    assert third.refed == ()


def test_a_night_tells_nothing_of_the_scenario(orchid_house: Scenario) -> None:
    handover = handovers(orchid_house)[2]
    chain = chain_name(7, orchid_house.id, 0)
    night = night_of(handover, chain=chain, memory={"a.md": "text"}, seed=7)
    assert (night.id, night.at, night.chain) == ("c3", "2026-03-16T22:00:00Z", chain)
    assert night.memory == {"a.md": "text"}
    assert night.sessions == handover.sessions
    assert night.deletions == handover.deletions
    assert "orchid-house" not in repr(night)


def test_chain_names_and_seeds_differ_and_are_the_same_every_time(orchid_house: Scenario) -> None:
    names = {chain_name(seed, id_, n) for seed in (0, 1) for id_ in ("a", "b") for n in (0, 1)}
    assert len(names) == 8
    assert chain_name(0, "a", 0) == "e5cfcae3cdaafd9e"
    seeds = {
        night_of(handover, chain=chain, memory={}, seed=0).seed
        for handover in handovers(orchid_house)
        for chain in ("x", "y")
    }
    assert len(seeds) == 6


BAD_MEMORIES: list[tuple[object, str]] = [
    ("text", "a memory maps paths to texts, this is str"),
    (None, "this is NoneType"),
    ({1: "text"}, "a path is text, this is int"),
    ({"a.md": b"text"}, "its content must be text, this is bytes"),
    ({"": ""}, "empty part"),
    ({"a//b": ""}, "empty part"),
    ({"a/": ""}, "empty part"),
    ({"/etc/passwd": ""}, "relative"),
    ({"../a": ""}, "'.' and '..'"),
    ({"a/./b": ""}, "'.' and '..'"),
    ({"a\\b": ""}, "backslash"),
    ({"a\0b": ""}, "control characters"),
    ({"a\nb": ""}, "control characters"),
    ({"a\ud800": ""}, "lone surrogates"),
    ({"x" * 256: ""}, "longer than 255"),
    ({"a.md": "b\0c"}, "NUL at character 1"),
    ({"a.md": "b\udfffc"}, "lone surrogate at character 1"),
    ({"a": "", "a/b": ""}, "both a file and the folder"),
    ({"a.md": "x" * (8 * 2**20 + 1)}, "8388608 bytes"),
    ({"a.md": "é" * (5 * 2**20)}, "larger than 8388608 bytes"),
    ({f"{n}.md": "" for n in range(10_001)}, "10001 files"),
]


@pytest.mark.parametrize(("memory", "words"), BAD_MEMORIES, ids=[words for _, words in BAD_MEMORIES])
def test_what_is_no_memory_is_refused_in_one_line(memory: object, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        check_memory(memory)
    assert str(caught.value).isprintable()


def test_a_memory_at_the_limit_is_one() -> None:
    memory = {"a": "xyz", "b/c.md": "", "b/é": "ß\n\t"}  # 1+3 + 6+0 + 4 + 4 bytes
    assert check_memory(memory, limit_bytes=18) == memory
    with pytest.raises(ValueError, match="larger than 17 bytes"):
        check_memory(memory, limit_bytes=17)


def test_the_copy_does_not_change_with_the_original() -> None:
    memory = {"a": "b"}
    checked = check_memory(memory)
    memory["a"] = "c"
    assert checked == {"a": "b"}


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=4))
def test_every_mapping_of_text_to_text_is_a_memory_or_refused(memory: dict[str, str]) -> None:
    try:
        checked = check_memory(memory)
    except ValueError:
        return
    assert checked == memory
    assert "".join([*checked, *checked.values()]).encode().decode().count("\0") == 0
