"""The statements a new memory may hold: pieces of the store, and sentences of the sessions.

Shared by the consolidators that choose among statements and add no words of their own. A store file is
cut so that its pieces joined are the file again: kept pieces stay where they are, word for word. What's
chosen from the sessions is written to `SESSIONS_PATH`, a bullet each, under the session's date.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from rembench.harness.night import Memory, Message, Night, Role, Session
from rembench.harness.tokens import count_tokens, memory_tokens

SESSIONS_PATH = "memory/sessions.md"
LONGEST = 400
"""Characters of the longest sentence; what's longer is cut at a space."""
PATIENCE = 200
"""How many statements in a row may not fit before the memory counts as full."""
WHOLE_FILES = (".json", ".jsonl", ".yaml", ".yml", ".toml", ".xml", ".csv")
"""How the names of files end that hold data, not text."""

_PARTICULAR = re.compile(r"(?<=\w )[A-Z]\w|\w*\d\w*|[\w./-]+[/@_]\w+")
_HEADING = re.compile(r"(#{1,6})\s")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_MARK = re.compile(r"^\s*(?:[-*+•>]|#{1,6}|\d{1,3}[.)])\s+")
_WORD = re.compile(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+")
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]{0,3}+(?= [^\sa-z])|[。！？]++")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|mr|mrs|ms|dr|prof|st|no|nr|vs|approx|ca|cf|fig|inc)|\b[A-Z])\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Text with its place in the memory; places sort by (file, position, order within it)."""

    raw: str
    path: str
    place: tuple[int, int, int]

    @property
    def tokens(self) -> int:
        """What writing it costs."""
        return count_tokens(self.raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Written):
    """Something the new memory may hold, with the headings that must stand over it.

    `text` is what it says, without list marks; `role` is None for a piece of the store.
    """

    text: str
    role: Role | None
    heads: tuple[Written, ...]

    @property
    def particulars(self) -> int:
        """How many names, numbers, addresses and paths are in it."""
        return len(_PARTICULAR.findall(self.text))

    @property
    def key(self) -> str:
        """Its words alone: two statements with the same key say the same."""
        return " ".join(words(self.text))


@dataclass(frozen=True)
class Pool:
    """What there is to choose from: the store's pieces in order, and what was said, oldest first."""

    store: tuple[Statement, ...]
    said: tuple[Statement, ...]
    write_budget: int | None

    @cached_property
    def news(self) -> tuple[Statement, ...]:
        """What was said that the store doesn't have word for word, without repetitions."""
        known = {s.key for s in self.store}
        first: dict[str, Statement] = {}
        for statement in self.said:
            if statement.key not in known:
                first.setdefault(statement.key, statement)
        return tuple(first.values())

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that may be chosen: the store's pieces, then the news."""
        return self.store + self.news

    def fill(self, order: Iterable[Statement], budget: int) -> Memory:
        """The memory that holds the first statements of `order` that fit in `budget` tokens.

        A statement that doesn't fit is passed over; `PATIENCE` of them in a row end the search. The
        night's write budget holds when it's smaller. Where nothing is new only the write budget does,
        so that a quiet night changes nothing.
        """
        limit = budget if self.news else memory_tokens(write(self.store))
        if self.write_budget is not None and self.write_budget < limit:
            limit = self.write_budget
        elif not self.news:
            return write(self.store)
        return write(_fitting(order, limit))


def _fitting(order: Iterable[Statement], free: int) -> Iterator[Statement]:
    shown: set[Written] = set()
    passed_over = 0
    for statement in order:
        heads = [h for h in statement.heads if h not in shown]
        cost = statement.tokens + sum(h.tokens for h in heads)
        if cost <= free:
            free -= cost
            shown.update(heads)
            passed_over = 0
            yield statement
            continue
        passed_over += 1
        if passed_over == PATIENCE:
            return


def write(kept: Iterable[Statement]) -> Memory:
    """The memory that holds `kept` and the headings over them, each in its place."""
    pieces: set[Written] = set()
    for statement in kept:
        pieces.update((statement, *statement.heads))
    files: dict[str, str] = {}
    for piece in sorted(pieces, key=lambda p: p.place):
        before = files.get(piece.path, "")
        raw = piece.raw if before or piece.place[1] == 0 else piece.raw.lstrip("\n")
        cut_off = before[-1:].splitlines() != [""]
        files[piece.path] = before + ("\n" if before and cut_off else "") + raw
    return files


def read_pool(night: Night, *, tools: bool) -> Pool:
    """The statements of a night; what tools printed only with `tools`, system messages never."""
    roles = {"user", "assistant", "tool"} if tools else {"user", "assistant"}
    store: list[Statement] = []
    for number, (path, text) in enumerate(night.memory.items()):
        store.extend(_read_file(path, text, number))
    page = _Page(night.memory, store)
    said = tuple(
        page.statement(sentence, session, message)
        for session in night.sessions
        for message in session.messages
        if message.role in roles
        for sentence in sentences(message.content)
    )
    return Pool(tuple(store), said, night.write_budget)


def sessions_path(memory: Memory) -> str:
    """Where sentences of sessions go: `SESSIONS_PATH`, or beside it if a file stands in the way."""
    return next(path for path in _paths() if not _blocked(path, memory))


def _paths() -> Iterator[str]:
    yield SESSIONS_PATH
    for number in count(2):
        yield f"memory-{number}/sessions.md"


def _blocked(path: str, memory: Memory) -> bool:
    folder = path.partition("/")[0]
    return folder in memory or any(there.startswith(f"{path}/") for there in memory)


class _Page:
    """The file that sentences of sessions go to: finds or makes the heading of a date."""

    def __init__(self, memory: Memory, store: list[Statement]) -> None:
        self._path = sessions_path(memory)
        there = [piece for piece in store if piece.path == self._path]
        self._file = there[0].place[0] if there else len(memory)
        self._end = 1 + there[-1].place[1] if there else 0
        self._sections: dict[str, tuple[tuple[Written, ...], int]] = {}
        self._written = 0
        for piece in there:
            if piece.heads:
                self._sections[piece.heads[-1].raw.strip()] = (piece.heads, piece.place[1])

    def statement(self, sentence: str, session: Session, message: Message) -> Statement:
        heads, position = self._section(f"## {session.at[:10]}")
        self._written += 1
        return Statement(
            raw=f"- {sentence}\n",
            path=self._path,
            place=(self._file, position, self._written),
            text=sentence,
            role=message.role,
            heads=heads,
        )

    def _section(self, title: str) -> tuple[tuple[Written, ...], int]:
        if title not in self._sections:
            raw = f"\n{title}\n" if self._end else f"{title}\n"
            head = Written(raw=raw, path=self._path, place=(self._file, self._end, 0))
            self._sections[title] = ((head,), self._end)
            self._end += 1
        return self._sections[title]


def _read_file(path: str, text: str, number: int) -> Iterator[Statement]:
    raws = [text] if path.lower().endswith(WHOLE_FILES) else list(pieces(text))
    stack: list[tuple[int, Written]] = []
    for position, raw in enumerate(raws or [""]):
        place = (number, position, 0)
        heading = _HEADING.match(raw.lstrip())
        if heading:
            level = len(heading[1])
            stack = [(above, head) for above, head in stack if above < level]
        heads = tuple(head for _, head in stack)
        following = raws[position + 1] if position + 1 < len(raws) else "#"
        if heading and not _closes(level, following):
            stack.append((level, Written(raw=raw, path=path, place=place)))
            continue
        said = _MARK.sub("", raw.strip(), count=1)
        yield Statement(raw=raw, path=path, place=place, text=said, role=None, heads=heads)


def _closes(level: int, following: str) -> bool:
    """Whether a heading of `level` has nothing under it: the next piece ends its section."""
    heading = _HEADING.match(following.lstrip() + " ")
    return heading is not None and len(heading[1]) <= level


def pieces(text: str) -> Iterator[str]:
    """A file cut into headings, bullets, lines, tables and fenced blocks; joined, they're `text`."""
    piece = gap = previous = ""
    fenced = False
    for line in text.splitlines(keepends=True):
        if not fenced and not line.strip():
            gap += line
            continue
        if piece and not fenced and (gap or not _continues(previous, line)):
            yield piece
            piece = ""
        piece += gap + line
        gap, previous = "", line
        fenced = fenced != (_FENCE.match(line) is not None)
    if piece + gap:
        yield piece + gap


def _continues(previous: str, line: str) -> bool:
    """Whether `line` belongs to the piece that `previous` is in."""
    if _HEADING.match(previous) or _HEADING.match(line):
        return False
    if not _WORD.search(line) or line.startswith("|"):
        return line.startswith("|") == previous.startswith("|")
    if _MARK.match(line):
        return False
    return line[0].isspace() or (len(previous) >= 60 and line[0].islower())


def sentences(text: str) -> Iterator[str]:
    """The sentences of a message, each on one line; those of fewer than two words are left out."""
    for line in clean(text).splitlines():
        flat = " ".join(_MARK.sub("", line, count=1).split())
        for sentence in _split(flat):
            if len(words(sentence)) > 1:
                yield sentence


def _split(line: str) -> Iterator[str]:
    start = 0
    for end in (m.end() for m in _END.finditer(line)):
        if not _ABBREVIATION.search(line, max(start, end - 12), end):
            yield from _cut(line[start:end].strip())
            start = end
    yield from _cut(line[start:].strip())


def _cut(sentence: str) -> Iterator[str]:
    start = 0
    while len(sentence) - start > LONGEST:
        space = sentence.rfind(" ", start + 1, start + LONGEST + 1)
        end = space if space > 0 else start + LONGEST
        yield sentence[start:end]
        start = end + (space > 0)
    if start < len(sentence):
        yield sentence[start:]


def words(text: str) -> list[str]:
    """The words of a text, case folded; in scripts without spaces every character is one."""
    return _WORD.findall(text.casefold())


def clean(text: str) -> str:
    """`text` without what no memory may hold: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
