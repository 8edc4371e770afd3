"""The journal: nights.jsonl, one line for every finished night, on the disk before the next one starts.

A writer thread takes what has gathered, writes it and calls fsync once for all of it, so that a thousand
instant nights don't wait a thousand times for the disk. After kill -9 at most the last line is cut; it's
dropped when the run goes on.
"""

import errno
import json
import os
import queue
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Protocol, get_args

from rembench.harness.errors import UserError, one_line
from rembench.harness.files import locked, mend, plain
from rembench.harness.memory import check_memory
from rembench.harness.night import Memory
from rembench.harness.scenario.place import Place, parse
from rembench.harness.scenario.read_usage import read_usage
from rembench.harness.types import ChainKey, Failure, FailureType, NightRecord

JOURNAL = "nights.jsonl"
_LINE_BYTES = 64 * 2**20
_DAMAGED = "the journal is damaged: restore the file, or run again into another folder"
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
        self._path = plain(folder / JOURNAL)
        self._lock = locked(folder)
        if disk is None:
            mend(self._path)
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


def to_json(record: NightRecord) -> dict[str, Any]:
    """One journal line as JSON."""
    made = asdict(record)
    return made | {"memory": dict(record.memory) if record.memory is not None else None}


def read_journal(path: Path, of_run: Mapping[ChainKey, Collection[str]] | None = None) -> list[NightRecord]:
    """Every finished night, the last line for each one; a cut last line is left out.

    UserError with file and line for any other line that isn't a night, or not one of `of_run`, which
    has the ids of the run's nights by chain.
    """
    nights: dict[tuple[ChainKey, str], NightRecord] = {}
    if not plain(path).exists():
        return []
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(_LINE_BYTES + 1):
            number += 1
            if len(line) <= _LINE_BYTES and not line.endswith(b"\n"):
                break
            record = _record(line, f"{path}:{number}", of_run)
            nights[record.chain, record.night] = record
    return list(nights.values())


def _record(line: bytes, where: str, of_run: Mapping[ChainKey, Collection[str]] | None) -> NightRecord:
    try:
        if len(line) > _LINE_BYTES:
            raise UserError(f"longer than {_LINE_BYTES} bytes", where=where)
        top = parse(line.decode("utf-8"), where)
        record = _night(top)
        if of_run is not None and record.night not in of_run.get(record.chain, ()):
            raise top.error("not a night of this run")
    except UnicodeDecodeError as wrong:
        raise UserError(f"byte {wrong.start} isn't valid UTF-8", where=where, right=_DAMAGED) from None
    except UserError as wrong:
        raise UserError(str(wrong), right=_DAMAGED) from None
    return record


def _night(top: Place) -> NightRecord:
    top.object([f.name for f in fields(NightRecord)])
    memory, failure = top.given("memory"), top.given("failure")
    if (memory is None) == (failure is None):
        raise top.error("a night has either a memory or a failure")
    chain = top.to("chain")
    chain.object([f.name for f in fields(ChainKey)])
    return NightRecord(
        chain=ChainKey(
            consolidator=chain.to("consolidator").text(),
            scenario=chain.to("scenario").text(),
            repeat=chain.to("repeat").count(),
        ),
        night=top.to("night").text(),
        memory=_memory(memory) if memory else None,
        failure=_failure(failure) if failure else None,
        usage=read_usage(top.to("usage")),
        seconds=top.to("seconds").amount(),
        trace=tuple(line.text() for line in top.to("trace").each()),
    )


def _memory(place: Place) -> Memory:
    place.mapping()
    try:
        return check_memory(place.value)
    except ValueError as wrong:
        raise place.error(str(wrong)) from None


def _failure(place: Place) -> Failure:
    place.object([f.name for f in fields(Failure)])
    types = get_args(FailureType)
    kind: FailureType = types[types.index(place.to("type").choice(types))]
    return Failure(type=kind, message=one_line(place.to("message").text()))
