import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from rembench.harness.errors import UserError
from rembench.harness.scenario.card import card_faults, manifest, write_card
from rembench.harness.scenario.pack import find_pack, load_pack, pack_names, sources
from rembench.harness.scenario.statistics import statistics


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the pack `recorded` that may be changed."""
    return Path(shutil.copytree(find_pack("recorded"), tmp_path / "recorded"))


@pytest.mark.parametrize("name", pack_names())
def test_a_shipped_card_is_in_step_with_its_data(name: str) -> None:
    pack = load_pack(name)
    own = manifest(find_pack(name))
    assert card_faults(pack) == []
    assert own["sha256"] == pack.sha256
    assert own["statistics"]["scenarios"] == len(pack.scenarios)


@pytest.mark.parametrize("name", pack_names())
def test_a_shipped_pack_says_its_licence_and_its_canary(name: str) -> None:
    folder = find_pack(name)
    own = manifest(folder)
    card = (folder / "README.md").read_text("utf-8")
    assert (own["name"], own["licence"]) == (name, "CC-BY-4.0")
    assert own["canary"] in card
    assert "license: cc-by-4.0" in card
    assert "CC-BY-4.0" in (folder / "LICENSE").read_text("utf-8")


def test_canaries_are_unique() -> None:
    canaries = [manifest(find_pack(name))["canary"] for name in pack_names()]
    assert len(set(canaries)) == len(canaries)


def test_there_is_no_python_among_the_data() -> None:
    datasets = find_pack("natural").parent
    assert [file.name for file in datasets.rglob("*.py*")] == []


def test_a_changed_scenario_puts_the_manifest_out_of_step(copied: Path) -> None:
    file = copied / "scenarios.jsonl"
    file.write_text(file.read_text("utf-8").replace("Skerry", "Sherry"), "utf-8")
    pack = load_pack(str(copied))
    (fault,) = card_faults(pack)
    assert "pack.json: sha256: says" in str(fault)
    assert pack.sha256 in str(fault)
    write_card(pack)
    assert card_faults(pack) == []


def test_a_count_changed_by_hand_is_noticed(copied: Path) -> None:
    card = copied / "README.md"
    card.write_text(card.read_text("utf-8").replace("| scenarios | 6 |", "| scenarios | 60 |"))
    (fault,) = card_faults(load_pack(str(copied)))
    assert "README.md: isn't in step" in str(fault)


def test_a_broken_manifest_is_a_fault_with_its_place(copied: Path) -> None:
    (copied / "pack.json").write_text('{"name": "recorded",\n "titel": 1}', "utf-8")
    (fault,) = card_faults(load_pack(str(copied)))
    assert "pack.json: unknown key 'titel'; did you mean 'title'?" in str(fault)


def test_a_card_that_is_a_pipe_is_a_fault(copied: Path) -> None:
    (copied / "README.md").unlink()
    os.mkfifo(copied / "README.md")
    (fault,) = card_faults(load_pack(str(copied)))
    assert str(fault) == f"{copied / 'README.md'}: isn't a plain file"


def test_a_pack_without_a_manifest_has_no_card_to_keep(tiny: Path) -> None:
    pack = load_pack(str(tiny))
    assert card_faults(pack) == []
    with pytest.raises(UserError, match=r"pack\.json: is missing"):
        write_card(pack)


def test_the_card_says_how_the_scenarios_are_written(copied: Path) -> None:
    pack = load_pack(str(copied))
    card = (copied / "README.md").read_text("utf-8")
    counted = statistics(pack.scenarios)
    spread = " | ".join(str(n) for n in counted["tokens_per_scenario"].values())
    assert f"| tokens per scenario | {spread} |" in card
    assert f"| repeated sentences | {counted['repeated_sentences']} |" in card
    assert f"| distinct 2-grams to words | {counted['distinct_ngrams']['2']} |" in card
    assert "| operations agent | 1 |" in card


@pytest.mark.parametrize("name", pack_names())
def test_hugging_face_datasets_reads_a_shipped_pack_from_its_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets.load

    folder = find_pack(name)
    loaded: Any = datasets.load.load_dataset(str(folder), split="test", cache_dir=str(tmp_path))
    rows = [json.loads(source.text) for source in sources(folder)]
    assert [{key: one for key, one in row.items() if one is not None} for row in loaded] == rows
