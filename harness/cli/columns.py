"""Text in columns, at most a hundred characters wide."""

from collections.abc import Iterable, Sequence

WIDTH = 100
UNDEFINED = "–"


def grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned columns: the first to the left, the others to the right; cut at `WIDTH`."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for first, *others in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        lines.append(clipped("  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()))
    return lines


def shown(value: object) -> str:
    """A number with three decimals, a whole number as it is, `UNDEFINED` for None."""
    if value is None:
        return UNDEFINED
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def word(key: str) -> str:
    """A key of the JSON as words."""
    return key.replace("_", " ")


def met(found: bool | None) -> str:
    """A bar's outcome; None: it isn't asked."""
    return {True: "met", False: "not met", None: "not asked"}[found]


def clipped(line: str) -> str:
    """`line` on one line and cut at `WIDTH`."""
    flat = " ".join(line.splitlines())
    return flat if len(flat) <= WIDTH else flat[: WIDTH - 1] + "…"


def titled(title: str, lines: Iterable[str]) -> list[str]:
    """An empty line, the title and the lines."""
    return ["", clipped(title), *lines]
