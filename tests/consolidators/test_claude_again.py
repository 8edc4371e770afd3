"""--resume --retry-failed: what the model refused is asked for anew, and paid for."""

import json

from rembench.testing import Said
from tests.consolidators.batching import creates
from tests.consolidators.claude_at_the_fake import writing
from tests.harness.cli.calling import call
from tests.harness.engine.running import TINY

SPEC = "claude:model=m,batch=true,retries=0,window=.1,poll=.1"


def test_a_night_that_failed_in_a_batch_is_sent_again_where_that_is_asked_for(
    fake, tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "run"
    service = fake(model=lambda _: Said(refusal="no"))
    options = ["-p", TINY, "--limit", "1", "-c", SPEC]
    call(monkeypatch, capsys, "run", *options, "-o", folder, "-q")
    assert len(creates(service)) == 1
    call(monkeypatch, capsys, "run", "--resume", "-o", folder, "-q")
    assert len(creates(service)) == 1
    service = fake(model=writing())
    call(monkeypatch, capsys, "run", "--resume", "--retry-failed", "-o", folder, "-q")
    nights = [json.loads(line) for line in (folder / "nights.jsonl").read_text().splitlines()]
    last = {one["night"]: one for one in nights if one["chain"]["consolidator"] == SPEC}
    assert {one["failure"] for one in last.values()} == {None}
    assert len(creates(service)) == len(last)
