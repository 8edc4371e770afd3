"""A baseline as a small file to commit: the values that a gate needs, and what they were made on.

JSON: {"schema": 1, "what", "rembench", "created", "packs": [{"name", "sha256"}], "seed", "repeats", "versions",
"columns", "consolidators": {name: {metric: {scenario: [a number or null for each column]}}}}.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.engine.record import write_atomically
from rembench.harness.errors import UserError
from rembench.harness.files import read_plain
from rembench.harness.gate.measured import Measured, Scores, Values
from rembench.harness.scenario.place import LARGEST, Place, parse
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import ScenarioScore

WHAT = "a rembench gate baseline"
COLUMNS = ("value", "least", "most", "scored", "missing", "opportunities")
_KEYS = (
    "schema", "what", "rembench", "created", "packs", "seed", "repeats", "versions", "columns", "consolidators",
)  # fmt: skip


def write_baseline(side: Measured, path: Path, metrics: Sequence[str]) -> None:
    """Write what `side` has on these metrics; one line a scenario, so that a change of it can be read."""
    top: dict[str, Any] = {
        "schema": 1,
        "what": WHAT,
        "rembench": side.rembench,
        "created": side.created,
        "packs": [{"name": name, "sha256": sha} for name, sha in side.packs],
        "seed": side.seed,
        "repeats": side.repeats,
        "versions": dict(side.versions),
        "columns": list(COLUMNS),
    }
    head = json.dumps(top, ensure_ascii=False, indent=1, allow_nan=False).removesuffix("\n}")
    write_atomically(path, f'{head},\n "consolidators": {{\n{_contestants(side, metrics)}\n }}\n}}\n')


def _contestants(side: Measured, metrics: Sequence[str]) -> str:
    return ",\n".join(
        f"  {_text(name)}: {{\n{_joined(_metric(m, found[m]) for m in metrics if m in found)}\n  }}"
        for name, found in side.contestants.items()
    )


def _metric(name: str, scores: Scores) -> str:
    return f"   {_text(name)}: {{\n{_joined(_row(s, one) for s, one in sorted(scores.items()))}\n   }}"


def _row(scenario: str, one: ScenarioScore) -> str:
    low, high = one.bounds or (None, None)
    return f"    {_text(scenario)}: {_text([one.value, low, high, one.scored, one.missing, one.opportunities])}"


def _joined(parts: Iterable[str]) -> str:
    return ",\n".join(parts)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read_baseline(path: Path) -> Measured:
    """The baseline in a file; UserError for what isn't one."""
    try:
        text = read_plain(path)
    except FileNotFoundError:
        right = "a run folder, or a file that `rembench gate baseline RUN -o FILE` wrote"
        raise UserError("baseline not found", where=str(path), right=right) from None
    except OSError as wrong:
        raise UserError(f"can't be read: {wrong.strerror}", where=str(path)) from None
    top = parse(text, str(path))
    if top.mapping().get("what") != WHAT:
        raise UserError(
            "isn't a baseline", where=str(path), right="`rembench gate baseline RUN -o FILE` writes one"
        )
    if "schema" in top.value and (schema := top.to("schema")).number() != 1:
        raise schema.error("unknown version of the baseline", "this version reads 1")
    top.object(_KEYS)
    if tuple(top.to("columns").texts()) != COLUMNS:
        raise top.to("columns").error("aren't those of this version", ", ".join(COLUMNS))
    return Measured(
        where=str(path),
        rembench=top.to("rembench").text(),
        created=top.to("created").text(),
        packs=tuple((one.to("name").text(), one.to("sha256").text()) for one in _packs(top)),
        seed=top.to("seed").count(),
        repeats=top.to("repeats").count(1),
        versions={name: top.to("versions").to(name).text() for name in top.to("versions").mapping()},
        contestants=_values(top.to("consolidators")),
    )


def _packs(top: Place) -> list[Place]:
    packs = list(top.to("packs").each())
    for one in packs:
        one.object(("name", "sha256"))
    return packs


def _values(place: Place) -> Values:
    found: dict[str, dict[str, Scores]] = {}
    for name in place.mapping():
        one = place.to(name)
        found[name] = {m: _scores(one.to(m), METRICS[m]) for m in one.mapping() if m in METRICS}
    if not found:
        raise place.error("is empty", "at least one is needed")
    return found


def _scores(place: Place, metric: Metric) -> Scores:
    return {scenario: _score(place.to(scenario), metric) for scenario in place.mapping()}


def _score(place: Place, metric: Metric) -> ScenarioScore:
    cells = list(place.each())
    if len(cells) != len(COLUMNS):
        raise place.error(f"has {len(cells)} numbers", f"{len(COLUMNS)}: {', '.join(COLUMNS)}")
    value, low, high = (_number(cell, metric) for cell in cells[:3])
    scored, missing, opportunities = (cell.count() for cell in cells[3:])
    if low is not None and high is not None and low > high:
        raise place.error("least is above most")
    return ScenarioScore(
        value=value,
        bounds=None if low is None or high is None else (low, high),
        scored=scored,
        missing=missing,
        opportunities=opportunities,
    )


def _number(place: Place, metric: Metric) -> float | None:
    if place.value is None:
        return None
    if isinstance(place.value, bool) or not isinstance(place.value, int | float):
        raise place.error("isn't a number", "a number or null is needed")
    if not abs(place.value) <= LARGEST:
        raise place.error("is too large")
    least, most = metric.limits
    if (least is not None and place.value < least) or (most is not None and place.value > most):
        raise place.error(f"{place.value:g} is no value that {metric.name} can have")
    return float(place.value)
