"""A pack's `pack.json` and the counts in its card: made from the scenarios, never typed.

`pack.json` is {"name", "title", "licence", "canary", "sha256", "statistics"}; the first four are the
author's, the last two are written by `write_card`, which also fills the part of `README.md` between the
lines `<!-- counts -->` and `<!-- /counts -->`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.files import plain
from rembench.harness.scenario.place import parse
from rembench.harness.types import STANCES, DeleteStep, Item, Pack, Scenario, Value

MANIFEST = "pack.json"
CARD = "README.md"
BEGIN = "<!-- counts -->"
END = "<!-- /counts -->"

_AUTHORS = ("name", "title", "licence", "canary")


def statistics(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """What's in a pack, counted: totals, items and values by kind and tactic, expectations by stance."""
    items = [item for scenario in scenarios for item in scenario.items]
    values = [value for item in items for value in item.values]
    sessions = [session for scenario in scenarios for session in scenario.sessions]
    deletions = [step for one in scenarios for step in one.steps if isinstance(step, DeleteStep)]
    return {
        "scenarios": len(scenarios),
        "sessions": len(sessions),
        "messages": sum(len(session.messages) for session in sessions),
        "nights": sum(len(scenario.nights) for scenario in scenarios),
        "deletion_requests": len(deletions),
        "items": len(items),
        "values": len(values),
        "origins": _counted(scenario.origin for scenario in scenarios),
        "languages": _counted(scenario.language for scenario in scenarios),
        "by_kind": _by(items, [item.kind for item in items]),
        "by_tactic": _by(items, [_tactic(item) for item in items]),
        "expectations": _stances(values),
    }


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
    parts = [
        _table(["", "count"], [[key.replace("_", " "), counted[key]] for key in totals]),
        _table(
            ["kind of item", "items", "values"],
            [[key, n["items"], n["values"]] for key, n in counted["by_kind"].items()],
        ),
        _table(
            ["kind: tactic", "items", "values"],
            [[key, n["items"], n["values"]] for key, n in counted["by_tactic"].items()],
        ),
        _table(["expected stance", "values x nights"], counted["expectations"].items()),
        f"SHA-256 of the scenarios: `{pack.sha256}`\n\nCanary: `{own['canary']}`\n",
    ]
    return "\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(head)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def _by(items: Sequence[Item], names: Sequence[str]) -> dict[str, dict[str, int]]:
    number = Counter(names)
    values: Counter[str] = Counter()
    for item, name in zip(items, names, strict=True):
        values[name] += len(item.values)
    return {name: {"items": number[name], "values": values[name]} for name in sorted(number)}


def _tactic(item: Item) -> str:
    return f"{item.kind}: {item.tactic or '(none named)'}"


def _stances(values: Sequence[Value]) -> dict[str, int]:
    found: Counter[str] = Counter(
        stance or "not scored" for value in values for stance in value.expect.values()
    )
    return {name: found[name] for name in (*STANCES, "not scored")}


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _read(path: Path) -> str:
    try:
        return plain(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} isn't valid UTF-8", where=str(path)) from None
    except OSError as error:
        raise UserError(f"can't be read: {error.strerror}", where=str(path)) from None
