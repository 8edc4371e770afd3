"""Files: only plain ones are read, for a pipe blocks and a device never ends; none is left half-written."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from rembench.harness.errors import UserError

TEXT_BYTES = 64 * 2**20
"""The most that a text file may take."""


def plain(path: Path) -> Path:
    """`path`, if nothing or a plain file is there; UserError for anything else."""
    if path.exists() and not path.is_file():
        raise UserError("isn't a plain file", where=str(path))
    return path


def read_plain(path: Path) -> str:
    """The text of a plain file; UserError for what isn't one, OSError if it can't be read."""
    with plain(path).open("rb") as file:
        data = file.read(TEXT_BYTES + 1)
    if len(data) > TEXT_BYTES:
        raise UserError("too large", where=str(path), right=f"at most {TEXT_BYTES} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} isn't valid UTF-8", where=str(path)) from None


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place at the end; gone if it comes to that.

    UserError where something is that isn't a plain file: a device or a folder is never replaced.
    """
    plain(path)
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
        partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def locked(folder: Path) -> IO[bytes]:
    """The run folder, held against every other process until this is closed; UserError where one has it."""
    handle = plain(folder / ".lock").open("wb")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise UserError(
            "another rembench is writing to this run folder",
            where=str(folder),
            right="wait for it, or give -o",
        ) from None
    return handle


def mend(path: Path) -> None:
    """Cut off a last line that kill -9 left unfinished."""
    if not path.exists():
        return
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    if end != len(data):
        os.truncate(path, end)


def append_line(path: Path, line: bytes) -> None:
    """Have a line on the disk, or nothing of it and OSError."""
    with path.open("ab", buffering=0) as out:
        before = out.tell()
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[out.write(rest) or 0 :]
            os.fsync(out.fileno())
        except OSError:
            with suppress(OSError):
                out.truncate(before)
            raise
