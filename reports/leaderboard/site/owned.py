"""Which files of a site's folder are ours: those that its list names, and nothing else.

The list is written before the files, so that a site that was cut off is still ours. What's on it and isn't
needed any more is removed, if it bears a name that we give and is a plain file; no link is followed. Where
something stands that we'd write over and isn't on the list, nothing is written at all.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from rembench.harness.engine.record import write_atomically
from rembench.harness.errors import UserError

LIST = "site.json"
_OURS = re.compile(
    r"(?:index|method)\.html|[a-z]+\.(?:css|js)|(?:consolidators|scenarios)/[a-z0-9-]+\.html|results\.json"
    r"|data/[a-z]+\.(?:csv|parquet)|dataset/README\.md|dataset/data/[a-z]+-test\.parquet"
)
_FOLDERS = ("consolidators", "scenarios")
_RIGHT = "give another folder with -o, or move it away"


def take(site: Path, files: Iterable[str]) -> None:
    """Have the list name `files`, and remove of what it named before the rest.

    UserError where a file isn't ours, or where a folder of ours is something else.
    """
    mine = sorted(set(files))
    had = _listed(site)
    for name in (*_FOLDERS, "evidence", "data", "dataset", "dataset/data"):
        if (site / name).is_symlink() or ((site / name).exists() and not (site / name).is_dir()):
            raise UserError("isn't a folder of this site", where=str(site / name), right=_RIGHT)
    if not had and (site / "evidence").is_dir() and next((site / "evidence").iterdir(), None) is not None:
        raise UserError("it has something else's evidence", where=str(site / "evidence"), right=_RIGHT)
    for name in mine:
        path = site / name
        if path.is_symlink() or (path.exists() and (name not in had or not path.is_file())):
            raise UserError("it wasn't written by rembench leaderboard", where=str(path), right=_RIGHT)
    for name in _FOLDERS:
        (site / name).mkdir(exist_ok=True)
    gone = had - set(mine)
    write_atomically(site / LIST, json.dumps({"schema": 1, "files": sorted({*mine, *gone})}) + "\n")
    for name in sorted(gone):
        _remove(site / name)
    write_atomically(site / LIST, json.dumps({"schema": 1, "files": mine}, indent=0) + "\n")


def _listed(site: Path) -> set[str]:
    """What the list names, as far as it's of the names that we give; nothing where there's none."""
    path = site / LIST
    if path.is_symlink() or not path.is_file():
        if path.is_symlink() or path.exists():
            raise UserError("isn't a plain file", where=str(path), right=_RIGHT)
        return set()
    try:
        return set(_names(json.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, RecursionError):
        raise UserError("it isn't the list of a site's files", where=str(path), right=_RIGHT) from None


def _names(made: object) -> Iterator[str]:
    files = made.get("files") if isinstance(made, dict) else None
    if not isinstance(files, list):
        raise ValueError("no list of files")
    yield from (one for one in files if isinstance(one, str) and _OURS.fullmatch(one))


def _remove(path: Path) -> None:
    if path.is_file() and not path.is_symlink():
        with suppress(FileNotFoundError):
            path.unlink()
