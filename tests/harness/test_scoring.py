"""From a run folder to evidence: what was run is what's scored, on the pack that it was run on."""

import json
import os
import shutil

import pytest

from rembench.harness.errors import UserError
from rembench.harness.scoring import evidence, load_run
from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY


@pytest.fixture
def limited(monkeypatch, capsys, tmp_path):
    """A run of the first scenario of a pack with two."""
    shutil.copytree(TINY, tmp_path / "pack")
    arguments = ["run", "-p", tmp_path / "pack", "-o", tmp_path / "r", "--limit", "1", "-q"]
    assert call(monkeypatch, capsys, *arguments)[0] == 0
    return tmp_path / "r"


def test_the_limit_of_the_run_is_kept_to(limited):
    run = load_run(limited)
    assert [s.id for s in run.scenarios] == ["bakery-counter"]
    chains = evidence(run)
    assert {c.chain.scenario for c in chains} == {"bakery-counter"}
    assert len(chains) == len(run.record.consolidators)
    assert all(v.reason != "not run" for c in chains for r in c.readings.values() for v in r.verdicts)


def test_a_pack_that_is_gone_is_named_with_its_old_path(limited, tmp_path):
    (tmp_path / "pack").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError) as raised:
        load_run(limited)
    assert f"the run's pack pack isn't at {tmp_path / 'pack'} any more" in str(raised.value)
    assert "--pack PATH" in str(raised.value)
    assert load_run(limited, [str(tmp_path / "elsewhere")]).scenarios


def test_a_path_that_cannot_be_looked_at_is_one_line(limited):
    record = json.loads((limited / "run.json").read_text())
    record["packs"][0]["path"] = "x" * 5000
    (limited / "run.json").write_text(json.dumps(record))
    with pytest.raises(UserError, match=r"can't look for the run's pack at xxx.*name too long"):
        load_run(limited)


@pytest.mark.parametrize("name", ["run.json", "nights.jsonl"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), os.mkdir])
def test_what_is_no_plain_file_is_refused_at_once(monkeypatch, capsys, limited, tmp_path, name, make):
    (limited / name).unlink()
    make(limited / name)
    again = ["run", "-p", tmp_path / "pack", "-o", limited, "--limit", "1", "-q", "--resume"]
    for command in (["score", limited], ["report", limited], again):
        code, _, said = call(monkeypatch, capsys, *command)
        assert code == 2
        assert said == f"rembench: error: {limited / name}: isn't a plain file\n"


def test_a_lock_that_is_a_pipe_is_refused_at_once(monkeypatch, capsys, limited, tmp_path):
    (limited / ".lock").unlink()
    os.mkfifo(limited / ".lock")
    again = ["run", "-p", tmp_path / "pack", "-o", limited, "--limit", "1", "-q", "--resume"]
    code, _, said = call(monkeypatch, capsys, *again)
    assert (code, said) == (2, f"rembench: error: {limited / '.lock'}: isn't a plain file\n")
