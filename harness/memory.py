"""What counts as a memory: relative POSIX paths to text, within limits."""

import re
from collections.abc import Mapping

from rembench.harness.errors import one_line
from rembench.harness.night import Memory

MEMORY_BYTES = 8 * 2**20
"""The most that the paths and texts of one memory may take, in UTF-8 bytes."""

MEMORY_FILES = 10_000
"""The most files that one memory may have."""

PATH_CHARACTERS = 255

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def check_memory(memory: object, *, limit_bytes: int = MEMORY_BYTES) -> Memory:
    """A copy of `memory` if it is one: relative POSIX paths to text, within the limits.

    Raises ValueError with one line that says which file is wrong and why.
    """
    if not isinstance(memory, Mapping):
        raise ValueError(f"a memory maps paths to texts, this is {type(memory).__name__}")
    if len(memory) > MEMORY_FILES:
        raise ValueError(f"{len(memory)} files, at most {MEMORY_FILES} are allowed")
    checked: dict[str, str] = {}
    size = 0
    for path, text in memory.items():
        if not isinstance(path, str):
            raise ValueError(f"a path is text, this is {type(path).__name__}")
        if wrong := path_fault(path):
            raise ValueError(one_line(f"invalid path {_quoted(path)}: {wrong}"))
        if wrong := _text_fault(text, limit_bytes):
            raise ValueError(one_line(f"file {_quoted(path)}: {wrong}"))
        size += len(path.encode()) + len(text.encode())
        if size > limit_bytes:
            raise ValueError(f"larger than {limit_bytes} bytes at file {_quoted(path)}")
        checked[path] = text
    _check_folders(checked)
    return checked


def path_fault(path: str) -> str | None:
    """Why `path` can't be a file of a memory, None when it can."""
    if len(path) > PATH_CHARACTERS:
        return f"longer than {PATH_CHARACTERS} characters"
    if _CONTROL.search(path) or _SURROGATE.search(path):
        return "control characters and lone surrogates aren't allowed"
    if "\\" in path:
        return "folders are separated by '/', not by a backslash"
    if path.startswith("/"):
        return "it must be relative, without a leading '/'"
    parts = path.split("/")
    if "" in parts:
        return "it has an empty part"
    if "." in parts or ".." in parts:
        return "'.' and '..' aren't allowed in it"
    return None


def _text_fault(text: object, limit_bytes: int) -> str | None:
    if not isinstance(text, str):
        return f"its content must be text, this is {type(text).__name__}"
    if len(text) > limit_bytes:
        return f"{len(text)} characters, a memory has at most {limit_bytes} bytes"
    if "\0" in text:
        return f"NUL at character {text.index(chr(0))}"
    if found := _SURROGATE.search(text):
        return f"lone surrogate at character {found.start()}, which isn't valid UTF-8"
    return None


def _check_folders(memory: Memory) -> None:
    for path in memory:
        at = path.find("/")
        while at >= 0:
            if path[:at] in memory:
                raise ValueError(
                    one_line(f"{_quoted(path[:at])} is both a file and the folder of {_quoted(path)}")
                )
            at = path.find("/", at + 1)


def _quoted(path: str) -> str:
    return repr(path if len(path) <= 80 else path[:79] + "…")
