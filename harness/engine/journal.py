"""The journal: nights.jsonl, one line for every finished night, on the disk before the next one starts.

A writer thread takes what has gathered, writes it and calls fsync once for all of it, so that a thousand
instant nights don't wait a thousand times for the disk. After kill -9 at most the last line is cut; it's
dropped when the run is resumed.
"""

import errno
import fcntl
import json
import os
import queue
import threading
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Protocol

from rembench.harness.errors import UserError
from rembench.harness.night import Usage
from rembench.harness.types import ChainKey, Failure, NightRecord

JOURNAL = "nights.jsonl"
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO})


class Disk(Protocol):
    """What the journal needs of a file: tests give one that's full."""

    def write(self, data: bytes, /) -> int | None:
        """Append bytes; how many were taken."""

    def flush(self) -> None:
        """Hand over what's buffered."""

    def fileno(self) -> int:
        """The number to fsync."""

    def truncate(self, size: int, /) -> int:
        """Cut to `size` bytes."""

    def close(self) -> None:
        """Let go of the file."""


class Journal:
    """Appends finished nights to a run folder's journal; only one process at a time may."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._path = folder / JOURNAL
        self._lock = _lock(folder)
        self._disk: Disk = disk or self._path.open("ab", buffering=0)
        self._size = self._path.stat().st_size if self._path.exists() else 0
        self._broken: UserError | None = None
        self._waiting: queue.SimpleQueue[tuple[bytes, Future[None]] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    def append(self, record: NightRecord) -> "Future[None]":
        """A future that's done when the night is on the disk; UserError in it when the disk is full."""
        future: Future[None] = Future()
        line = json.dumps(to_json(record), ensure_ascii=False, sort_keys=True, allow_nan=False)
        self._waiting.put((line.encode() + b"\n", future))
        return future

    def close(self) -> None:
        """Write what's waiting and let go of the folder."""
        self._waiting.put(None)
        self._writer.join()
        self._disk.close()
        self._lock.close()

    def _write(self) -> None:
        last = False
        while not last:
            batch, last = self._batch()
            if not batch:
                continue
            self._commit(b"".join(line for line, _ in batch))
            for _, future in batch:
                if not future.set_running_or_notify_cancel():
                    continue
                if self._broken is None:
                    future.set_result(None)
                else:
                    future.set_exception(self._broken)

    def _batch(self) -> tuple[list[tuple[bytes, "Future[None]"]], bool]:
        batch: list[tuple[bytes, Future[None]]] = []
        item = self._waiting.get()
        while True:
            if item is None:
                return batch, True
            batch.append(item)
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False

    def _commit(self, data: bytes) -> None:
        if self._broken is not None:
            return
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._disk.write(bytes(rest)) or 0 :]
            self._disk.flush()
            os.fsync(self._disk.fileno())
        except OSError as wrong:
            self._give_up(wrong)
        else:
            self._size += len(data)

    def _give_up(self, wrong: OSError) -> None:
        """Take back the half-written line; what was journalled before is safe."""
        reason = "the disk is full" if wrong.errno in _FULL else (wrong.strerror or str(wrong))
        self._broken = UserError(
            f"can't write the journal: {reason}",
            where=str(self._path),
            right="the nights finished before are safe: make room and go on with --resume",
        )
        try:
            self._disk.truncate(self._size)
        except OSError:
            return


def _lock(folder: Path) -> IO[bytes]:
    handle = (folder / ".lock").open("wb")
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


def to_json(record: NightRecord) -> dict[str, Any]:
    """One journal line as JSON."""
    made = asdict(record)
    return made | {"memory": dict(record.memory) if record.memory is not None else None}


def read_journal(path: Path) -> list[NightRecord]:
    """Every finished night, the last line for each one; a cut last line is left out.

    Raises UserError with file and line for any other line that isn't a night.
    """
    nights: dict[tuple[ChainKey, str], NightRecord] = {}
    if not path.exists():
        return []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                break
            record = _record(line, f"{path}:{number}")
            nights[record.chain, record.night] = record
    return list(nights.values())


def mend(path: Path) -> None:
    """Cut off a last line that kill -9 left unfinished."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole != len(data):
        os.truncate(path, whole)


def _record(line: bytes, where: str) -> NightRecord:
    try:
        raw = json.loads(line)
        failure = raw["failure"]
        return NightRecord(
            chain=ChainKey(**raw["chain"]),
            night=raw["night"],
            memory=raw["memory"],
            failure=Failure(**failure) if failure else None,
            usage=Usage(**raw["usage"]),
            seconds=float(raw["seconds"]),
            trace=tuple(raw["trace"]),
        )
    except (ValueError, KeyError, TypeError) as wrong:
        raise UserError(
            f"not a journalled night ({type(wrong).__name__})",
            where=where,
            right="the journal is damaged: restore the file, or run again into another folder",
        ) from None
