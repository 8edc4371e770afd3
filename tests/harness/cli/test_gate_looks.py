"""`gate --until-decided`: scenarios are run look by look, and no more of them than it takes."""

import json
from pathlib import Path

import pytest

from tests.harness.cli.calling import call

ODD = Path(__file__).parents[1] / "engine" / "odd.py"


def looks(gated, out, *more, consolidator="extractive"):
    return [
        "gate", "--until-decided", "-c", consolidator, "-p", gated / "ten.jsonl", "-o", out,
        "--baseline", gated / "baseline.json", "--policy", gated / "gate.toml", *more,
    ]  # fmt: skip


def nights(folder):
    lines = (folder / "nights.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["chain"] for line in lines]


@pytest.mark.parametrize(
    ("consolidator", "code", "verdict"), [("extractive", 0, "pass"), ("nothing", 1, "fail")]
)
def test_it_stops_once_it_is_decided(gated, tmp_path, monkeypatch, capsys, consolidator, code, verdict):
    done = call(monkeypatch, capsys, *looks(gated, tmp_path / "r", consolidator=consolidator))
    assert done[0] == code
    assert done[1].splitlines()[-1].startswith(f"gate: {verdict}")
    assert "look 1 of 4, 3 of 10 scenarios: undecided" in done[2]
    assert f"look 3 of 4, 8 of 10 scenarios: {verdict}" in done[2]
    assert "look 4" not in done[2]
    ran = nights(tmp_path / "r")
    assert {chain["consolidator"] for chain in ran} == {consolidator}
    assert len({chain["scenario"] for chain in ran}) == 8


def test_what_is_left_can_be_run(gated, tmp_path, monkeypatch, capsys):
    _, _, err = call(monkeypatch, capsys, *looks(gated, tmp_path / "r"))
    assert f"rembench run --resume -o {tmp_path / 'r'}" in err
    assert call(monkeypatch, capsys, "run", "--resume", "-o", tmp_path / "r", "-q")[0] == 0
    assert len({chain["scenario"] for chain in nights(tmp_path / "r")}) == 10


def test_resumed_it_runs_no_night_twice_and_says_the_same(gated, tmp_path, monkeypatch, capsys):
    first = call(monkeypatch, capsys, *looks(gated, tmp_path / "r"))
    before = nights(tmp_path / "r")
    again = call(monkeypatch, capsys, *looks(gated, tmp_path / "r", "--resume"))
    assert (again[0], again[1]) == (first[0], first[1])
    assert nights(tmp_path / "r") == before


def test_the_seed_orders_the_scenarios(gated, tmp_path, monkeypatch, capsys):
    for seed in (0, 1):
        call(monkeypatch, capsys, *looks(gated, tmp_path / str(seed), "--seed", seed))
    first, other = ([c["scenario"] for c in nights(tmp_path / str(seed))] for seed in (0, 1))
    assert set(first) != set(other)


def test_looks_without_a_decision_end_with_all_scenarios_undecided(gated, tmp_path, monkeypatch, capsys):
    arguments = [
        a for a in looks(gated, tmp_path / "r", "--json") if a not in {"--policy", gated / "gate.toml"}
    ]
    code, out, _ = call(monkeypatch, capsys, *arguments)
    made = json.loads(out)
    assert (code, made["verdict"]) == (3, "undecided")
    assert made["looks"] == [0.3, 0.5, 0.8, 1.0]
    assert len({chain["scenario"] for chain in nights(tmp_path / "r")}) == 10


def test_a_consolidator_all_of_whose_nights_fail_is_not_run_on(gated, tmp_path, monkeypatch, capsys):
    code, _, err = call(monkeypatch, capsys, *looks(gated, tmp_path / "r", consolidator=f"{ODD}:Raises"))
    assert code == 2
    assert "nights of" in err
    assert "failed; first:" in err
    assert len({chain["scenario"] for chain in nights(tmp_path / "r")}) == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--looks", "0"], "--looks 0: a number from 1 to 20 was expected"),
        (["--repeats", "0"], "--repeats 0"),
        (["-c", "unheard-of"], "unheard-of"),
    ],
)
def test_what_cannot_be_run_is_said_before_a_folder_is_made(gated, tmp_path, monkeypatch, capsys, more, said):
    code, _, err = call(monkeypatch, capsys, *looks(gated, tmp_path / "r", *more))
    assert code == 2
    assert said in err
    assert not (tmp_path / "r").exists()


def test_another_pack_is_refused_before_anything_is_run(gated, tmp_path, monkeypatch, capsys):
    arguments = looks(gated, tmp_path / "r")
    arguments[arguments.index(gated / "ten.jsonl")] = "gate"
    code, _, err = call(monkeypatch, capsys, *arguments)
    assert code == 2
    assert "the baseline was made on ten sha256" in err
    assert not (tmp_path / "r").exists()
