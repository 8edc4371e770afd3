"""No more calls at a time, requests and tokens a minute than is said; fewer where the service says so."""

import asyncio

import pytest

from rembench.harness.providers.limits import Gate, Limits
from tests.harness.providers.virtual_time import now, run


def gate(**limits) -> Gate:
    return Gate(Limits(**limits), clock=now)


async def made(at: Gate, calls: int, *, seconds: float = 1.0, tokens: int = 0) -> list[float]:
    """When each of so many calls that are wanted at once is let through."""
    begun: list[float] = []

    async def one() -> None:
        async with at.turn(tokens):
            begun.append(now())
            await asyncio.sleep(seconds)

    await asyncio.gather(*(one() for _ in range(calls)))
    return begun


async def slowed(at: Gate, seconds: float = 0.0) -> None:
    async with at.turn(0) as turn:
        await asyncio.sleep(0.5)
        at.slow_down(seconds, turn)


def test_no_more_calls_are_in_flight_than_is_said():
    assert run(made(gate(in_flight=2), 5)) == pytest.approx([0, 0, 1, 1, 2])


def test_calls_are_let_through_in_the_order_in_which_they_came():
    async def both() -> list[int]:
        at, order = gate(in_flight=1), []

        async def one(n: int) -> None:
            async with at.turn(0):
                order.append(n)
                await asyncio.sleep(1)

        await asyncio.gather(*(one(n) for n in range(5)))
        return order

    assert run(both()) == [0, 1, 2, 3, 4]


def test_requests_in_any_minute_are_limited():
    assert run(made(gate(requests_per_minute=2), 5)) == pytest.approx([0, 0, 60, 60, 120], abs=0.01)


def test_tokens_in_any_minute_are_limited():
    assert run(made(gate(tokens_per_minute=100), 3, tokens=40)) == pytest.approx([0, 0, 60], abs=0.01)


def test_a_call_larger_than_the_limit_goes_alone():
    assert run(made(gate(tokens_per_minute=100), 2, tokens=300)) == pytest.approx([0, 60], abs=0.01)


def test_what_a_call_really_took_counts_in_place_of_what_it_was_thought_to_take():
    async def after_a_small_one() -> list[float]:
        at = gate(tokens_per_minute=100)
        async with at.turn(90) as turn:
            turn.tokens = 10
        return await made(at, 1, tokens=90)

    assert run(after_a_small_one()) == [0]


def test_a_call_that_was_not_made_counts_for_nothing():
    async def after_none() -> list[float]:
        at = gate(requests_per_minute=1)
        async with at.turn(0) as turn:
            at.withdraw(turn)
        return await made(at, 1)

    assert run(after_none()) == [0]


def test_too_many_requests_halves_the_calls_in_flight():
    async def both() -> list[float]:
        at = gate(in_flight=8)
        await slowed(at)
        return await made(at, 8)

    assert run(both()) == pytest.approx([0.5] * 4 + [1.5] * 4)


def test_calls_of_one_burst_that_are_all_turned_away_halve_them_once():
    async def both() -> list[float]:
        at = gate(in_flight=8)
        await asyncio.gather(*(slowed(at) for _ in range(8)))
        return await made(at, 4)

    assert run(both()) == pytest.approx([0.5] * 4)


def test_nobody_is_let_through_for_as_long_as_the_service_asks():
    async def both() -> list[float]:
        at = gate(in_flight=8)
        await slowed(at, seconds=30)
        return await made(at, 1)

    assert run(both()) == pytest.approx([30.5])


def test_there_is_always_one_call_at_a_time():
    async def five_times() -> list[float]:
        at = gate(in_flight=4)
        for _ in range(5):
            await slowed(at)
        return await made(at, 2)

    assert run(five_times()) == pytest.approx([2.5, 3.5])


def test_success_lets_them_grow_again_up_to_the_limit():
    async def slow_then_well(successes: int) -> float:
        at = gate(in_flight=4)
        await slowed(at)
        for _ in range(successes):
            at.went_well()
        begun = await made(at, 5)
        return sum(when == begun[0] for when in begun)

    assert [run(slow_then_well(n)) for n in (0, 2, 3, 6, 60)] == [2, 2, 3, 4, 4]


def test_a_call_that_is_given_up_leaves_its_place():
    async def given_up() -> list[float]:
        at = gate(in_flight=1)
        first = asyncio.ensure_future(made(at, 1, seconds=1000))
        waiting = asyncio.ensure_future(made(at, 1))
        await asyncio.sleep(5)
        waiting.cancel()
        first.cancel()
        await asyncio.gather(first, waiting, return_exceptions=True)
        return await made(at, 1)

    assert run(given_up()) == [5]
