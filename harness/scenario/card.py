"""A pack's `pack.json`, the counts in its card and its `croissant.json`: made from the scenarios, never typed.

`pack.json` is {"name", "title", "licence", "canary", "sha256", "statistics"}; the first four are the
author's, who may add "description", "creator", "url", "citation", "version" and the dates "published" and
"modified". The last two are written by `write_card`, which also fills the part of `README.md` between the
lines `<!-- counts -->` and `<!-- /counts -->` and writes `croissant.json`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.files import plain
from rembench.harness.scenario.croissant import croissant
from rembench.harness.scenario.place import Place, parse
from rembench.harness.scenario.statistics import DEFINED, SPREADS, wording
from rembench.harness.scenario.survey import Survey, survey_of
from rembench.harness.types import Pack

MANIFEST = "pack.json"
CARD = "README.md"
CROISSANT = "croissant.json"
BEGIN = "<!-- counts -->"
END = "<!-- /counts -->"

_AUTHORS = ("name", "title", "licence", "canary")
_DATES = ("published", "modified")
_AUTHORS_TOO = ("description", "creator", "url", "citation", "version", *_DATES)


def write_card(pack: Pack | Survey) -> None:
    """Bring `pack.json`, `croissant.json` and the counts in `README.md` in step with a pack's scenarios."""
    for name, text in _right_files(survey_of(pack)).items():
        (Path(pack.path) / name).write_text(text, encoding="utf-8")


def card_faults(pack: Pack | Survey) -> list[UserError]:
    """What in `pack.json`, `README.md` and `croissant.json` isn't in step with the scenarios.

    A pack without a `pack.json` has no card to keep.
    """
    folder = Path(pack.path)
    try:
        claimed = manifest(folder).get("sha256", pack.sha256)
        right = _right_files(survey_of(pack)) if (folder / MANIFEST).is_file() else {}
        missing = [name for name in right if not (folder / name).exists()]
        stale = [name for name in right if name not in missing and read_text(folder / name) != right[name]]
    except UserError as error:
        return [error]
    mend = f"`rembench pack card {folder}` after a wanted change"
    if claimed != pack.sha256:
        what = f"sha256: says {str(claimed)[:64]!r}, the scenarios have {pack.sha256!r}"
        return [UserError(what, where=str(folder / MANIFEST), right=mend)]
    faults = dict.fromkeys(missing, "is missing") | dict.fromkeys(stale, "isn't in step with the scenarios")
    return [UserError(fault, where=str(folder / name), right=mend) for name, fault in faults.items()]


def manifest(folder: Path) -> Mapping[str, Any]:
    """The `pack.json` of the pack in `folder`; empty when there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    place = parse(read_text(path), str(path))
    place.object(_AUTHORS, (*_AUTHORS_TOO, "sha256", "statistics"))
    for key in (*_AUTHORS, *(key for key in _AUTHORS_TOO if key in place.value)):
        place.to(key).words()
    for key in _DATES:
        if key in place.value:
            _check_date(place.to(key))
    return place.mapping()


def _check_date(place: Place) -> None:
    try:
        date.fromisoformat(place.text())
    except ValueError:
        raise place.error("isn't a date", "as '2026-05-03'") from None


def _right_files(pack: Survey) -> dict[str, str]:
    folder = Path(pack.path)
    own = manifest(folder)
    if not own:
        raise UserError(
            "is missing", where=str(folder / MANIFEST), right=f"write it with {', '.join(_AUTHORS)}"
        )
    counted = pack.statistics
    whole = {**own, "sha256": pack.sha256, "statistics": counted}
    card = read_text(folder / CARD)
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UserError(f"has no lines {BEGIN} and {END}", where=str(folder / CARD))
    return {
        MANIFEST: _json(whole),
        CARD: f"{before}{BEGIN}\n{_tables(pack, own)}{END}{after}",
        CROISSANT: _json(_croissant(folder, own, counted)),
    }


def _croissant(folder: Path, own: Mapping[str, Any], counted: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return croissant(folder, own, counted)
    except OSError as error:
        raise UserError(f"can't be read: {error.strerror}", where=str(error.filename or folder)) from None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _tables(pack: Survey, own: Mapping[str, Any]) -> str:
    counted = pack.statistics
    totals = ("scenarios", "sessions", "messages", "nights", "deletion_requests", "items", "values")
    shares = counted["share_by_kind"]
    parts = [
        _table(["", "count"], [[_spaced(key), counted[key]] for key in totals]),
        _table(
            ["kind of item", "items", "share", "values"],
            [[key, n["items"], shares[key], n["values"]] for key, n in counted["by_kind"].items()],
        ),
        _table(
            ["kind: tactic", "items", "values"],
            [[key, n["items"], n["values"]] for key, n in counted["by_tactic"].items()],
        ),
        _table(["expected stance", "values x nights"], counted["expectations"].items()),
        _named("failure class", "items", counted["by_tag"]),
        _named("level", "scenarios", counted["levels"]),
        _named("domain", "scenarios", counted["domains"]),
        _table(
            ["", "min", "median", "p90", "max"],
            [[_spaced(key), *counted[key].values()] for key in SPREADS],
        ),
        _table(["of what user and assistant say", "ratio"], wording(counted)),
        f"{DEFINED}\n",
        f"SHA-256 of the scenarios: `{pack.sha256}`\n\nCanary: `{own['canary']}`\n",
    ]
    return "\n".join(part for part in parts if part)


def _named(what: str, of: str, counts: Mapping[str, int]) -> str:
    return _table([what, of], counts.items()) if counts else ""


def _spaced(key: str) -> str:
    return key.replace("_", " ")


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(head)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(value: object) -> str:
    return "–" if value is None else " ".join(str(value).split()).replace("|", "\\|")


def read_text(path: Path) -> str:
    """The text of one of a pack's own files; UserError where there is none."""
    try:
        return plain(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} isn't valid UTF-8", where=str(path)) from None
    except OSError as error:
        raise UserError(f"can't be read: {error.strerror}", where=str(path)) from None
