"""compare.html: one self-contained file, without a network; everything from outside is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rembench.harness.engine.record import write_atomically
from rembench.metrics import METRICS
from rembench.reports.columns import ARROWS
from rembench.reports.compare import sentences
from rembench.reports.compare.cases import show_command
from rembench.reports.compare.charts import interval_mark, quality_against_price, reach_of
from rembench.reports.compare.comparison import Comparison
from rembench.reports.compare.contrasts import Contrast
from rembench.reports.compare.entrants import Entrant
from rembench.reports.compare.pairs import METRICS_COMPARED
from rembench.reports.compare.text import counted
from rembench.reports.html import asset, environment

MOST_TABLES = 60
"""So many pairs get a table; of more, those that are gone into and those with the best control do."""

_OPEN = 3
_LINES = 6  # of a front; the others open
_BY = {"kind": "Kind of item", "tactic": "Tactic", "domain": "Domain", "level": "Level", "age": "Age in nights"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """On how many metrics the row is told better, and worse, than the column, of how many that both have.

    `pair` is the pair's number.
    """

    better: int
    worse: int
    of: int
    pair: int


def write_html(found: Comparison, path: Path) -> None:
    """Write the page."""
    from markupsafe import Markup

    made, with_table = environment(), tabled(found)
    made.globals.update(
        mark=lambda one, reach: Markup(interval_mark(one, reach)),  # noqa: S704 - numbers only
        show=show_command,
    )
    page = made.get_template("compare.html.j2").render(
        found=found,
        say=sentences,
        css=Markup(asset("base.css") + asset("compare.css")),  # noqa: S704 - our own files
        js=Markup(asset("compare.js")),  # noqa: S704 - our own file
        charts=[
            (front, Markup(quality_against_price(front) if front.varies else ""))  # noqa: S704 - drawn by us
            for front in found.fronts
        ],
        tabled=with_table,
        rest=[(n, pair) for n, pair in enumerate(found.pairs.pairs) if n not in with_table],
        shown=_LINES,
        opened=_OPEN,
        matrix=matrix(found),
        reach=reach,
        sliced=sliced,
        counted=counted,
        metrics=[METRICS[m] for m in METRICS_COMPARED],
        arrows=ARROWS,
    )
    write_atomically(path, page.encode("utf-8", "replace").decode("utf-8"))


def tabled(found: Comparison) -> set[int]:
    """The numbers of the pairs that get a table."""
    pairs = found.pairs.pairs
    if len(pairs) <= MOST_TABLES:
        return set(range(len(pairs)))
    chosen = {id(detail.pair) for detail in found.details}
    ranked = sorted(range(len(pairs)), key=lambda n: (id(pairs[n]) not in chosen, not pairs[n].control))
    return {n for n in ranked[:MOST_TABLES] if id(pairs[n]) in chosen or pairs[n].control}


def matrix(found: Comparison) -> list[tuple[Entrant, list[MatrixCell | None]]]:
    """Every contestant's row against every contestant and the best control; None on the diagonal."""
    columns = columns_of(found)
    cells: dict[tuple[str, str], MatrixCell] = {}
    for n, pair in enumerate(found.pairs.pairs):
        ups = sum(one.better == "first" for one in pair.contrasts)
        downs = sum(one.better == "second" for one in pair.contrasts)
        of = sum(one.mean is not None for one in pair.contrasts)
        cells[pair.first.label, pair.second.label] = MatrixCell(better=ups, worse=downs, of=of, pair=n)
        cells[pair.second.label, pair.first.label] = MatrixCell(better=downs, worse=ups, of=of, pair=n)
    return [(row, [cells.get((row.label, column.label)) for column in columns]) for row in found.contestants]


def columns_of(found: Comparison) -> list[Entrant]:
    """The matrix's columns."""
    return [*found.contestants, *([found.control] if found.control else [])]


def reach(contrasts: Sequence[Contrast], one: Contrast) -> float:
    """How far the scale of one goes: shares and differences share one, an amount has its own."""
    if None in one.metric.limits:
        return reach_of([one])
    return reach_of([c for c in contrasts if None not in c.metric.limits])


def sliced(contrasts: Sequence[Contrast]) -> list[tuple[str, list[Contrast]]]:
    """The slices by what they slice by, with the words for it."""
    names = list(_BY)
    return [
        (_BY[by], found)
        for by in names
        if (found := [c for c in contrasts if c.slice is not None and c.slice.partition("=")[0] == by])
    ]
