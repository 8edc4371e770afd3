import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rembench.harness.scenario.card import card_faults, manifest, write_card
from rembench.harness.scenario.croissant import croissant
from rembench.harness.scenario.lines import write_jsonl_gz
from rembench.harness.scenario.pack import find_pack, load_pack, pack_names
from rembench.harness.scenario.statistics import statistics
from rembench.harness.types import Pack
from tests.harness.scenario.conftest import by_size

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
Json = dict[str, Any]
OWN = {"name": "mine", "title": "Mine", "licence": "CC0-1.0", "canary": "mine: 1234"}
CARD = "# mine\n\n<!-- counts -->\n<!-- /counts -->\n"


def mlcroissant(file: Path) -> Any:
    """What the reference reader makes of a croissant.json; it refuses one with errors."""
    import mlcroissant

    return mlcroissant.Dataset(jsonld=str(file))


def ids(dataset: Any, record_set: str = "scenarios") -> list[str]:
    return [record[f"{record_set}/id"].decode() for record in dataset.records(record_set)]


@pytest.fixture
def mine(orchids: Json, tmp_path: Path) -> Callable[..., Pack]:
    """Writes a pack of the given files, each with the given scenario ids, and its card."""

    def write(own: Json | None = None, **files: list[str]) -> Pack:
        folder = tmp_path / "mine"
        (folder / "data").mkdir(parents=True)
        (folder / "scenarios").mkdir()
        for name, names in files.items():
            file = folder / name.replace("__", "/").replace("_", ".")
            lines = [json.dumps({**orchids, "id": one}) for one in names]
            if file.suffix == ".gz":
                write_jsonl_gz(file, lines)
            else:
                file.write_text("\n".join(lines), "utf-8")
        (folder / "pack.json").write_text(json.dumps({**OWN, **(own or {})}), "utf-8")
        (folder / "README.md").write_text(CARD, "utf-8")
        pack = load_pack(str(folder))
        write_card(pack)
        return pack

    return write


@pytest.mark.parametrize("name", by_size(pack_names()))
def test_the_reference_reader_accepts_a_shipped_pack_and_reads_its_scenarios(name: str) -> None:
    dataset = mlcroissant(find_pack(name) / "croissant.json")
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.name == name
    assert dataset.metadata.license == ["https://spdx.org/licenses/CC-BY-4.0.html"]
    assert ids(dataset) == [one.id for one in load_pack(name).scenarios]
    recommended = {"citeAs", "datePublished", "version"}
    missing = {one.split('"')[1].rpartition("/")[2] for one in dataset.metadata.ctx.issues.warnings}
    assert missing <= recommended  # nothing else is amiss


@pytest.mark.parametrize("name", pack_names())
def test_a_shipped_croissant_names_the_bytes_of_the_data(name: str) -> None:
    folder = find_pack(name)
    found = json.loads((folder / "croissant.json").read_text("utf-8"))
    (file,) = found["distribution"]
    data = (folder / file["contentUrl"]).read_bytes()
    assert file["sha256"] == hashlib.sha256(data).hexdigest()
    assert file["contentSize"] == f"{len(data)} B"
    assert manifest(folder)["canary"] in found["description"]


def test_a_compressed_pack_is_read_by_the_reference_reader(mine: Callable[..., Pack]) -> None:
    pack = mine(p_jsonl_gz=["a", "b"])
    assert ids(mlcroissant(Path(pack.path) / "croissant.json")) == ["a", "b"]


def test_several_files_are_one_set_of_records(mine: Callable[..., Pack]) -> None:
    pack = mine(p_jsonl=["a"], data__q_jsonl=["b", "c"], data__r_jsonl_gz=["d"])
    dataset = mlcroissant(Path(pack.path) / "croissant.json")
    assert sorted(ids(dataset)) == ["a", "b", "c", "d"]
    assert len(dataset.metadata.file_objects) == 3


def test_scenarios_with_a_file_each_are_one_set_of_records(mine: Callable[..., Pack]) -> None:
    pack = mine(scenarios__a_json=["a"], scenarios__b_json=["b"])
    assert sorted(ids(mlcroissant(Path(pack.path) / "croissant.json"))) == ["a", "b"]


def test_lines_and_files_are_two_sets_of_records(mine: Callable[..., Pack]) -> None:
    pack = mine(p_jsonl=["a"], scenarios__b_json=["b"])
    dataset = mlcroissant(Path(pack.path) / "croissant.json")
    assert ids(dataset) == ["a"]
    assert ids(dataset, "scenario-files") == ["b"]


def test_what_the_author_says_is_passed_on_and_nothing_is_made_up(mine: Callable[..., Pack]) -> None:
    said = {
        "version": "2.1.0", "url": "https://example.org/mine", "citation": "Mine 2026", "creator": "Me",
        "published": "2026-05-03", "modified": "2026-06-04", "description": "All mine.",
    }  # fmt: skip
    pack = mine(own=said, p_jsonl=["a"])
    dataset = mlcroissant(Path(pack.path) / "croissant.json")
    metadata = dataset.metadata
    assert metadata.ctx.issues.warnings == set()
    assert (metadata.version, metadata.url, metadata.cite_as) == ("2.1.0", said["url"], "Mine 2026")
    assert (metadata.date_published.isoformat()[:10], metadata.date_modified.isoformat()[:10]) == (
        "2026-05-03",
        "2026-06-04",
    )
    assert metadata.description == "All mine."
    assert [one.name for one in metadata.creators] == ["Me"]
    plain = croissant(Path(pack.path), OWN, statistics(pack.scenarios))
    assert plain.keys().isdisjoint({"version", "url", "citeAs", "creator", "datePublished", "dateModified"})


def test_an_unknown_licence_is_passed_on_as_it_is_said(mine: Callable[..., Pack]) -> None:
    pack = mine(own={"licence": "ask me"}, p_jsonl=["a"])
    assert mlcroissant(Path(pack.path) / "croissant.json").metadata.license == ["ask me"]


@pytest.mark.parametrize("key", ["published", "modified"])
def test_a_date_that_is_none_is_a_fault_with_its_place(mine: Callable[..., Pack], key: str) -> None:
    pack = mine(p_jsonl=["a"])
    own = json.loads((Path(pack.path) / "pack.json").read_text("utf-8"))
    (Path(pack.path) / "pack.json").write_text(json.dumps({**own, key: "May"}), "utf-8")
    (fault,) = card_faults(pack)
    assert str(fault).endswith(f"pack.json: {key}: isn't a date; as '2026-05-03'")


def test_a_changed_data_file_puts_it_out_of_step(mine: Callable[..., Pack]) -> None:
    pack = mine(p_jsonl=["a"])
    file = Path(pack.path) / "p.jsonl"
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")  # the same scenarios in other bytes
    (fault,) = card_faults(load_pack(pack.path))
    assert "croissant.json: isn't in step with the scenarios; `rembench pack card" in str(fault)


def test_a_missing_one_is_a_fault_that_says_how_to_make_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_pack("recorded"), tmp_path / "recorded"))
    (folder / "croissant.json").unlink()
    (fault,) = card_faults(load_pack(str(folder)))
    assert str(fault).startswith(f"{folder / 'croissant.json'}: is missing; `rembench pack card {folder}`")
    write_card(load_pack(str(folder)))
    assert card_faults(load_pack(str(folder))) == []
    assert (folder / "croissant.json").read_bytes() == (find_pack("recorded") / "croissant.json").read_bytes()


def test_the_level_is_a_field_where_scenarios_have_one(tiny: Path) -> None:
    plain = load_pack(str(tiny)).scenarios
    levelled = (replace(plain[0], level=1), *plain[1:])
    for scenarios, wanted in ((levelled, {"level": "sc:Integer"}), (plain, {})):
        found = croissant(tiny, OWN, statistics(scenarios))["recordSet"][0]["field"]
        assert {one["name"]: one["dataType"] for one in found if one["name"] == "level"} == wanted
