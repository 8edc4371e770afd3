"""What reading a memory costs: megabytes a second beside grep, and how the cost grows.

    python benchmarks/scorer_speed.py [--memories 1000] [--kilobytes 20] [--items 20] [--repetitions 5]
                                      [--full] [--profile]

rate    memories of one size, with made-up items, read one after another on one core; beside it
        `LC_ALL=C grep -F -f values` over the same text, values and aliases a line each. A repetition takes a
        twentieth of the memories in turn: 20 repetitions read all of them; `--full` reads all once
text    one memory of ever more files of 50 kB; every tenth sentence states a value
items   one memory of 200 kB with ever more items
        both: the exponent is the slope of log(seconds) on log(size), by least squares; 1 is linear
--full  the text up to 100 MB in 2,000 files with 1,000 items; once, it takes long
--profile  where the time goes: cProfile of one memory of 1 MB

Sentences without a value come from the sessions of the packs. A scorer's own patterns are compiled before the
clock starts; `compile` says what that takes. Seconds are medians, by the process's own CPU clock (grep: of
the child); ratios are within one repetition.
"""

import argparse
import cProfile
import math
import os
import pstats
import random
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rembench.harness.night import Memory, Session
from rembench.harness.scenario.pack import load_pack
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Item, Scenario, Value

FILE = 50_000  # bytes of a file in a store
TEXT = (50_000, 100_000, 200_000, 400_000, 800_000)
ITEMS = (10, 20, 50, 100, 200, 500)
LARGE = ((2_500_000, 1000), (10_000_000, 1000), (40_000_000, 1000), (100_000_000, 1000))
MB = 1e6
ATTRIBUTES = (
    "budget|deadline|phone extension|home town|favourite tea|review limit|room|deputy|licence|supplier".split(
        "|"
    )
)
SAID = (
    "{subject}'s {attribute} is {value}.", "{subject}, {attribute}: {value}.",
    "The {attribute} of {subject} was {old} until it became {value}.",
    "{subject} doesn't have {old} as {attribute} any more.", "Perhaps {subject} takes {value} as {attribute}.",
)  # fmt: skip


def made_up(count: int, chance: random.Random) -> Scenario:
    """The first scenario of the natural pack, with `count` made-up items in place of its own."""
    names = made_up_names(chance)
    items = tuple(item(n, next(names), names, chance) for n in range(count))
    return replace(load_pack("natural").scenarios[0], items=items, store={})


def item(n: int, subject: str, names: Iterator[str], chance: random.Random) -> Item:
    def value() -> Value:
        kind = chance.randrange(4)
        if kind == 0:
            return Value(text=f"{chance.randrange(100, 99_999)} euros", expect={})
        if kind == 1:
            return Value(text=f"{chance.randrange(1, 29)} {chance.choice(('March', 'May', 'June'))}", expect={})
        if kind == 2:
            return Value(text=f"{chance.randrange(2, 90)} days", expect={})
        name = next(names)
        return Value(text=f"{name} {next(names)}", aliases=(name,), expect={})

    return Item(
        id=f"i{n}", kind="update", subject=subject, subject_aliases=(subject[:-1],), question="?",
        attribute=ATTRIBUTES[n % len(ATTRIBUTES)], values=(value(), value()),
    )  # fmt: skip


def made_up_names(chance: random.Random) -> Iterator[str]:
    seen = set()
    while True:
        name = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3)).title() + "n"
        if name not in seen:
            seen.add(name)
            yield name


def plain_sentences() -> list[str]:
    said = (
        message.content
        for name in ("natural", "recorded")
        for scenario in load_pack(name).scenarios
        for step in scenario.steps
        if isinstance(step, Session)
        for message in step.messages
    )
    return [s.strip() + "." for text in said for s in text.replace("\n", " ").split(". ") if 20 < len(s) < 200]


class Writer:
    """Writes memories of a size."""

    def __init__(self, scenario: Scenario, chance: random.Random) -> None:
        self._items, self._chance, self._plain = scenario.items, chance, plain_sentences()

    def memory(self, size: int, file: int = FILE) -> Memory:
        """About `size` bytes in files of `file`."""
        return {
            f"notes/part-{n:04}.md": self._text(min(file, size - n * file))
            for n in range(math.ceil(size / file))
        }

    def _text(self, size: int) -> str:
        lines: list[str] = []
        written = 0
        while written < size:
            line = self._line(len(lines))
            lines.append(line)
            written += len(line.encode()) + 1
        return "\n".join(lines) + "\n"

    def _line(self, n: int) -> str:
        if n % 40 == 0:
            return f"\n## {self._chance.choice(self._items).subject}\n"
        if n % 10:
            bullet = "- " if n % 3 else ""
            return f"{bullet}{self._chance.choice(self._plain)}"
        one = self._chance.choice(self._items)
        old, new = (value.text for value in one.values)
        said = self._chance.choice(SAID)
        return "- " + said.format(subject=one.subject, attribute=one.attribute, value=new, old=old)


def size_of(memory: Memory) -> int:
    return sum(len(text.encode()) for text in memory.values())


def cpu(scorer: ScenarioScorer, memories: Sequence[Memory]) -> float:
    begun = time.process_time()
    for memory in memories:
        scorer.read(memory, scorer.scenario.nights[-1].id)
    return time.process_time() - begun


def grep(scenario: Scenario, memories: Sequence[Memory], folder: Path) -> float:
    """CPU seconds of grep; its output goes to a pipe, for into /dev/null it would stop at the first match."""
    values = {text for item in scenario.items for value in item.values for text in (value.text, *value.aliases)}
    (folder / "values").write_text("\n".join(sorted(values)) + "\n", "utf-8")
    (folder / "text").write_text("".join(text for memory in memories for text in memory.values()), "utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["grep", "-F", "-f", "values", "text"]
    found = subprocess.run(
        command, cwd=folder, env={**os.environ, "LC_ALL": "C"}, stdout=subprocess.PIPE, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if found.returncode > 1:
        raise SystemExit("grep failed")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rate(asked: argparse.Namespace, folder: Path) -> None:
    chance = random.Random(0)
    scenario = made_up(asked.items, chance)
    begun = time.process_time()
    scorer = ScenarioScorer(scenario)
    print(f"compile: {time.process_time() - begun:.3f} s for {asked.items} items")
    writer = Writer(scenario, chance)
    memories = [writer.memory(asked.kilobytes * 1000, asked.kilobytes * 1000) for _ in range(asked.memories)]
    share = len(memories) if asked.full else max(1, len(memories) // 20)
    found = []
    for n in range(1 if asked.full else asked.repetitions):
        mine = [memories[(n * share + k) % len(memories)] for k in range(share)]
        size = sum(map(size_of, mine)) / MB
        found.append((size / cpu(scorer, mine), size / grep(scenario, mine, folder)))
    scored, searched, ratio = (
        statistics.median(one) for one in zip(*((s, g, g / s) for s, g in found), strict=True)
    )
    of = f"{share} of {len(memories)} memories of {asked.kilobytes} kB, {asked.items} items"
    print(f"rate: {scored:.3f} MB/s on one core ({of}; median of {len(found)})")
    print(f"grep -F -f values: {searched:.1f} MB/s, {ratio:,.0f} times as fast")
    print(f"all {len(memories)}: {sum(map(size_of, memories)) / MB / scored:,.0f} s at this rate\n")


def growth(title: str, points: Sequence[tuple[int, int, int]], repetitions: int) -> None:
    """Points are (size on the axis, bytes of text, items)."""
    print(f"{title:>12}  files  items       MB  seconds   MB/s  compile s  peak MiB")
    seconds, compiling = [], []
    for axis, size, items in points:
        chance = random.Random(0)
        scenario = made_up(items, chance)
        memory = Writer(scenario, chance).memory(size)
        found = [fresh(scenario, memory) for _ in range(repetitions)]
        compiling.append(statistics.median(one for one, _ in found))
        seconds.append(statistics.median(one for _, one in found))
        megabytes = size_of(memory) / MB
        print(
            f"{axis:>12,}  {len(memory):>5}  {items:>5}  {megabytes:>7.2f}  {seconds[-1]:>7.2f}  "
            f"{megabytes / seconds[-1]:>5.3f}  {compiling[-1]:>9.2f}  {peak():>8,.0f}",
            flush=True,
        )
    sizes = [axis for axis, _, _ in points]
    last = exponent(sizes[-2:], seconds[-2:])
    print(f"exponent: {exponent(sizes, seconds):.3f} over all, {last:.3f} over the last two")
    if title == "items":
        last = exponent(sizes[-2:], compiling[-2:])
        print(f"exponent of compiling: {exponent(sizes, compiling):.3f} over all, {last:.3f} over the last two")
    print()


def fresh(scenario: Scenario, memory: Memory) -> tuple[float, float]:
    """Seconds of compiling and of reading, by a scorer that has read nothing yet."""
    begun = time.process_time()
    scorer = ScenarioScorer(scenario)
    return time.process_time() - begun, cpu(scorer, [memory])


def peak() -> float:
    """Resident MiB of this process at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    from scipy.stats import linregress

    return float(linregress([math.log(s) for s in sizes], [math.log(s) for s in seconds]).slope)


def profile(items: int) -> None:
    chance = random.Random(0)
    scenario = made_up(items, chance)
    memory = Writer(scenario, chance).memory(1_000_000)
    scorer = ScenarioScorer(scenario)
    with cProfile.Profile() as profiled:
        cpu(scorer, [memory])
    print(f"profile of 1 MB with {items} items")
    pstats.Stats(profiled).strip_dirs().sort_stats("tottime").print_stats(15)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--memories", type=int, default=1000)
    parser.add_argument("--kilobytes", type=int, default=20)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--full", action="store_true", help="all memories, and a store of up to 100 MB: long")
    parser.add_argument("--profile", action="store_true", help="where the time goes, and nothing else")
    asked = parser.parse_args()
    if asked.profile:
        profile(asked.items)
        return
    with tempfile.TemporaryDirectory() as name:
        rate(asked, Path(name))
    growth("bytes", [(size, size, asked.items) for size in TEXT], asked.repetitions)
    growth("items", [(items, 200_000, items) for items in ITEMS], asked.repetitions)
    if asked.full:
        growth("bytes", [(size, size, items) for size, items in LARGE], 1)


if __name__ == "__main__":
    main()
