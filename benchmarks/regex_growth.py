"""How the time of every regular expression of the scorer grows on text made to be bad for it.

    python benchmarks/regex_growth.py [--characters 4000] [--draws 60] [--least 1.3]

For every compiled pattern that a module of harness.scorer holds, and every method that the module calls on it:
strings drawn from the pattern's own alphabet (its literals, one character of each of its classes, and short
strings made of them), repeated to a length and to twice and four times that, with an end that doesn't fit. The
exponent is the slope of log(seconds) on log(length) for the string that took longest; 1 is linear. Times under
a millisecond say nothing and are left out. Prints the patterns at `--least` or above, the steepest first, and
exits with 1 if there's one.
"""

import argparse
import ast
import inspect
import math
import pkgutil
import random
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from rembench.harness import scorer

METHODS = {"match", "fullmatch", "search", "finditer", "findall", "sub", "split"}
SAMPLES = " \t\n\xa0azAZ09_.,:;-–'’\"*~`/|()[]{}@#$€%&+=<>!?…Éж"
LEAST_SECONDS = 0.001
REPEATS = 3


def patterns(package: ModuleType = scorer) -> Iterator[tuple[str, re.Pattern[str], set[str]]]:
    """module.NAME, the pattern, and the methods that its module calls on it."""
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = import_module(info.name)
        called = calls(module)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                used = called.get(name, set())
                yield f"{info.name.rpartition('.')[2]}.{name}", value, used or {"match", "finditer"}


def calls(module: ModuleType) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def alphabet(pattern: re.Pattern[str]) -> list[str]:
    """The literals of a pattern, one or two characters of each of its classes, and its runs of literals."""
    found: dict[str, None] = {}

    def walk(tree: Any) -> None:
        run = ""
        for kind, argument in tree:
            run = run + chr(argument) if kind is op.LITERAL else ""
            if len(run) > 1:
                found[run] = None
            if kind is op.LITERAL:
                found[chr(argument)] = None
            elif kind in {op.IN, op.NOT_LITERAL, op.ANY}:
                one = re.compile(class_of(kind, argument))
                found.update(dict.fromkeys([c for c in SAMPLES if one.match(c)][:2]))
            for inner in parts(argument):
                walk(inner)

    walk(_parser.parse(pattern.pattern, pattern.flags))
    return list(found) or ["a"]


def class_of(kind: Any, argument: Any) -> str:
    """A class as text again; only roughly, for samples."""
    if kind is op.ANY:
        return "."
    if kind is op.NOT_LITERAL:
        return f"[^{re.escape(chr(argument))}]"
    names = {op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
             op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
    said = ""
    for what, value in argument:
        if what is op.NEGATE:
            said = "^" + said
        elif what is op.LITERAL:
            said += re.escape(chr(value))
        elif what is op.RANGE:
            said += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif what is op.CATEGORY:
            said += names[value]
    return f"[{said}]"


def parts(argument: Any) -> Iterator[Any]:
    """The sub-patterns of a node's argument."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for one in argument:
            yield from parts(one)


def seconds(pattern: re.Pattern[str], method: str, text: str) -> float:
    call = getattr(pattern, method)
    taken = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        made = call("", text) if method == "sub" else call(text)
        if method == "finditer":
            for _ in made:
                pass
        taken.append(time.perf_counter() - begun)
    return min(taken)


def worst(
    pattern: re.Pattern[str], method: str, characters: int, draws: int
) -> tuple[float, float, str] | None:
    """Exponent, seconds at four times the length, and the string that takes longest."""
    known = alphabet(pattern)
    chance = random.Random(0)
    units = {*known, *("".join(chance.choices(known, k=chance.randint(2, 4))) for _ in range(draws))}
    heads = ("", *(chance.choice(known) for _ in range(2)))
    texts = [(head, unit) for unit in sorted(units) for head in sorted(set(heads))]

    def text(head: str, unit: str, length: int) -> str:
        return head + (unit * (length // len(unit) + 1))[:length] + "\0"

    slowest = max(texts, key=lambda t: seconds(pattern, method, text(*t, characters)))
    times = [seconds(pattern, method, text(*slowest, characters * k)) for k in (1, 2, 4)]
    if times[-1] < LEAST_SECONDS:
        return None
    return math.log(times[-1] / times[-2]) / math.log(2), times[-1], slowest[0] + slowest[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=4000)
    parser.add_argument("--draws", type=int, default=60)
    parser.add_argument("--least", type=float, default=1.3)
    asked = parser.parse_args()
    rows, count = [], 0
    for name, pattern, methods in patterns():
        for method in sorted(methods):
            count += 1
            found = worst(pattern, method, asked.characters, asked.draws)
            if found and found[0] >= asked.least:
                rows.append((*found, f"{name}.{method}"))
    print(f"{count} patterns and methods; {len(rows)} grow with exponent {asked.least} or more")
    for steepness, took, text, name in sorted(rows, reverse=True):
        print(f"{steepness:>6.2f}  {took:>8.4f} s at {4 * asked.characters:,} characters  {name}  of {text!r}")
    sys.exit(1 if rows else 0)


if __name__ == "__main__":
    main()
