"""report.html: one self-contained file, without a network, whose every number opens its evidence."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembench.harness.engine.record import write_atomically
from rembench.harness.outcomes import ACCEPTED, OUTCOMES
from rembench.harness.types import STANCES, ChainEvidence, Stance
from rembench.metrics import METRICS
from rembench.reports import charts, columns, run_card, wording
from rembench.reports.evidence import drill_down
from rembench.reports.phases import LEVELS, PHASES
from rembench.reports.reader.html import section as reader_section
from rembench.reports.sentences import answers
from rembench.reports.summary_types import NO_VERDICT, ConsolidatorSummary, Summary

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

CHARTS: dict[str, tuple[str, str, Callable[[Summary], str]]] = {
    "nights": (
        "Retention over nights",
        "Dotted: controls. Whiskers: 95% intervals over scenarios.",
        charts.retention_over_nights,
    ),
    "size": (
        "Quality against size",
        "Upper left is good: much retained, little to read. Whiskers: 95% intervals over scenarios.",
        charts.quality_against_size,
    ),
    "phases": (
        "Leakage by phase",
        "Share of scenarios in which something deleted can be read (L3 to L6), with 95% intervals.",
        charts.leakage_by_phase,
    ),
}


def write_html(summary: Summary, evidence: Sequence[ChainEvidence], path: Path) -> None:
    """Write the report; everything from outside is escaped, and the page may load nothing."""
    from markupsafe import Markup

    page = environment().get_template("report.html.j2").render(
        **_context(summary),
        **reader_section(summary),
        css=Markup(asset("report.css")),  # noqa: S704 - our own file
        js=Markup(asset("report.js")),  # noqa: S704 - our own file
        data=Markup(embedded(_page_data(summary, evidence))),  # noqa: S704 - escaped by `embedded`
        charts={
            name: (title, note, Markup(draw(summary)))  # noqa: S704 - drawn by us, labels escaped by matplotlib
            for name, (title, note, draw) in CHARTS.items()
        },
    )  # fmt: skip
    write_atomically(path, page.encode("utf-8", "replace").decode("utf-8"))


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that can't end the script element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def environment() -> "Environment":
    """The templates; everything that's put into one is escaped, and shown without what can't be seen."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
        finalize=lambda made: wording.visible(made) if type(made) is str else made,
    )  # fmt: skip
    environment.filters.update(
        number=lambda one: wording.number(one.value, one.unit), interval=wording.interval,
        counts=wording.counts, note=wording.note, brackets=wording.brackets, share=wording.number,
        markup=Markup,
    )  # fmt: skip
    environment.tests["text"] = lambda part: isinstance(part, str)
    return environment


def asset(name: str) -> str:
    """A file that's put into a page as it is."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _page_data(summary: Summary, evidence: Sequence[ChainEvidence]) -> dict[str, Any]:
    """The evidence, and what the script must know of the metrics to show it."""
    metrics = {
        m: {
            "title": metric.title,
            "better": metric.better,
            "unit": metric.unit,
            "of": [metric.relative_to] if metric.relative_to else list(metric.of),
            "paired": any(METRICS[part].of_twins for part in metric.of),
        }
        for m, metric in METRICS.items()
    }
    names = list(summary.consolidators)
    labels = wording.labels(names)
    return {
        **drill_down(summary, evidence),
        "metrics": metrics,
        "stances": [*STANCES, NO_VERDICT],
        "levels": LEVELS,
        "labels": [labels[name] for name in names],
    }


def _context(summary: Summary) -> dict[str, Any]:
    names = columns.ordered_names(summary)
    everyone = [summary.consolidators[name] for name in names]
    return {
        "run": summary.run,
        "everyone": everyone,
        "contestants": [one for one in everyone if not one.control],
        "controls": [one for one in everyone if one.control],
        "labels": wording.labels(names),
        "numbers": {name: n for n, name in enumerate(summary.consolidators)},
        "answers": {name: answers(summary, name) for name in names},
        "boards": columns.boards(),
        "metrics": METRICS,
        "further": columns.further_metrics(),
        "arrows": columns.ARROWS,
        "outcomes": {one.name: _outcome_rows(one) for one in everyone},
        "stances": [*STANCES, NO_VERDICT],
        "levels": LEVELS,
        "phases": {p: words for p, words in PHASES.items() if _has_phase(summary, "deletion_leakage", p)},
        "net_phases": {p: words for p, words in PHASES.items() if _has_phase(summary, "net_leakage", p)},
        "tactics": columns.slice_names(summary, "contradiction", "tactic="),
        "kinds": columns.slice_names(summary, "retention", "kind="),
        "nights": columns.slice_names(summary, "retention", "night="),
        "levels_of": {
            m: names for m in ("retention", "staleness") if (names := columns.slice_names(summary, m, "level="))
        },
        "classes": columns.slice_names(summary, "values_right", "class="),
        "correlations": summary.correlations,
        "run_heads": run_card.HEADS,
        "run_rows": run_card.rows(summary),
        "wrapped": run_card.WRAPPED if run_card.is_mixed(summary) else "",
    }


def _has_phase(summary: Summary, metric: str, phase: str) -> bool:
    return f"phase={phase}" in columns.slice_names(summary, metric, "phase=")


_OutcomeCell = tuple[str, int, str, bool | None]


def _outcome_rows(one: ConsolidatorSummary) -> list[tuple[Stance, list[_OutcomeCell]]]:
    """Per expected stance: observed stance, count, the table's word, and whether it's accepted."""
    rows = []
    for expected in STANCES:
        counts = one.outcomes[expected]
        cells: list[_OutcomeCell] = [
            (seen, counts[seen], OUTCOMES[expected][seen], seen in ACCEPTED[expected]) for seen in STANCES
        ]
        cells.append((NO_VERDICT, counts[NO_VERDICT], "", None))
        rows.append((expected, cells))
    return rows
