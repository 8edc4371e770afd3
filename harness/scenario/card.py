"""A pack's `pack.json` and the counts in its card: made from the scenarios, never typed.

`pack.json` is {"name", "title", "licence", "canary", "sha256", "statistics"}; the first four are the
author's, the last two are written by `write_card`, which also fills the part of `README.md` between the
lines `<!-- counts -->` and `<!-- /counts -->`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.files import plain
from rembench.harness.scenario.place import parse
from rembench.harness.scenario.statistics import DEFINED, SPREADS, statistics, wording
from rembench.harness.types import Pack

MANIFEST = "pack.json"
CARD = "README.md"
BEGIN = "<!-- counts -->"
END = "<!-- /counts -->"

_AUTHORS = ("name", "title", "licence", "canary")


def write_card(pack: Pack) -> None:
    """Bring `pack.json` and the counts in `README.md` of a pack's folder in step with its scenarios."""
    for name, text in _right_files(pack).items():
        (Path(pack.path) / name).write_text(text, encoding="utf-8")


def card_faults(pack: Pack) -> list[UserError]:
    """What in `pack.json` and `README.md` isn't in step with the scenarios; empty if nothing.

    A pack without a `pack.json` has no card to keep.
    """
    folder = Path(pack.path)
    try:
        claimed = manifest(folder).get("sha256", pack.sha256)
        right = _right_files(pack) if (folder / MANIFEST).is_file() else {}
        stale = [name for name, text in right.items() if _read(folder / name) != text]
    except UserError as error:
        return [error]
    mend = f"`rembench pack card {folder}` after a wanted change"
    if claimed != pack.sha256:
        what = f"sha256: says {str(claimed)[:64]!r}, the scenarios have {pack.sha256!r}"
        return [UserError(what, where=str(folder / MANIFEST), right=mend)]
    what = "isn't in step with the scenarios"
    return [UserError(what, where=str(folder / name), right=mend) for name in stale]


def manifest(folder: Path) -> Mapping[str, Any]:
    """The `pack.json` of the pack in `folder`; empty when there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    place = parse(_read(path), str(path))
    place.object(_AUTHORS, ("sha256", "statistics"))
    for key in _AUTHORS:
        place.to(key).words()
    return place.mapping()


def _right_files(pack: Pack) -> dict[str, str]:
    folder = Path(pack.path)
    own = manifest(folder)
    if not own:
        raise UserError(
            "is missing", where=str(folder / MANIFEST), right=f"write it with {', '.join(_AUTHORS)}"
        )
    counted = statistics(pack.scenarios)
    whole = {**own, "sha256": pack.sha256, "statistics": counted}
    card = _read(folder / CARD)
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UserError(f"has no lines {BEGIN} and {END}", where=str(folder / CARD))
    return {
        MANIFEST: json.dumps(whole, ensure_ascii=False, indent=2) + "\n",
        CARD: f"{before}{BEGIN}\n{_tables(pack, own, counted)}{END}{after}",
    }


def _tables(pack: Pack, own: Mapping[str, Any], counted: Mapping[str, Any]) -> str:
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


def _read(path: Path) -> str:
    try:
        return plain(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} isn't valid UTF-8", where=str(path)) from None
    except OSError as error:
        raise UserError(f"can't be read: {error.strerror}", where=str(path)) from None
