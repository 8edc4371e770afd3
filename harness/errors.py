"""The one error that means "you can fix this".

    Exception
    └── UserError          printed as one line, exit code 2, no traceback

Everything else that escapes is a bug and keeps its traceback. What goes wrong inside a
consolidator isn't an exception here but data: see `rembench.harness.types.Failure`.
"""

from collections.abc import Iterable, Sequence

_NEAR = 70  # of 100: less alike isn't worth a hint
_SAID = 4000  # characters of a message that are looked at


class UserError(Exception):
    """What is wrong, where, and what would be right; its text is always a single line.

    `what` and `right` are those two as they were given.
    """

    def __init__(self, what: str, *, where: str = "", right: str = "") -> None:
        parts = [f"{where}: {what}" if where else what]
        if right:
            parts.append(right)
        super().__init__(one_line("; ".join(parts)))
        self.what = what
        self.right = right


def one_line(text: str, limit: int = 600) -> str:
    """`text` on a single line without control characters, at most `limit` characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def said(error: BaseException) -> str:
    """What an exception that somebody else wrote says, "" where it can't even say that."""
    try:
        return str(error)[:_SAID]
    except (Exception, SystemExit):  # noqa: BLE001 - its __str__ may raise anything
        return ""


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that `name` was probably meant to be, None if there's none so near."""
    from rapidfuzz import process

    found = process.extractOne(name, known, score_cutoff=_NEAR) if known else None
    return str(found[0]) if found else None


def unknown_name(what: str, name: str, known: Iterable[str], *, where: str = "") -> UserError:
    """The error for a name that isn't in a table, with the nearest known name first."""
    names = sorted(known)
    near = nearest(name, names)
    hint = f"did you mean {near!r}? " if near is not None else ""
    listed = ", ".join(names) if names else "none"
    return UserError(f"unknown {what} {name!r}", where=where, right=f"{hint}known: {listed}")
