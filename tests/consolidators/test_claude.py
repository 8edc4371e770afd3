"""Claude rewrites the memory in one reply: what's written, what it cost, and what comes of every fault."""

import json
from dataclasses import replace

import pytest

from rembench.consolidators.load import load_consolidator
from rembench.harness.errors import UserError
from rembench.harness.night import (
    BudgetError,
    Capabilities,
    CutOffError,
    InvalidOutputError,
    Provenance,
    ProviderError,
    RefusalError,
    Usage,
)
from rembench.testing import Fault, Said
from tests.consolidators.claude_at_the_fake import MEMORY, MODEL, outcome, sourced, writing
from tests.consolidators.nights import ODD_NIGHTS, SESSIONS, STORE, night
from tests.harness.providers.claude.asking import as_usage, purse

MESSAGES = "/v1/messages"
SPEC = "claude"


def test_the_memory_is_what_claude_wrote_with_where_each_line_comes_from(fake):
    service = fake(model=lambda _: Said(text=sourced("- Firing moves to Mondays", "S1:0", "memory")))
    found = outcome(night())
    assert found.memory == {"a.md": "- Firing moves to Mondays\n"}
    assert found.provenance == (Provenance(path="a.md", start=0, end=25, session=SESSIONS[0].id, message=0),)
    assert found.usage == as_usage(service.billed[0])
    assert [line.split(" ")[0] for line in found.trace] == ["usage", "request"]


def test_the_night_is_in_the_prompt_and_the_style_in_the_system_prompt(fake):
    service = fake(model=writing())
    for style in ("default", "reflection", "hygiene"):
        outcome(night(), style=style, effort="high", most_tokens=9000)
    bodies = service.asked.bodies(MESSAGES)
    (text,) = {body["messages"][0]["content"] for body in bodies}
    for part in (*STORE.values(), SESSIONS[1].messages[0].content, "Forget my shelf."):
        assert part.strip() in text
    assert len({body["system"][0]["text"] for body in bodies}) == 3
    assert {(body["max_tokens"], body["output_config"]["effort"]) for body in bodies} == {(9000, "high")}


@pytest.mark.parametrize("style", ["default", "reflection", "hygiene"])
def test_from_the_second_night_of_a_chain_on_the_system_prompt_is_read_from_the_cache(fake, style):
    service = fake(model=writing())
    memory = STORE
    costs = []
    for _ in range(4):
        found = outcome(night(memory=memory), style=style)
        memory = found.memory
        costs.append(found.usage)
    assert costs == [as_usage(bill) for bill in service.billed]
    assert costs[0].cache_read_tokens == 0
    assert {cost.cache_write_tokens for cost in costs[1:]} == {0}
    assert {cost.cache_read_tokens for cost in costs[1:]} == {costs[0].cache_write_tokens}


# replies that are no memory


def said_in_turn(*said: Said):
    left = list(said)
    return lambda _: left.pop(0)


GOOD = Said(text=json.dumps({"files": []}))
BAD = {
    "refused": (Said(refusal="I'd rather not"), RefusalError, "the model refused: I'd rather not"),
    "cut off": (Said(text='{"files": [', cut=True), CutOffError, "the reply was cut off at its limit of 32000"),
    "no memory": (Said(text='{"files": 3}'), InvalidOutputError, "the reply: a list 'files' was expected"),
    "no JSON": (Said(text="Sure!"), InvalidOutputError, "unreadable reply"),
    "truncated JSON": (Said(text='{"files": [{"path": "a'), InvalidOutputError, "unreadable reply"),
    "nothing": (Said(text=""), InvalidOutputError, "unreadable reply: it's empty"),
    "no path": (Said(text=sourced("x").replace("a.md", "../a")), InvalidOutputError, "invalid path"),
}
bad = pytest.mark.parametrize("name", BAD)


@bad
def test_a_reply_that_is_no_memory_is_asked_for_again_and_both_are_paid_for(fake, name):
    service = fake(model=said_in_turn(BAD[name][0], GOOD))
    found = outcome(night())
    assert (found.memory, found.usage) == ({}, as_usage(*service.billed))
    assert len(service.billed) == 2


@bad
def test_after_the_retries_that_are_allowed_the_failure_has_its_type_and_the_cost_of_all(fake, name):
    said, kind, text = BAD[name]
    for retries in (0, 2):
        service = fake(model=said_in_turn(*[said] * (retries + 1)))
        found = outcome(night(), retries=retries)
        assert type(found) is kind
        assert str(found).startswith(text)
        assert found.usage == as_usage(*service.billed)
        assert len(service.billed) == retries + 1


# what goes wrong at the service


@pytest.mark.parametrize(
    "fault",
    [Fault.rate_limited(), Fault.broken(), Fault.overloaded(), Fault.conflict()],
    ids=["429", "500", "529", "409"],
)
def test_what_the_service_turned_away_is_tried_again_and_costs_nothing(fake, fault):
    service = fake(model=writing())
    service.fail(MESSAGES, fault, fault)
    found = outcome(night())
    assert found.memory == MEMORY
    assert found.usage == as_usage(*service.billed, calls=3)


@pytest.mark.parametrize(
    ("fault", "known"),
    [(Fault.dropped(), False), (Fault.stalled(5.0), False), (Fault.cut(after=4), True)],
    ids=["dropped", "timed out", "cut"],
)
def test_what_was_lost_is_tried_again_and_makes_the_cost_unknown(fake, fault, known):
    service = fake(model=writing())
    service.fail(MESSAGES, fault)
    found = outcome(night(), timeout=1.0)
    assert found.memory == MEMORY
    assert (found.usage.calls, found.usage.usd, found.usage.output_tokens) == (2, None, None)
    total = as_usage(*service.billed)
    assert found.usage.input_tokens == (total.input_tokens if known else None)


def test_a_wrong_key_is_said_and_costs_nothing(fake):
    fake(keys=["sk-another"], model=writing())
    found = outcome(night())
    assert type(found) is ProviderError
    assert str(found).startswith("401: ")
    assert (found.usage.usd, found.usage.calls) == (0, 1)


class Most:
    """A purse that notes the most that a call may cost."""

    def hold(self, usd, what):
        self.usd = usd
        return self

    def settle(self, usd): ...


def test_the_budget_stops_before_the_call_that_could_pass_it(fake):
    service = fake(model=lambda _: BAD["no JSON"][0])
    most = Most()
    outcome(replace(night(), purse=most), retries=0)
    found = outcome(replace(night(), purse=purse(budget=most.usd).night()), retries=5)
    assert isinstance(found, BudgetError)
    assert str(found).startswith(f"stopped before a call of {MODEL}, at most {most.usd:.4f} USD")
    assert found.usage == as_usage(service.billed[1])
    assert len(service.billed) == 2


# how it's made


def test_what_it_can_do_depends_on_the_mode(fake):
    fake()
    usual = Capabilities(network=True, provenance=True, instructions=True, write_budget=True)
    expected = {
        "mode=rewrite": usual,
        "mode=tools": replace(usual, provenance=False, patience=40 * 60.0),
        "mode=tools,turns=3": replace(usual, provenance=False, patience=900.0),
        "batch=true": replace(usual, patience=25 * 3600.0),
        "transcript=wrapped": replace(usual, provenance=False, transcript="wrapped"),
    }
    assert {
        how: load_consolidator(f"{SPEC}:model=m,{how}").make(None).capabilities for how in expected
    } == expected


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("mode=tools", "option 'model' is missing"),
        ("model=m,mode=edit", "no such choice; known: rewrite, tools"),
        ("model=m,style=short", "no such choice; known: default, reflection, hygiene"),
        ("model=m,mode=tools,batch=true", "batch goes with mode=rewrite only"),
        ("model=m,retries=-1", "retries is a whole number from 0"),
        ("model=m,turns=0", "turns is a whole number from 1"),
        ("model=m,most_tokens=0", "most_tokens is a whole number from 1"),
        ("model=m,most_written=0", "most_written is a whole number from 1"),
        ("model=m,poll=0", "poll is a number of seconds above 0"),
        ("model=m,window=nan", "window is a number of seconds above 0"),
        ("model=m,tries=0", "tries is a whole number from 1"),
    ],
)
def test_an_option_that_can_not_be_is_refused(fake, options, error):
    fake()
    with pytest.raises(UserError, match=error):
        load_consolidator(f"{SPEC}:{options}").make()


def test_without_a_key_it_is_not_made(fake, monkeypatch):
    fake()
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(UserError, match="no key: neither ANTHROPIC_API_KEY nor"):
        load_consolidator(f"{SPEC}:model={MODEL}").make()


def test_an_unknown_price_makes_the_cost_unknown_and_nothing_else(fake):
    service = fake(model=writing())
    found = outcome(night(), model="my-own-model")
    assert (found.memory, found.usage.usd) == (MEMORY, None)
    assert found.usage == Usage(
        input_tokens=service.billed[0].input_tokens,
        output_tokens=service.billed[0].output_tokens,
        cache_read_tokens=0,
        cache_write_tokens=service.billed[0].cache_write_tokens,
        calls=1,
    )


@pytest.mark.parametrize("mode", ["rewrite", "tools"])
@pytest.mark.parametrize("odd", ODD_NIGHTS)
def test_an_odd_night_is_a_night(fake, mode, odd):
    service = fake(model=lambda prompt: GOOD if prompt.schema else Said(text="Done."))
    found = outcome(ODD_NIGHTS[odd], mode=mode)
    assert found.memory == ({} if mode == "rewrite" else ODD_NIGHTS[odd].memory)
    assert found.usage == as_usage(*service.billed)
