"""How the numbers come about: definitions, ranks, refusals and marks, and how well the scorer reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rembench
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.leaderboard.board import Board

AUDIT = Path(rembench.__file__).parent / "datasets" / "validity" / "audit.json"
"""What `rembench audit` found of this version's scorer; it's renewed with it."""

_GROUPS: Mapping[str, str] = {
    "obligation": "What should be there",
    "prohibition": "What shouldn’t be there",
    "description": "Beside these",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far the scorer agrees with the labels of a group of values."""

    name: str
    values: int
    kappa: float | None
    accuracy: float | None
    abstained: float | None
    containment: float | None
    readers: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar, what was found, of how many, and whether it's met; None: not asked."""

    what: str
    bar: str
    found: Any
    n: int
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the audit that needs no labels: its bar, how many are met, and what isn't."""

    name: str
    bar: str
    met: int
    of: int
    missed: tuple[tuple[str, Any], ...]


def context(board: Board) -> dict[str, Any]:
    """What the page shows."""
    found = json.loads(AUDIT.read_text(encoding="utf-8"))
    return {
        "groups": [(title, [m for m in METRICS.values() if m.role == role]) for role, title in _GROUPS.items()],
        "labellers": _labellers(found["validity"]),
        "sets": [_agreement(f"set {name}", one) for name, one in found["validity"].items()],
        "pooled": _agreement("all sets", found["pooled"]),
        "by_kind": [_agreement(name, one) for name, one in sorted(found["pooled"]["by_kind"].items())],
        "bars": [
            _bar(row) for row in found["bars"] if row["part"] == "validity" and not _is_kappa(row["what"])
        ],
        "parts": _parts(found),
        "audited": found["rembench"],
        "scored_by": board.scored_by,
        "within": WITHIN,
        "range_of": _range_of,
    }


WITHIN: Mapping[str, str] = {
    "macro": "mean over kinds of item within a scenario, then over scenarios",
    "any": "share of scenarios in which it happens at all",
    "all": "share of scenarios in which all is right",
    "mean": "mean within a scenario, then over scenarios",
}


def _range_of(metric: Metric) -> str:
    least, most = metric.limits
    if least is None and most is None:
        return ""
    if most is None:
        return f"from {least:g}"
    return f"{least:g} to {most:g}".replace("-", "−")


def _labellers(sets: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """[sets, who labelled them, how], those together that were labelled alike."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name, one in sets.items():
        alike.setdefault((str(one["readers"]), str(one["how"])), []).append(name)
    return [(", ".join(names), who, how) for (who, how), names in alike.items()]


def _agreement(name: str, one: Mapping[str, Any]) -> Agreement:
    return Agreement(
        name=name, values=one["n"], kappa=one["kappa"], accuracy=one["accuracy"], abstained=one["abstained"],
        containment=one["containment_kappa"], readers=one["readers_kappa"],
    )  # fmt: skip


def _bar(row: Mapping[str, Any]) -> Bar:
    return Bar(what=row["what"], bar=row["bar"], found=row["found"], n=row["n"], met=row["met"])


def _is_kappa(what: str) -> bool:
    """Whether a row of agreement says it already."""
    return what.startswith("kappa") and "held out" not in what


def _parts(found: Mapping[str, Any]) -> list[Part]:
    bars: Sequence[Mapping[str, Any]] = found["bars"]
    names = [name for name in dict.fromkeys(row["part"] for row in bars) if name != "validity"]
    made = []
    for name in names:
        mine = [row for row in bars if row["part"] == name]
        made.append(
            Part(
                name=name.replace("_", " "),
                bar=found[name]["bar"],
                met=sum(row["met"] is True for row in mine),
                of=len(mine),
                missed=tuple((row["what"], row["found"]) for row in mine if row["met"] is False),
            )
        )
    return made
