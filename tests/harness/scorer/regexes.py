"""Repetitions in a regular expression that can take the same text in many ways.

Two shapes make a backtracking matcher take quadratic time or worse, whatever the machine:

    nested    a repeated body that takes runs of one character of different lengths: (a+)*, (\\w+,?)*
    adjacent  two parts that take long runs of one character, and what's between them may be empty or that
              character too: \\s*,?\\s*

A part is tried on runs of single characters, compiled on its own. What a search does by beginning anew at every
character isn't seen here: benchmarks/regex_growth.py times that.
"""

import re
from collections.abc import Iterator
from re import _compiler, _parser
from re import _constants as op

PROBES = [*map(chr, range(1, 256)), *"ŁαЖ中…‘’“”–—→€•"]
LONG = 50
SHORT = range(1, 4)
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT}


def ambiguities(pattern: re.Pattern[str]) -> list[str]:
    """What's wrong with it, in words; empty for a pattern without these shapes."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    return sorted(set(_in_sequence(list(tree), tree.state)))


def _in_sequence(nodes, state) -> Iterator[str]:
    takes = [_compiler.compile(_parser.SubPattern(state, [node]), state.flags).fullmatch for node in nodes]
    for c in PROBES:
        before = False
        for take in takes:
            long = bool(take(c * LONG))
            if before and long:
                yield "adjacent"
            before = long or (before and any(take(c * k) for k in range(4)))
    for kind, argument in nodes:
        if kind in REPEATS and argument[1] >= LONG:
            yield from _in_repetition(list(argument[2]), state)
        for inner in _inner(argument):
            yield from _in_sequence(list(inner), state)


def _in_repetition(body, state) -> Iterator[str]:
    take = _compiler.compile(_parser.SubPattern(state, body), state.flags).fullmatch
    if any(sum(bool(take(c * k)) for k in SHORT) > 1 for c in PROBES):
        yield "nested"


def _inner(argument) -> Iterator[_parser.SubPattern]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for one in argument:
            yield from _inner(one)
