"""`rembench audit` on a set of one memory."""

import json

import pytest

from rembench.harness.audit.audit import PARTS, validity
from rembench.harness.audit.validity import load_sets, shipped_sets
from rembench.harness.cli.columns import WIDTH, grid
from tests.harness.audit.made import write_set
from tests.harness.cli.calling import call

KEYS = {
    "n", "abstained", "kappa", "accuracy", "containment_kappa", "readers_kappa", "by_kind", "by_style",
    "confusion", "metric_error", "leaks", "claims",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = write_set(tmp_path_factory.mktemp("sets") / "tiny")
    return validity(load_sets((folder,)))


def test_a_set_has_what_other_programs_rely_on(found):
    one = found["validity"]["tiny"]
    assert set(one) >= KEYS
    assert set(one["by_kind"]["update"]) == {
        "n", "kappa", "accuracy", "abstained", "abstentions", "containment_kappa", "readers_kappa", "readers_n",
        "readers_reason",
    }  # fmt: skip
    assert {"mae", "rank_correlation"} <= set(one["metric_error"]["retention"])
    assert {"recall", "false_alarms"} <= set(one["leaks"])
    assert {"precision", "recall", "n"} <= set(one["claims"]["fabricated"])
    json.dumps(found, allow_nan=False)


def test_a_memory_that_is_read_rightly_agrees_wholly(found):
    one = found["validity"]["tiny"]
    assert (one["n"], one["kappa"], one["accuracy"], one["abstained"]) == (3, 1.0, 1.0, 0.0)
    assert found["pooled"]["n"] == 3


def test_a_grid_is_cut_at_the_width():
    assert grid([["", "a"], ["one", "22"]]) == ["      a", "one  22"]
    assert len(grid([["x" * 200, "a"]])[0]) == WIDTH


def test_help_is_there(monkeypatch, capsys):
    code, said, _ = call(monkeypatch, capsys, "audit", "--help")
    assert code == 0
    assert "--validity" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--judge", "someone"), "unknown judge 'someone'"),
        (("--judge", "nowhere.py:Model"), "nowhere.py: no such file"),
        (("--validity", "/nowhere/at/all"), "/nowhere/at/all: no such folder"),
        (("--json", "/"), "--json takes a file, or '-'"),
    ],
)
def test_what_the_user_can_fix_is_one_line(monkeypatch, capsys, arguments, said):
    code, _, wrong = call(monkeypatch, capsys, "audit", *arguments)
    assert code == 2
    assert said in wrong
    assert wrong.count("\n") == 1


@pytest.mark.slow
def test_the_command_writes_every_part(monkeypatch, capsys, tmp_path):
    folder, out = write_set(tmp_path / "tiny"), tmp_path / "made" / "audit.json"
    judge = "tests.harness.judge.models:Contains"
    code, said, _ = call(monkeypatch, capsys, "audit", "--validity", folder, "--json", out, "--judge", judge)
    assert code == 0
    assert "Agreement with the labels" in said
    assert "The judge beside the scorer" in said
    written = json.loads(out.read_text("utf-8"))
    assert set(written) == {"schema", "rembench", "full", "validity", "pooled", *PARTS, "bars", "judge"}
    assert written["schema"] == 1
    assert written["judge"]["name"] == judge


@pytest.mark.slow
def test_the_committed_audit_is_what_the_command_writes(monkeypatch, capsys, tmp_path):
    committed = shipped_sets()[0].parent / "audit.json"
    code, _, _ = call(monkeypatch, capsys, "audit", "--json", tmp_path / "audit.json")
    assert code == 0
    assert (tmp_path / "audit.json").read_text("utf-8") == committed.read_text("utf-8")
