"""The same work on many things, in several processes where that's worth their start."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def spread(function: Callable[[T], R], work: Sequence[T], *, is_worth_it: bool) -> Iterator[R]:
    """What `function`, one of a module, makes of each of them, in their order."""
    processes = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, len(work))
    if processes < 2 or not is_worth_it:
        yield from map(function, work)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(function, work, chunksize=max(1, min(4, len(work) // (4 * processes))))
