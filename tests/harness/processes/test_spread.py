"""The same work in one process or in several gives the same, in order."""

import math

import pytest

from rembench.harness.processes.spread import spread


@pytest.mark.parametrize("is_worth_it", [False, True])
def test_what_comes_of_it_is_in_the_order_of_the_work(is_worth_it):
    assert list(spread(math.factorial, [3, 1, 5], is_worth_it=is_worth_it)) == [6, 1, 120]


def test_no_work_is_no_result():
    assert list(spread(math.factorial, [], is_worth_it=True)) == []
