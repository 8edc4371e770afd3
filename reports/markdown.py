"""report.md: the same numbers and answers as report.html, for a pull request or a terminal."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rembench.harness.outcomes import OUTCOMES
from rembench.harness.types import STANCES, ChainEvidence
from rembench.metrics import METRICS
from rembench.reports.html import LEVELS, PHASES
from rembench.reports.numbers import NONE, number
from rembench.reports.sentences import answers
from rembench.reports.summary_types import NO_VERDICT, ConsolidatorSummary, Summary

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def write_markdown(summary: Summary, evidence: Sequence[ChainEvidence], path: Path) -> None:
    """Write the report; `evidence` is behind report.html and `rembench show`, not in this file."""
    path.write_text("\n".join(_lines(summary, len({e.chain.scenario for e in evidence}))) + "\n", "utf-8")


def escaped(text: str) -> str:
    """`text` on one line, with nothing that Markdown or HTML would act on."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _lines(summary: Summary, scenarios: int) -> Iterator[str]:
    run = summary.run
    packs = ", ".join(f"{escaped(str(p['name']))} (sha256 {str(p['sha256'])[:12]})" for p in run["packs"])
    yield "# rembench report"
    yield ""
    yield f"{packs}; {scenarios} scenarios; {run['created']}; seed {run['seed']}; version {run['rembench']}."
    ordered = sorted(summary.consolidators.values(), key=lambda one: one.control)
    yield from _answers(summary, ordered)
    yield from _numbers(ordered)
    yield from _stances(ordered)
    yield from _leakage(ordered)
    yield from _failures(ordered)
    yield ""
    yield (
        "Intervals are 95%, over scenarios; the order of the rows ranks nobody. Scenarios and expectations "
        "were written by a language model, or recorded from agent work and annotated by one: no human labels."
    )


def _answers(summary: Summary, ordered: Sequence[ConsolidatorSummary]) -> Iterator[str]:
    for one in ordered:
        if one.control:
            continue
        yield from ("", f"## {escaped(one.name)}")
        for n, answer in enumerate(answers(summary, one.name), start=1):
            yield from ("", f"**{n}. {answer.question}** {escaped(answer.text)}")


def _numbers(ordered: Sequence[ConsolidatorSummary]) -> Iterator[str]:
    yield from ("", "## Numbers", "")
    rows = []
    for metric in METRICS.values():
        row = [metric.title]
        for one in ordered:
            found = number(one.metrics[metric.name])
            interval = f" [{found.interval}]" if found.interval else ""
            counts = f" ({found.counts.replace(' scored', '').replace(' missing', ' missing')})"
            row.append(f"{found.value}{interval}{counts}" if found.value != NONE else f"{NONE} {found.note}")
        rows.append(row)
    yield from _table(["metric", *(_name(one) for one in ordered)], rows)


def _stances(ordered: Sequence[ConsolidatorSummary]) -> Iterator[str]:
    yield from ("", "## Stances: expected, then found")
    for one in ordered:
        yield from ("", f"### {_name(one)}", "")
        rows = [
            [
                expected,
                *(f"{one.outcomes[expected][seen]} {OUTCOMES[expected][seen]}" for seen in STANCES),
                str(one.outcomes[expected][NO_VERDICT]),
            ]
            for expected in STANCES
        ]
        yield from _table(["expected", *STANCES, NO_VERDICT], rows)


def _leakage(ordered: Sequence[ConsolidatorSummary]) -> Iterator[str]:
    yield from ("", "## Leakage of what was deleted: share of scenarios", "")
    keys = [(phase, level) for phase in PHASES for level in LEVELS]
    rows = []
    for one in ordered:
        slices = one.metrics["deletion_leakage"].slices
        cells = (number(slices.get(f"level={level} phase={phase}")).value for phase, level in keys)
        rows.append([_name(one), *cells])
    yield from _table(["consolidator", *(f"{PHASES[p]}, {level}" for p, level in keys)], rows)


def _failures(ordered: Sequence[ConsolidatorSummary]) -> Iterator[str]:
    for one in ordered:
        if one.failures:
            counts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in one.failures.items())
            yield from ("", f"Failed nights of {_name(one)}: {counts}; missing from every number, not zeros.")


def _name(one: ConsolidatorSummary) -> str:
    return escaped(one.name) + (" (control)" if one.control else "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in row)} |"
