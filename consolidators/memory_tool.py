"""The memory tool of Anthropic's API (memory_20250818) over a memory in this process.

Commands, replies and error texts are those of the tool's documentation; the paths are those of the memory,
under /memories. A folder is there as long as a file is in it. What would break the contract of a memory is
refused with an error that the model reads, as is a file too many, and a change that leaves more in the memory
than the night's write budget where there was less. Writing more in all than is allowed ends the night.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.memory import MEMORY_BYTES, check_memory, path_fault
from rembench.harness.night import BudgetError, Memory
from rembench.harness.tokens import memory_tokens

ROOT = "/memories"
TOOL: Mapping[str, str] = {"type": "memory_20250818", "name": "memory"}
"""The tool as it's given to the model."""
_MOST_LINES = 999_999
_LEVELS = 2
_AROUND = 2  # lines shown before and after a change
_NO_PATH = "The path {} does not exist. Please provide a valid path."


class ToolError(Exception):
    """A command that wasn't carried out; its text is the model's to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one night may write: bytes in all; files and tokens (None: no limit) in the memory."""

    written: int = 500_000
    files: int = 1000
    tokens: int | None = None


@dataclass(slots=True)
class MemoryTool:
    """A memory that's edited by commands. `log` has a line for each."""

    files: dict[str, str]
    bounds: Bounds = field(default_factory=Bounds)
    written: int = 0
    log: list[str] = field(default_factory=list)

    def run(self, given: object) -> tuple[str, bool]:
        """Carry out a command: the reply, and whether it's an error. BudgetError where too much is written."""
        about = _named(given)
        try:
            reply = self._carried_out(given if isinstance(given, dict) else {})
        except ToolError as wrong:
            self.log.append(one_line(f"{about}: {wrong}", 300))
            return str(wrong), True
        self.log.append(about)
        return reply, False

    def _carried_out(self, given: Mapping[str, Any]) -> str:
        commands = {
            "view": self._view, "create": self._create, "str_replace": self._replace,
            "insert": self._insert, "delete": self._delete, "rename": self._rename,
        }  # fmt: skip
        command = commands.get(str(given.get("command")))
        if command is None:
            raise ToolError(f"Error: Unknown command: {one_line(str(given.get('command')), 80)}")
        return command(given)

    def _view(self, given: Mapping[str, Any]) -> str:
        shown, path = _path(given, "path")
        if path in self.files:
            return self._content(shown, path, given.get("view_range"))
        if path and not self._is_folder(path):
            raise ToolError(_NO_PATH.format(shown))
        about = f"up to {_LEVELS} levels deep in {shown}, excluding hidden items and node_modules"
        lines = [f"{_size(self._bytes(path))}\t{shown}", *self._listed(path, _LEVELS)]
        return "\n".join([f"Here're the files and directories {about}:", *lines])

    def _content(self, shown: str, path: str, wanted: object) -> str:
        lines = _lines(self.files[path])
        if len(lines) > _MOST_LINES:
            raise ToolError(f"File {shown} exceeds maximum line limit of 999,999 lines.")
        first, last = _range(wanted, len(lines))
        return "\n".join([f"Here's the content of {shown} with line numbers:", *_numbered(lines, first, last)])

    def _create(self, given: Mapping[str, Any]) -> str:
        shown, path = _path(given, "path", file=True)
        text = _text(given, "file_text")
        if path in self.files or self._is_folder(path):
            raise ToolError(f"Error: File {shown} already exists")
        self._write(path, text, added=text)
        return f"File created successfully at: {shown}"

    def _replace(self, given: Mapping[str, Any]) -> str:
        shown, path = _path(given, "path")
        before = self._file(path, f"Error: {_NO_PATH.format(shown)}")
        old, new = _text(given, "old_str"), _text(given, "new_str", "")
        at = list(_places(before, old))
        if not at:
            raise ToolError(
                f"No replacement was performed, old_str `{old}` did not appear verbatim in {shown}."
            )
        if len(at) > 1:
            where = ", ".join(str(before.count("\n", 0, place) + 1) for place in at)
            raise ToolError(
                f"No replacement was performed. Multiple occurrences of old_str `{old}` in lines: {where}. "
                "Please ensure it is unique"
            )
        after = before[: at[0]] + new + before[at[0] + len(old) :]
        self._write(path, after, added=new)
        first = after.count("\n", 0, at[0]) + 1
        lines = _lines(after)
        snippet = _numbered(lines, max(1, first - _AROUND), first + new.count("\n") + _AROUND)
        return "\n".join(["The memory file has been edited.", *snippet])

    def _insert(self, given: Mapping[str, Any]) -> str:
        shown, path = _path(given, "path")
        lines = _lines(self._file(path, f"Error: The path {shown} does not exist"))
        at, text = given.get("insert_line"), _text(given, "insert_text")
        if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at <= len(lines):
            raise ToolError(
                f"Error: Invalid `insert_line` parameter: {at}. "
                f"It should be within the range of lines of the file: [0, {len(lines)}]"
            )
        made = [*lines[:at], *_lines(text), *lines[at:]]
        self._write(path, "".join(f"{line}\n" for line in made), added=text)
        return f"The file {shown} has been edited."

    def _delete(self, given: Mapping[str, Any]) -> str:
        shown, path = _path(given, "path", file=True)
        gone = self._under(path)
        if not gone:
            raise ToolError(f"Error: The path {shown} does not exist")
        for name in gone:
            del self.files[name]
        return f"Successfully deleted {shown}"

    def _rename(self, given: Mapping[str, Any]) -> str:
        (shown, old), (new_shown, new) = (
            _path(given, "old_path", file=True),
            _path(given, "new_path", file=True),
        )
        moved = self._under(old)
        if not moved:
            raise ToolError(f"Error: The path {shown} does not exist")
        if new in self.files or self._is_folder(new):
            raise ToolError(f"Error: The destination {new_shown} already exists")
        if new.startswith(f"{old}/"):
            raise ToolError(f"Error: {new_shown} is inside {shown}")
        self._keep({(new + name[len(old) :] if name in moved else name): t for name, t in self.files.items()})
        return f"Successfully renamed {shown} to {new_shown}"

    def _write(self, path: str, text: str, *, added: str) -> None:
        self.written += len(added.encode(errors="replace"))
        if self.written > self.bounds.written:
            raise BudgetError(f"more than {self.bounds.written} bytes were written in one night")
        made = {**self.files, path: text}
        most = self.bounds.tokens
        if len(made) > max(self.bounds.files, len(self.files)):
            raise ToolError(f"Error: There may be {self.bounds.files} files at most; nothing was changed")
        if most is not None and memory_tokens(self.files) < (tokens := memory_tokens(made)) > most:
            raise ToolError(
                f"Error: With this, the files would have {tokens} tokens in all, and {most} is the most; "
                "nothing was changed"
            )
        self._keep(made)

    def _keep(self, files: Memory) -> None:
        try:
            self.files = dict(check_memory(files, limit_bytes=MEMORY_BYTES))
        except ValueError as wrong:
            raise ToolError(f"Error: {wrong}; nothing was changed") from None

    def _file(self, path: str, missing: str) -> str:
        if path not in self.files:
            raise ToolError(missing)
        return self.files[path]

    def _under(self, path: str) -> list[str]:
        """The file at `path`, or all in the folder."""
        return [name for name in self.files if name == path or name.startswith(f"{path}/")]

    def _is_folder(self, path: str) -> bool:
        return any(name.startswith(f"{path}/") for name in self.files)

    def _bytes(self, path: str) -> int:
        return sum(len(self.files[name].encode()) for name in (self._under(path) if path else self.files))

    def _listed(self, path: str, levels: int) -> Iterator[str]:
        start = f"{path}/" if path else ""
        names = {n[len(start) :].partition("/")[0] for n in self.files if n.startswith(start)}
        for name in sorted(n for n in names if not n.startswith(".") and n != "node_modules"):
            inside = start + name
            is_folder = inside not in self.files
            yield f"{_size(self._bytes(inside))}\t{ROOT}/{inside}{'/' if is_folder else ''}"
            if is_folder and levels > 1:
                yield from self._listed(inside, levels - 1)


def _path(given: Mapping[str, Any], key: str, *, file: bool = False) -> tuple[str, str]:
    """A path as the model wrote it, and as the memory has it ("" for all of it, unless it's to be a file)."""
    shown = _text(given, key)
    inside = shown.rstrip("/")
    if inside == ROOT and not file:
        return shown, ""
    if not inside.startswith(f"{ROOT}/"):
        raise ToolError(f"Error: The path {one_line(shown, 300)} is not inside {ROOT}")
    path = inside[len(ROOT) + 1 :]
    if fault := path_fault(path):
        raise ToolError(f"Error: The path {one_line(shown, 300)} is not valid: {fault}")
    return shown, path


def _text(given: Mapping[str, Any], key: str, default: str | None = None) -> str:
    found = given.get(key, default)
    if not isinstance(found, str):
        raise ToolError(f"Error: `{key}` is missing, or no text")
    return found


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _range(wanted: object, lines: int) -> tuple[int, int]:
    """The first and the last line to show."""
    if wanted is None:
        return 1, lines
    numbers = wanted if isinstance(wanted, Sequence) and not isinstance(wanted, str) else ()
    if len(numbers) == 2 and all(isinstance(n, int) for n in numbers):
        first, last = max(1, numbers[0]), lines if numbers[1] == -1 else numbers[1]
        if first <= last or not lines:
            return first, min(last, lines)
    raise ToolError(f"Error: Invalid `view_range` parameter: {one_line(str(wanted), 80)}")


def _numbered(lines: Sequence[str], first: int, last: int) -> list[str]:
    return [f"{n:>6}\t{line}" for n, line in enumerate(lines[first - 1 : last], first)]


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _size(count: int) -> str:
    """Bytes as a person reads them: 0B, 512B, 1.5K."""
    size, units = float(count), ["B", "K", "M"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.0f}{units[0]}" if size == int(size) else f"{size:.1f}{units[0]}"


def _named(given: object) -> str:
    """A command in a few words."""
    if not isinstance(given, dict):
        return "no command"
    paths = [str(given[key]) for key in ("path", "old_path", "new_path") if key in given]
    return one_line(" ".join([str(given.get("command")), *paths]), 300)
