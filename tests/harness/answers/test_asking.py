"""Every text is read once, scenario by scenario; what's been asked isn't asked again."""

import asyncio
from dataclasses import replace

import pytest

from rembench.harness.answers.asking import Asking, to_ask
from rembench.harness.answers.sittings import recallers, sittings
from rembench.harness.engine.purse import RunPurse
from rembench.harness.errors import UserError
from rembench.harness.night import FREE, BudgetError, ProviderError, RefusalError
from rembench.harness.reader.journal import ReaderJournal, ReaderRecord, read_answers
from rembench.harness.reader.reader import Limits, Reader
from rembench.harness.reader.recalling import Recalling
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import ChainKey, Failure, NightRecord
from tests.harness.reader.models import TINY, Scripted, answers, model

BAKERY, ORCHIDS = load_pack(str(TINY)).scenarios


def night(consolidator, scenario=BAKERY, checkpoint="c1", text="- tea", repeat=0):
    chain = ChainKey(consolidator=consolidator, scenario=scenario.id, repeat=repeat)
    memory = None if text is None else {"a.md": text}
    failure = Failure(type="timeout", message="slow") if text is None else None
    return NightRecord(chain=chain, night=checkpoint, memory=memory, failure=failure, usage=FREE, seconds=0.0)


def work(*nights, scenarios=(BAKERY, ORCHIDS), recalls=()):
    return list(sittings(scenarios, nights, recalls))


def read(*nights, **more):
    found = work(*nights, **more)
    return [(s.subject.scenario[:3], s.subject.checkpoint, s.subject.source, s.consolidator) for s in found]


def test_the_raw_sessions_come_once_and_then_every_memory():
    nights = [night("a", ORCHIDS), night("b", text="x"), night("a"), night("a", checkpoint="c2")]
    assert read(*nights) == [
        ("bak", "c1", "sessions", None), ("bak", "c1", "memory", None), ("bak", "c1", "memory", None),
        ("bak", "c2", "sessions", None), ("bak", "c2", "memory", None),
        ("orc", "c1", "sessions", None), ("orc", "c1", "memory", None),
    ]  # fmt: skip


def test_the_same_memory_at_the_same_checkpoint_is_read_once():
    assert len(work(night("a"), night("b"), night("a", repeat=1))) == 2
    assert len(work(night("a"), night("a", checkpoint="c2"))) == 4


def test_a_night_without_a_memory_is_not_read():
    assert work(night("a", text=None)) == []
    assert len(work(night("a", text=None), night("b"))) == 2


def test_twins_are_not_asked_about():
    assert work(night("a"), scenarios=(replace(BAKERY, twin_of="orchid-house"),)) == []


def test_who_recalls_is_asked_question_by_question_and_for_itself():
    found = work(night("a"), night("b"), night("c"), recalls={"a", "b"})
    assert [(s.subject.source, s.consolidator) for s in found] == [
        ("sessions", None), ("recall", "a"), ("recall", "b"), ("memory", None),
    ]  # fmt: skip
    assert [len(one.calls(())) for one in found] == [1, 3, 3, 1]


def test_a_long_scenario_takes_several_calls():
    many = replace(BAKERY, items=tuple(replace(BAKERY.items[0], id=f"i{n}") for n in range(90)))
    _, memory = work(night("a"), scenarios=(many,))
    assert [len(call.questions) for call in memory.calls(())] == [40, 40, 10]


def test_the_record_says_who_recalls():
    entries = [
        {"name": "a", "capabilities": {"recall": True}},
        {"name": "b", "capabilities": {}},
        {"name": "c"},
    ]
    assert recallers(entries) == {"a"}


def ask(folder, script, nights=None, recalls=None, purse=None):
    """The provider, how the asking went, and all calls that are journalled."""
    provider = Scripted(script)
    journal = ReaderJournal(folder)
    before = read_answers(folder).calls.get("scripted", ())
    if not before:
        journal.begin(ReaderRecord(name="scripted", spec="x", rembench="1", created="", seed=0))
    purse = purse or RunPurse()
    recalls = {name: Recalling(lambda made=made: made) for name, made in (recalls or {}).items()}
    asking = Asking(
        reader=Reader(model(provider), Limits(purse=purse.night)), journal=journal, concurrency=1,
        recalls=recalls, is_spent=purse.is_empty,
    )  # fmt: skip
    try:
        todo = to_ask(sittings((BAKERY, ORCHIDS), nights or [night("a")], recalls), before)
        progress = asyncio.run(asking.ask(todo))
    finally:
        for one in recalls.values():
            one.close()
        journal.close()
    return provider, progress, read_answers(folder).calls["scripted"]


def says(text):
    return lambda it: answers(dict.fromkeys(it.questions, text))


def test_what_has_a_reply_is_not_asked_again_even_if_nobody_can_read_it(tmp_path):
    first, progress, _ = ask(tmp_path, lambda _: "I'd rather not")
    assert (len(first.requests), progress.made, progress.faults) == (2, 2, {})
    again, progress, calls = ask(tmp_path, says("6:30"))
    assert (again.requests, progress.total, len(calls)) == ([], 0, 2)


@pytest.mark.parametrize(("raised", "again"), [(ProviderError("529"), 2), (RefusalError("no"), 0)])
def test_a_call_that_failed_is_made_again_where_the_model_has_not_said_anything(tmp_path, raised, again):
    _, progress, _ = ask(tmp_path, lambda _: raised)
    assert sum(progress.faults.values()) == progress.made == 2
    provider, _, calls = ask(tmp_path, says("6:30"))
    assert len(provider.requests) == again
    assert len(calls) == 2 + again


def test_what_comes_to_be_later_is_asked_then_and_nothing_else(tmp_path):
    ask(tmp_path, says("6:30"))
    provider, _, _ = ask(tmp_path, says("6:30"), [night("a"), night("b", text="more")])
    assert len(provider.requests) == 1


def test_where_the_money_is_spent_the_rest_is_left_and_asked_later(tmp_path):
    nights = [night("a"), night("b", text="x"), night("c", text="y")]
    provider, progress, calls = ask(tmp_path, says("6:30"), nights, purse=RunPurse(budget=0.015))
    assert (len(provider.requests), progress.made, progress.left, len(calls)) == (2, 2, 2, 2)
    provider, progress, calls = ask(tmp_path, says("6:30"), nights)
    assert (len(provider.requests), progress.left, len(calls)) == (2, 0, 4)


def test_a_call_that_the_budget_forbids_leaves_no_line(tmp_path):
    _, progress, calls = ask(tmp_path, lambda _: BudgetError("stopped", usage=FREE))
    assert (progress.made, progress.left, calls) == (0, 2, ())


def test_what_the_user_can_fix_ends_the_asking_and_keeps_what_was_said(tmp_path):
    replies = iter([answers({}), UserError("no key")])
    with pytest.raises(UserError, match="no key"):
        ask(tmp_path, lambda _: next(replies))
    assert len(read_answers(tmp_path).calls["scripted"]) == 1


class Recalls:
    async def recall(self, memory, query):
        if "deliver" in query:
            raise RuntimeError("no luck")
        return f"- {query} 6:30"


def test_a_reader_is_given_what_the_recall_brings_back_for_its_question(tmp_path):
    provider, progress, calls = ask(tmp_path, says("6:30"), recalls={"a": Recalls()})
    recalled = [call for call in calls if call.subject.source == "recall"]
    assert [(call.items, call.recalled) for call in recalled] == [
        (("opening-hour",), "- When does the bakery open? 6:30"),
        (("delivery",), None),
        (("flour-mill",), "- Which mill does the flour come from? 6:30"),
    ]
    assert "\n- When does the bakery open? 6:30\n" in provider.requests[1].prompt
    assert (progress.faults, progress.first.message) == ({"recall": 1}, "RuntimeError: no luck")
    assert len(provider.requests) == 3
