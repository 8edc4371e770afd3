"""report.html: one self-contained file, without a network, whose every number opens its evidence."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.outcomes import ACCEPTED, OUTCOMES
from rembench.harness.types import STANCES, ChainEvidence, Stance
from rembench.metrics import METRICS
from rembench.reports.charts import leakage_by_phase, quality_against_size, retention_over_nights
from rembench.reports.evidence import drill_down
from rembench.reports.numbers import number
from rembench.reports.sentences import answers
from rembench.reports.summary_types import NO_VERDICT, ConsolidatorSummary, MetricSummary, Summary

TEMPLATES = Path(__file__).parent / "templates"
PHASES = {"request": "night of the request", "next": "next night", "refeed": "after a re-feed"}
LEVELS = {
    "L1": "request noted",
    "L2": "attribute named",
    "L3": "part of the value",
    "L4": "disguised",
    "L5": "verbatim",
    "L6": "derivable",
}


def write_html(summary: Summary, evidence: Sequence[ChainEvidence], path: Path) -> None:
    """Write the report; everything from outside is escaped, and the page may load nothing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["number"] = number
    page = environment.get_template("report.html.j2").render(
        **_context(summary),
        css=Markup(_asset("report.css")),  # noqa: S704 - our own file
        js=Markup(_asset("report.js")),  # noqa: S704 - our own file
        data=Markup(embedded(drill_down(summary, evidence))),  # noqa: S704 - escaped by `embedded`
        charts=[
            (title, note, Markup(draw(summary)))  # noqa: S704 - drawn by us; labels escaped by matplotlib
            for title, note, draw in (
                ("Retention over nights", "Dotted: controls. Whiskers: 95% intervals over scenarios.",
                 retention_over_nights),
                ("Quality against size", "Upper left is good: much retained, little to read.",
                 quality_against_size),
                ("Leakage by phase", "Content levels (L3 to L6) only.", leakage_by_phase),
            )
        ],
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that can't end the script element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _context(summary: Summary) -> dict[str, Any]:
    ordered = sorted(summary.consolidators.values(), key=lambda one: one.control)
    return {
        "run": summary.run,
        "consolidators": ordered,
        "contestants": [one for one in ordered if not one.control],
        "answers": {one.name: answers(summary, one.name) for one in ordered},
        "columns": [m for m in METRICS.values() if m.headline],
        "metrics": list(METRICS.values()),
        "outcome_rows": {one.name: list(_outcome_rows(one)) for one in ordered},
        "leak_rows": [(one, _leak_cells(one)) for one in ordered],
        "levels": LEVELS,
        "phases": PHASES,
        "tactics": _names(summary, "contradiction", "tactic="),
        "nights": _names(summary, "retention", "night="),
        "correlations": summary.correlations,
        "stances": [*STANCES, NO_VERDICT],
    }


def _outcome_rows(one: ConsolidatorSummary) -> list[tuple[Stance, list[tuple[str, int, str, bool | None]]]]:
    """Per expected stance: observed stance, count, the table's word, and whether it's accepted."""
    rows = []
    for expected in STANCES:
        counts = one.outcomes[expected]
        cells: list[tuple[str, int, str, bool | None]] = [
            (seen, counts[seen], OUTCOMES[expected][seen], seen in ACCEPTED[expected]) for seen in STANCES
        ]
        cells.append((NO_VERDICT, counts[NO_VERDICT], NO_VERDICT, None))
        rows.append((expected, cells))
    return rows


def _leak_cells(one: ConsolidatorSummary) -> list[tuple[str, MetricSummary | None]]:
    slices = one.metrics["deletion_leakage"].slices
    names = [f"level={level} phase={phase}" for phase in PHASES for level in LEVELS]
    return [(name, slices.get(name)) for name in names]


def _names(summary: Summary, metric: str, prefix: str) -> list[str]:
    found = {
        name
        for one in summary.consolidators.values()
        for name in one.metrics[metric].slices
        if name.startswith(prefix)
    }
    return sorted(found, key=lambda name: (len(name), name))


