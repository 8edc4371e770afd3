import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rembench.harness.errors import UserError
from rembench.harness.scenario import pack as packs
from rembench.harness.scenario.pack import (
    find_pack,
    load_pack,
    scenario_to_json,
    sources,
)
from rembench.harness.scenario.reader import read_scenario
from rembench.harness.scenario.survey import examine_pack, survey_of, survey_pack

Json = dict[str, Any]
Write = Callable[..., Path]
SHIPPED = [
    pytest.param(source.text, id=f"{name}-{n}")
    for name in ("natural", "recorded", "gate")
    for n, source in enumerate(sources(find_pack(name)))
]


def _without_nulls(value: Any) -> Any:
    """`value` without absent optional keys; what a night expects stays, null or not."""
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner if key == "expect" else _without_nulls(inner)
        for key, inner in value.items()
        if inner is not None and not key.startswith("x_")
    }


def _copies(scenario: Json, *ids: str) -> list[Json]:
    return [{**scenario, "id": id_} for id_ in ids]


@pytest.mark.parametrize("text", SHIPPED)
def test_a_shipped_scenario_survives_reading_and_writing(text: str) -> None:
    scenario = read_scenario(text, where="shipped")
    assert scenario_to_json(scenario) == _without_nulls(json.loads(text))
    again = json.dumps(scenario_to_json(scenario))
    assert read_scenario(again, where="again") == scenario


def test_the_shipped_packs_have_the_origin_that_their_names_say() -> None:
    origins = {name: {one.origin for one in load_pack(name).scenarios} for name in ("natural", "recorded")}
    assert origins["natural"] == {"authored"}
    assert origins["recorded"] == {"recorded"}


def test_every_layout_of_the_same_scenarios_has_the_same_hash(orchids: Json, tmp_path: Path) -> None:
    one, two = _copies(orchids, "one", "two")
    layouts: dict[str, dict[str, list[Json]]] = {
        "lines": {"p.jsonl": [one, two]},
        "turned": {"p.jsonl": [two, one]},
        "split": {"b.jsonl": [one], "data/a.jsonl": [two]},
        "files": {"scenarios/x.json": [one], "scenarios/y.json": [two]},
        "sorted": {"p.jsonl": [dict(sorted(one.items())), {**two, "x_note": "mine"}]},
    }
    hashes = set()
    for layout, files in layouts.items():
        for name, scenarios in files.items():
            file = tmp_path / layout / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(json.dumps(scenario) for scenario in scenarios), "utf-8")
        hashes.add(load_pack(str(tmp_path / layout)).sha256)
    assert len(hashes) == 1


def test_the_readme_names_every_layout_of_a_pack() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    own = next(line for line in readme.splitlines() if "Your own pack is" in line)
    for layout in packs.LAYOUTS:
        assert f"`{layout}`" in own


def test_a_changed_word_changes_the_hash(orchids: Json, write_pack: Write) -> None:
    before = load_pack(str(write_pack(orchids))).sha256
    orchids["steps"][0]["messages"][0]["content"] += "!"
    assert load_pack(str(write_pack(orchids))).sha256 != before


def test_a_limit_keeps_the_first_scenarios_and_hashes_them_all(orchids: Json, write_pack: Write) -> None:
    path = str(write_pack(*_copies(orchids, "c", "a", "b")))
    some = load_pack(path, limit=2)
    assert [one.id for one in some.scenarios] == ["c", "a"]
    assert some.sha256 == load_pack(path).sha256


def test_a_pack_may_be_a_single_file(tiny: Path, orchids: Json, write_pack: Write) -> None:
    whole = load_pack(str(tiny / "scenarios" / "orchid-house.json"))
    line = load_pack(str(write_pack(orchids) / "scenarios.jsonl"))
    assert (whole.name, line.name) == ("orchid-house", "scenarios")
    assert whole.scenarios == line.scenarios


def test_empty_lines_and_a_byte_order_mark_are_read_past(orchids: Json, write_pack: Write) -> None:
    first, second = (json.dumps(one).encode() for one in _copies(orchids, "a", "b"))
    path = write_pack(b"\xef\xbb\xbf" + first, b"", b"  \r", second)
    assert [one.id for one in load_pack(str(path)).scenarios] == ["a", "b"]


def test_errors_of_a_line_have_file_and_line(
    orchids: Json, write_pack: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_pack(orchids, b'{"schema": 1,, }'))
    with pytest.raises(UserError, match=r"^scenarios\.jsonl:2: malformed JSON at column 14: "):
        load_pack(".")


def test_invalid_utf8_is_named_by_its_byte(orchids: Json, write_pack: Write) -> None:
    line = json.dumps(orchids, ensure_ascii=False).encode()
    path = write_pack(line.replace(b"Maren", b"Mar\xffn", 1))
    at = line.index(b"Maren") + 3
    with pytest.raises(UserError, match=rf"scenarios\.jsonl:1: byte {at} isn't valid UTF-8"):
        load_pack(str(path))


def test_a_scenario_over_the_limit_is_refused(
    orchids: Json, write_pack: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "SCENARIO_BYTES", 1000)
    with pytest.raises(UserError, match=r"jsonl:1: too large; a scenario has at most 1000 bytes"):
        load_pack(str(write_pack(orchids)))


def test_the_same_id_twice_is_named_with_both_places(orchids: Json, write_pack: Write) -> None:
    path = write_pack(orchids, orchids)
    with pytest.raises(UserError, match=r"jsonl:2: .*'orchid-house' is taken; .*jsonl:1 has it"):
        load_pack(str(path), limit=1)


def test_a_folder_without_scenarios_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no scenarios; a pack has \*\.jsonl"):
        load_pack(str(tmp_path))


def test_an_empty_file_is_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    with pytest.raises(UserError, match=r"a\.json: is empty"):
        load_pack(str(tmp_path / "a.json"))


def test_an_unknown_name_lists_the_packs_and_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        UserError, match=r"'naturel'; did you mean 'natural'\? known: core, deletion, gate, hard, "
    ):
        load_pack("naturel")


@pytest.mark.parametrize("path", ["no/such", "./none", "none.jsonl", "/none/at/all", "x" * 5000, "a\0b"])
def test_a_path_that_is_not_there_is_said_to_be(path: str) -> None:
    with pytest.raises(UserError, match=r"no such file or folder|can't look|unknown pack"):
        load_pack(path)


@pytest.mark.parametrize("target", ["nowhere", "itself.json"])
@pytest.mark.parametrize("name", ["scenarios/itself.json", "itself.jsonl", "data/itself.jsonl"])
def test_a_link_that_leads_nowhere_is_named(orchids: Json, write_pack: Write, target: str, name: str) -> None:
    path = write_pack(orchids)
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).symlink_to(target if name.endswith(".json") else target.replace(".json", ".jsonl"))
    with pytest.raises(UserError, match=rf"{name}: is a link that leads nowhere; mend it"):
        load_pack(str(path))
    assert [str(fault).split(": ")[1][:18] for fault in examine_pack(str(path)).faults] == [
        "is a link that lea"
    ]


def test_a_pipe_among_the_scenarios_is_named(orchids: Json, write_pack: Write) -> None:
    path = write_pack(orchids)
    os.mkfifo(path / "more.jsonl")
    with pytest.raises(UserError, match=r"more\.jsonl: is no plain file"):
        load_pack(str(path))


def test_a_path_that_is_not_utf8_is_named(orchids: Json, write_pack: Write) -> None:
    path = write_pack(orchids)
    other = path.rename(path.with_name("p\udcff"))
    with pytest.raises(UserError, match="its path has a lone surrogate"):
        load_pack(str(other))


def test_no_name_is_no_pack(write_pack: Write, orchids: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_pack(orchids))
    with pytest.raises(UserError, match="unknown pack ''"):
        load_pack("")


def test_an_examination_lists_the_faults_of_every_scenario(orchids: Json, write_pack: Write) -> None:
    a, b, c = _copies(orchids, "a", "b", "a")
    a = {**a, "origin": "made up"}
    b = {**b, "x_note": 1, "note": 2}
    path = write_pack(a, b, c, c, b"nonsense")
    examined = examine_pack(str(path))
    assert (examined.scenarios, examined.survey) == (5, None)
    lines = [str(fault).split("scenarios.jsonl:")[1][:1] for fault in examined.faults]
    assert lines == ["1", "2", "4", "5"]


def test_an_examination_of_a_right_pack_is_its_survey(tiny: Path) -> None:
    examined = examine_pack(str(tiny))
    assert (examined.faults, examined.survey) == ((), survey_pack(str(tiny)))


@pytest.mark.parametrize("name", ["natural", "recorded"])
def test_a_survey_is_the_same_of_a_pack_that_is_read_already(name: str) -> None:
    survey = survey_pack(name)
    assert survey == survey_of(load_pack(name)) == survey_of(survey)
    assert len(survey.outlines) == survey.statistics["scenarios"]


def _additions(scenario: Json) -> None:
    """What a scenario may say beside what the packs that come along say."""
    scenario.update(level=3, twin_of="original")
    scenario["steps"][1]["instructions"] = "The watering day matters most."
    scenario["items"][0].update(tags=["staleness", "distance"], instruction="prioritise")
    scenario["items"][0]["values"][0].update(gives_away=True, where="shared/**")


def test_additions_survive_reading_and_writing_and_count_in_the_hash(orchids: Json, write_pack: Write) -> None:
    (original,) = _copies(orchids, "original")
    before = load_pack(str(write_pack(original, orchids))).sha256
    _additions(orchids)
    assert load_pack(str(write_pack(original, orchids))).sha256 != before
    scenario = read_scenario(json.dumps(orchids), where="p")
    again = json.dumps(scenario_to_json(scenario))
    assert read_scenario(again, where="again") == scenario


def test_additions_that_say_nothing_do_not_change_the_hash(orchids: Json, write_pack: Write) -> None:
    before = load_pack(str(write_pack(orchids))).sha256
    orchids["items"][0]["tags"] = []
    orchids["items"][0]["values"][0]["gives_away"] = False
    assert load_pack(str(write_pack(orchids))).sha256 == before


def _twin(scenario: Json, id_: str, of: str) -> Json:
    return {**scenario, "id": id_, "twin_of": of}


def test_a_twin_comes_after_its_original_and_a_limit_never_leaves_it_alone(
    orchids: Json, write_pack: Write
) -> None:
    a, b, c = _copies(orchids, "a", "b", "c")
    path = str(write_pack(_twin(orchids, "a2", "a"), _twin(orchids, "c2", "c"), b, a, c))
    assert [one.id for one in load_pack(path).scenarios] == ["b", "a", "a2", "c", "c2"]
    for survey in (survey_pack(path), examine_pack(path).survey):
        assert survey == survey_of(load_pack(path))
        assert [one.id for one in survey.outlines] == ["b", "a", "a2", "c", "c2"]
    kept = [[one.id for one in load_pack(path, limit=n).scenarios] for n in (1, 2, 3)]
    assert kept == [["b"], ["b", "a"], ["b", "a", "a2"]]


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("b", r"'b' isn't a scenario of the pack; a twin stands beside its original"),
        ("orchid-hose", r"isn't a scenario of the pack; did you mean 'orchid-house'\?"),
        ("twin", r"'twin' is a twin itself"),
    ],
)
def test_a_twin_without_its_original_is_named(orchids: Json, write_pack: Write, of: str, words: str) -> None:
    path = str(write_pack(orchids, _twin(orchids, "twin", "orchid-house"), _twin(orchids, "other", of)))
    with pytest.raises(UserError, match=rf"scenarios\.jsonl:3: twin_of: .*{words}"):
        load_pack(path, limit=1)
    (fault,) = examine_pack(path).faults
    assert "jsonl:3: twin_of: " in str(fault)


def test_twins_are_not_looked_at_while_a_scenario_cannot_be_read(orchids: Json, write_pack: Write) -> None:
    examined = examine_pack(str(write_pack(b"nonsense", _twin(orchids, "twin", "orchid-house"))))
    assert ["malformed" in str(fault) for fault in examined.faults] == [True]
