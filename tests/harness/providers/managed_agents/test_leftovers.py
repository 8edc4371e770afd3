import asyncio
from contextlib import asynccontextmanager

import pytest

from rembench.harness.errors import UserError
from rembench.harness.providers.managed_agents.leftovers import Leftover, found, merged, noted, remove
from rembench.harness.providers.managed_agents.service import ManagedAgents, Pace, key_for
from rembench.testing import Dreams, FakeService, Fault
from tests.consolidators.dreaming import Dead, DiesError, Dying, dreamt, what_is_there
from tests.consolidators.dreaming import noted as night_with

pytestmark = pytest.mark.usefixtures("marked_key")


@asynccontextmanager
async def connected(service):
    made = ManagedAgents("k", base_url=service.url, pace=Pace(poll=0.005, pause=0.005), strict=True)
    try:
        yield made
    finally:
        await made.aclose()


def with_service(service, work):
    async def run():
        async with connected(service) as made:
            return await work(made)

    return asyncio.run(run())


def killed_while_dreaming(service) -> Dying:
    """A service at which a night was left in the middle of its dream; the ledger of that night."""
    ledger = Dying("left:memory_store:memstore_0002")
    with pytest.raises(DiesError):
        dreamt(Dead(base_url=service.url), night_with(ledger))
    return ledger


def test_ledger_and_service_tell_the_same_of_what_a_killed_night_left():
    with FakeService(Dreams(looks=2)) as service:
        ledger = killed_while_dreaming(service)
        by_ledger = noted({"runs/a: claude-dreams, chain-1, night c1": ledger.read()})
        by_service = with_service(service, found)
        there = what_is_there(service)
    assert {f"left:{one.kind}:{one.id}" for one in by_ledger} == ledger.left == there
    assert {(one.kind, one.id) for one in by_service} == {(one.kind, one.id) for one in by_ledger}
    assert by_ledger[0].line == (
        f"dream drm_0001, dream, made {by_ledger[0].created_at}, runs/a: claude-dreams, chain-1, night c1"
    )
    assert by_service[0].line == (
        f"dream drm_0001, running, made {by_service[0].created_at}, chain chain-1, night c1"
    )
    assert [one.kind for one in by_service] == [
        "dream", "session", "session", "session", "memory_store", "memory_store", "environment", "agent"
    ]  # fmt: skip


def test_what_is_in_both_lists_is_listed_once_as_the_first_says():
    known = Leftover(kind="agent", id="a", place="runs/a")
    other = Leftover(kind="agent", id="b")
    assert merged([known], [Leftover(kind="agent", id="a"), other]) == (other, known)


def test_all_that_is_left_can_be_removed_and_then_is_gone():
    with FakeService(Dreams(looks=2)) as service:
        killed_while_dreaming(service)
        done = with_service(service, _found_and_removed)
        assert len(done) == 8
        assert {one.trouble for one in done} == {None}
        assert what_is_there(service) == set()
        assert service.family(Dreams).dreams["drm_0001"].about["status"] == "canceled"
        assert with_service(service, found) == ()
        again = with_service(service, lambda made: remove(made, [one.leftover for one in done]))
        assert {one.trouble for one in again} == {None}


async def _found_and_removed(service):
    return await remove(service, await found(service))


def test_what_cannot_be_removed_says_why():
    with FakeService() as service:
        service.fail("POST /v1/agents/{id}/archive", Fault.answer(403, "not yours"))
        (done,) = with_service(service, lambda made: remove(made, [Leftover(kind="agent", id="agent_1")]))
    assert done.trouble == "403: not yours"


def test_what_others_made_is_not_listed():
    async def make(service):
        await service.client.beta.memory_stores.create(name="somebody's", metadata={"owner": "Berta"})
        await service.client.beta.agents.create(name="somebody's", model="claude-haiku-5-5")
        return await found(service)

    with FakeService() as service:
        assert with_service(service, make) == ()


def test_notes_of_other_sorts_are_not_the_services():
    assert noted({"run": {"left:process:17": "vllm", "dream": "x", "left:agent:a": "no JSON"}}) == (
        Leftover(kind="agent", id="a", place="run"),
    )


def test_without_a_key_it_is_said_which_one_is_needed(monkeypatch):
    assert key_for("doctor") == "sk-ant-marked-0123456789"
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(
        UserError, match="doctor: no key; put it into the environment variable ANTHROPIC_API_KEY"
    ):
        key_for("doctor")
