"""Memories that were made elsewhere, in a file of JSON Lines or in folders: what `replay` reads.

    {"scenario": text, "night": text, "repeat": number, "memory": {path: text},
     "usage": {...}, "seconds": number}

is a line; `repeat` is 0 where it isn't said, `usage` unknown, `seconds` isn't used, keys that begin with
"x_" are anybody's own. Or the lines are those of a run's nights.jsonl, of which a consolidator is chosen.

    FOLDER/SCENARIO/NIGHT/...            the files of a memory, in folders or not
    FOLDER/SCENARIO/REPEAT/NIGHT/...

Nothing is taken on trust: no link is followed, and only plain files of UTF-8 are read, up to a memory's size.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from rembench.consolidators import foreign_json
from rembench.harness.errors import UserError, unknown_name
from rembench.harness.memory import MEMORY_BYTES, MEMORY_FILES, check_memory
from rembench.harness.night import (
    BudgetError,
    Consolidation,
    ConsolidatorError,
    CutOffError,
    InvalidOutputError,
    ProviderError,
    RefusalError,
    Usage,
)

LINE_BYTES = 8 * MEMORY_BYTES
"""The most that a line may take: JSON writes some characters as six."""

_JOURNAL, _RECORD = "nights.jsonl", "run.json"
_LISTED = 12  # names in a message
_LINE_KEYS = (("scenario", "night", "memory"), ("repeat", "usage", "seconds"))
_NIGHT_KEYS = (("chain", "night", "memory", "failure"), ("usage", "seconds", "trace"))
_CHAIN_KEYS = ("consolidator", "scenario", "repeat")
_FAILURES: Mapping[str, type[ConsolidatorError]] = {
    "provider": ProviderError, "refusal": RefusalError, "cut_off": CutOffError, "budget": BudgetError
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """One memory: a night of a scenario, for the first time where `repeat` is 0."""

    scenario: str
    repeat: int
    night: str


class Recordings(Protocol):
    """Memories by scenario, repeat and night."""

    @property
    def scenarios(self) -> frozenset[str]:
        """The names of the scenarios that there's something of."""
        ...

    def read(self, which: Which) -> Consolidation:
        """One of them; InvalidOutputError, that says what's wrong or where it should be, if it can't be."""
        ...


def open_recordings(place: str, consolidator: str = "") -> Recordings:
    """What lies at `place`: a file, a run's folder, or folders. UserError if it's none of these, or faulty."""
    path = Path(place)
    try:
        path = path / _JOURNAL if (path / _RECORD).is_file() else path
        found = path.stat()
    except (OSError, ValueError) as wrong:
        what = f"can't be read: {getattr(wrong, 'strerror', None) or wrong}"
        raise UserError(what, where=place, right="replay:path=FOLDER or replay:path=FILE.jsonl") from None
    if stat.S_ISDIR(found.st_mode):
        if consolidator:
            raise UserError("consolidator= is for a run's nights.jsonl", where=place, right="leave it out")
        return Folders(path)
    if not stat.S_ISREG(found.st_mode):
        raise UserError("isn't a plain file", where=place, right="a folder, or a file of JSON Lines")
    lines = _indexed(path.resolve(), (found.st_size, found.st_mtime_ns))
    return Lines(path, lines[_chosen(consolidator, lines, str(path))])


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line stands: its number, and its bytes [start, end)."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Memories in a file of JSON Lines, read one at a time."""

    path: Path
    lines: Mapping[Which, _Line]

    @property
    def scenarios(self) -> frozenset[str]:
        """As the lines say."""
        return frozenset(which.scenario for which in self.lines)

    def read(self, which: Which) -> Consolidation:
        """The memory of one line."""
        line = self.lines.get(which)
        if line is None:
            raise InvalidOutputError(self._missing(which))
        where = f"{self.path}:{line.number}"
        try:
            with self.path.open("rb") as file:
                file.seek(line.start)
                entry = _entry(file.read(line.end - line.start))
            if entry.which != which:
                raise ValueError("another night stands there since the run was begun")
            if entry.failure is not None:
                raise entry.failure
            return Consolidation(memory=check_memory(entry.memory), usage=entry.usage)
        except OSError as wrong:
            raise InvalidOutputError(f"{where}: can't be read: {wrong.strerror}") from None
        except ValueError as wrong:
            raise InvalidOutputError(f"{where}: {wrong}") from None

    def _missing(self, which: Which) -> str:
        there = sorted(
            one.night for one in self.lines if (one.scenario, one.repeat) == (which.scenario, which.repeat)
        )
        repeat = f', "repeat": {which.repeat}' if which.repeat else ""
        wanted = f'"scenario": "{which.scenario}"{repeat}, "night": "{which.night}"'
        return f"{self.path}: no line with {wanted}; nights of it there: {_listed(there)}"


@dataclass(frozen=True, slots=True)
class Folders:
    """Memories as files, read one at a time."""

    path: Path

    @property
    def scenarios(self) -> frozenset[str]:
        """The folders that there are."""
        try:
            return frozenset(one.name for one in self.path.iterdir() if _is_folder(one))
        except OSError as wrong:
            raise UserError(f"can't be read: {wrong.strerror}", where=str(self.path)) from None

    def read(self, which: Which) -> Consolidation:
        """The memory in one folder."""
        scenario = self.path / which.scenario
        places = [scenario / str(which.repeat) / which.night]
        if which.repeat == 0:
            places.insert(0, scenario / which.night)
        try:
            there = [place for place in places if _is_folder(scenario, place.parent, place)]
            if len(there) == 1:
                return Consolidation(memory=check_memory(read_folder(there[0])), usage=Usage())
        except OSError as wrong:
            raise InvalidOutputError(f"{wrong.filename}: can't be read: {wrong.strerror}") from None
        except ValueError as wrong:
            raise InvalidOutputError(str(wrong)) from None
        if there:
            raise InvalidOutputError(f"both {places[0]} and {places[1]} are there")
        raise InvalidOutputError(f"no folder {' or '.join(map(str, places))} (links aren't followed)")


def read_folder(folder: Path) -> dict[str, str]:
    """The files of a memory, by their paths below `folder`. ValueError for what isn't a memory's; OSError."""
    found: dict[str, str] = {}
    entries, size = 0, 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as inside:
            for entry in inside:
                entries += 1
                if entries > MEMORY_FILES:
                    raise ValueError(f"{folder}: more than {MEMORY_FILES} files and folders")
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                    continue
                data = _bytes(Path(entry.path), MEMORY_BYTES - size)
                size += len(data)
                found[Path(entry.path).relative_to(folder).as_posix()] = _text(data, entry.path)
    return dict(sorted(found.items()))


def _bytes(path: Path, most: int) -> bytes:
    """The content of a plain file; a link isn't followed, a pipe not waited for."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError(f"{path}: isn't a plain file")
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{path}: a memory has at most {MEMORY_BYTES} bytes")
    return data


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise ValueError(f"{where}: byte {wrong.start} isn't valid UTF-8") from None


def _is_folder(*paths: Path) -> bool:
    """Whether all of these are folders, none of them by a link."""
    try:
        return all(stat.S_ISDIR(path.lstat().st_mode) for path in paths)
    except FileNotFoundError:
        return False


@lru_cache(maxsize=8)
def _indexed(path: Path, _state: tuple[int, int]) -> Mapping[str, Mapping[Which, _Line]]:
    """Where every night of a file stands, by consolidator, "" for lines without; the file is read once."""
    found: dict[str, dict[Which, _Line]] = {}
    journal: bool | None = None
    for line, data in _read_lines(path):
        where = f"{path}:{line.number}"
        try:
            entry = _entry(data)
            if journal not in (None, entry.consolidator is not None):
                raise ValueError("lines of a run's journal and others aren't mixed")
        except ValueError as wrong:
            raise UserError(str(wrong), where=where) from None
        journal = entry.consolidator is not None
        mine = found.setdefault(entry.consolidator or "", {})
        if entry.which in mine and not journal:  # in a journal the last line is the one that counts
            what = f"this night is there already, in line {mine[entry.which].number}"
            raise UserError(what, where=where, right="one line a night")
        mine[entry.which] = line
    if not found:
        raise UserError("has no line", where=str(path), right="one JSON object a line, one line a night")
    return found


def _read_lines(path: Path) -> Iterator[tuple[_Line, bytes]]:
    start = number = 0
    try:
        with path.open("rb") as file:
            while data := file.readline(LINE_BYTES + 1):
                number += 1
                if len(data) > LINE_BYTES:
                    raise UserError(f"longer than {LINE_BYTES} bytes", where=f"{path}:{number}")
                if data.strip():
                    yield _Line(number, start, start + len(data)), data
                start += len(data)
    except OSError as wrong:
        raise UserError(f"can't be read: {wrong.strerror}", where=str(path)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What a line says; `memory` isn't looked at yet."""

    which: Which
    consolidator: str | None
    memory: Any
    usage: Usage
    failure: ConsolidatorError | None


def _entry(data: bytes) -> _Entry:
    """The entry of a line; ValueError for what isn't of the shape."""
    value = foreign_json.parse(data)
    journal = isinstance(value, dict) and "chain" in value
    top = foreign_json.read_object(value, "", *(_NIGHT_KEYS if journal else _LINE_KEYS))
    of = foreign_json.read_object(top["chain"], "chain", _CHAIN_KEYS) if journal else top
    usage = foreign_json.usage(top["usage"], "usage") if top.get("usage") is not None else Usage()
    failure = top.get("failure")
    if failure is None:
        foreign_json.mapping(top["memory"], "memory")
    return _Entry(
        which=Which(
            scenario=foreign_json.text(of["scenario"], "scenario"),
            repeat=foreign_json.whole(of.get("repeat", 0), "repeat"),
            night=foreign_json.text(top["night"], "night"),
        ),
        consolidator=foreign_json.text(of["consolidator"], "consolidator") if journal else None,
        memory=top["memory"],
        usage=usage,
        failure=None if failure is None else _failure(failure, usage),
    )


def _failure(value: object, usage: Usage) -> ConsolidatorError:
    """The failure that a run has noted, of the same type where a consolidator can fail so."""
    noted = foreign_json.read_object(value, "failure", ("type", "message"))
    kind = foreign_json.text(noted["type"], "failure.type")
    message = foreign_json.text(noted["message"], "failure.message")
    made = _FAILURES.get(kind, InvalidOutputError)
    return made(message if kind in _FAILURES else f"the night had failed ({kind}): {message}", usage=usage)


def _chosen(name: str, known: Mapping[str, object], where: str) -> str:
    """The consolidator whose nights are meant: by its name, or by the part before its options."""
    if "" in known:
        if name:
            raise UserError("its lines name no consolidator", where=where, right="leave consolidator= out")
        return ""
    if not name and len(known) > 1:
        right = f"choose with consolidator=NAME: {', '.join(sorted(known))}"
        raise UserError(f"has nights of {len(known)} consolidators", where=where, right=right)
    fitting = [one for one in known if not name or one == name or one.partition(":")[0] == name]
    exact = [one for one in fitting if one == name]
    if len(exact or fitting) != 1:
        raise unknown_name("consolidator", name, known, where=where)
    return (exact or fitting)[0]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more or "none"
