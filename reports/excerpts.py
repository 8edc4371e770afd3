"""What a memory says at a span: the lines round it, cut to what can be read at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rembench.harness.night import Memory

_AROUND = 2  # lines before and after a span
_SPAN_LINES = 6
_WIDTH = 150  # characters of a line of memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a memory file, cut if long; `start` and `end` are the span's characters in `text`."""

    number: int
    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A span [start, end) of a memory file with the lines round it; no lines where the path says it."""

    path: str
    line: int
    start: int
    end: int
    lines: tuple[Line, ...]


def excerpt(memory: Memory, path: str, start: int, end: int) -> Excerpt:
    """The span [start, end) of a file of `memory`, with what's near it."""
    text = memory.get(path, "")
    first = text.count("\n", 0, start)
    last = text.count("\n", 0, max(start, end - 1))
    lines: list[Line] = []
    at = 0
    for n, line in enumerate(text.split("\n")):
        in_reach = first - _AROUND <= n <= min(last, first + _SPAN_LINES) + _AROUND
        if in_reach and end > start:
            lines.append(_line(n + 1, line, start - at, end - at))
        at += len(line) + 1
    return Excerpt(path=path, line=first + 1, start=start, end=end, lines=tuple(lines))


def _line(number: int, text: str, start: int, end: int) -> Line:
    """A line with the part of the span [start, end) that lies in it, cut to what's near the span."""
    inside = end > 0 and start <= len(text) and (start < len(text) or not text)
    low, high = (max(0, start), min(len(text), end)) if inside else (0, 0)
    left = max(0, min(low - _WIDTH // 3, len(text) - _WIDTH))
    right = max(min(len(text), left + _WIDTH), min(high, left + 2 * _WIDTH))
    head, tail = "…" if left else "", "…" if right < len(text) else ""
    moved = len(head) - left
    return Line(
        number=number,
        text=f"{head}{text[left:right]}{tail}",
        start=low + moved if inside else None,
        end=min(high, right) + moved if inside else None,
    )


def excerpt_lines(place: Excerpt) -> Iterator[str]:
    """File and line, then the lines with their numbers and the span in «guillemets»."""
    if not place.lines:
        yield f"«{place.path}» (in the file's path)"
        return
    yield f"{place.path}:{place.line}"
    width = len(str(place.lines[-1].number))
    for line in _without_blank_ends(place.lines):
        text, mark = line.text, " "
        if line.start is not None and line.end is not None:
            mark = ">"
            text = f"{text[: line.start]}«{text[line.start : line.end]}»{text[line.end :]}"
        yield f"  {mark} {line.number:>{width}}  {text}"


def _without_blank_ends(lines: Sequence[Line]) -> Sequence[Line]:
    kept = [n for n, line in enumerate(lines) if line.text.strip() or line.start is not None]
    return lines[kept[0] : kept[-1] + 1] if kept else lines
