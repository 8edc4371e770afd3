"""kill -9 in the middle of a batch, then --resume: every request is paid for once, and the key is nowhere."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rembench.harness.night import Usage
from rembench.harness.usage import total
from rembench.testing import Batches
from tests.consolidators.batching import names
from tests.consolidators.claude_at_the_fake import MODEL, writing
from tests.harness.engine.running import TINY
from tests.harness.providers.claude.asking import KEY, as_usage

SPEC = f"claude:model={MODEL},batch=true,window=0.3,poll=0.05"
NIGHTS = 5  # of the tiny pack
ROOT = Path(__file__).parents[2]


class Held(Batches):
    """Never ends a batch, and makes none whose number is in `stuck` known to who asked for it, until `go`."""

    def __init__(self, *, stuck=()):
        super().__init__()
        self.go, self.made, self.looked = threading.Event(), 0, 0
        self.stuck = stuck

    def _create(self, asked):
        answer = super()._create(asked)
        self.made += 1
        if self.made in self.stuck:
            self.go.wait(30)
        return answer

    def _retrieve(self, asked):
        self.polls = 1 if self.go.is_set() or self.made < self.hold_from else 10**9
        self.looked += self.made >= self.hold_from
        return super()._retrieve(asked)

    hold_from = 1


def start(folder, *more):
    command = [sys.executable, "-m", "rembench", "run", *more, "-o", str(folder), "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def killed(folder, reached):
    """A run that's killed once that's reached."""
    process = start(folder, "-p", str(TINY), "-c", SPEC)
    end = time.monotonic() + 60
    while not reached() and time.monotonic() < end and process.poll() is None:
        time.sleep(0.01)
    assert reached(), process.communicate()[1].decode()[-2000:]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def resumed(folder):
    said = start(folder, "--resume").communicate(timeout=120)[1]
    nights = [json.loads(line) for line in (folder / "nights.jsonl").read_text().splitlines()]
    found = [one for one in nights if "claude" in one["chain"]["consolidator"]]
    assert len(found) == NIGHTS, said.decode()[-2000:]
    return found


def moments():
    made, noted, later = Held(stuck={1}), Held(), Held()
    later.hold_from = 2
    return {
        "the batch is made and its id isn't known yet": (made, lambda: made.made == 1),
        "the batch is under way": (noted, lambda: noted.looked >= 2),
        "a later batch is under way": (later, lambda: later.looked >= 2),
    }


@pytest.mark.parametrize(
    "moment", [pytest.param(name, marks=pytest.mark.slow) if n else name for n, name in enumerate(moments())]
)
def test_a_run_killed_in_the_middle_of_a_batch_pays_for_nothing_twice(fake, tmp_path, moment):
    family, reached = moments()[moment]
    service = fake(family, model=writing())
    killed(tmp_path / "run", reached)
    family.go.set()
    nights = resumed(tmp_path / "run")
    assert {one["failure"] is None for one in nights} == {True}
    asked_for = names(service)
    assert len(asked_for) == len({name.rsplit("-", 1)[0] for name in asked_for}) == NIGHTS
    assert len(service.billed) == NIGHTS
    assert total([Usage(**one["usage"]) for one in nights]) == as_usage(*service.billed)
    texts = [path.read_bytes() for path in (tmp_path / "run").iterdir() if path.is_file()]
    assert not any(KEY.encode() in text for text in texts)
