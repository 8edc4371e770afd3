"""The first call with a prompt's beginning goes alone until its reply begins."""

import asyncio

import pytest

from rembench.harness.providers.claude.first_alone import FirstAlone
from tests.harness.providers.virtual_time import now, run


async def call(turns: FirstAlone, beginning: str, *, begins: float | None = 1.0, lasts: float = 5.0) -> float:
    """When a call was let through whose reply begins and ends after so many seconds."""
    async with turns.turn(beginning) as begun:
        at = now()
        if begins is None:
            await asyncio.sleep(lasts)
            return at
        await asyncio.sleep(begins)
        begun()
        await asyncio.sleep(lasts - begins)
        return at


def at_once(*beginnings: str, **more) -> list[float]:
    async def go() -> list[float]:
        turns = FirstAlone(300, clock=now)
        return await asyncio.gather(*(call(turns, beginning, **more) for beginning in beginnings))

    return run(go())


def test_the_others_wait_until_the_first_reply_begins():
    assert at_once("a", "a", "a") == [0, 1, 1]


def test_another_beginning_waits_for_nobody():
    assert at_once("a", "b", "a") == [0, 0, 1]


def test_nobody_waits_without_a_beginning():
    assert at_once("", "", "") == [0, 0, 0]


def test_where_no_reply_begins_one_goes_after_the_other():
    assert at_once("a", "a", "a", begins=None) == [0, 5, 10]


def test_a_beginning_stays_known_for_as_long_as_the_cache_keeps_it_after_its_last_use():
    async def go() -> list[float]:
        turns = FirstAlone(300, clock=now)
        found = []
        for pause in (0, 280, 280, 320):
            await asyncio.sleep(pause)
            start = now()
            both = await asyncio.gather(call(turns, "a"), call(turns, "a"))
            found.append(max(both) - start)
        return found

    assert run(go()) == pytest.approx([1, 0, 0, 1])


def test_a_call_that_is_given_up_makes_way():
    async def go() -> float:
        turns = FirstAlone(300, clock=now)
        first = asyncio.ensure_future(call(turns, "a", begins=None, lasts=1000))
        second = asyncio.ensure_future(call(turns, "a"))
        await asyncio.sleep(3)
        first.cancel()
        return await second

    assert run(go()) == 3
