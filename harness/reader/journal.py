"""The readers' journal: answers.jsonl, a line for every reader and for every call, on the disk when it's over.

    {"reader": {...}}    who reads from here on; the newest line of a name counts, and the calls after it
    {"call": {...}}      what came of one call

A line is appended and synced before the call counts as made: after kill -9 at most the last one is cut, and
it's dropped when the reading goes on. What's read here is believed in nothing: every line is checked.
"""

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

from rembench.harness.errors import UserError, one_line
from rembench.harness.files import append_line, locked, mend, plain
from rembench.harness.reader.calls import FAULTS, CallFault, Fault, ReaderCall, Subject
from rembench.harness.reader.text import Source
from rembench.harness.scenario.place import Place, parse
from rembench.harness.scenario.read_usage import read_usage

ANSWERS = "answers.jsonl"
_LINE_BYTES = 64 * 2**20
_DAMAGED = "the readers' journal is damaged: restore the file, or remove it and ask again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRecord:
    """How a reader was asked. `spec` makes it again, None where it holds a secret."""

    name: str
    spec: str | None
    rembench: str
    created: str
    seed: int
    options: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """What the journal holds: the readers by name, in the order in which they came, and their calls."""

    records: Mapping[str, ReaderRecord] = field(default_factory=dict)
    calls: Mapping[str, tuple[ReaderCall, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What may be asked about in a scenario: its checkpoints, and the ids of its items."""

    checkpoints: Collection[str]
    items: Collection[str]


class ReaderJournal:
    """Appends to a run folder's answers.jsonl; only one process at a time may."""

    def __init__(self, folder: Path) -> None:
        self._path = plain(folder / ANSWERS)
        self._lock = locked(folder)
        self._one_at_a_time = threading.Lock()
        mend(self._path)

    def begin(self, record: ReaderRecord) -> None:
        """Note who reads from here on."""
        self._append({"reader": asdict(record)})

    def append(self, call: ReaderCall) -> None:
        """Note what came of a call; it's on the disk when this returns. UserError where it can't be written."""
        self._append({"call": asdict(call)})

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.close()

    def _append(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps(entry, ensure_ascii=False, sort_keys=True, allow_nan=False)
        with self._one_at_a_time:
            try:
                append_line(self._path, line.encode() + b"\n")
            except OSError as wrong:
                raise UserError(
                    f"can't be written: {wrong.strerror}",
                    where=str(self._path),
                    right="the answers before are safe: make room and ask again, nothing is asked twice",
                ) from None


def read_answers(folder: Path, of_run: Mapping[str, Known] | None = None) -> Readers:
    """The readers of a run and their calls; a cut last line is left out.

    UserError with file and line for any other line that isn't one, or doesn't fit `of_run`, which has what may
    be asked about by scenario.
    """
    path = plain(folder / ANSWERS)
    records: dict[str, ReaderRecord] = {}
    calls: dict[str, list[ReaderCall]] = {}
    if not path.exists():
        return Readers()
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(_LINE_BYTES + 1):
            number += 1
            if len(line) <= _LINE_BYTES and not line.endswith(b"\n"):
                break
            try:
                _take(_parsed(line, f"{path}:{number}"), records, calls, of_run)
            except UserError as wrong:
                raise UserError(str(wrong), right=_DAMAGED) from None
    return Readers(records=records, calls={name: tuple(found) for name, found in calls.items()})


def _parsed(line: bytes, where: str) -> Place:
    if len(line) > _LINE_BYTES:
        raise UserError(f"longer than {_LINE_BYTES} bytes", where=where)
    try:
        return parse(line.decode("utf-8"), where)
    except UnicodeDecodeError as wrong:
        raise UserError(f"byte {wrong.start} isn't valid UTF-8", where=where) from None


def _take(
    top: Place,
    records: dict[str, ReaderRecord],
    calls: dict[str, list[ReaderCall]],
    of_run: Mapping[str, Known] | None,
) -> None:
    top.object([], ["reader", "call"])
    reader, call = top.given("reader"), top.given("call")
    if (reader is None) == (call is None):
        raise top.error("a line has either a reader or a call")
    if reader is not None:
        record = _record(reader)
        records[record.name], calls[record.name] = record, []
    if call is not None:
        found = _call(call)
        if found.reader not in records:
            raise call.to("reader").error("isn't introduced by a line before")
        if of_run is not None and not _fits(found, of_run):
            raise call.error("not a question of this run")
        calls[found.reader].append(found)


def _fits(call: ReaderCall, of_run: Mapping[str, Known]) -> bool:
    known = of_run.get(call.subject.scenario)
    return (
        known is not None
        and call.subject.checkpoint in known.checkpoints
        and all(item in known.items for item in call.items)
    )


def _record(place: Place) -> ReaderRecord:
    place.object([f.name for f in fields(ReaderRecord)])
    spec = place.given("spec")
    return ReaderRecord(
        name=place.to("name").words(),
        spec=spec.words() if spec else None,
        rembench=place.to("rembench").text(),
        created=place.to("created").text(),
        seed=place.to("seed").count(),
        options=_texts(place.to("options")),
        prompts=_texts(place.to("prompts")),
    )


def _texts(place: Place) -> Mapping[str, str]:
    return {key: place.to(key).text() for key in place.mapping()}


def _call(place: Place) -> ReaderCall:
    place.object([f.name for f in fields(ReaderCall)])
    reply, fault, recalled, model = (place.given(name) for name in ("reply", "fault", "recalled", "model"))
    if (reply is None) == (fault is None):
        raise place.error("a call has either a reply or a fault")
    items = place.to("items").texts()
    if not items or len(set(items)) < len(items):
        raise place.to("items").error("every item once, and at least one")
    return ReaderCall(
        reader=place.to("reader").words(),
        subject=_subject(place.to("subject")),
        items=items,
        code=place.to("code").text(),
        reply=reply.text() if reply else None,
        fault=_fault(fault) if fault else None,
        recalled=recalled.text() if recalled else None,
        usage=read_usage(place.to("usage")),
        most_usd=place.to("most_usd").amount(),
        seconds=place.to("seconds").amount(),
        model=one_line(model.text(), 100) if model else None,
    )


def _subject(place: Place) -> Subject:
    place.object([f.name for f in fields(Subject)])
    sources: tuple[Source, ...] = get_args(Source)
    return Subject(
        scenario=place.to("scenario").text(),
        checkpoint=place.to("checkpoint").text(),
        source=sources[sources.index(place.to("source").choice(sources))],
        digest=place.to("digest").words(),
    )


def _fault(place: Place) -> Fault:
    place.object([f.name for f in fields(Fault)])
    kind: CallFault = FAULTS[FAULTS.index(place.to("type").choice(FAULTS))]
    return Fault(type=kind, message=one_line(place.to("message").text()))
