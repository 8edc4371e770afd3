import asyncio
from dataclasses import replace

from rembench.consolidators.random_prune import RandomPrune
from rembench.harness.tokens import memory_tokens
from tests.consolidators.nights import consolidated, night, session

TALK = session(1, " ".join(f"Shelf number {n} holds {n * 3} bowls." for n in range(60)))


def test_another_seed_gives_another_choice():
    given = night(sessions=(TALK,))
    made = RandomPrune(budget=100)
    memories = [asyncio.run(made.consolidate(replace(given, seed=seed))).memory for seed in (1, 2, 1)]
    assert memories[0] == memories[2]
    assert memories[0] != memories[1]


def test_size_is_that_of_the_baseline():
    given = night(sessions=(TALK,))
    sizes = [
        memory_tokens(consolidated(f"{name}:budget=200", given).memory)
        for name in ("extractive", "random-prune")
    ]
    assert max(sizes) <= 200
    assert abs(sizes[0] - sizes[1]) <= 10
