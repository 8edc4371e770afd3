"""The key is in nothing that Claude leaves behind, whatever goes wrong: error, trace, ledger, log or file."""

import logging

import pytest

from rembench.testing import Batches, Fault, Said
from tests.consolidators.batching import CREATE, LIST, LOOK, QUICK, RESULTS, Always, of
from tests.consolidators.claude_at_the_fake import edit, outcome, writing
from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY
from tests.harness.providers.claude.asking import KEY

MESSAGES = "POST /v1/messages"
TELLING = f"the key {KEY} is wrong"
FAULTS = {
    **{str(status): Fault.answer(status, TELLING) for status in (400, 401, 403, 404, 409, 413, 429, 500, 529)},
    "dropped": Fault.dropped(),
    "timed out": Fault.stalled(5.0),
    "cut": Fault.cut(after=3),
    "error in the stream": Fault.error_event(after=3, message=TELLING),
    "no JSON": Fault.answer(500, body=TELLING),
}
MODES = {
    "mode=rewrite": (MESSAGES,),
    "mode=tools": (MESSAGES,),
    "batch=true": (LIST, CREATE, LOOK, RESULTS),
}
SAYING = {
    "mode=rewrite": lambda _: Said(text=f"not JSON but {KEY}"),
    "mode=tools": lambda _: edit("view", path=f"/memories/{KEY}"),
    "batch=true": lambda _: Said(refusal=TELLING),
}


def left_behind(found, folder, caplog) -> str:
    ledger = folder / "ledger.jsonl"
    return "\n".join(
        [
            str(found), repr(found), repr(getattr(found, "__cause__", None)), repr(getattr(found, "trace", ())),
            caplog.text, ledger.read_text() if ledger.exists() else "",
        ]
    )  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_no_failure_tells_the_key(fake, tmp_path, caplog, mode):
    caplog.set_level(logging.DEBUG)
    name, value = mode.split("=")
    options = {**(QUICK if value == "true" else {}), name: value if name == "mode" else True}
    options |= {"timeout": 0.3, "window": 0.02}
    for place in MODES[mode]:
        for fault in FAULTS.values():
            service = fake(model=writing())
            service.fail(place, *[fault] * 3)
            found = outcome(of("Anna", tmp_path), **options, tries=2)
            assert KEY not in left_behind(found, tmp_path, caplog)
            caplog.clear()
            (tmp_path / "ledger.jsonl").unlink(missing_ok=True)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_that_the_model_says_of_the_key_is_told(fake, tmp_path, caplog, mode):
    fake(model=SAYING[mode])
    name, value = mode.split("=")
    options = {**(QUICK if value == "true" else {}), name: value if name == "mode" else True}
    found = outcome(of("Anna", tmp_path), **options, turns=2)
    assert KEY not in str(found)


def test_an_error_in_a_batch_does_not_tell_the_key(fake, tmp_path, caplog):
    fake(Always("expired"), model=writing())
    found = outcome(of("Anna", tmp_path), **QUICK)
    assert KEY not in left_behind(found, tmp_path, caplog)


@pytest.mark.parametrize("mode", MODES)
def test_no_file_of_a_run_has_the_key(fake, tmp_path, monkeypatch, capsys, mode):
    service = fake(Batches(polls=1), model=SAYING[mode])
    service.fail(MODES[mode][-1], Fault.answer(403, TELLING))
    spec = f"claude:model=m,{mode},turns=2,window=.1,poll=.1"
    code, out, said = call(
        monkeypatch, capsys, "run", "-p", TINY, "-c", spec, "-o", tmp_path / "run", "--quiet"
    )
    assert code in (0, 2)  # 2: no night wrote a memory
    assert "403: the key *** is wrong" in said
    files = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert "***" in (tmp_path / "run" / "nights.jsonl").read_text()
    assert not [path.name for path in files if KEY.encode() in path.read_bytes()]
    assert KEY not in out + said
