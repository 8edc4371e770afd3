"""report.html: without a network, and every number opens its evidence, which lies in files beside the page."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembench.harness.engine.record import write_atomically
from rembench.harness.outcomes import ACCEPTED, OUTCOMES
from rembench.harness.types import STANCES, ChainEvidence, Stance
from rembench.metrics import METRICS, READER_METRICS
from rembench.reports import columns, report_charts, run_card, wording
from rembench.reports.evidence.files import INLINE_BYTES, write_evidence
from rembench.reports.figures import breakable, figure_cell, plain_cell
from rembench.reports.phases import LEVELS, PHASES
from rembench.reports.reader.html import section as reader_section
from rembench.reports.sentences import answers
from rembench.reports.summary_types import NO_VERDICT, ConsolidatorSummary, MetricSummary, Summary

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"

EVIDENCE = "evidence"
"""The folder of the evidence, beside the page."""

CHARTS: dict[str, tuple[str, str, Callable[[Summary], str]]] = {
    "nights": (
        "Retention over nights",
        "A panel for each, the others pale behind it; controls grey. Whiskers: 95% intervals over scenarios.",
        report_charts.retention_over_nights,
    ),
    "size": (
        "Quality against size",
        "Upper left is good: much retained, little to read. Whiskers: 95% intervals. Controls grey.",
        report_charts.quality_against_size,
    ),
    "phases": (
        "Leakage by phase",
        "Share of scenarios in which something deleted can be read (L3 to L6), with 95% intervals.",
        report_charts.leakage_by_phase,
    ),
}


def write_html(summary: Summary, evidence: Iterable[ChainEvidence], path: Path) -> None:
    """Write the report, and its evidence into `evidence/` beside it unless that's little.

    Everything from outside is escaped, and the page may load nothing but the evidence.
    """
    from markupsafe import Markup

    labels = wording.labels(summary.consolidators)
    written = write_evidence(evidence, labels, path.parent / EVIDENCE, inline_bytes=INLINE_BYTES)
    scripts = [asset("evidence.js") + asset("tables.js"), written.script]
    page = environment().get_template("report.html.j2").render(
        **_context(summary),
        **reader_section(summary),
        policy=Markup(policy(scripts)),  # noqa: S704 - our own words and hashes
        css=Markup(asset("base.css") + asset("report.css")),  # noqa: S704 - our own files
        js=Markup(scripts[0]),  # noqa: S704 - our own files
        evidence_from=f"{EVIDENCE}/",
        evidence_stamp=written.stamp,
        evidence_script=Markup(written.script),  # noqa: S704 - escaped by `embedded`
        charts={
            name: (title, note, Markup(draw(summary)))  # noqa: S704 - drawn by us, labels escaped there
            for name, (title, note, draw) in CHARTS.items()
        },
    )  # fmt: skip
    write_atomically(path, page.encode("utf-8", "replace").decode("utf-8"))


def policy(scripts: Iterable[str]) -> str:
    """What a page may run and load: these scripts within it, and script files on the same disk or site."""
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts if one]
    own = " ".join(f"'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {own} 'self' file:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


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
        markup=Markup, cell=_cell, plain=_plain,
        breakable=lambda label: Markup(breakable(label)),  # noqa: S704 - escaped there
    )  # fmt: skip
    environment.tests["text"] = lambda part: isinstance(part, str)
    return environment


def _cell(one: ConsolidatorSummary, metric: str, part: str | None = None) -> "Markup":
    """The cell of a metric of a consolidator, or of one of its slices."""
    from markupsafe import Markup

    whole = one.metrics[metric]
    found = whole.slices.get(part) if part else whole
    return Markup(figure_cell(found, METRICS[metric].limits))  # noqa: S704 - escaped where it's made


def _plain(found: MetricSummary, metric: str) -> "Markup":
    """The cell of a reader's metric."""
    from markupsafe import Markup

    return Markup(plain_cell(found, READER_METRICS[metric].limits))  # noqa: S704 - escaped where it's made


def asset(name: str) -> str:
    """A file that's put into a page as it is."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


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
