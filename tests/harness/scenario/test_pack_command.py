import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from rembench.harness.cli.pack import app
from rembench.harness.errors import UserError
from rembench.harness.scenario.card import manifest
from rembench.harness.scenario.lines import write_jsonl_gz
from rembench.harness.scenario.pack import find_pack, load_pack, pack_names, scenario_to_json


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_list_names_every_shipped_pack() -> None:
    lines = _run("list").output.splitlines()
    assert [line.split()[0] for line in lines] == pack_names()
    rows = json.loads(_run("list", "--json").output)
    assert [row["scenarios"] for row in rows] == [
        manifest(find_pack(name))["statistics"]["scenarios"] for name in pack_names()
    ]


def test_show_counts_a_pack(tiny: Path) -> None:
    shown = _run("show", str(tiny)).output
    assert "scenarios 2, sessions 5" in shown
    assert "orchid-house" in shown
    assert "items by kind: conditional 1," in shown
    assert "tokens per scenario: min 202, median 202, p90 210, max 210" in shown
    assert "repeated sentences 0.0" in shown
    as_json = json.loads(_run("show", str(tiny), "--json").output)
    assert [one["id"] for one in as_json["scenarios"]] == ["bakery-counter", "orchid-house"]
    assert as_json["sha256"] == load_pack(str(tiny)).sha256


def test_show_tells_the_timeline_of_a_scenario(tiny: Path) -> None:
    shown = _run("show", str(tiny), "orchid-house").output
    assert "night c3, given sessions: s1 (again), s3\n      standing deletion request d1" in shown
    assert '1. "Thursday", evidence: s2#0, s2#1\n         c1 not scored  c2 held  c3 held' in shown


def test_show_shortens_messages_unless_asked_not_to(tiny: Path) -> None:
    end = "use it once and don't keep it."
    assert end not in _run("show", str(tiny), "orchid-house").output
    assert end in _run("show", str(tiny), "orchid-house", "--full").output


def test_show_as_json_is_the_scenario(tiny: Path) -> None:
    shown = json.loads(_run("show", str(tiny), "orchid-house", "--json").output)
    assert shown == scenario_to_json(load_pack(str(tiny)).scenarios[1])


def test_an_unknown_scenario_is_named_with_the_nearest(tiny: Path) -> None:
    error = _run("show", str(tiny), "orchid-hose").exception
    assert isinstance(error, UserError)
    assert "did you mean 'orchid-house'?" in str(error)


def test_what_a_terminal_would_obey_is_not_printed(
    orchids: dict[str, Any], write_pack: Callable[..., Path]
) -> None:
    orchids["title"] = "red \x1b[31m title"
    orchids["steps"][0]["messages"][0]["content"] = "\x1b]0;x\x07"
    path = str(write_pack(orchids))
    for arguments in (["show", path], ["show", path, "orchid-house", "--full"]):
        shown = _run(*arguments).output
        assert "\x1b" not in shown
        assert "title" in shown


def test_validate_accepts_right_packs(tiny: Path) -> None:
    result = _run("validate", "natural", "recorded", str(tiny))
    assert result.exit_code == 0
    assert [line.split(",")[-1] for line in result.output.splitlines()] == [" valid"] * 3


def test_a_compressed_file_is_validated_and_shown_as_a_plain_one(
    orchids: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "mine.jsonl.gz"
    write_jsonl_gz(file, [json.dumps(orchids)])
    assert "1 scenarios" in _run("validate", str(file)).stdout
    assert _run("show", str(file)).output.startswith(f"mine  ({file})")
    file.write_bytes(file.read_bytes()[:-20])
    broken = _run("validate", str(file))
    assert broken.exit_code == 2
    assert broken.stderr.count("\n") == 1
    assert "mine.jsonl.gz: its gzip data is cut off" in broken.stderr


def test_validate_lists_every_fault_and_ends_with_2(
    tiny: Path, orchids: dict[str, Any], write_pack: Callable[..., Path]
) -> None:
    del orchids["items"][0]["values"][0]["expect"]["c1"]
    orchids["items"][1]["values"][0]["evidence"] = ["s1#6"]
    path = str(write_pack(orchids))
    result = _run("validate", "nowhere", path, str(tiny))
    assert result.exit_code == 2
    errors = result.stderr.splitlines()
    assert len(errors) == 3
    assert all(line.startswith("rembench: error: ") for line in errors)
    assert "unknown pack 'nowhere'" in errors[0]
    assert "scenarios.jsonl:1: items[0].values[0].expect: night 'c1' is missing" in errors[1]
    assert "items[1].values[0].evidence[0]: 's1#6' is out of range" in errors[2]
    assert result.stdout.startswith(str(tiny))


def test_validate_names_the_file_and_the_place_of_a_path_that_no_store_can_have(
    orchids: dict[str, Any], write_pack: Callable[..., Path]
) -> None:
    orchids["items"][1]["values"][0]["where"] = "user//*.md"
    result = _run("validate", str(write_pack(orchids)))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "scenarios.jsonl:1: items[1].values[0].where: no path of a store can be made from" in line


def test_validate_as_json_has_the_errors_as_data(tiny: Path) -> None:
    result = _run("validate", str(tiny), "nowhere", "--json")
    right, wrong = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (right["valid"], right["scenarios"], right["errors"]) == (True, 2, [])
    assert (wrong["valid"], wrong["sha256"], len(wrong["errors"])) == (False, None, 1)


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    """A generated pack: an original and its twin."""
    made = _run("generate", "-o", str(tmp_path / "made"), "--seed", "s", "-n", "1", "--level", "1", "--twins")
    assert made.exit_code == 0
    return tmp_path / "made"


def test_a_generated_pack_is_valid_by_both_solvers_and_its_card_is_in_step(generated: Path) -> None:
    result = _run("validate", str(generated))
    assert result.exit_code == 0
    pack = load_pack(str(generated))
    line = f"{generated}: 2 scenarios, sha256 {pack.sha256}, valid, second solver agrees on 2\n"
    assert result.stdout == line
    assert manifest(generated)["sha256"] == pack.sha256
    assert "| scenarios | 2 |" in (generated / "README.md").read_text("utf-8")


def test_a_pack_generated_under_a_shipped_name_leaves_the_shipped_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = (find_pack("natural") / "pack.json").read_bytes()
    assert _run("generate", "-o", "natural", "--seed", "s", "-n", "1", "--level", "1").exit_code == 0
    assert (find_pack("natural") / "pack.json").read_bytes() == shipped
    assert manifest(tmp_path / "natural")["statistics"]["scenarios"] == 1


def _flip_an_expectation(pack: Path) -> str:
    """Says that a fact told is retired, in the first scenario of a pack; the place of it."""
    file = pack / "scenarios.jsonl"
    first, *rest = file.read_text("utf-8").splitlines()
    scenario = json.loads(first)
    night = [step["id"] for step in scenario["steps"] if step["type"] == "consolidate"][-1]
    n = next(n for n, item in enumerate(scenario["items"]) if item["kind"] == "fact")
    assert scenario["items"][n]["values"][0]["expect"][night] == "held"
    scenario["items"][n]["values"][0]["expect"][night] = "retired"
    file.write_text("".join(f"{line}\n" for line in (json.dumps(scenario), *rest)), "utf-8")
    return (
        f"{file}:1: items[{n}].values[0].expect.{night}: says retired, the log says held; held, or another log"
    )


def test_validate_names_the_expectation_that_the_second_solver_does_not_find(generated: Path) -> None:
    place = _flip_an_expectation(generated)
    result = _run("validate", str(generated))
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"rembench: error: {place}: x_log[")
    as_json = _run("validate", str(generated), "--json")
    assert as_json.exit_code == 2
    (found,) = json.loads(as_json.stdout)
    assert (found["valid"], found["second_solver"]) == (False, {"asked": 2, "agrees": 1})
    assert [error.startswith(place) for error in found["errors"]] == [True]


def test_validate_says_nothing_of_a_second_solver_where_there_is_no_log(tiny: Path) -> None:
    assert "solver" not in _run("validate", str(tiny)).stdout
    (found,) = json.loads(_run("validate", str(tiny), "--json").stdout)
    assert found["second_solver"] == {"asked": 0, "agrees": 0}


def test_a_log_that_is_none_is_a_fault(orchids: dict[str, Any], write_pack: Callable[..., Path]) -> None:
    result = _run("validate", str(write_pack({**orchids, "x_log": 3})))
    assert result.exit_code == 2
    assert "scenarios.jsonl:1: x_log: " in result.stderr
