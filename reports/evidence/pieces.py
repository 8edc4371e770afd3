"""Rows in pieces of a file's size: chains and scenarios as they come, cells by metric."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from rembench.harness.types import ChainEvidence
from rembench.metrics.metric import Metric
from rembench.reports.evidence.cells import asked, shown_cells
from rembench.reports.evidence.chain import ChainTables
from rembench.reports.evidence.script import embedded

FILE_BYTES = 256_000
"""A file has at most about this much; what's larger by itself has one of its own."""

Key = TypeVar("Key")


class Piece(Generic[Key]):
    """What the next file will hold, as JSON."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self._texts: list[str] = []
        self._size = 0

    def has_room(self, text: str) -> bool:
        """Whether a file may hold this as well."""
        return not self.keys or self._size + len(text.encode()) <= FILE_BYTES

    def add(self, key: Key, text: str) -> None:
        """Put it into the file."""
        self.keys.append(key)
        self._texts.append(text)
        self._size += len(text.encode())

    def take(self, brackets: str = "[]") -> str:
        """All that it holds; it's empty then."""
        made = f"{brackets[0]}{','.join(self._texts)}{brackets[1]}"
        self.keys, self._texts, self._size = [], [], 0
        return made


class Cells:
    """The cells of one consolidator's chains, by metric."""

    def __init__(self) -> None:
        self._chains: list[list[Any]] = []
        self._metrics = {m: _MetricCells(metric) for m, metric in asked().items()}

    def add(self, one: ChainEvidence, tables: ChainTables) -> None:
        """The cells of a chain, whose evidence is put into `tables`."""
        self._chains.append([one.scenario.id, one.scenario.twin_of, one.chain.repeat])
        for cells in self._metrics.values():
            cells.add(one, tables)

    def pieces(self, places: Mapping[int, tuple[int, int]]) -> Iterator[tuple[list[str], str]]:
        """The metrics of every file and its text; the nth chain is at `places[n]`."""
        piece: Piece[str] = Piece()
        for m, cells in self._metrics.items():
            text = f"{embedded(m)}:{embedded(cells.to_json())}"
            if not piece.has_room(text):
                yield [*piece.keys], self._text(piece, places)
            piece.add(m, text)
        yield [*piece.keys], self._text(piece, places)

    def _text(self, piece: Piece[str], places: Mapping[int, tuple[int, int]]) -> str:
        chains = [[*chain, *places[n]] for n, chain in enumerate(self._chains)]
        return f'{{"chains":{embedded(chains)},"metrics":{piece.take("{}")}}}'


class _MetricCells:
    """The cells of one metric, chain by chain."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric
        self._reasons: dict[str, int] = {}
        self._slices: dict[tuple[bool, tuple[str, ...]], int] = {}
        self._kinds: dict[tuple[float | None, int, int, int, int], int] = {}
        self._cells: list[list[int]] = []

    def add(self, one: ChainEvidence, tables: ChainTables) -> None:
        row: list[int] = []
        following = 0
        for cell, slices in shown_cells(self._metric, one):
            table, first, count = tables.rests_on(cell.ref)
            reason = -1 if cell.reason is None else _number(self._reasons, cell.reason)
            in_slices = _number(self._slices, (cell.headline, slices))
            kind = _number(self._kinds, (_amount(cell.amount), reason, in_slices, table, count))
            row += [kind] if first == following else [-1 - kind, first]
            following = first + count
        self._cells.append(row)

    def to_json(self) -> dict[str, Any]:
        return {
            "reasons": list(self._reasons),
            "slices": [[int(headline), *names] for headline, names in self._slices],
            "kinds": list(self._kinds),
            "cells": self._cells,
        }


def _number(numbers: dict[Any, int], key: object) -> int:
    return numbers.setdefault(key, len(numbers))


def _amount(amount: float | None) -> float | int | None:
    if amount is None:
        return None
    short = round(amount, 4)
    return int(short) if short.is_integer() else short
