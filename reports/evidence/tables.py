"""Tables of strings, files and messages that the evidence points into, so that nothing is written twice."""

from collections.abc import Sequence
from typing import Any

from rembench.harness.night import Memory
from rembench.harness.types import EvidenceRef, Item, Scenario
from rembench.reports.requests import Request, deletion_request

TEXT_CHARACTERS = 2_500_000
"""Of a chain, whole memories are kept up to this many distinct characters; then only what's near a quote."""

MESSAGE_CHARACTERS = 4_000
_NEAR_LINES = 3
_LINE_CHARACTERS = 600


class Strings:
    """Distinct strings by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.characters = 0

    def add(self, text: str | None) -> int:
        """The number of `text`; -1 for None."""
        if text is None:
            return -1
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._numbers)
            self.characters += len(text)
        return number

    def lines(self, text: str) -> list[int]:
        """The numbers of the lines of `text`, which are what stands between line feeds."""
        return [self.add(line) for line in text.split("\n")]

    def rows(self) -> list[str]:
        """All strings, in the order of their numbers."""
        return list(self._numbers)


class Rows:
    """Distinct rows by number; a row's key decides whether it's there already."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self.rows: list[list[Any]] = []

    def find(self, key: Any) -> int | None:
        """The number of the row of `key`, None if there's none yet."""
        return self._numbers.get(key)

    def add(self, key: Any, row: list[Any]) -> int:
        """Add the row of a key; its number."""
        self._numbers[key] = len(self.rows)
        self.rows.append(row)
        return len(self.rows) - 1


class Files:
    """Memory files: `[path, number of the first line, lines]`; the same file is kept once."""

    def __init__(self, strings: Strings) -> None:
        self._strings = strings
        self.table = Rows()

    def whole(self, memory: Memory) -> list[int] | None:
        """The files of a memory, None once there's more text than a page should load."""
        if self._strings.characters > TEXT_CHARACTERS:
            return None
        return [self._add(path, memory[path], 1) for path in sorted(memory)]

    def place(self, path: str, text: str, start: int, end: int) -> list[int]:
        """`[file, start, end]` of a span, in UTF-16 units of the text that's kept of the file."""
        number = self.table.find((path, text))
        if number is not None:
            return [number, _units(text[:start]), _units(text[:end])]
        first, last = _window(text, start, end)
        kept = text[first:last]
        line = 1 + text.count("\n", 0, first)
        return [self._add(path, kept, line), _units(text[first:start]), _units(text[first:end])]

    def _add(self, path: str, text: str, line: int) -> int:
        key = (path, text) if line == 1 else (path, text, line)
        number = self.table.find(key)
        if number is not None:
            return number
        return self.table.add(key, [self._strings.add(path), line, self._strings.lines(text)])


class Messages:
    """Source messages and requests: `[where, date, role, lines]`."""

    def __init__(self, strings: Strings) -> None:
        self._strings = strings
        self._requests: dict[tuple[str, int], Request | None] = {}
        self.table = Rows()

    def source(self, scenario: Scenario, ref: EvidenceRef) -> int:
        """The message that a value was read from."""
        session = next(s for s in scenario.sessions if s.id == ref.session)
        message = session.messages[ref.message]
        role = f"{message.role} ({message.name})" if message.name else message.role
        return self._add((ref.session, ref.message), session.at, role, message.content)

    def request(self, scenario: Scenario, item: Item, value: int) -> int:
        """The message that asked for a value's deletion, -1 for none."""
        key = (item.id, value)
        if key not in self._requests:
            self._requests[key] = deletion_request(scenario, item, value)
        found = self._requests[key]
        if found is None:
            return -1
        role = "user" if found.probable else "request outside a session"
        return self._add((found.source, found.message), found.at, role, found.text)

    def _add(self, key: tuple[str, int | None], at: str, role: str, text: str) -> int:
        number = self.table.find(key)
        if number is not None:
            return number
        source, message = key
        where = source if message is None else f"{source}#{message}"
        cut = text if len(text) <= MESSAGE_CHARACTERS else f"{text[:MESSAGE_CHARACTERS]} …"
        add = self._strings.add
        return self.table.add(key, [add(where), add(at), add(role), self._strings.lines(cut)])


class ScenarioTables:
    """What the evidence shows of a scenario, whoever consolidated it: all planted values and their messages."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._strings = Strings()
        self._messages = Messages(self._strings)
        self.numbers = {
            (item.id, value): number
            for number, (item, value) in enumerate((i, v) for i in scenario.items for v in range(len(i.values)))
        }

    def to_json(self) -> dict[str, Any]:
        """All tables; a value's row is at its place in `numbers`."""
        one = self._scenario
        values = [self._value(item, value) for item in one.items for value in range(len(item.values))]
        return {
            "id": one.id,
            "title": one.title,
            "values": values,
            "messages": self._messages.table.rows,
            "strings": self._strings.rows(),
        }

    def _value(self, item: Item, value: int) -> list[Any]:
        one, add = item.values[value], self._strings.add
        words: Sequence[str | None] = (
            item.id, item.kind, item.tactic, item.subject, item.attribute, one.text,
            one.condition.text if one.condition else None,
        )  # fmt: skip
        sources = [self._messages.source(self._scenario, ref) for ref in one.evidence]
        request = -1
        if "absent" in one.expect.values():
            request = self._messages.request(self._scenario, item, value)
        return [*(add(word) for word in words), sources, request]


def _units(text: str) -> int:
    """UTF-16 units, which is what JavaScript counts in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The lines round a span, cut where they're very long."""
    first, last = start, end
    for _ in range(_NEAR_LINES):
        first = text.rfind("\n", 0, max(0, first - 1)) + 1 if first else 0
        found = text.find("\n", last + 1)
        last = found if found >= 0 else len(text)
    return max(first, start - _LINE_CHARACTERS), min(last, end + _LINE_CHARACTERS)
