"""The oracle's writer: the memory that a perfect consolidator would leave at a checkpoint.

One bullet for every value expected `held` (with its condition), one for every item with values expected
`open`, nothing for what should be retired or absent; a file for every subject, or where `where` wants it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from rembench.harness.answer_key import AnswerKey
from rembench.harness.night import Memory
from rembench.harness.scenario.handover import chain_name
from rembench.harness.types import Item, Scenario, Value


def oracle_memory(scenario: Scenario, checkpoint: str) -> Memory:
    """The right memory at `checkpoint`: path → text, sorted by path."""
    files: dict[str, list[str]] = {}
    for item in scenario.items:
        for path, line in _lines(item, checkpoint):
            files.setdefault(path, []).append(line)
    return {path: "".join(f"{line}\n" for line in files[path]) for path in sorted(files)}


def answer_key(scenarios: Iterable[Scenario], seed: int, repeats: int) -> AnswerKey:
    """The right memories of every night of every chain of a run."""
    return AnswerKey(
        {
            chain_name(seed, scenario.id, repeat): {
                night.id: oracle_memory(scenario, night.id) for night in scenario.nights
            }
            for scenario in scenarios
            for repeat in range(repeats)
        }
    )


def _lines(item: Item, checkpoint: str) -> Iterator[tuple[str, str]]:
    held = [v for v in item.values if v.expect.get(checkpoint) == "held"]
    unsettled = [v for v in item.values if v.expect.get(checkpoint) == "open"]
    for value in held:
        yield store_path(item, value), f"- {_about(item)}: {_stated(value)}"
    if unsettled:
        either = " or ".join(v.text for v in unsettled)
        yield (
            store_path(item, unsettled[0]),
            f"- {_about(item)}: unsettled, {_either(unsettled)}{either}",
        )


def _either(values: Sequence[Value]) -> str:
    return "either " if len(values) > 1 else "perhaps "


def _about(item: Item) -> str:
    return f"{item.subject}, {item.attribute}"


def _stated(value: Value) -> str:
    return f"{value.text} ({value.condition.text})" if value.condition else value.text


def store_path(item: Item, value: Value) -> str:
    """Where the oracle writes a value: a path made from its `where`, or the subject's file."""
    if value.where:
        return re.sub(r"\*+", "memory", value.where.replace("?", "x")).removesuffix("/")
    plain = unicodedata.normalize("NFKD", item.subject).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "memory"
    return f"memory/{slug}.md"
