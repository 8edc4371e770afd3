"""Writes the site: the pages beside the leaderboard's files for machines, and the evidence they open.

    index = write_site(board, folder)

The bytes depend on the board alone. Everything from outside is escaped; the pages may load nothing but the
site's own style, scripts and evidence, from the disk or from the server that they lie on.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rembench.harness.engine.record import write_atomically
from rembench.reports import wording
from rembench.reports.columns import ARROWS
from rembench.reports.evidence.files import write_evidence
from rembench.reports.evidence.script import embedded
from rembench.reports.html import EVIDENCE, asset, environment
from rembench.reports.leaderboard.board import Board
from rembench.reports.leaderboard.files import file_names
from rembench.reports.leaderboard.site import (
    consolidator,
    drawn,
    index,
    method,
    owned,
    place,
    scenario,
    standings,
)
from rembench.reports.leaderboard.site.place import Places, places

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""What a page may load: style and scripts that lie beside it."""

_FILES = {
    "base.css": "base.css",
    "site.css": "site/site.css",
    "site.js": "site/site.js",
    "evidence.js": "evidence.js",
}


def write_site(board: Board, site: Path) -> Path:
    """Write all pages into `site`, which exists; the path of the first one.

    UserError where a page, or one of the files for machines, would replace what isn't a leaderboard's.
    """
    labels = [*(one.label for one in board.entries), *board.controls]
    where = places(labels, (one.id for one in scenario.originals(board)))
    owned.take(site, [*where.pages, *_FILES, *file_names()])
    for name, source in _FILES.items():
        write_atomically(site / name, asset(source))
    writer = _Writer(board, site, where, _evidence(board, site))
    writer.page(place.INDEX, "site/index.html.j2", **index.context(board))
    writer.page(place.METHOD, "site/method.html.j2", **method.context(board))
    for label, path in where.consolidators.items():
        writer.page(path, "site/consolidator.html.j2", **consolidator.context(board, label))
    writer.page(place.SCENARIOS, "site/scenarios.html.j2", **scenario.listed(board))
    for one in scenario.originals(board):
        writer.page(where.scenarios[one.id], "site/scenario.html.j2", **scenario.context(board, one))
    return site / place.INDEX


class _Writer:
    """Renders pages with what they all need, each with the way back to the site's root."""

    def __init__(self, board: Board, site: Path, where: Places, stamp: str) -> None:
        self._site = site
        self._made = _templates(board, where)
        self._stamp = stamp

    def page(self, path: str, template: str, **context: Any) -> None:
        """Write one page."""
        root = "../" * path.count("/")
        text = self._made.get_template(template).render(
            **context, root=root, path=path, evidence_from=f"{root}{EVIDENCE}/", evidence_stamp=self._stamp
        )
        write_atomically(self._site / path, text.encode("utf-8", "replace").decode("utf-8"))


def _templates(board: Board, where: Places) -> "Environment":
    from markupsafe import Markup

    made = environment()
    made.filters["prefix"] = lambda text, head: f"{head}{text}"
    labels = list(board.summary.consolidators)
    made.globals.update(
        board=board,
        policy=POLICY,
        where=where,
        labels=wording.labels(labels),
        numbers={name: n for n, name in enumerate(labels)},
        arrows=ARROWS,
        rank_words=standings.rank_words,
        rank_mark=lambda one: Markup(drawn.rank_mark(one)),  # noqa: S704 - numbers only
        interval_mark=lambda *of, **how: Markup(drawn.interval_mark(*of, **how)),  # noqa: S704 - numbers only
        counted=lambda n, one, many=None: f"{n:,} {one if n == 1 else many or f'{one}s'}",
        some=standings.some,
        json=lambda data: Markup(embedded(data)),  # noqa: S704 - escaped by `embedded`
    )
    return made


def _evidence(board: Board, site: Path) -> str:
    """Write the evidence of everyone; its stamp."""
    chains = {one.label: one.chains for one in board.entries} | dict(board.control_chains)
    every = (chain for name in board.summary.consolidators for chain in chains[name])
    return write_evidence(every, wording.labels(board.summary.consolidators), site / EVIDENCE).stamp
