"""The entries of an oracle's memory: one bullet each, with the item and the values that it states.

The restyles, mutants and injectors work on entries, so that a change is made to one statement and
nothing else. Only memories in the form of `rembench.harness.scenario.answers` have entries:

    - subject, attribute: value (condition)
    - subject, attribute: unsettled, either one or other
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rembench.harness.night import Memory
from rembench.harness.types import Item, Scenario, Stance, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One bullet of the file `path`: what it's about, what it states, and of which values of `item`.

    `stance` is what it conveys about them: held, retired or open.
    """

    path: str
    subject: str
    attribute: str
    stated: str
    item: Item
    values: tuple[int, ...]
    stance: Stance

    @property
    def line(self) -> str:
        """The bullet."""
        return f"- {self.subject}, {self.attribute}: {self.stated}"


def stated(value: Value) -> str:
    """A value as the oracle states it, with its condition in brackets."""
    return f"{value.text} ({value.condition.text})" if value.condition else value.text


def read_entries(scenario: Scenario, checkpoint: str, memory: Memory) -> tuple[Entry, ...]:
    """The entries of an oracle's memory; ValueError for a line that isn't one."""
    known = {(e.path, e.line): e for e in _possible(scenario, checkpoint, memory)}
    found = []
    for path in sorted(memory):
        for line in memory[path].splitlines():
            if (path, line) not in known:
                raise ValueError(f"{scenario.id} {checkpoint}: not an entry of {path}: {line!r}")
            found.append(known[path, line])
    return tuple(found)


def _possible(scenario: Scenario, checkpoint: str, memory: Memory) -> Iterable[Entry]:
    """Every entry that the oracle may have written, in any of the files."""
    for path in memory:
        for item in scenario.items:
            unsettled = _expected(item, checkpoint, "open")
            either = " or ".join(item.values[v].text for v in unsettled)
            if unsettled:
                for opening in ("either ", "perhaps "):
                    yield _entry(path, item, (unsettled, "open"), f"unsettled, {opening}{either}")
            for v in _expected(item, checkpoint, "held"):
                yield _entry(path, item, ((v,), "held"), stated(item.values[v]))


def _expected(item: Item, checkpoint: str, stance: Stance) -> tuple[int, ...]:
    return tuple(v for v, value in enumerate(item.values) if value.expect.get(checkpoint) == stance)


def _entry(path: str, item: Item, values: tuple[tuple[int, ...], Stance], said: str) -> Entry:
    return Entry(
        path=path, subject=item.subject, attribute=item.attribute, stated=said, item=item,
        values=values[0], stance=values[1],
    )  # fmt: skip


def write_entries(entries: Iterable[Entry]) -> Memory:
    """The memory of these entries, each in its file, in their order."""
    return write_lines((e.path, e.line) for e in entries)


def write_lines(lines: Iterable[tuple[str, str]]) -> Memory:
    """A memory from paths and lines, sorted by path."""
    files: dict[str, list[str]] = {}
    for path, line in lines:
        files.setdefault(path, []).append(f"{line}\n")
    return {path: "".join(files[path]) for path in sorted(files)}


def with_history(entries: Sequence[Entry], scenario: Scenario, checkpoint: str) -> tuple[Entry, ...]:
    """The entries with what came before: "Tallow 112, formerly Wet Slate 47", where one value is held."""
    alone: Mapping[str, int] = _counts(entries)
    result = []
    for entry in entries:
        past = _past(entry.item, scenario, checkpoint)
        if entry.stance == "held" and past and alone[entry.item.id] == 1 and entry.item.kind == "update":
            result.append(replace(entry, stated=f"{entry.stated}, formerly {past}"))
        else:
            result.append(entry)
    return tuple(result)


def _counts(entries: Sequence[Entry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.item.id] = counts.get(entry.item.id, 0) + 1
    return counts


def _past(item: Item, scenario: Scenario, checkpoint: str) -> str | None:
    """A value that's expected retired and was held at an earlier checkpoint."""
    earlier = [night.id for night in scenario.nights]
    earlier = earlier[: earlier.index(checkpoint)]
    for value in item.values:
        if value.expect.get(checkpoint) == "retired" and any(value.expect.get(c) == "held" for c in earlier):
            return value.text
    return None
