"""Writes the files of `evidence/`, chain by chain; the shapes are in the package's docstring.

    written = write_evidence(chains, {"extractive": "extractive", …}, site / "evidence")

The bytes depend on the chains and the labels alone. What an earlier report left in the folder is removed, as
far as it bears a name of ours; index.js goes first and comes last, so that no page opens half of the new.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from rembench.harness.engine.record import write_atomically
from rembench.harness.errors import UserError
from rembench.harness.types import STANCES, ChainEvidence, Scenario
from rembench.metrics import METRICS
from rembench.reports.evidence.cells import asked
from rembench.reports.evidence.chain import ChainTables
from rembench.reports.evidence.pieces import Cells, Key, Piece
from rembench.reports.evidence.script import CALL, call, embedded
from rembench.reports.evidence.tables import ScenarioTables
from rembench.reports.phases import LEVELS
from rembench.reports.summary_types import NO_VERDICT

INLINE_BYTES = 200_000
"""Up to this much a report may carry within itself, and is one file."""

_OURS = re.compile(r"(index|\d{4,})\.js(\.partial)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Evidence that was written: what a page must be given of it.

    `stamp` is the evidence's own; `script` is all of it, if it was so little that the page shall carry it.
    """

    stamp: str
    script: str
    files: int
    size: int


def write_evidence(
    chains: Iterable[ChainEvidence], labels: Mapping[str, str], folder: Path, *, inline_bytes: int = 0
) -> Written:
    """Write the evidence of chains, which come one consolidator after another, into `folder`.

    `labels` has every consolidator's label; a page says a consolidator by its place in there. With
    `inline_bytes`, evidence of no more than that isn't written but given back.
    """
    held: list[tuple[int | str, str]] = []
    digest, size, files = hashlib.sha256(), 0, 0
    packer = _Packer(labels)
    for name, text in packer.files(chains):
        digest.update(text.encode())
        held.append((name, text))
        size, files = size + len(text.encode()), files + 1
        if size > inline_bytes:
            if files == len(held):
                _prepare(folder)
            _write(held, folder)
            held.clear()
    index = packer.index()
    digest.update(embedded(index).encode())
    stamp = digest.hexdigest()[:16]
    last = call("index", embedded({"stamp": stamp, **index}))
    is_inline = len(held) == files and size + len(last.encode()) <= inline_bytes
    if is_inline:
        _remove(folder, ())
        with suppress(OSError):
            folder.rmdir()  # only if nothing else is in it
    else:
        if len(held) == files:
            _prepare(folder)
        _write(held, folder)
        _remove(folder, {_file_name(n) for n in range(files)})
        _write([("index", last)], folder)
    script = "".join(text for _, text in (*held, ("index", last))) if is_inline else ""
    return Written(stamp=stamp, script=script, files=files + 1, size=size + len(last.encode()))


class _Packer:
    """Puts chains, cells and scenarios into files, and remembers where each is."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._numbers = {name: n for n, name in enumerate(labels)}
        self._next = 0
        self._cells = {m: [-1] * len(labels) for m in asked()}
        self._values: dict[str, dict[tuple[str, int], int]] = {}
        self._scenarios: dict[str, tuple[int, int]] = {}
        self._texts: Piece[str] = Piece()

    def files(self, chains: Iterable[ChainEvidence]) -> Iterator[tuple[int, str]]:
        """Name and text of every file but the index."""
        done: set[str] = set()
        for name, of_one in groupby(chains, key=lambda one: one.chain.consolidator):
            if name in done:
                raise ValueError(f"the chains of {name} don't come one after another")
            done.add(name)
            yield from self._consolidator(self._numbers[name], of_one)
        yield from self._close(self._texts, self._scenarios)

    def index(self) -> dict[str, Any]:
        """index.js, but for the stamp."""
        metrics = {
            m: {
                "title": metric.title,
                "better": metric.better,
                "of": [metric.relative_to] if metric.relative_to else list(metric.of),
                "paired": any(METRICS[part].of_twins for part in metric.of),
            }
            for m, metric in METRICS.items()
        }
        return {
            "labels": list(self._labels.values()),
            "metrics": metrics,
            "stances": [*STANCES, NO_VERDICT],
            "levels": LEVELS,
            "scenarios": self._scenarios,
            "cells": self._cells,
        }

    def _consolidator(self, number: int, chains: Iterable[ChainEvidence]) -> Iterator[tuple[int, str]]:
        """The files of one consolidator: its chains, then its cells; scenarios between, as they fill one."""
        cells = Cells()
        piece: Piece[int] = Piece()
        places: dict[int, tuple[int, int]] = {}
        for n, one in enumerate(chains):
            yield from self._scenario(one.scenario)
            tables = ChainTables(one, number, self._values[one.scenario.id])
            cells.add(one, tables)
            text = embedded(tables.to_json())
            if not piece.has_room(text):
                yield from self._close(piece, places)
            piece.add(n, text)
        yield from self._close(piece, places)
        for metrics, text in cells.pieces(places):
            for metric in metrics:
                self._cells[metric][number] = self._next
            yield self._file(text)

    def _scenario(self, scenario: Scenario) -> Iterator[tuple[int, str]]:
        if scenario.id in self._values:
            return
        tables = ScenarioTables(scenario)
        self._values[scenario.id] = tables.numbers
        text = embedded(tables.to_json())
        if not self._texts.has_room(text):
            yield from self._close(self._texts, self._scenarios)
        self._texts.add(scenario.id, text)

    def _close(self, piece: Piece[Key], places: dict[Key, tuple[int, int]]) -> Iterator[tuple[int, str]]:
        """A file of what a piece holds, if it holds anything; `places` gets where each is."""
        if not piece.keys:
            return
        places.update({key: (self._next, n) for n, key in enumerate(piece.keys)})
        yield self._file(piece.take())

    def _file(self, data: str) -> tuple[int, str]:
        made = self._next, call(self._next, data)
        self._next += 1
        return made


def _file_name(name: int | str) -> str:
    return f"{name:04d}.js" if isinstance(name, int) else f"{name}.js"


def _prepare(folder: Path) -> None:
    """A folder of our own, without an index that would tell of files that aren't there any more."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        right = "a folder must be there, or nothing; no link is followed"
        raise UserError("can't be written: it isn't a folder", where=str(folder), right=right)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        if _OURS.fullmatch(path.name) and not path.name.endswith(".partial") and not _is_ours(path):
            right = "give another folder, or move it away"
            raise UserError("it wasn't written by rembench", where=str(path), right=right)
    (folder / _file_name("index")).unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Whether a file is one of evidence; links are replaced and folders stay, so they needn't be."""
    if path.is_symlink() or not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(len(CALL)) == CALL.encode()


def _write(files: Iterable[tuple[int | str, str]], folder: Path) -> None:
    for name, text in files:
        write_atomically(folder / _file_name(name), text)


def _remove(folder: Path, kept: Iterable[str]) -> None:
    """Remove what bears a name of ours and isn't `kept`; links and the rest stay."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if _OURS.fullmatch(path.name) and path.name not in kept and path.is_file() and not path.is_symlink():
            path.unlink()
