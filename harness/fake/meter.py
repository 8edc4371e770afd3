"""Tokens and what was billed, by rules simple enough to be checked by hand."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


def count_tokens(text: str) -> int:
    """One token for every four characters begun, at least one."""
    return max(1, -(-len(text) // 4))


def canonical(value: Any) -> str:
    """JSON in one way only: keys sorted, no blanks, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one reply cost.

    `input_tokens` came from no cache and went into none; `output_tokens` hold the reasoning.
    `delivered` is False where the connection broke on purpose: the client can't have seen the end.
    """

    request_id: str
    path: str
    model: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    reasoning_tokens: int = 0
    batch: bool = False
    delivered: bool = True

    @property
    def prompt_tokens(self) -> int:
        """The whole prompt, cached or not."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def cache_write_tokens(self) -> int:
        """All that went into a cache."""
        return self.cache_write_5m_tokens + self.cache_write_1h_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sum of several bills."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int


class Ledger:
    """The bills in the order of the replies; error statuses aren't billed, cut streams and refusals are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bills: list[Bill] = []

    def add(self, bill: Bill) -> None:
        """Bill a reply."""
        with self._lock:
            self._bills.append(bill)

    def strike(self, request_id: str) -> None:
        """Take back the bill of a request."""
        with self._lock:
            self._bills = [bill for bill in self._bills if bill.request_id != request_id]

    def clear(self) -> None:
        """Forget the bills so far."""
        with self._lock:
            self._bills.clear()

    @property
    def total(self) -> Total:
        """The sum of all."""
        bills = tuple(self)
        return Total(
            calls=len(bills),
            input_tokens=sum(bill.input_tokens for bill in bills),
            output_tokens=sum(bill.output_tokens for bill in bills),
            cache_read_tokens=sum(bill.cache_read_tokens for bill in bills),
            cache_write_tokens=sum(bill.cache_write_tokens for bill in bills),
        )

    def __iter__(self) -> Iterator[Bill]:
        with self._lock:
            return iter(tuple(self._bills))

    def __len__(self) -> int:
        with self._lock:
            return len(self._bills)

    def __getitem__(self, index: int) -> Bill:
        with self._lock:
            return self._bills[index]
