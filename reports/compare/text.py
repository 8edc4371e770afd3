"""A comparison for a terminal: plain lines, at most a hundred characters wide where names allow it."""

import textwrap
from collections.abc import Iterator, Sequence

from rembench.reports.compare import sentences
from rembench.reports.compare.cases import Cases, Group, show_command
from rembench.reports.compare.comparison import Comparison, Detail
from rembench.reports.compare.contrasts import TURNS, Contrast
from rembench.reports.compare.nights import NightDiff
from rembench.reports.compare.pairs import Pair, SlicedPair
from rembench.reports.compare.values import Seen, SeenValue
from rembench.reports.excerpts import excerpt_lines
from rembench.reports.wording import number

WIDTH = 100
_TABLES = 6  # pairs; of more, a sentence each
_SENTENCES = 20
_LINES = 8  # of a front
_GROUPS = 6
_SLICES = 12  # of a pair
_VALUES = 30
_DIFF = 80  # lines of it


def text_lines(found: Comparison) -> Iterator[str]:
    """What `rembench compare` prints; lines may hold characters that a terminal would obey."""
    yield sentences.scope(found)
    for note in (*found.notes, sentences.against(found)):
        yield from _wrapped(note)
    yield from _pairs(found)
    yield from _slices(found)
    yield from _fronts(found)
    for detail in found.details[:_TABLES]:
        yield from _cases(detail)
    if len(found.details) == 1 or found.asked.scenario is not None:
        for detail in found.details:
            for night in detail.nights[:1]:
                yield from _night(night, detail.pair)
    if note := sentences.detail_note(found):
        yield ""
        yield from _wrapped(note)


def _pairs(found: Comparison) -> Iterator[str]:
    pairs = found.pairs.pairs
    if len(pairs) <= _TABLES:
        for pair in pairs:
            yield from ("", sentences.heading(pair))
            yield from _table(pair.contrasts)
            if few := sentences.too_few(pair):
                yield from _wrapped(few)
    else:
        yield ""
        yield from _in_short(pairs)
    yield ""
    yield from _wrapped(f"{sentences.family(found)} {sentences.INTERVALS}")
    if len(pairs) <= _TABLES:
        yield from _wrapped(sentences.OUTLOOK)


def _in_short(pairs: Sequence[Pair]) -> Iterator[str]:
    """A sentence for each pair; of many only those that something tells apart."""
    said = pairs if len(pairs) <= _SENTENCES else [pair for pair in pairs if pair.told()]
    for pair in said[:_SENTENCES]:
        yield from _wrapped(f"{sentences.heading(pair)}. {sentences.in_short(pair)}")
    if len(said) > _SENTENCES:
        yield f"… and {len(said) - _SENTENCES} more pairs: in --json, and with -o DIR"
    if len(said) < len(pairs):
        rest = f"the other {len(pairs) - len(said):,}" if said else f"these {len(pairs):,}"
        yield f"Nothing tells {rest} pairs apart."


def _table(contrasts: Sequence[Contrast]) -> Iterator[str]:
    reasons = {one.reason for one in contrasts}
    if len(reasons) == 1 and all(one.mean is None for one in contrasts):
        yield from _wrapped(f"Nothing to compare, on any of {len(contrasts)} metrics: {reasons.pop()}.")
        return
    head = ["", "first", "second", "difference", "95% interval", "told", "scenarios", "notices", "takes"]
    yield from _grid([head, *([sentences.title(one), *_row(one)] for one in contrasts)])
    for one in contrasts:
        if one.mean is None or one.why_not == TURNS:
            yield from _wrapped(f"{one.metric.title}: {sentences.why(one)}")


def _row(one: Contrast) -> list[str]:
    unit = one.metric.unit
    return [
        number(one.first, unit),
        number(one.second, unit),
        sentences.signed(one.mean, unit),
        sentences.interval(one),
        sentences.told(one),
        str(one.scenarios),
        sentences.noticed(one),
        sentences.wanted(one),
    ]


def _slices(found: Comparison) -> Iterator[str]:
    told = [(one, [c for c in one.contrasts if c.told]) for one in found.slices.pairs]
    yield ""
    if not any(contrasts for _, contrasts in told):
        none = "None tells any two apart." if found.slices.family.tests else "There are none."
        yield from _wrapped(f"By kind, tactic, domain, level and age: {none} {sentences.slice_family(found)}")
        return
    yield from _wrapped(f"What's told by kind, tactic, domain, level and age. {sentences.slice_family(found)}")
    for one, contrasts in told:
        if contrasts:
            yield from _sliced(one, contrasts)


def _sliced(one: SlicedPair, contrasts: Sequence[Contrast]) -> Iterator[str]:
    yield from ("", sentences.heading(one.pair))
    head = ["", "first", "second", "difference", "95% interval", "told", "scenarios"]
    largest = sorted(contrasts, key=lambda c: -abs(c.mean or 0.0))[:_SLICES]
    kept = {id(c) for c in largest}
    rows = [[f"{c.slice}: {sentences.title(c)}", *_row(c)[:6]] for c in contrasts if id(c) in kept]
    yield from _grid([head, *rows])
    if len(contrasts) > _SLICES:
        yield f"… and {len(contrasts) - _SLICES} smaller differences: in --json, and with -o DIR"


def _fronts(found: Comparison) -> Iterator[str]:
    yield from ("", "Quality (informedness) against what it takes")
    for front in found.fronts:
        yield f"  {front.price.title}"
        lines = list(sentences.front_lines(front))
        for line in lines[:_LINES]:
            yield from _wrapped(line, "    ")
        if len(lines) > _LINES:
            yield f"    … and {len(lines) - _LINES} more: in --json, and with -o DIR"


def _cases(detail: Detail) -> Iterator[str]:
    pair, found = detail.pair, detail.cases
    yield from ("", f"Where they differ: {sentences.heading(pair)}")
    yield f"  {counted(found, pair)}"
    head = ["kind", "expected", "first", "second", "right", "values", "scenarios"]
    rows = [
        [g.kind, g.expected, g.first, g.second, "first" if g.first_right else "second", f"{g.values:,}",
         str(g.scenarios)]
        for g in found.groups[:_GROUPS]
    ]  # fmt: skip
    if rows:
        yield from (f"  {line}" for line in _grid([head, *rows], left=5))
    for is_first in (True, False):
        for group in [g for g in found.groups if g.first_right is is_first][:1]:
            yield from _example(group, pair)


def counted(found: Cases, pair: Pair) -> str:
    """How many values only one of the two has right."""
    if not found.first_only and not found.second_only:
        return "in no value at any night is one right and the other wrong"
    return (
        f"{found.first_only:,} values at nights that only {pair.first.label} has right, "
        f"{found.second_only:,} that only {pair.second.label} has"
    )


def _example(group: Group, pair: Pair) -> Iterator[str]:
    example = group.examples[0]
    yield ""
    yield f"  {example.scenario} {example.night}  {_value_title(example.value)}"
    for side, seen in ((pair.first, example.value.first), (pair.second, example.value.second)):
        yield f"    {side.label}: {_seen(seen)}"
        if seen.place:
            yield from (f"      {line}" for line in excerpt_lines(seen.place))
        yield f"      {show_command(side, example)}"


def _night(night: NightDiff, pair: Pair) -> Iterator[str]:
    repeat = f", repeat {night.repeat}" if night.repeat else ""
    yield ""
    yield f"Two memories of {night.scenario}, {night.night} ({night.at}{repeat}): {sentences.heading(pair)}"
    for side, failure in zip((pair.first, pair.second), night.failures, strict=True):
        if failure:
            yield f"  {side.label} has no memory: {failure}"
    yield f"  of {len(night.values)} values {night.differing} are right in one and wrong in the other"
    rows = [[_value_title(v), v.expected, _seen(v.first), _seen(v.second)] for v in night.values if v.differs]
    if rows:
        head = ["value", "expected", "first", "second"]
        yield from (f"  {line}" for line in _grid([head, *rows[:_VALUES]], left=4))
    if len(rows) > _VALUES:
        yield f"  … and {len(rows) - _VALUES} more: in --json, and with -o DIR"
    yield from _diff(night)


def _diff(night: NightDiff) -> Iterator[str]:
    shown = 0
    for file in night.files:
        if shown >= _DIFF:
            break
        where = (
            "" if file.first and file.second else f" (only the {'first' if file.first else 'second'} has it)"
        )
        yield f"  {file.path}{where}"
        lines = file.lines or ("(differs in line ends only)",)
        for line in lines[: _DIFF - shown]:
            yield f"    {line}"
        shown += len(lines)
    total = sum(len(file.lines) + file.cut for file in night.files)
    if total > _DIFF or night.unshown:
        yield "  … the rest of the diff: with -o DIR"
    if night.alike:
        yield f"  {night.alike} more files are the same"


def _value_title(value: SeenValue) -> str:
    text = " ".join(value.text.split())
    short = text if len(text) <= 30 else f"{text[:29]}…"
    return f'{value.item} "{short}" [{value.kind}]'


def _seen(seen: Seen) -> str:
    if seen.outcome is None:
        return f"no verdict: {seen.reason}" if seen.reason else "no verdict"
    return seen.outcome + (f" {seen.leak_level}" if seen.leak_level else "")


def _grid(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows as aligned columns, the first `left` of them to the left."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            f"{cell:<{width}}" if n < left else f"{cell:>{width}}"
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
