"""The engine in this process: how requests are gathered, and what becomes of those that fail."""

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from rembench.harness.night import BudgetError, CutOffError, ProviderError, Usage
from rembench.harness.providers.vllm.engine import Engine, EngineChat
from rembench.harness.providers.vllm.llm import Generated, NotTakenError
from rembench.harness.providers.vllm.shared import Pool
from tests.harness.providers.openai_compatible.asking import Purse, request


@dataclass
class Scripted:
    """An engine that repeats the prompt; "bad" isn't taken, "broken" breaks it, "long" and "gone" don't end."""

    batches: list[list[str]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    closed: int = 0
    go: threading.Event = field(default_factory=threading.Event)

    def generate(self, wanted):
        self.go.wait(20)
        self.threads.add(threading.get_ident())
        prompts = [one.prompt for one in wanted]
        self.batches.append(prompts)
        if "broken" in prompts:
            raise RuntimeError("CUDA error: an illegal access")
        if "bad" in prompts:
            raise NotTakenError("the prompt is too long")
        finish = {"long": "length", "gone": "abort"}
        return [
            Generated(
                text=f"<think>so</think>{one.prompt}", finish=finish.get(one.prompt, "stop"), prompt_tokens=10,
                output_tokens=3, cached=4,
            )
            for one in wanted
        ]  # fmt: skip

    def close(self):
        self.closed += 1


def ask(scripted, *prompts, load=None, purse=None, wait=False, name="own"):
    """What comes of prompts put at once, after one that keeps the engine busy."""

    async def start(key):
        engine = Engine(load or (lambda: scripted), linger=0.05)
        await asyncio.wrap_future(engine.ready)
        return engine

    pool = Pool(start)

    async def main():
        chat = EngineChat(pool.lease("one"), 0.0, name)
        more = {"purse": purse} if purse else {}
        asked = [asyncio.ensure_future(chat.complete(request(prompt, **more))) for prompt in prompts]
        await asyncio.sleep(0.1 if wait else 0)
        scripted.go.set()
        found = await asyncio.gather(*asked, return_exceptions=True)
        await chat.aclose()
        return found

    return asyncio.run(main())


@pytest.fixture
def scripted():
    return Scripted()


def test_requests_that_wait_are_one_batch_in_one_thread(scripted):
    replies = ask(scripted, "a", "b", "c", wait=True)
    assert sorted(map(len, scripted.batches)) == [3]
    assert [reply.text for reply in replies] == ["a", "b", "c"]
    assert len(scripted.threads) == 1
    assert threading.get_ident() not in scripted.threads
    assert scripted.closed == 1


def test_reply_says_what_it_took(scripted):
    (reply,) = ask(scripted, "a")
    assert reply.usage == Usage(
        input_tokens=6, output_tokens=3, cache_read_tokens=4, cache_write_tokens=0, calls=1, usd=None
    )
    assert reply.model == "own"


def test_request_that_is_not_taken_fails_alone(scripted):
    first, bad, last = ask(scripted, "a", "bad", "c")
    assert (first.text, last.text) == ("a", "c")
    assert type(bad) is ProviderError
    assert "the prompt is too long" in str(bad)
    assert (bad.usage.calls, bad.usage.output_tokens) == (1, 0)


def test_broken_engine_fails_all_that_comes(scripted):
    found = ask(scripted, "a", "broken", "c")
    assert {type(wrong) for wrong in found} == {ProviderError}
    assert "CUDA error" in str(found[0])
    assert found[0].usage == Usage(calls=1)
    assert scripted.closed == 1


@pytest.mark.parametrize(("prompt", "kind"), [("long", CutOffError), ("gone", ProviderError)])
def test_reply_without_an_end_is_typed_with_its_cost(scripted, prompt, kind):
    (wrong,) = ask(scripted, prompt)
    assert type(wrong) is kind
    assert wrong.usage.output_tokens == 3


@pytest.mark.parametrize("error", [ImportError("no torch"), SystemExit(2)])
def test_engine_that_can_not_be_loaded_fails_every_request(scripted, error):
    def load():
        raise error

    found = ask(scripted, "a", "b", load=load)
    assert {type(wrong) for wrong in found} == {ProviderError}
    assert "vLLM's engine couldn't be started" in str(found[0])


def test_what_it_costs_is_held_where_the_users_prices_have_the_model(scripted, tmp_path, monkeypatch):
    own = tmp_path / "prices.yaml"
    own.write_text("dated: 2026-11-01\nmodels:\n  own: {input: 1000000, output: 1000000, read: 0}\n")
    monkeypatch.setenv("REMBENCH_PRICES", str(own))
    purse = Purse()
    (reply,) = ask(scripted, "a", purse=purse)
    assert reply.usage.usd == 9.0
    assert purse.settled == [9.0]
    (refused,) = ask(scripted, "a", purse=Purse(most=0.0))
    assert type(refused) is BudgetError


def test_own_model_without_a_price_needs_no_budget(scripted):
    assert ask(scripted, "a", purse=Purse(most=0.0))[0].usage.usd is None


def test_request_that_nobody_waits_for_is_not_generated(scripted):
    engine = Engine(lambda: scripted, linger=0.01)

    async def main():
        busy = asyncio.ensure_future(engine.generate(request("busy")))
        await asyncio.sleep(0.05)
        given_up = asyncio.ensure_future(engine.generate(request("given up")))
        await asyncio.sleep(0.01)
        given_up.cancel()
        await asyncio.sleep(0.01)
        scripted.go.set()
        await busy
        await engine.stop()
        with pytest.raises(ProviderError, match="has ended"):
            await engine.generate(request("late"))

    asyncio.run(main())
    assert scripted.batches == [["busy"]]
