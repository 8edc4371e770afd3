import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rembench.harness.errors import UserError
from rembench.harness.scenario import export as exports
from rembench.harness.scenario.card import manifest, write_card
from rembench.harness.scenario.export import export_configs, export_packs
from rembench.harness.scenario.hub_card import hub_card
from rembench.harness.scenario.pack import find_pack, load_pack, pack_names, scenario_to_json
from tests.harness.scenario.conftest import by_size

Json = dict[str, Any]
Write = Callable[..., Path]


def exported(folder: Path, *packs: str, split: str = "test") -> Path:
    folder.mkdir()
    export_packs(export_configs([load_pack(pack) for pack in packs], split), folder)
    return folder


def loaded(folder: Path, config: str | None = None) -> Any:
    """What `datasets` makes of an exported folder: its splits."""
    import datasets.load

    return datasets.load.load_dataset(str(folder), config, cache_dir=str(folder.parent / "cache"))


def rows(pack: str) -> list[Json]:
    return [scenario_to_json(one) for one in load_pack(pack).scenarios]


def header(folder: Path) -> Json:
    _, front, _ = (folder / "README.md").read_text("utf-8").split("---\n", 2)
    found: Json = yaml.safe_load(front)
    return found


@pytest.mark.parametrize("name", by_size(pack_names()))
def test_datasets_loads_a_pack_as_it_was(name: str, tmp_path: Path) -> None:
    splits = loaded(exported(tmp_path / "out", name))
    assert list(splits) == ["test"]
    assert [given(row) for row in splits["test"]] == rows(name)


def given(row: Json) -> Json:
    """A row without the columns that its scenario doesn't have: only twins have a `twin_of`."""
    return {key: value for key, value in row.items() if value is not None}


def test_several_packs_are_a_configuration_each(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out", "natural", "recorded", split="evaluation")
    for name in ("natural", "recorded"):
        splits = loaded(folder, name)
        assert list(splits) == ["evaluation"]
        assert list(splits["evaluation"]) == rows(name)


def test_groups_of_rows_come_back_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(exports, "_ROWS", 3)
    folder = exported(tmp_path / "out", "natural")
    assert pq.ParquetFile(folder / "data" / "test-00000-of-00001.parquet").num_row_groups == 4
    assert list(loaded(folder)["test"]) == rows("natural")


def test_odd_texts_come_back_as_they_were(orchids: Json, write_pack: Write, tmp_path: Path) -> None:
    odd = "\u2028 \u0007 \U0001f33c \"quoted\" \\n {'a': 1} null 1e400 \r\n\t — é e\u0301"
    orchids["store"] = {"odd.md": odd, "null.md": "null", "empty.md": ""}
    orchids["steps"][0]["messages"][0]["content"] = odd
    orchids["title"] = '{"a": 1}'
    path = str(write_pack(orchids, {**orchids, "id": "007"}))
    assert list(loaded(exported(tmp_path / "out", path))["test"]) == rows(path)


def test_a_key_that_only_some_scenarios_have_is_null_in_the_others(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_level(scenario: Any) -> Json:
        found = scenario_to_json(scenario)
        return {**found, "level": 3} if scenario.id == "orchid-house" else found

    monkeypatch.setattr(exports, "scenario_to_json", with_level)
    table = loaded(exported(tmp_path / "out", str(tiny)))["test"]
    assert table.features["level"].dtype == "int64"
    assert list(table["level"]) == [None, 3]


def test_the_card_has_licence_canary_and_hash(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out", "natural")
    own = manifest(find_pack("natural"))
    card = (folder / "README.md").read_text("utf-8")
    assert own["canary"] in card
    assert own["sha256"] in card
    assert "Licence: CC-BY-4.0" in card
    found = header(folder)
    assert (found["license"], found["language"], found["size_categories"]) == ("cc-by-4.0", ["en"], ["n<1K"])
    assert found["annotations_creators"] == ["machine-generated"]
    assert (folder / "LICENSE").read_bytes() == (find_pack("natural") / "LICENSE").read_bytes()
    assert (folder / "cards" / "natural.md").read_bytes() == (find_pack("natural") / "README.md").read_bytes()


def test_a_licence_that_all_packs_have_is_copied_once(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out", "natural", "recorded")
    assert [file.name for file in folder.glob("LICENSE*")] == ["LICENSE"]
    assert header(folder)["license"] == "cc-by-4.0"


def copied_with(tmp_path: Path, **own: str) -> str:
    """A copy of `recorded` with other words in its pack.json."""
    mine = Path(shutil.copytree(find_pack("recorded"), tmp_path / "mine"))
    (mine / "pack.json").write_text(json.dumps({**manifest(mine), **own}), "utf-8")
    (mine / "LICENSE").write_text(own.get("licence", ""), "utf-8")
    write_card(load_pack(str(mine)))
    return str(mine)


def test_packs_of_different_licences_keep_their_own(tmp_path: Path) -> None:
    mine = copied_with(tmp_path, licence="CC0-1.0")
    folder = exported(tmp_path / "out", "natural", mine)
    assert (folder / "LICENSE-mine").read_text("utf-8") == "CC0-1.0"
    assert (folder / "LICENSE-natural").is_file()
    assert header(folder)["license"] == ["cc-by-4.0", "cc0-1.0"]


@pytest.mark.parametrize(
    ("packs", "licence"),
    [
        (["mine"], {"license": "other", "license_name": "ask me"}),
        (["mine", "natural"], {"license": "other", "license_name": "CC-BY-4.0, ask me"}),
        (["tiny"], {"license": "unknown"}),
        (["tiny", "natural"], {"license": "other", "license_name": "CC-BY-4.0, unknown"}),
    ],
)
def test_a_licence_that_the_hub_does_not_know_is_said_as_it_is(
    tiny: Path, tmp_path: Path, packs: list[str], licence: Json
) -> None:
    paths = {"mine": copied_with(tmp_path, licence="ask me"), "tiny": str(tiny)}
    found = header(exported(tmp_path / "out", *(paths.get(name, name) for name in packs)))
    assert {key: found[key] for key in found if key.startswith("license")} == licence


def test_who_labelled_is_only_said_where_all_packs_say_it(tiny: Path, tmp_path: Path) -> None:
    found = header(exported(tmp_path / "out", "natural", str(tiny)))
    assert "annotations_creators" not in found


def test_a_header_of_the_pack_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    mine = Path(copied_with(tmp_path))
    card = (mine / "README.md").read_text("utf-8")
    (mine / "README.md").write_text(card.replace("language:\n", "language: [\n", 1), "utf-8")
    with pytest.raises(UserError, match=r"README\.md: its YAML header can't be read"):
        hub_card(export_configs([load_pack(str(mine))]))


def test_a_single_file_has_no_card_of_its_own(tmp_path: Path) -> None:
    path = str(find_pack("natural") / "scenarios.jsonl")
    folder = exported(tmp_path / "out", path)
    assert sorted(one.name for one in folder.iterdir()) == ["README.md", "data"]
    assert list(loaded(folder)["test"]) == rows("natural")


@pytest.mark.parametrize("split", ["", "all", "test-1", "a b", "tést", "a/b", "x" * 101])
def test_a_name_that_no_split_can_have_is_refused(split: str) -> None:
    with pytest.raises(UserError, match="can't be a split's name; letters, digits and '_'"):
        export_configs([load_pack("natural")], split)


def test_two_packs_of_one_name_are_refused() -> None:
    with pytest.raises(UserError, match="there are two packs named 'natural'"):
        export_configs([load_pack("natural"), load_pack("natural")])


def test_a_name_that_no_configuration_can_have_is_refused(orchids: Json, write_pack: Write) -> None:
    path = write_pack(orchids)
    odd = path.rename(path.with_name("odd [1]"))
    assert export_configs([load_pack(str(odd))])[0].name == "default"
    with pytest.raises(UserError, match=r"odd \[1\]: 'odd \[1\]' can't be a configuration's name; rename it"):
        export_configs([load_pack(str(odd)), load_pack("natural")])


def test_a_pack_out_of_step_with_its_manifest_is_refused(tmp_path: Path) -> None:
    mine = Path(copied_with(tmp_path))
    file = mine / "scenarios.jsonl"
    file.write_text(file.read_text("utf-8").replace("Skerry", "Sherry"), "utf-8")
    with pytest.raises(UserError, match=r"pack\.json: sha256: says"):
        export_configs([load_pack(str(mine))])
