"""compare.md: the numbers of compare.html, for a pull request; the evidence is in the page and in --json."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rembench.harness.engine.record import write_atomically
from rembench.reports.compare import sentences
from rembench.reports.compare.cases import Example
from rembench.reports.compare.comparison import Comparison
from rembench.reports.compare.contrasts import Contrast
from rembench.reports.compare.html import tabled
from rembench.reports.compare.text import counted
from rembench.reports.markdown import escaped, table
from rembench.reports.wording import number

_HEAD = ("", "first", "second", "difference", "95% interval", "told", "scenarios", "notices", "takes")


def write_markdown(found: Comparison, path: Path) -> None:
    """Write the file."""
    write_atomically(path, "\n".join(_lines(found)) + "\n")


def _lines(found: Comparison) -> Iterator[str]:
    yield from ("# rembench compare", "", escaped(sentences.scope(found)))
    for one in found.sources:
        record = one.run.record
        packs = ", ".join(f"{p['name']} sha256 {str(p['sha256'])[:12]}" for p in record.packs)
        made = f"{packs}; {record.created}, seed {record.seed}, repeats {record.repeats}"
        yield from ("", f"- {escaped(one.label)}: {escaped(made)}")
    for note in (*found.notes, sentences.against(found), sentences.family(found), sentences.INTERVALS):
        yield from ("", escaped(note))
    yield from _pairs(found)
    yield from _slices(found)
    yield from _fronts(found)
    yield from _cases(found)


def _pairs(found: Comparison) -> Iterator[str]:
    with_table = tabled(found)
    for n, pair in enumerate(found.pairs.pairs):
        yield from ("", f"## {escaped(sentences.heading(pair))}", "", escaped(sentences.in_short(pair)))
        if n in with_table:
            yield ""
            yield from _table([(sentences.title(one), one) for one in pair.contrasts])
    yield from ("", escaped(sentences.OUTLOOK))


def _slices(found: Comparison) -> Iterator[str]:
    yield from ("", "## Slices that are told", "", escaped(sentences.slice_family(found)))
    if note := sentences.detail_note(found):
        yield from ("", escaped(note))
    for one in found.slices.pairs:
        told = [c for c in one.contrasts if c.told]
        heading = escaped(sentences.heading(one.pair))
        yield from ("", f"{heading}: {len(told)} of {len(one.contrasts)}.")
        if told:
            yield ""
            yield from _table([(f"{c.slice}: {sentences.title(c)}", c) for c in told])


def _fronts(found: Comparison) -> Iterator[str]:
    yield from ("", "## Quality (informedness) and what it takes")
    for front in found.fronts:
        yield from ("", f"**{escaped(front.price.title)}**")
        yield from (f"- {escaped(line)}" for line in sentences.front_lines(front))


def _cases(found: Comparison) -> Iterator[str]:
    yield from ("", "## Where they differ most")
    for detail in found.details:
        pair = detail.pair
        yield from ("", f"**{escaped(sentences.heading(pair))}**: {escaped(counted(detail.cases, pair))}.")
        rows = [
            [g.kind, g.expected, g.first, g.second, f"{g.values:,}", str(g.scenarios), _example(g.examples[0])]
            for g in detail.cases.groups
        ]
        if rows:
            yield ""
            head = ["kind", "expected", "first", "second", "values at nights", "scenarios", "for example"]
            yield from table(head, rows)


def _example(one: Example) -> str:
    return escaped(f"{one.scenario}, {one.night}: {one.value.item}")


def _table(rows: Sequence[tuple[str, Contrast]]) -> Iterator[str]:
    yield from table(
        _HEAD,
        (
            [
                escaped(title),
                number(one.first, one.metric.unit),
                number(one.second, one.metric.unit),
                sentences.signed(one.mean, one.metric.unit),
                sentences.interval(one),
                sentences.told(one),
                str(one.scenarios),
                sentences.noticed(one),
                sentences.wanted(one),
            ]
            for title, one in rows
        ),
    )
