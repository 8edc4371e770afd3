"""What nights leave elsewhere is on the disk before they go on, and is found again."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rembench.harness.engine.ledger import LEDGER, RunLedger, read_ledger
from rembench.harness.errors import UserError
from rembench.harness.night import Usage
from rembench.harness.types import ChainKey, Failure, NightRecord

CHAIN = ChainKey(consolidator="a", scenario="s", repeat=0)
OTHER = ChainKey(consolidator="b", scenario="s", repeat=0)
KEY = "sk-marked-0123456789"


def test_a_note_is_found_again_by_its_night_alone(tmp_path):
    ledger = RunLedger(tmp_path)
    ledger.night(CHAIN, "c1").write("batch", "msgbatch_1")
    again = RunLedger(tmp_path)
    assert again.night(CHAIN, "c1").read() == {"batch": "msgbatch_1"}
    assert again.night(CHAIN, "c2").read() == again.night(OTHER, "c1").read() == {}
    assert ledger.night(CHAIN, "c1").read() == {"batch": "msgbatch_1"}


def test_the_newest_note_of_a_key_stands_and_an_empty_one_takes_it_away(tmp_path):
    night = RunLedger(tmp_path).night(CHAIN, "c1")
    for key, value in (("a", "1"), ("b", "1"), ("a", "2"), ("b", "")):
        night.write(key, value)
    assert night.read() == RunLedger(tmp_path).night(CHAIN, "c1").read() == {"a": "2"}


def test_what_is_read_is_a_copy(tmp_path):
    night = RunLedger(tmp_path).night(CHAIN, "c1")
    night.write("a", "1")
    night.read()["a"] = "2"
    assert night.read() == {"a": "1"}


def test_no_key_from_the_environment_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", KEY)
    RunLedger(tmp_path).night(CHAIN, "c1").write(f"of {KEY}", f"with {KEY}")
    assert KEY not in (tmp_path / LEDGER).read_text()
    assert read_ledger(tmp_path) == {(CHAIN, "c1"): {"of ***": "with ***"}}


def test_text_of_any_kind_comes_back_as_it_was(tmp_path):
    text = 'two\nlines, "quoted", 窯, \u2028 and \x00'
    RunLedger(tmp_path).night(CHAIN, "c1").write("a", text)
    assert RunLedger(tmp_path).night(CHAIN, "c1").read() == {"a": text}


def test_a_line_that_was_cut_is_dropped_and_written_over(tmp_path):
    night = RunLedger(tmp_path).night(CHAIN, "c1")
    night.write("a", "1")
    with (tmp_path / LEDGER).open("ab") as out:
        out.write(b'{"chain": {"consol')
    assert read_ledger(tmp_path) == {(CHAIN, "c1"): {"a": "1"}}
    RunLedger(tmp_path).night(CHAIN, "c1").write("b", "2")
    assert read_ledger(tmp_path) == {(CHAIN, "c1"): {"a": "1", "b": "2"}}


def test_a_line_that_is_no_note_is_said_with_its_number(tmp_path):
    RunLedger(tmp_path).night(CHAIN, "c1").write("a", "1")
    with (tmp_path / LEDGER).open("ab") as out:
        out.write(b'{"chain": 3}\n')
    with pytest.raises(UserError, match=r"ledger\.jsonl:2"):
        read_ledger(tmp_path)


def test_without_a_file_there_are_no_notes(tmp_path):
    assert read_ledger(tmp_path) == {}


def test_a_note_that_can_not_be_written_is_no_note(tmp_path):
    night = RunLedger(tmp_path).night(CHAIN, "c1")
    night.write("a", "1")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / LEDGER).stat().st_size + 10, before[1]))
    try:
        with pytest.raises(UserError, match=r"ledger\.jsonl: can't be written: File too large"):
            night.write("b", "2")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert night.read() == {"a": "1"}
    night.write("c", "3")
    assert read_ledger(tmp_path) == {(CHAIN, "c1"): {"a": "1", "c": "3"}}


def failed(kind, usd=0.0):
    failure = Failure(type=kind, message="x")
    return NightRecord(chain=CHAIN, night="c1", memory=None, failure=failure, usage=Usage(usd=usd), seconds=1.0)


def renewed(folder, record):
    """What's left of a night's notes where it's to be run again after that."""
    ledger = RunLedger(folder)
    ledger.renew([record])
    return {key: value for key, value in ledger.night(CHAIN, "c1").read().items() if key in ("a", "left:a")}


@pytest.mark.parametrize("kind", ["refusal", "cut_off", "invalid_output"])
def test_a_night_that_is_run_again_because_of_what_the_model_said_orders_anew(tmp_path, kind):
    night = RunLedger(tmp_path).night(CHAIN, "c1")
    night.write("a", "1")
    night.write("left:a", "1")
    assert renewed(tmp_path, failed(kind)) == {"left:a": "1"}


@pytest.mark.parametrize("kind", ["provider", "timeout", "budget", "consolidator_bug", "harness"])
def test_a_night_that_is_run_again_for_another_reason_keeps_its_orders(tmp_path, kind):
    RunLedger(tmp_path).night(CHAIN, "c1").write("a", "1")
    assert renewed(tmp_path, failed(kind)) == {"a": "1"}


def test_what_is_ordered_since_is_kept_when_the_run_is_resumed_once_more(tmp_path):
    assert renewed(tmp_path, failed("refusal")) == {}
    RunLedger(tmp_path).night(CHAIN, "c1").write("a", "2")
    assert renewed(tmp_path, failed("refusal")) == {"a": "2"}
    assert renewed(tmp_path, failed("refusal", usd=0.5)) == {}


def test_a_note_survives_kill_9_once_write_has_returned(tmp_path):
    source = (
        "import sys, pathlib\n"
        "from rembench.harness.engine.ledger import RunLedger\n"
        "from rembench.harness.types import ChainKey\n"
        "chain = ChainKey(consolidator='a', scenario='s', repeat=0)\n"
        "RunLedger(pathlib.Path(sys.argv[1])).night(chain, 'c1').write('a', '1')\n"
        "print('written', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", source, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()) as child:
        assert child.stdout.readline() == b"written\n"
        child.send_signal(signal.SIGKILL)
    assert read_ledger(tmp_path) == {(CHAIN, "c1"): {"a": "1"}}


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
