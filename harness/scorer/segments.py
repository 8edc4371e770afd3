"""Cuts a memory into segments: sentences, bullets, table rows, key-values, each with its context.

Markdown's block structure comes from markdown-it-py, that of YAML and JSON from PyYAML's node tree
(composed, never constructed: nothing in a memory is executed). Text that's none of these is read as
Markdown, which plain prose and logs are too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rembench.harness.scorer.forms import is_month
from rembench.harness.scorer.words import Word, words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|no|nr|dr|mr|mrs|ms|st|incl|excl|resp|min|max|tel|fig|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)|\b[A-Za-z])\.\Z",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d\.\Z")
_BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[*_`~]*[A-ZÀ-ÞŁŚŻ0-9<])")
_NOTHING = frozenset({"false", "0", "no", "off"})  # as a key's plain value
_QUESTION = 60  # characters: a short question and its answer are one statement
_MARKER = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)]|>+)\s+")


@dataclass(frozen=True, slots=True)
class Segment:
    """One statement of a memory: characters [start, end) of the file `path`.

    `headings` are the headings, keys and parent bullets above it, outermost first; `block` numbers
    the paragraph or bullet it belongs to; `before` is the sentence before it in the same block.
    """

    path: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    block: int
    before: str = ""
    struck: bool = False
    words: tuple[Word, ...] = field(default=(), repr=False)


def is_structured(path: str) -> bool:
    """Whether the file's name says that it's YAML or JSON."""
    return path.rsplit(".", 1)[-1].lower() in {"yaml", "yml", "json"}


def file_segments(path: str, text: str) -> Iterator[Segment]:
    """The segments of one file."""
    looks_json = text.lstrip()[:1] in {"{", "["} and text.rstrip()[-1:] in {"}", "]"}
    if is_structured(path) or looks_json:
        structured = _structured(path, text)
        if structured:
            yield from structured
            return
    yield from _markdown(path, text)


def _segment(path: str, text: str, span: tuple[int, int], context: "_Context") -> Segment | None:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    piece = text[start:end]
    return Segment(
        path=path, start=start, end=end, text=piece, headings=context.headings,
        block=context.block, before=context.before, words=words(piece, start),
        struck=context.struck or bool(re.fullmatch(r"~~.*~~[.;]?", piece, re.DOTALL)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Context:
    headings: tuple[str, ...]
    block: int
    before: str = ""
    struck: bool = False


def _markdown(path: str, text: str) -> Iterator[Segment]:
    starts = _line_starts(text)
    reader = _MarkdownReader(path, text, starts)
    for token in _parser().parse(text):
        yield from reader.take(token)


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").disable("lheading")


def _line_starts(text: str) -> list[int]:
    starts = [0]
    starts.extend(m.end() for m in re.finditer(r"\r\n|\r|\n", text))
    starts.append(len(text))
    return starts


class _MarkdownReader:
    """Follows headings and list nesting through markdown-it's tokens."""

    def __init__(self, path: str, text: str, starts: list[int]) -> None:
        self.path, self.text, self.starts = path, text, starts
        self.headings: list[tuple[int, str]] = []
        self.parents: list[str] = []
        self.first_in_item = False
        self.header: str | None = None
        self.in_head = False
        self.heading_level = 0
        self.block = 0

    def take(self, token: "Token") -> Iterator[Segment]:
        if token.type == "heading_open":
            self.heading_level = int(token.tag[1:])
        elif token.type == "list_item_open":
            self.parents.append("")
            self.first_in_item = True
        elif token.type == "list_item_close":
            self.parents.pop()
        elif token.type == "thead_open":
            self.in_head = True
        elif token.type == "thead_close":
            self.in_head = False
        elif token.type == "tr_open" and token.map:
            yield from self._row(token.map[0])
        elif token.type in {"fence", "code_block", "html_block"} and token.map:
            yield from self._lines(token.map[0], token.map[1])
        elif token.type == "inline" and token.map and self.header is None:
            yield from self._inline(token)
        elif token.type == "table_close":
            self.header = None

    def _row(self, line: int) -> Iterator[Segment]:
        span = self._span(line, line + 1)
        if self.in_head:
            self.header = self.text[slice(*span)].strip().strip("|")
        yield from self._emit([span], whole=True)

    def _inline(self, token: "Token") -> Iterator[Segment]:
        first, last = token.map or [0, 0]
        if self.heading_level:
            level, self.heading_level = self.heading_level, 0
            self.headings = [h for h in self.headings if h[0] < level]
            yield from self._emit([self._span(first, last)], whole=True)
            self.headings.append((level, token.content))
            return
        yield from self._lines(first, last)
        if self.parents and self.first_in_item:
            self.parents[-1] = token.content[:200]
            self.first_in_item = False

    def _lines(self, first: int, last: int) -> Iterator[Segment]:
        """Lines of one block: a wrapped line goes on, any other starts a new statement."""
        spans: list[tuple[int, int]] = []
        for line in range(first, last):
            start, end = self._span(line, line + 1)
            if spans and _wraps(self.text[slice(*spans[-1])], self.text[start:end]):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        yield from self._emit(spans)

    def _span(self, first: int, last: int) -> tuple[int, int]:
        start, end = self.starts[first], self.starts[min(last, len(self.starts) - 1)]
        marker = _MARKER.match(self.text, start, end)
        while marker and marker.end() < end:
            start = marker.end()
            marker = _MARKER.match(self.text, start, end)
        return start, end

    def _emit(self, spans: list[tuple[int, int]], *, whole: bool = False) -> Iterator[Segment]:
        above = [h for _, h in self.headings] + [p for p in self.parents if p]
        if self.header and not self.in_head:
            above.append(self.header)
        before = ""
        for start, end in spans:
            self.block += 1
            for piece in [(start, end)] if whole else _sentences(self.text, start, end):
                context = _Context(tuple(above), self.block, before)
                found = _segment(self.path, self.text, piece, context)
                if found:
                    before = found.text
                    yield found


def _wraps(line: str, following: str) -> bool:
    """Whether `following` goes on with the sentence that `line` left unfinished."""
    line, following = line.rstrip(), following.lstrip()
    if not line or not following or line[-1] in ".!?:;|":
        return False
    return len(line) > 50 and (following[0].islower() or following[0] in "(“\"'")


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _BREAK.finditer(text, start, end):
        head = text[begin : match.start() + 1]
        if text[match.start()] == "." and _goes_on(head, text, match.end()):
            continue
        if text[match.start()] == "?" and len(head) <= _QUESTION:
            continue
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def _goes_on(head: str, text: str, at: int) -> bool:
    """Whether the full stop that ends `head` is an abbreviation's or an ordinal's ("22. April")."""
    if _ORDINAL.search(head):
        following = re.match(r"\w+", text[at : at + 20])
        return bool(following and is_month(following.group()))
    return bool(_ABBREVIATION.search(head))


def _structured(path: str, text: str) -> list[Segment]:
    """Key-value segments of a YAML or JSON file; empty if it isn't one."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    if not isinstance(root, yaml.CollectionNode):
        return []
    return list(_nodes(path, text, root))


def _nodes(path: str, text: str, root: Any) -> Iterator[Segment]:
    """Walks the node tree without recursion; a node seen before (an alias) isn't walked again."""
    import yaml

    seen: set[int] = set()
    stack: list[tuple[Any, tuple[str, ...], int, int]] = [(root, (), 0, 0)]
    block = 0
    while stack:
        node, keys, begin, mapping = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        block += 1
        if isinstance(node, yaml.MappingNode):
            for key, value in reversed(node.value):
                name = key.value if isinstance(key, yaml.ScalarNode) else ""
                scalar = isinstance(value, yaml.ScalarNode)
                at = key.start_mark.index if scalar else value.start_mark.index
                stack.append((value, keys if scalar else (*keys, str(name)), at, block))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((child, keys, child.start_mark.index, 0) for child in reversed(node.value))
        else:
            end = node.end_mark.index
            denied = node.style is None and node.value.lower() in _NOTHING
            for piece in _sentences(text, begin, end):
                found = _segment(path, text, piece, _Context(keys, mapping or block))
                if found and denied:
                    last = replace(found.words[-1], norm="no")
                    yield replace(found, words=(*found.words[:-1], last))
                elif found:
                    yield found
