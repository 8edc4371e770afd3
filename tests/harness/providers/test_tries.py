"""A call is tried as often as is worth it; what every try cost is kept, and no secret is said."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import anthropic
import httpx2
import openai
import pytest

from rembench.harness.engine.purse import RunPurse
from rembench.harness.night import NO_BUDGET, BudgetError, ProviderError, Purse, Usage
from rembench.harness.providers.limits import Gate, Limits
from rembench.harness.providers.tries import LOST, TURNED_AWAY, Caller, Policy, Trouble, TroubleError
from tests.harness.providers.virtual_time import now, run

KEY = "sk-marked-0123456789"
DONE = Usage(input_tokens=7, output_tokens=3, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.25)
BODY = {"error": {"type": "some_error", "message": f"as scripted for {KEY}"}}
Script = httpx2.Response | Exception


def reply(status: int = 200, **headers: str) -> httpx2.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, headers=sent, json={"id": "x"} if status == 200 else BODY)


def lost() -> Exception:
    return httpx2.RemoteProtocolError(f"peer closed the connection of {KEY}")


@dataclass
class Calling:
    """A caller of a service that answers as scripted."""

    script: Iterable[Script]
    sdk: object = anthropic
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)
    sent: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        left = iter(self.script)

        def answer(request: httpx2.Request) -> httpx2.Response:
            self.sent.append(now())
            found = next(left)
            if isinstance(found, Exception):
                raise found
            return found

        transport = httpx2.MockTransport(answer)
        made = anthropic.AsyncAnthropic if self.sdk is anthropic else openai.AsyncOpenAI
        self.client = made(api_key=KEY, max_retries=0, http_client=httpx2.AsyncClient(transport=transport))
        self.gate = Gate(self.limits, clock=now)
        self.caller = Caller(sdk=self.sdk, gate=self.gate, policy=self.policy, secrets=(KEY,))

    async def once(self) -> str:
        found = await self.client.models.with_raw_response.retrieve("m")
        return found.http_response.json()["id"]

    async def call(self, purse: Purse = NO_BUDGET, tokens: int = 0, most: float = 1.0):
        hold = lambda: purse.hold(most, "a call")  # noqa: E731
        return await self.caller.call(self.once, tokens=tokens, hold=hold, cost=lambda _: DONE)


def failure(calling: Calling) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        run(calling.call())
    return caught.value


both = pytest.mark.parametrize("sdk", [anthropic, openai], ids=["anthropic", "openai"])


@both
@pytest.mark.parametrize("status", [408, 409, 429, 500, 503, 529])
def test_what_passes_is_tried_again_and_costs_nothing(sdk, status):
    calling = Calling([reply(status), reply()], sdk)
    tried = run(calling.call())
    assert (tried.value, tried.failed) == ("x", (TURNED_AWAY,))
    assert tried.notes == (f"try 1: {status}: as scripted for ***",)


@both
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_does_not_pass_is_not_tried_again(sdk, status):
    calling = Calling([reply(status)], sdk)
    error = failure(calling)
    assert (str(error), error.usage) == (f"{status}: as scripted for ***", TURNED_AWAY)


@both
def test_the_service_says_whether_it_is_worth_another_try(sdk):
    assert len(run_all(Calling([reply(500, x_should_retry="false")], sdk))) == 1
    assert len(run_all(Calling([reply(400, x_should_retry="true"), reply()], sdk))) == 2


def run_all(calling: Calling) -> list[float]:
    """When each try was made."""
    with contextlib.suppress(ProviderError):
        run(calling.call())
    return calling.sent


@both
def test_a_call_that_was_lost_is_tried_again_and_its_cost_is_unknown(sdk):
    for error in (lost(), httpx2.ReadTimeout("slow")):
        tried = run(Calling([error, reply()], sdk).call())
        assert tried.failed == (LOST,)


@both
def test_a_call_that_never_went_out_costs_nothing(sdk):
    for error in (httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow"), httpx2.PoolTimeout("full")):
        tried = run(Calling([error, reply()], sdk).call())
        assert tried.failed == (TURNED_AWAY,)


def test_after_the_last_try_the_failure_has_the_cost_of_all():
    calling = Calling([reply(529), reply(500), reply(500)], policy=Policy(tries=3))
    error = failure(calling)
    assert str(error) == "500: as scripted for *** (3 tries)"
    assert error.usage == Usage(
        input_tokens=0, output_tokens=0, cache_read_tokens=0, cache_write_tokens=0, calls=3, usd=0.0
    )


def test_with_a_lost_try_among_them_the_cost_of_all_is_unknown():
    error = failure(Calling([lost(), reply(500)], policy=Policy(tries=2)))
    assert error.usage == Usage(calls=2)


def test_pauses_double_and_are_a_little_shorter_by_chance():
    sent = run_all(Calling([reply(500)] * 4 + [reply()], policy=Policy(pause=8.0)))
    pauses = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert all(0.75 * 8 * 2**n <= pause <= 8 * 2**n + 0.01 for n, pause in enumerate(pauses))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "20"}, 20),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "1500", "retry_after": "20"}, 1.5),
        ({"retry_after": "Sat, 21 Nov 2026 00:00:00 GMT"}, 0.5),
        ({"retry_after": "nan"}, 0.5),
        ({"retry_after": "-3"}, 0.5),
    ],
)
def test_the_service_is_given_the_time_it_asks_for(headers, wait):
    first, second = run_all(Calling([reply(429, **headers), reply()]))
    assert wait * 0.75 <= second - first <= wait + 0.01


def test_a_service_that_asks_for_too_long_is_not_waited_for():
    error = failure(Calling([reply(429, retry_after="3600")]))
    assert str(error) == "429: as scripted for *** (it asks to wait for 3600 s)"


def test_a_service_that_asks_for_too_long_does_not_hold_up_the_other_calls():
    async def two() -> list[float]:
        calling = Calling([reply(429, retry_after="3600"), reply()], limits=Limits(in_flight=1))
        await asyncio.gather(calling.call(), calling.call(), return_exceptions=True)
        return calling.sent

    assert run(two())[-1] < 1


def test_too_many_requests_holds_the_other_calls_too():
    async def two() -> list[float]:
        calling = Calling([reply(429, retry_after="30"), reply(), reply()], limits=Limits(in_flight=1))
        await asyncio.gather(calling.call(), calling.call())
        return calling.sent

    assert run(two()) == pytest.approx([0, 30, 30], abs=0.01)


def test_tokens_a_minute_are_what_a_try_took():
    async def three() -> list[float]:
        script = [reply(500, retry_after_ms="1"), reply(), reply()]
        calling = Calling(script, limits=Limits(tokens_per_minute=100))
        await calling.call(tokens=95)
        await calling.call(tokens=90)
        return calling.sent

    assert run(three())[-1] < 1


class SomeError(Exception):
    """Nothing that an SDK would raise."""


async def tried(once):
    caller = Calling([]).caller
    return await caller.call(once, tokens=0, hold=lambda: NO_BUDGET.hold(0, ""), cost=lambda _: DONE)


def test_an_error_that_is_no_trouble_of_the_service_is_not_hidden():
    async def once() -> str:
        raise SomeError

    with pytest.raises(SomeError):
        run(tried(once))


def test_a_trouble_that_the_caller_found_itself_counts_as_it_says():
    async def once() -> str:
        cut = Usage(input_tokens=5, calls=1)
        raise TroubleError(Trouble(message="the stream was cut", usage=cut))

    with pytest.raises(ProviderError, match="the stream was cut") as caught:
        run(tried(once))
    assert caught.value.usage == Usage(input_tokens=5, calls=1)


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        ("overloaded_error", True),
        ("rate_limit_error", True),
        ("api_error", True),
        ("invalid_request_error", False),
    ],
)
def test_an_error_in_a_stream_is_tried_again_by_its_type_and_its_cost_is_unknown(kind, again):
    body = {"type": "error", "error": {"type": kind, "message": "as scripted"}}
    response = httpx2.Response(200, request=httpx2.Request("POST", "http://127.0.0.1"))
    error = anthropic.APIStatusError("x", response=response, body=body)
    found = Calling([]).caller.trouble(error)
    assert (found.again, found.usage) == (again, LOST)


# money


def held(budget: float, script: Iterable[Script], use: Callable[[Calling, Purse], object]):
    """What `use` comes to, and the run's purse after it."""
    purse = RunPurse(budget=budget)

    async def go() -> object:
        calling = Calling(script)
        try:
            return await use(calling, purse.night())
        except BudgetError as spent:
            return spent

    return run(go()), purse


def test_before_every_try_the_most_that_it_can_cost_is_held_and_after_it_what_it_did():
    _, purse = held(1.0, [reply(500), reply()], lambda calling, night: calling.call(night))
    assert (purse.settled, purse.under_way) == (DONE.usd, 0)


def test_no_try_is_made_that_could_pass_the_budget():
    found, purse = held(0.99, [], lambda calling, night: calling.call(night))
    assert str(found).startswith("stopped before a call, at most 1.0000 USD: 0.0000 spent")
    assert purse.settled == 0


def test_a_lost_try_counts_as_all_that_was_held():
    found, purse = held(1.5, [lost()], lambda calling, night: calling.call(night))
    assert isinstance(found, BudgetError)
    assert found.usage == LOST
    assert purse.settled == 1.0


def test_where_only_calls_under_way_stand_against_it_a_call_waits_for_them():
    async def three(calling: Calling, night: Purse) -> int:
        await asyncio.gather(*(calling.call(night) for _ in range(3)))
        return len(calling.sent)

    assert held(1.6, [reply() for _ in range(3)], three)[0] == 3


def test_a_call_waits_for_money_as_long_as_another_may_take():
    async def while_another_runs(calling: Calling, night: Purse) -> int:
        other = night.hold(1.0, "another call")
        waiting = asyncio.ensure_future(calling.call(night))
        await asyncio.sleep(300)
        other.settle(0.25)
        await waiting
        return len(calling.sent)

    assert held(1.5, [reply()], while_another_runs)[0] == 1


def test_a_call_does_not_wait_for_ever_for_money():
    async def while_held(calling: Calling, night: Purse) -> None:
        night.hold(1.0, "another call")
        await calling.call(night)

    found, _ = held(1.5, [], while_held)
    assert "1.0000 held for calls under way" in str(found)


@both
@pytest.mark.parametrize("content", [b"<html>busy</html>", b"[" * 100_000, b"\xff\xfe"])
def test_an_answer_that_is_not_json_is_tried_again_and_its_cost_is_unknown(sdk, content):
    page = httpx2.Response(200, headers={"content-type": "application/json"}, content=content)
    calling = Calling([page, reply()], sdk=sdk)
    assert run(calling.call()).failed == (LOST,)


@both
def test_an_answer_that_is_not_compressed_as_it_says_is_tried_again(sdk):
    calling = Calling([httpx2.DecodingError("incorrect header"), reply()], sdk=sdk)
    assert run(calling.call()).failed == (LOST,)
