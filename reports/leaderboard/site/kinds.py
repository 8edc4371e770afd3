"""The numbers of one kind of item, as the first page's script puts them into the table."""

from collections.abc import Sequence
from typing import Any

from rembench.reports import wording
from rembench.reports.leaderboard.board import Board
from rembench.reports.leaderboard.kinds import KIND_METRIC
from rembench.reports.summary_types import MetricSummary

_PREFIX = "kind="


def kinds_of(board: Board) -> list[str]:
    """The kinds of item that these scenarios have."""
    found = {
        part.removeprefix(_PREFIX)
        for one in board.summary.consolidators.values()
        for part in one.metrics[KIND_METRIC].slices
        if part.startswith(_PREFIX)
    }
    return sorted(found)


def kind_data(board: Board, everyone: Sequence[str], metrics: Sequence[str]) -> dict[str, Any]:
    """Kind → {ranks: [[best, worst, of] or a reason, or null for controls…], cells: {metric: [cell or null…]}}.

    Both are in the order of `everyone`; a metric that isn't asked of a kind isn't in it.
    """
    return {kind: _of_kind(board, everyone, metrics, kind) for kind in kinds_of(board)}


def _of_kind(board: Board, everyone: Sequence[str], metrics: Sequence[str], kind: str) -> dict[str, Any]:
    cells: dict[str, list[Any]] = {}
    for metric in metrics:
        found = [
            board.summary.consolidators[name].metrics[metric].slices.get(f"{_PREFIX}{kind}")
            for name in everyone
        ]
        if any(one is not None for one in found):
            cells[metric] = [None if one is None else _cell(one) for one in found]
    return {"ranks": [_ranks(board, kind, name) for name in everyone], "cells": cells}


def _cell(one: MetricSummary) -> list[Any]:
    """[text, value, low, high, scored, missing], or [reason]."""
    if one.value is None:
        return [one.reason or "no value"]
    return [
        wording.number(one.value, one.unit), *(_short(end) for end in (one.value, one.low, one.high)),
        one.scored, one.missing,
    ]  # fmt: skip


def _ranks(board: Board, kind: str, label: str) -> list[int] | str | None:
    if label in board.controls:
        return None
    found = board.kinds.get(kind, {}).get(label)
    if found is None:
        return "no rank"
    if found.best is None or found.worst is None:
        return found.reason or "no rank"
    return [found.best, found.worst, found.of]


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
