"""Dreams when the process dies, or a night is cancelled: nothing is ordered twice, nothing is left unnoted."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rembench.harness.engine.ledger import RunLedger, read_ledger
from rembench.harness.night import BudgetError, ProviderError
from rembench.harness.providers.managed_agents.belongings import left as found_left
from rembench.harness.types import ChainKey
from rembench.testing import DreamEnd, Dreams, FakeService, Fault
from tests.consolidators.dreaming import (
    Dead,
    DiesError,
    Dying,
    Notes,
    dreams,
    dreamt,
    noted,
    takes_notes,
    what_is_there,
)

pytestmark = pytest.mark.usefixtures("marked_key")

CHAIN = ChainKey(consolidator="claude-dreams", scenario="s", repeat=0)
PACK = Path(__file__).parents[1] / "packs/tiny"
CHILD = """
import sys
from pathlib import Path
from rembench.harness.engine.ledger import RunLedger, read_ledger
from rembench.testing import FakeService
from tests.consolidators.dreaming import Strict, dreamt, noted
from tests.consolidators.test_dream_crash import CHAIN
ledger = RunLedger(Path(sys.argv[2])).night(CHAIN, "c1")
dreamt(Strict(base_url=sys.argv[1], model="claude-sonnet-5"), noted(ledger))
"""


def writes_of_a_night() -> int:
    ledger = Notes()
    with FakeService(Dreams(takes_notes)) as service:
        dreamt(dreams(service), noted(ledger))
    return len(ledger.all)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_wherever_the_process_dies_the_next_one_goes_on_and_pays_for_nothing_twice(step):
    writes = writes_of_a_night()
    assert writes > 20
    for at in range(1, writes + 1, step):
        for before in (True, False):
            ledger = Dying(at, before=before)
            with FakeService(Dreams(takes_notes)) as service:
                with pytest.raises(DiesError):
                    dreamt(Dead(base_url=service.url, model="claude-sonnet-5"), noted(ledger))
                ledger.at = ""
                (made,) = dreamt(dreams(service), noted(ledger))
                where = (at, before, ledger.all)
                assert len(made.memory["log/dreams.md"].splitlines()) == 3, where
                assert len(service.asked.to("POST /v1/dreams")) == 1, where
                assert len(service.asked.to("POST /v1/sessions")) == 3, where
                assert what_is_there(service) == ledger.left == set(), where
                assert made.usage.output_tokens == 603, where


def test_killed_in_the_middle_of_a_dream_it_is_waited_for_and_not_asked_for_again(tmp_path):
    with FakeService(Dreams(takes_notes, looks=10**9)) as service:
        root = Path(__file__).parents[2]
        child = subprocess.Popen([sys.executable, "-c", CHILD, service.url, str(tmp_path)], cwd=root)
        try:
            deadline = time.monotonic() + 60
            while len(service.asked.to("GET /v1/dreams/drm_0001")) < 3:
                assert child.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        ledger = RunLedger(tmp_path).night(CHAIN, "c1")
        noted_as_left = {key for key in ledger.read() if key.startswith("left:")}
        assert what_is_there(service) == noted_as_left
        assert "left:dream:drm_0001" in noted_as_left
        service.family(Dreams).go_on()
        before = len(service.asked.to("POST /v1/sessions"))
        (made,) = dreamt(dreams(service), noted(ledger))
        assert len(made.memory["log/dreams.md"].splitlines()) == 3
        assert "went on where a first try was cut short" in made.trace
        assert len(service.asked.to("POST /v1/dreams")) == 1
        assert len(service.asked.to("POST /v1/sessions")) == before == 3
        assert what_is_there(service) == set()
    assert not {key for key in RunLedger(tmp_path).night(CHAIN, "c1").read() if key.startswith("left:")}


def test_a_failed_dream_that_was_waited_for_twice_is_still_a_failure():
    with FakeService(Dreams(ends=[DreamEnd(status="failed", error="timeout")])) as service:
        ledger = Dying("left:dream:drm_0001")
        with pytest.raises(DiesError):
            dreamt(Dead(base_url=service.url), noted(ledger))
        ledger.at = ""
        with pytest.raises(ProviderError, match="timeout"):
            dreamt(dreams(service), noted(ledger))
        assert len(service.asked.to("POST /v1/dreams")) == 1
        assert what_is_there(service) == ledger.left == set()


def test_a_dream_under_way_is_waited_for_though_the_money_is_gone():
    with FakeService(Dreams(takes_notes)) as service:
        ledger = Dying("left:dream:drm_0001")
        with pytest.raises(DiesError):
            dreamt(Dead(base_url=service.url), noted(ledger))
        assert "left:dream:drm_0001" in ledger.left
        ledger.at = ""
        (made,) = dreamt(dreams(service), noted(ledger, purse=Empty()))
    assert "log/dreams.md" in made.memory


def test_where_the_money_is_gone_before_the_dream_the_replays_are_in_the_cost():
    with FakeService(Dreams(takes_notes)) as service:
        ledger = Dying("left:session:sesn_0003")
        with pytest.raises(DiesError):
            dreamt(Dead(base_url=service.url), noted(ledger))
        ledger.at = ""
        with pytest.raises(BudgetError) as caught:
            dreamt(dreams(service), noted(ledger, purse=Empty()))
        assert what_is_there(service) == ledger.left == set()
    assert caught.value.usage.calls == 3


class Empty:
    def hold(self, usd, what):
        raise BudgetError(what)


def cancelled(consolidator, given, when) -> None:
    """The night is cancelled as soon as `when` says so."""

    async def run():
        task = asyncio.ensure_future(consolidator.consolidate(given))
        while not when():
            await asyncio.sleep(0.002)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await consolidator.aclose()

    asyncio.run(run())


@pytest.mark.parametrize(
    "place", ["POST /v1/memory_stores", "POST /v1/sessions", "POST /v1/dreams", "GET /v1/dreams/drm_0001"]
)
def test_a_cancelled_night_stops_its_dream_and_leaves_nothing(place):
    ledger = Notes()
    with FakeService(Dreams(takes_notes, looks=10**9)) as service:
        cancelled(dreams(service), noted(ledger), lambda: service.asked.to(place))
        assert what_is_there(service) == ledger.left == set()
        assert all(dream.phase == "ended" for dream in service.family(Dreams).dreams.values())
        assert ledger.notes == {}
        service.family(Dreams).go_on()
        (made,) = dreamt(dreams(service), noted(ledger))
    assert len(made.memory["log/dreams.md"].splitlines()) == 3


def test_a_dream_whose_order_was_cancelled_on_the_way_is_found_and_stopped():
    ledger = Notes()
    with FakeService(Dreams(looks=10**9)) as service:
        service.fail("POST /v1/dreams", Fault.stalled(0.2, after=0))
        cancelled(dreams(service), noted(ledger), lambda: service.family(Dreams).dreams)
        assert [dream.about["status"] for dream in service.family(Dreams).dreams.values()] == ["canceled"]
        assert what_is_there(service) == ledger.left == set()


def test_what_a_cancelled_clearing_left_is_cleared_when_the_consolidator_closes():
    async def run(consolidator, given, service):
        task = asyncio.ensure_future(consolidator.consolidate(given))
        while not service.asked.to("DELETE /v1/sessions/sesn_0001"):
            await asyncio.sleep(0.002)
        for one in asyncio.all_tasks() - {asyncio.current_task()}:
            one.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await consolidator.aclose()

    ledger = Notes()
    with FakeService(Dreams(takes_notes)) as service:
        asyncio.run(run(dreams(service), noted(ledger), service))
        assert what_is_there(service) == ledger.left == set()


def rembench(service, *arguments):
    command = [sys.executable, "-m", "rembench", "run", "--quiet", *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, **service.environment}, stdout=subprocess.DEVNULL)


@pytest.mark.slow
def test_a_run_that_is_killed_while_it_dreams_is_resumed_and_orders_no_dream_twice(tmp_path):
    spec, run = "rembench.consolidators.claude_dreams:ClaudeDreams:poll=0.05", tmp_path / "run"
    with FakeService(Dreams(takes_notes, looks=10**9)) as service:
        child = rembench(service, "-p", PACK, "-c", spec, "-o", run)
        try:
            deadline = time.monotonic() + 120
            while len(service.asked.to("GET /v1/dreams/")) < 10 or len(service.asked.to("POST /v1/dreams")) < 2:
                assert child.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
        finally:
            child.kill()
            child.wait()
        assert what_is_there(service)
        service.family(Dreams).go_on()
        assert rembench(service, "-o", run, "--resume").wait() == 0
        nights = [json.loads(line) for line in (run / "nights.jsonl").read_text("utf-8").splitlines()]
        mine = [one for one in nights if one["chain"]["consolidator"] == spec]
        assert [one["failure"] for one in mine] == [None] * len(mine)
        assert len(service.asked.to("POST /v1/dreams")) == len(mine) == 5
        assert what_is_there(service) == set()
        assert all(not found_left(notes) for notes in read_ledger(run).values())
