"""A comparison as one JSON value: numbers are numbers or null with a reason beside, never NaN."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rembench.harness.statistics.told import Told
from rembench.reports.by_scenario import ScenarioTable, mean
from rembench.reports.compare.cases import Cases, Example, show_command
from rembench.reports.compare.comparison import Comparison, Detail
from rembench.reports.compare.contrasts import Contrast, Family
from rembench.reports.compare.entrants import Entrant
from rembench.reports.compare.front import Front
from rembench.reports.compare.nights import NightDiff
from rembench.reports.compare.pairs import METRICS_COMPARED, Pair
from rembench.reports.compare.values import Seen, SeenValue
from rembench.reports.summary_types import rounded
from rembench.reports.tallies import cost, failures


def to_json(found: Comparison) -> dict[str, Any]:
    """All of it, ready for `json.dumps`."""
    return {
        "schema": 1,
        "runs": [
            {
                "label": one.label,
                "folder": str(one.run.folder),
                "created": one.run.record.created,
                "rembench": one.run.record.rembench,
                "packs": [{"name": p["name"], "sha256": p["sha256"]} for p in one.run.record.packs],
                "seed": one.run.record.seed,
                "repeats": one.run.record.repeats,
                "left_out": found.shared.left_out[one.label],
            }
            for one in found.sources
        ],
        "scenarios": list(found.shared.originals),
        "changed": list(found.shared.changed),
        "notes": list(found.notes),
        "consolidators": {one.label: _entrant(one) for one in found.entrants},
        "best_control": found.control.label if found.control else None,
        "family": _family(found.pairs.family),
        "pairs": [_pair(one) for one in found.pairs.pairs],
        "slices": {
            "family": _family(found.slices.family),
            "pairs": [
                {**_who(one.pair), "contrasts": [_contrast(c, one.pair) for c in one.contrasts]}
                for one in found.slices.pairs
            ],
        },
        "fronts": {one.price.name: _front(one) for one in found.fronts},
        "details": [_detail(one) for one in found.details],
    }


def _entrant(one: Entrant) -> dict[str, Any]:
    return {
        "run": one.run,
        "consolidator": one.consolidator,
        "control": one.control,
        "contestant": one.contestant,
        "transcript": one.transcript,
        "metrics": {m: _metric(one.tables[m]) for m in METRICS_COMPARED},
        "cost": cost(one.chains),
        "failures": failures(one.chains),
    }


def _metric(table: ScenarioTable) -> dict[str, Any]:
    values = [v for v in table.values.values() if v is not None]
    return {
        "value": rounded(mean(values)) if values else None,
        "scenarios": len(values),
        "scored": table.scored,
        "missing": table.missing,
        "unit": table.metric.unit,
    }


def _family(family: Family) -> dict[str, Any]:
    return {"tests": family.tests, "level": family.level, "adjusted": "Holm"}


def _who(pair: Pair) -> dict[str, Any]:
    return {"first": pair.first.label, "second": pair.second.label}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        **_who(pair),
        "against_best_control": pair.control,
        "metrics": {one.metric.name: _contrast(one, pair) for one in pair.contrasts},
    }


def _contrast(one: Contrast, pair: Pair) -> dict[str, Any]:
    labels = {"first": pair.first.label, "second": pair.second.label, None: None}
    made = {
        "first": rounded(one.first),
        "second": rounded(one.second),
        "difference": rounded(one.mean),
        "low": rounded(one.low),
        "high": rounded(one.high),
        "bounds": [rounded(end) for end in one.bounds] if one.bounds else None,
        "p": rounded(one.p),
        "p_adjusted": rounded(one.adjusted),
        "told": one.told,
        "better": labels[one.better],
        "higher": labels[one.higher],
        "scenarios": one.scenarios,
        "unpaired": one.unpaired,
        "missing": one.missing,
        "detectable": _told(one.detectable),
        "scenarios_wanted": _told(one.wanted),
        "unit": one.metric.unit,
    }
    if one.slice is not None:
        made = {"metric": one.metric.name, "slice": one.slice, **made}
    if one.reason:
        made["reason"] = one.reason
    if one.why_not:
        made["why_not"] = one.why_not
    return made


def _told(told: Told) -> dict[str, Any]:
    return {"value": rounded(told.value)} if told.reason is None else {"value": None, "reason": told.reason}


def _front(front: Front) -> dict[str, Any]:
    return {
        "title": front.price.title,
        "unit": front.price.unit,
        "points": [
            {**asdict(one), "quality": rounded(one.quality), "price": rounded(one.price)}
            for one in front.points
        ],
    }


def _detail(one: Detail) -> dict[str, Any]:
    return {
        **_who(one.pair),
        "cases": _cases(one.cases, one.pair),
        "nights": [_night(night) for night in one.nights],
    }


def _cases(found: Cases, pair: Pair) -> dict[str, Any]:
    groups = [
        {
            **{k: v for k, v in asdict(one).items() if k != "examples"},
            "examples": [_example(example, pair) for example in one.examples],
        }
        for one in found.groups
    ]
    scenarios = [
        {**asdict(one), "first": rounded(one.first), "second": rounded(one.second)} for one in found.scenarios
    ]
    return {
        "first_only": found.first_only,
        "second_only": found.second_only,
        "groups": groups,
        "unshown": found.unshown,
        "scenarios": scenarios,
    }


def _example(one: Example, pair: Pair) -> dict[str, Any]:
    return {
        "scenario": one.scenario,
        "repeat": one.repeat,
        "night": one.night,
        "value": _value(one.value),
        "show": [show_command(side, one) for side in (pair.first, pair.second)],
    }


def _night(night: NightDiff) -> dict[str, Any]:
    return {
        **{k: getattr(night, k) for k in ("scenario", "title", "repeat", "night", "at", "differing")},
        "failures": list(night.failures),
        "values": [_value(one) for one in night.values],
        "files": [asdict(one) for one in night.files],
        "files_alike": night.alike,
        "files_unshown": night.unshown,
    }


_VALUE = ("item", "kind", "tactic", "subject", "attribute", "value", "text", "condition", "expected", "differs")


def _value(one: SeenValue) -> dict[str, Any]:
    sides: Sequence[tuple[str, Seen]] = (("first", one.first), ("second", one.second))
    return {
        **{name: getattr(one, name) for name in _VALUE},
        **{side: _seen(seen, whole=one.differs) for side, seen in sides},
    }


def _seen(one: Seen, *, whole: bool) -> dict[str, Any]:
    made = asdict(one)
    if made["place"] and not whole:
        del made["place"]["lines"]
    return made
