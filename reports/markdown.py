"""report.md: the numbers and answers of report.html, for a pull request or a terminal."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rembench.harness.engine.record import write_atomically
from rembench.harness.outcomes import OUTCOMES
from rembench.harness.types import STANCES
from rembench.metrics import METRICS
from rembench.reports import columns, run_card, wording
from rembench.reports.phases import LEVELS, PHASES
from rembench.reports.reader.markdown import Writing, reader_lines
from rembench.reports.sentences import answers
from rembench.reports.summary_types import NO_VERDICT, ConsolidatorSummary, MetricSummary, Summary

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&@])")


def write_markdown(summary: Summary, path: Path) -> None:
    """Write the report; the evidence is behind report.html and `rembench show`."""
    write_atomically(path, "\n".join(_lines(summary)) + "\n")


def escaped(text: str) -> str:
    """`text` on one line, with nothing that Markdown or HTML would act on."""
    return _SPECIAL.sub(r"\\\1", " ".join(wording.visible(text).split())).encode("utf-8", "replace").decode()


def _lines(summary: Summary) -> Iterator[str]:
    run = summary.run
    yield from ("# rembench report", "")
    for pack in run["packs"]:
        yield f"- pack {escaped(pack['name'])}, {pack['scenarios']} scenarios, sha256 {pack['sha256'][:12]}"
    yield f"- run {run['created']}, seed {run['seed']}, repeats {run['repeats']}, rembench {run['rembench']}"
    if run.get("limit"):
        yield f"- only the first {run['limit']} scenarios of each pack"
    ordered = [summary.consolidators[name] for name in columns.ordered_names(summary)]
    labels = wording.labels(summary.consolidators)
    names = {one.name: escaped(labels[one.name]) + (" (control)" if one.control else "") for one in ordered}
    yield from _answers(summary, ordered, names)
    yield from _leaderboard(ordered, names)
    yield from _stances(ordered, names)
    yield from _sliced(summary, ordered, names)
    yield from reader_lines(summary, Writing(escaped, table))
    yield from _further(ordered, names)
    yield from _run_card(summary, names)
    yield from _failures(ordered, names)
    yield ""
    yield (
        "In brackets: 95% intervals over scenarios. The order of the rows ranks nobody. No human labels: "
        "authored scenarios and expectations were written by a language model, recorded ones annotated by one; "
        "the expectations of synthetic ones follow from the log that a program made them from."
    )


_Ordered = Sequence[ConsolidatorSummary]
_Names = dict[str, str]


def _run_card(summary: Summary, names: "_Names") -> Iterator[str]:
    yield from ("", "## Run card: all nights together", "")
    found = run_card.rows(summary)
    yield from table(["consolidator", *run_card.HEADS], ([names[row.name], *row.cells] for row in found))
    if run_card.is_mixed(summary):
        yield from ("", run_card.WRAPPED)


def _answers(summary: Summary, ordered: _Ordered, names: _Names) -> Iterator[str]:
    contestants = [one for one in ordered if not one.control]
    for one in contestants or ordered:
        yield from ("", f"## {names[one.name]}")
        for n, answer in enumerate(answers(summary, one.name), start=1):
            yield from ("", f"**{n}. {answer.question}** {escaped(answer.short)} {escaped(answer.text)}")


def _leaderboard(ordered: _Ordered, names: _Names) -> Iterator[str]:
    shown = [METRICS[m] for m in columns.leaderboard_metrics()]
    yield from ("", "## Numbers", "")
    yield from table(
        [
            "consolidator",
            *(f"{m.title} {columns.ARROWS[m.better]}".strip() for m in shown),
            "scored",
            "missing",
        ],
        ([names[one.name], *(_cell(one.metrics[m.name]) for m in shown), *_counts(one)] for one in ordered),
    )
    yield from ("", "Scored and missing count the values of retention; a dash has its reason in summary.json.")


def _counts(one: ConsolidatorSummary) -> list[str]:
    return [f"{n:,}" for n in (one.metrics["retention"].scored, one.metrics["retention"].missing)]


def _cell(one: MetricSummary | None) -> str:
    if one is None or one.value is None:
        return wording.DASH
    return f"{wording.number(one.value, one.unit)} {wording.interval(one)}".strip()


def _stances(ordered: _Ordered, names: _Names) -> Iterator[str]:
    yield from ("", "## Stances: what was expected (rows) and found (columns)")
    for one in ordered:
        rows = [
            [
                expected,
                *(f"{one.outcomes[expected][seen]} {OUTCOMES[expected][seen]}" for seen in STANCES),
                str(one.outcomes[expected][NO_VERDICT]),
            ]
            for expected in STANCES
        ]
        yield from ("", f"### {names[one.name]}", "")
        yield from table(["expected", *STANCES, NO_VERDICT], rows)


def _sliced(summary: Summary, ordered: _Ordered, names: _Names) -> Iterator[str]:
    phases = [p for p in PHASES if f"phase={p}" in columns.slice_names(summary, "deletion_leakage", "phase=")]
    for phase in phases:
        yield from ("", f"## Leakage {PHASES[phase]}: share of scenarios, by level", "")
        slices = [f"phase={phase}", *(f"level={level} phase={phase}" for level in LEVELS)]
        head = ["any of L3 to L6", *(f"{level} {words}" for level, words in LEVELS.items())]
        yield from _by_slice(ordered, names, "deletion_leakage", dict(zip(slices, head, strict=True)))
    net = [p for p in PHASES if f"phase={p}" in columns.slice_names(summary, "net_leakage", "phase=")]
    if net:
        yield from ("", "## Leakage net of the twins, which never held what was deleted", "")
        rows = (
            [
                names[one.name],
                *(_cell(one.metrics[m]) for m in ("twin_leakage", "net_leakage")),
                *(_cell(one.metrics["net_leakage"].slices.get(f"phase={p}")) for p in net),
            ]
            for one in ordered
        )
        yield from table(["consolidator", "in the twins", "net", *(f"net, {PHASES[p]}" for p in net)], rows)
    tactics = columns.slice_names(summary, "contradiction", "tactic=")
    if tactics:
        yield from ("", "## Contradiction by tactic", "")
        heads = {name: escaped(name.removeprefix("tactic=")) for name in tactics}
        yield from _by_slice(ordered, names, "contradiction", heads)
    nights = columns.slice_names(summary, "retention", "night=")
    if nights:
        yield from ("", "## Retention over nights", "")
        heads = {name: f"night {name.removeprefix('night=')}" for name in nights}
        yield from _by_slice(ordered, names, "retention", heads)
    for metric in ("retention", "staleness"):
        if levels := columns.slice_names(summary, metric, "level="):
            yield from ("", f"## {METRICS[metric].title} by level of difficulty", "")
            heads = {name: f"level {name.removeprefix('level=')}" for name in levels}
            yield from _by_slice(ordered, names, metric, heads)
    if classes := columns.slice_names(summary, "values_right", "class="):
        yield from ("", "## Values right by failure class", "")
        heads = {name: name.removeprefix("class=") for name in classes}
        yield from _by_slice(ordered, names, "values_right", heads)


def _by_slice(ordered: _Ordered, names: _Names, metric: str, heads: dict[str, str]) -> Iterator[str]:
    rows = (
        [names[one.name], *(_cell(one.metrics[metric].slices.get(name)) for name in heads)] for one in ordered
    )
    yield from table(["consolidator", *heads.values()], rows)


def _further(ordered: _Ordered, names: _Names) -> Iterator[str]:
    yield from ("", "## Further metrics", "")
    rows = (
        [f"{m.title} {columns.ARROWS[m.better]} ({m.unit})", *(_cell(one.metrics[m.name]) for one in ordered)]
        for m in columns.further_metrics()
    )
    yield from table(["metric", *names.values()], rows)


def _failures(ordered: _Ordered, names: _Names) -> Iterator[str]:
    for one in ordered:
        if one.failures:
            counts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in one.failures.items())
            yield from ("", f"Failed nights of {names[one.name]}: {counts}; missing everywhere, not zeros.")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of cells that are escaped already."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()) for cell in row)} |"
