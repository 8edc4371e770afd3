"""Claude through Message Batches after a crash, with nights given up, on a budget: nothing is paid twice."""

import asyncio
from dataclasses import replace

import pytest

from rembench.consolidators.rewriter import as_json
from rembench.harness.engine.ledger import read_ledger
from rembench.harness.night import BudgetError, Consolidation, ProviderError
from rembench.testing import Batches, Fault, Said
from tests.consolidators.batching import (
    CREATE,
    QUICK,
    Always,
    DiedError,
    Dying,
    carried_out,
    creates,
    named,
    names,
    of,
    outcomes,
    written,
)
from tests.consolidators.claude_at_the_fake import MEMORY, MODEL, Strict, writing
from tests.harness.fake.clients import claude
from tests.harness.providers.claude.asking import KEY, as_usage, purse


def test_a_night_whose_batch_is_known_takes_its_result_from_it(fake, tmp_path):
    service = fake(model=named)
    first = outcomes(of("Anna", tmp_path), of("Bo", tmp_path))
    again = outcomes(of("Anna", tmp_path), of("Bo", tmp_path))
    assert [one.memory for one in again] == [one.memory for one in first]
    assert [one.usage for one in again] == [one.usage for one in first]
    assert len(creates(service)) == 1


def test_a_night_that_was_given_up_while_its_batch_ran_takes_its_result_from_it(fake, tmp_path):
    family = Batches(polls=10**6)
    service = fake(family, model=named)

    async def given_up():
        task = asyncio.ensure_future(carried_out(of("Anna", tmp_path)))
        while not any(asked.path.startswith("/v1/messages/batches/msgbatch") for asked in service.asked):
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(given_up())
    family.polls = 1
    (found,) = outcomes(of("Anna", tmp_path))
    assert found.memory == {"who.md": "- Anna\n"}
    assert len(creates(service)) == 1
    assert not any(path.endswith("/cancel") for path in service.asked.paths)


def died_after(notes, folder, *chains):
    """Nights of which each dies at that note."""
    nights = [of(name, folder) for name in chains]
    found = outcomes(*(replace(one, ledger=Dying(one.ledger, notes)) for one in nights))
    assert {type(one) for one in found} == {DiedError}


def others(service, *sizes):
    """Batches that somebody else makes."""
    asked = {"model": MODEL, "max_tokens": 10, "messages": [{"role": "user", "content": "Imre"}]}
    with claude(service, api_key=KEY) as client:
        for size in sizes:
            requests = [{"custom_id": f"other-{n}", "params": asked} for n in range(size)]
            client.messages.batches.create(requests=requests)


def test_a_batch_whose_id_was_not_noted_is_found_among_those_made_since(fake, tmp_path):
    service = fake(Batches(page=2), model=named)
    others(service, 2, 1)
    died_after(1, tmp_path, "Anna", "Bo")
    assert len(creates(service)) == 3
    others(service, 1, 2, 3, 2)
    found = outcomes(of("Anna", tmp_path), of("Bo", tmp_path))
    assert written(found) == ["- Anna\n", "- Bo\n"]
    assert len(service.family(Batches).batches) == 7
    assert {
        '"batch": "msgbatch_0003"' in text
        for notes in read_ledger(tmp_path).values()
        for text in notes.values()
    }


def test_a_batch_that_never_was_made_is_made_once(fake, tmp_path):
    service = fake(model=named)
    service.fail(CREATE, *[Fault.dropped()] * 5)
    assert {type(one) for one in outcomes(of("Anna", tmp_path), of("Bo", tmp_path))} == {ProviderError}
    others(service, 2)
    found = outcomes(of("Anna", tmp_path), of("Bo", tmp_path))
    assert written(found) == ["- Anna\n", "- Bo\n"]
    assert len(service.family(Batches).batches) == 2


def test_a_night_that_died_before_its_note_is_sent(fake, tmp_path):
    service = fake(model=named)
    died_after(0, tmp_path, "Anna")
    assert not creates(service)
    (found,) = outcomes(of("Anna", tmp_path))
    assert found.memory == {"who.md": "- Anna\n"}


def test_a_second_request_of_a_night_is_found_as_the_first_is(fake, tmp_path):
    said = ["no JSON", as_json(MEMORY)]
    service = fake(model=lambda _: Said(text=said.pop(0)))
    (first,) = outcomes(of("Anna", tmp_path))
    (again,) = outcomes(of("Anna", tmp_path))
    assert first.memory == again.memory == MEMORY
    assert first.usage == again.usage == as_usage(*service.billed)
    assert len(creates(service)) == 2


def test_what_was_not_done_may_be_sent_again_by_a_later_run(fake, tmp_path):
    service = fake(Always("expired", times=1), model=writing())
    (first,) = outcomes(of("Anna", tmp_path))
    (again,) = outcomes(of("Anna", tmp_path))
    assert isinstance(first, ProviderError)
    assert again.memory == MEMORY
    assert len(creates(service)) == 2


def test_a_batch_that_is_not_there_any_more_is_a_failure(fake, tmp_path):
    service = fake(model=writing())
    outcomes(of("Anna", tmp_path))
    service.family(Batches).batches.clear()
    (found,) = outcomes(of("Anna", tmp_path))
    assert isinstance(found, ProviderError)
    assert str(found) == "404: batch: msgbatch_0001"
    assert len(creates(service)) == 1


# nights that are given up


def test_a_night_that_is_given_up_takes_no_other_along(fake):
    family = Batches(polls=10**6)
    service = fake(family, model=named)

    async def one_given_up():
        made = Strict(**QUICK)
        tasks = [asyncio.ensure_future(made.consolidate(of(name))) for name in ("Anna", "Bo")]
        while not creates(service):
            await asyncio.sleep(0.01)
        tasks[0].cancel()
        family.polls = 1
        found = await asyncio.gather(*tasks, return_exceptions=True)
        await made.aclose()
        return found

    anna, bo = asyncio.run(one_given_up())
    assert isinstance(anna, asyncio.CancelledError)
    assert bo.memory == {"who.md": "- Bo\n"}
    assert not any(path.endswith("/cancel") for path in service.asked.paths)


def test_a_night_that_is_given_up_before_its_batch_goes_is_not_sent(fake):
    service = fake(model=named)

    async def one_given_up():
        made = Strict(**{**QUICK, "window": 0.5})
        tasks = [asyncio.ensure_future(made.consolidate(of(name))) for name in ("Anna", "Bo")]
        while service.asked.paths.count("POST /v1/messages/count_tokens") < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        tasks[0].cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        await made.aclose()
        return found

    _, bo = asyncio.run(one_given_up())
    assert bo.memory == {"who.md": "- Bo\n"}
    assert len(names(service)) == 1


# money


def test_half_the_price_is_held_and_what_it_did_cost_is_settled(fake):
    fake(model=named)
    run = purse(budget=0.4)  # a call may cost 0.64 $, in a batch half of it
    (found,) = outcomes(of("Anna", purse=run.night()))
    assert isinstance(found, Consolidation)
    assert (run.settled, run.under_way) == (pytest.approx(found.usage.usd), 0)


def test_a_night_that_could_pass_the_budget_is_in_no_batch(fake):
    service = fake(model=named)
    run = purse(budget=0.1)
    (found,) = outcomes(of("Anna", purse=run.night()))
    assert isinstance(found, BudgetError)
    assert "stopped before a batch request to claude-opus-5-5" in str(found)
    assert not creates(service)


def test_a_night_waits_for_money_that_other_nights_of_a_batch_hold(fake):
    service = fake(model=named)
    run = purse(budget=0.5)
    found = outcomes(of("Anna", purse=run.night()), of("Bo", purse=run.night()))
    assert written(found) == ["- Anna\n", "- Bo\n"]
    assert len(creates(service)) == 2


def test_what_is_ordered_is_fetched_whether_there_is_money_or_not(fake, tmp_path):
    service = fake(model=named)
    outcomes(of("Anna", tmp_path))
    run = purse(budget=0.0001)
    (found,) = outcomes(of("Anna", tmp_path, purse=run.night()))
    assert found.memory == {"who.md": "- Anna\n"}
    assert len(creates(service)) == 1
