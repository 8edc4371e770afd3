"""Claude through Message Batches: half the price, nights together, every end typed and paid for rightly."""

import asyncio
from dataclasses import replace

import pytest

from rembench.harness.engine.ledger import read_ledger
from rembench.harness.night import CutOffError, InvalidOutputError, ProviderError, RefusalError, Usage
from rembench.harness.usage import total
from rembench.testing import Batches, Fault, Said
from tests.consolidators.batching import (
    CREATE,
    LIST,
    LOOK,
    QUICK,
    RESULTS,
    Always,
    creates,
    named,
    names,
    of,
    outcomes,
    written,
)
from tests.consolidators.claude_at_the_fake import MEMORY, Strict, writing
from tests.harness.providers.claude.asking import KEY, as_usage

FREE = Usage(input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.0)


def test_nights_that_begin_at_once_go_in_one_batch_and_each_gets_its_own_result(fake):
    service = fake(model=named)
    found = outcomes(of("Anna"), of("Bo"), of("Cleo"))
    assert written(found) == ["- Anna\n", "- Bo\n", "- Cleo\n"]
    (body,) = creates(service)
    assert len(body["requests"]) == 3
    assert "stream" not in body["requests"][0]["params"]


def test_a_batch_costs_half_and_keeps_the_system_prompt_for_an_hour(fake):
    service = fake(model=named)
    (found,) = outcomes(of("Anna"))
    (bill,) = service.billed
    assert bill.batch
    assert bill.cache_write_1h_tokens > 512
    assert found.usage == as_usage(bill)
    assert [line.split()[0] for line in found.trace] == ["usage", "batch"]


def test_a_night_that_comes_later_goes_in_the_next_batch(fake):
    service = fake(model=named)

    async def later():
        one = Strict(**QUICK)
        first = asyncio.ensure_future(one.consolidate(of("Anna")))
        while not creates(service):
            await asyncio.sleep(0.01)
        found = await asyncio.gather(first, one.consolidate(of("Bo")))
        await one.aclose()
        return found

    assert written(asyncio.run(later())) == ["- Anna\n", "- Bo\n"]
    assert [len(body["requests"]) for body in creates(service)] == [1, 1]


class Watched(Batches):
    """Notes what the ledger on the disk says when a batch is made, and at the first look at it."""

    def __init__(self, folder, **options):
        super().__init__(**options)
        self.folder, self.at_create, self.at_look = folder, [], []

    def _create(self, asked):
        self.at_create.append(list(read_ledger(self.folder).values()))
        return super()._create(asked)

    def _retrieve(self, asked):
        self.at_look.append(list(read_ledger(self.folder).values()))
        return super()._retrieve(asked)


def test_the_name_is_on_the_disk_before_the_batch_is_made_and_its_id_before_the_first_look(fake, tmp_path):
    watched = Watched(tmp_path)
    service = fake(watched, model=named)
    outcomes(of("Anna", tmp_path), of("Bo", tmp_path))
    before, after = watched.at_create[0], watched.at_look[0]
    for name, notes in zip(names(service), before, strict=True):
        assert name in notes["batch request 1"]
        assert "msgbatch" not in notes["batch request 1"]
    assert all('"batch": "msgbatch_0001"' in notes["batch request 1"] for notes in after)


def test_names_are_of_chain_night_and_attempt_and_nobody_elses(fake):
    service = fake(model=lambda _: Said(text="no JSON"))
    outcomes(of("Anna"), of("Bo"), retries=1)
    outcomes(of("Anna"), retries=0)
    found = names(service)
    assert len(set(found)) == 5
    parts = [name.rsplit("-", 1)[0] for name in found]
    assert parts[4] in parts[:2]
    assert {part.replace("-1", "-2") for part in parts[:2]} == set(parts[2:4])


# results that aren't memories


def scripted(fake, script, **options):
    """What a night comes to whose request ends like this, and the service."""
    family = Always(script)
    service = fake(family, model=writing())
    (found,) = outcomes(of("Anna"), **{"retries": 0, **options})
    return found, service


@pytest.mark.parametrize("script", ["expired", "canceled"])
def test_a_request_that_was_not_done_is_a_failure_that_cost_nothing(fake, script):
    found, service = scripted(fake, script)
    assert (type(found), found.usage) == (ProviderError, FREE)
    assert str(found) == f"{script} in the batch msgbatch_0001"
    assert len(creates(service)) == 1


def test_a_request_that_was_refused_is_a_failure_that_cost_nothing(fake):
    found, service = scripted(fake, writing(), most_tokens=500_000)
    assert type(found) is ProviderError
    assert str(found).startswith("invalid_request_error: max_tokens")
    assert found.usage == FREE
    assert len(creates(service)) == 1


def test_an_error_that_passes_is_tried_again_in_another_batch(fake):
    service = fake(Always("errored", times=2), model=writing())
    (found,) = outcomes(of("Anna"))
    assert found.memory == MEMORY
    assert found.usage == as_usage(*service.billed, calls=3)
    assert found.trace[0] == "try 1: api_error: as scripted"
    assert len(creates(service)) == 3


def test_an_error_that_does_not_pass_in_time_is_a_failure(fake):
    found, service = scripted(fake, "errored", tries=2)
    assert (str(found), found.usage) == ("api_error: as scripted", replace(FREE, calls=2))
    assert len(creates(service)) == 2


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Fault.refused("no"), RefusalError),
        (Fault.truncated(), CutOffError),
        (Fault.empty(), InvalidOutputError),
    ],
    ids=["refused", "cut off", "empty"],
)
def test_a_reply_that_is_no_memory_is_paid_for_and_asked_for_again(fake, script, kind):
    found, service = scripted(fake, script)
    assert (type(found), found.usage) == (kind, as_usage(*service.billed))
    found, service = scripted(fake, script, retries=2)
    assert (type(found), found.usage) == (kind, as_usage(*service.billed))
    assert len(creates(service)) == 3


# what goes wrong on the way

PASSING = {
    "429": Fault.rate_limited(),
    "500": Fault.broken(),
    "529": Fault.overloaded(),
    "dropped": Fault.dropped(),
}


@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("place", [LIST, CREATE, LOOK, RESULTS])
def test_a_passing_failure_anywhere_costs_nothing(fake, place, name):
    service = fake(model=writing())
    service.fail(place, PASSING[name], PASSING[name])
    (found,) = outcomes(of("Anna"))
    assert not service.faults_left
    assert (found.memory, found.usage) == (MEMORY, as_usage(service.billed[0]))
    assert len(service.family(Batches).batches) == 1


@pytest.mark.parametrize(
    "fault",
    [Fault.dropped(after=20), Fault.cut(), Fault.stalled(5.0, after=0)],
    ids=["dropped", "cut", "timed out"],
)
def test_a_batch_that_was_made_though_the_answer_got_lost_is_not_made_again(fake, fault):
    service = fake(model=named)
    service.fail(CREATE, fault)
    found = outcomes(of("Anna"), of("Bo"), timeout=1.0)
    assert written(found) == ["- Anna\n", "- Bo\n"]
    assert len(service.family(Batches).batches) == 1
    assert total([one.usage for one in found]) == as_usage(*service.billed)


@pytest.mark.parametrize("fault", [Fault.cut(), Fault.cut(clean=True), Fault.dropped(after=30)])
def test_results_that_broke_off_are_fetched_again(fake, fault):
    service = fake(model=named)
    service.fail(RESULTS, fault)
    found = outcomes(of("Anna"), of("Bo"))
    assert written(found) == ["- Anna\n", "- Bo\n"]


@pytest.mark.parametrize("place", [LIST, CREATE])
def test_what_does_not_pass_is_a_failure_before_anything_is_sent(fake, place):
    service = fake(model=writing())
    service.fail(place, Fault.answer(403, "not for you"))
    found = outcomes(of("Anna"), of("Bo"))
    assert [str(one) for one in found] == ["403: not for you"] * 2
    assert not service.family(Batches).batches


def test_a_wrong_key_is_a_failure(fake):
    fake(keys=["sk-another"], model=writing())
    (found,) = outcomes(of("Anna"))
    assert str(found).startswith("401: ")
    assert KEY not in repr(found)
