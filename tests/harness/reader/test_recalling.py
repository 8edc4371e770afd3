"""A consolidator's own recall: text, or the reason why there's none."""

import asyncio
import time

import pytest

from rembench.consolidators.pull import Pull
from rembench.harness.reader.recalling import Recalled, Recalling

LOG = {"memory/events.md": "- 2026-03-01T09:00:00Z s1 user: Firing moves to Mondays.\n"}


def recalled(recaller, *queries, timeout=60.0):
    recalling = Recalling(lambda: recaller, timeout)

    async def ask():
        return [await recalling.recall(LOG, query) for query in queries]

    try:
        return asyncio.run(ask())
    finally:
        recalling.close()


class Recalls:
    """Does what the query says."""

    closed = False

    async def recall(self, memory, query):
        match query:
            case "raise":
                raise RuntimeError("no\nluck")
            case "exit":
                raise SystemExit(3)
            case "change":
                memory["a.md"] = "x"
            case "cancel":
                for task in asyncio.all_tasks():
                    task.cancel()
                await asyncio.sleep(0)
            case "sleep":
                await asyncio.sleep(60)
            case "block":
                time.sleep(2)
            case "number":
                return 3
            case "surrogate":
                return "\ud800"
            case "huge":
                return "x" * 1_000_001
        return f"{query}: {len(memory)}"

    async def aclose(self):
        self.closed = True


def test_what_a_log_brings_back_is_recalled():
    (found,) = recalled(Pull(), "When is firing?")
    assert found == Recalled("- 2026-03-01 user: Firing moves to Mondays.\n")


def test_a_recaller_may_close_what_it_holds_open():
    recaller = Recalls()
    assert recalled(recaller, "tea") == [Recalled("tea: 1")]
    assert recaller.closed


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("raise", "RuntimeError: no luck"),
        ("exit", "SystemExit: 3"),
        ("change", "TypeError: 'mappingproxy' object does not support item assignment"),
        ("cancel", "it cancelled itself"),
        ("number", "a text was expected, this is int"),
        ("surrogate", "what came back has a lone surrogate at character 0, which isn't valid UTF-8"),
        ("huge", "1,000,001 characters came back, at most 1,000,000 may"),
    ],
)
def test_what_goes_wrong_has_a_reason_and_the_next_recall_works(query, reason):
    assert recalled(Recalls(), query, "tea") == [Recalled(None, reason), Recalled("tea: 1")]


@pytest.mark.parametrize("query", ["sleep", "block"])
def test_one_that_takes_too_long_is_given_up_and_a_fresh_one_serves_the_next(query):
    found = recalled(Recalls(), query, "tea", timeout=0.2)
    assert found == [Recalled(None, "nothing within 0.2 s"), Recalled("tea: 1")]


class NotAwaited:
    def recall(self, memory, query):
        return "x"


def test_a_recall_that_is_no_coroutine_is_said_so():
    (found,) = recalled(NotAwaited(), "tea")
    assert found.text is None
    assert found.reason.startswith("TypeError")
