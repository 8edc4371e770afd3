"""Counting tokens without a model: words and marks, the same everywhere.

A token is a run of at most eight letters, of at most three digits, or one other visible character: close
to what current tokenisers count for English text, and the same bytes give the same count for ever.
"""

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"[^\W\d_]{1,8}|\d{1,3}|[^\w\s]|_")


def count_tokens(text: str) -> int:
    """The number of tokens in `text`."""
    return sum(1 for _ in _TOKEN.finditer(text))


def first_tokens(text: str, count: int) -> str:
    """The longest prefix of `text` that has at most `count` tokens."""
    for n, found in enumerate(_TOKEN.finditer(text)):
        if n == count:
            return text[: found.start()]
    return text


def memory_tokens(memory: Mapping[str, str]) -> int:
    """The number of tokens in all files of a memory; paths don't count."""
    return sum(count_tokens(text) for text in memory.values())
