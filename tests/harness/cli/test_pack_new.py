"""`rembench pack new`: what it writes is a right pack, and what it says is so."""

import json
from pathlib import Path
from typing import get_args

import pytest

from rembench.harness.night import Role
from rembench.harness.scenario.card import card_faults, write_card
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import STANCES, ItemKind, Origin, ValueType
from tests.harness.cli.calling import call


@pytest.fixture
def fresh(monkeypatch, capsys, tmp_path) -> Path:
    folder = tmp_path / "above" / "mine"
    code, said, error = call(monkeypatch, capsys, "pack", "new", folder)
    assert (code, error) == (0, "")
    assert said.splitlines() == [str(folder / "README.md"), str(folder / "scenarios/bicycle-workshop.json")]
    return folder


def test_a_new_pack_is_valid(monkeypatch, capsys, fresh):
    code, said, error = call(monkeypatch, capsys, "pack", "validate", fresh)
    assert (code, error) == (0, "")
    assert said.endswith("valid\n")
    pack = load_pack(str(fresh))
    assert pack.name == "mine"
    assert {item.kind for item in pack.scenarios[0].items} == {"update", "deletion", "control", "fact", "trap"}


def test_the_oracle_is_right_in_a_new_pack_and_an_empty_memory_is_not(monkeypatch, capsys, tmp_path, fresh):
    code, said, _ = call(monkeypatch, capsys, "run", "-p", fresh, "-o", tmp_path / "run", "--json", "--quiet")
    assert code == 0
    found = json.loads(said)["summary"]["consolidators"]
    assert found["oracle"]["metrics"]["skill"]["value"] == 1
    assert found["nothing"]["metrics"]["retention"]["value"] == 0
    leaks = {name: found[name]["metrics"]["deletion_leakage"]["value"] for name in ("oracle", "append-all")}
    assert leaks == {"oracle": 0, "append-all": 1}


@pytest.mark.parametrize("names", [STANCES, *map(get_args, (ItemKind, ValueType, Role, Origin))])
def test_the_readme_of_a_new_pack_names_all_that_there_is(fresh, names):
    text = (fresh / "README.md").read_text("utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []


def test_a_new_pack_can_be_given_to_others_as_its_readme_says(monkeypatch, capsys, tmp_path, fresh):
    own = {"name": "mine", "title": "Mine", "licence": "CC0-1.0", "canary": "mine 93ba51c5"}
    (fresh / "pack.json").write_text(json.dumps(own), "utf-8")
    write_card(load_pack(str(fresh)))
    assert card_faults(load_pack(str(fresh))) == []
    assert "| scenarios | 1 |" in (fresh / "README.md").read_text("utf-8")
    assert call(monkeypatch, capsys, "pack", "export", fresh, "-o", tmp_path / "out")[0] == 0


def test_a_folder_with_something_in_it_is_refused(monkeypatch, capsys, fresh):
    before = {file: file.read_bytes() for file in fresh.rglob("*") if file.is_file()}
    code, said, error = call(monkeypatch, capsys, "pack", "new", fresh)
    assert (code, said) == (2, "")
    assert f"{fresh}: the folder isn't empty: it has" in error
    assert error.count("\n") == 1
    assert {file: file.read_bytes() for file in fresh.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(("name", "what"), [("", "not an empty name"), ("a\0b", "has a NUL")])
def test_a_name_that_no_folder_can_have_is_refused(monkeypatch, capsys, name, what):
    code, _, error = call(monkeypatch, capsys, "pack", "new", name)
    assert code == 2
    assert what in error
