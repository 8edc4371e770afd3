"""Random choices that are the same on every machine and Python version.

Only `random.Random.random` is promised to give the same sequence for the same seed in every Python; all
other choices are made from it here. Every part of a scenario draws from a stream of its own, named by
what it's for, so that a change to one part leaves the others as they were.
"""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Draw:
    """A stream of random choices, named by `names`: the same names give the same choices."""

    def __init__(self, *names: object) -> None:
        self._names = names
        digest = hashlib.sha256("\n".join(str(name) for name in names).encode()).digest()
        self._random = Random(int.from_bytes(digest, "big"))  # noqa: S311 - nothing is kept secret by it

    def stream(self, *names: object) -> "Draw":
        """A stream of its own; it depends on its names alone, not on what was drawn before."""
        return Draw(*self._names, *names)

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self._random.random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, p: float) -> bool:
        """True with probability p."""
        return self._random.random() < p

    def one(self, options: Sequence[T]) -> T:
        """One of `options`."""
        return options[self.below(len(options))]

    def some(self, options: Sequence[T], n: int) -> list[T]:
        """`n` different ones (all of them if there are fewer), in random order."""
        return self.shuffled(options)[:n]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All of them, in random order."""
        left = list(options)
        for i in range(len(left) - 1, 0, -1):
            j = self.below(i + 1)
            left[i], left[j] = left[j], left[i]
        return left


class Deck(Generic[T]):
    """Deals `options` in random order, and begins again when all have been dealt."""

    def __init__(self, draw: Draw, options: Sequence[T]) -> None:
        self._draw, self._options = draw, options
        self._left: list[T] = []

    def deal(self) -> T:
        """The next one."""
        if not self._left:
            self._left = self._draw.shuffled(self._options)
        return self._left.pop()
