"""How large the pages are of many consolidators on many scenarios, each of which should be under 1 MB.

    python benchmarks/page_size.py [--consolidators 20] [--scenarios 96] [--pack core] [--folder FOLDER]

The run is made by `many_consolidators.py`, scored and reported as any run is, and made into a leaderboard: of
its pages of a sort the largest is said. `gzip` is what a server would send. Evidence lies beside a page in
files that are read when they're asked for; the largest is said.
"""

import argparse
import gzip
import tempfile
from dataclasses import replace
from pathlib import Path

from many_consolidators import run_of_many

from rembench.harness.cli.score import read_run
from rembench.harness.scoring import load_run
from rembench.reports.compare.sources import labelled
from rembench.reports.html import write_html
from rembench.reports.leaderboard.build import build
from rembench.reports.leaderboard.files import write_files
from rembench.reports.leaderboard.site.write import write_site
from rembench.reports.leaderboard.submissions import take

LIMIT = 1_000_000


def main() -> None:
    asked = argparse.ArgumentParser(description="How large the pages are.")
    asked.add_argument("--consolidators", type=int, default=20)
    asked.add_argument("--scenarios", type=int, default=96)
    asked.add_argument("--pack", default="core")
    asked.add_argument("--folder", type=Path, help="Where the run is made, or was.")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run = run_of_many(folder, options.consolidators, options.scenarios, options.pack)
        print(f"{options.consolidators} consolidators and the controls on {options.scenarios} scenarios")
        scored = read_run(run)
        write_html(scored.summary, scored.evidence, run / "report.html")
        say(run, [run / "report.html"], run / "evidence")
        site = site_of(run)
        kinds = (site.glob("*.html"), site.glob("consolidators/*.html"), site.glob("scenarios/*.html"))
        first, *largest = (sorted(pages, key=lambda page: page.stat().st_size) for pages in kinds)
        say(site, [*first, *(pages[-1] for pages in largest)], site / "evidence")


def site_of(run: Path) -> Path:
    """The leaderboard's site of the run's contestants, each as somebody's own code."""
    found = load_run(run)
    own = tuple(
        one if one["control"] else {**one, "spec": f"own.py:N{n}"}
        for n, one in enumerate(found.record.consolidators)
    )
    submitted = replace(found, record=replace(found.record, consolidators=own))
    site = run / "site"
    site.mkdir(exist_ok=True)
    board = build(take(labelled([submitted])))
    write_site(board, site)
    write_files(board, site)
    return site


def say(folder: Path, pages: list[Path], evidence: Path) -> None:
    """A line for each page, and one for all the evidence."""
    for page in pages:
        data = page.read_bytes()
        fits = "" if len(data) <= LIMIT else "  MORE THAN 1 MB"
        print(f"{page.relative_to(folder)}  {len(data):,} bytes, gzip {len(gzip.compress(data)):,}{fits}")
    sizes = [path.stat().st_size for path in evidence.glob("*.js")]
    if sizes:
        print(f"{evidence.name}/  {len(sizes)} files, {sum(sizes):,} bytes, the largest {max(sizes):,}")


if __name__ == "__main__":
    main()
