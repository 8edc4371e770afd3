"""No consolidation: an append-only event log, real deletes where somebody asks for one, retrieval on demand.

The log is one file, a line an event: a message with its session's date and id, and who spoke.

    - 2026-03-01T09:00:00Z s1 user: Firing moves to Mondays from April.

An event that's in it already isn't written again; whatever else the memory holds is left as it is. Nothing is
merged, corrected or forgotten by itself: the newest word on a matter stands last, the older ones above it.

Deleting. A request made outside the sessions takes out what it concerns, from the log and from every other
file: the lines that hold at least the share `match` of what the request names, its words weighted by inverse
document frequency. Only what's older than the request goes; what's said afresh later stays. A standing request
works on every later night, so that what's handed over again doesn't come back, and the request is written down
nowhere. It's a lexical match: a line that has little but the name may go too, and one that says the same in
other words stays. A wish that's voiced in a session is an event like any other.

Recall. `recall(memory, query)` is what an agent reads, and what makes such a log of use: of the `top` lines
nearest to the query (TF-IDF, cosine) the nearest sentences, as many as fit into `words` words, in the order in
which they stand. What's scored in a report is the whole log.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rembench.consolidators.sentences import WHOLE_FILES, clean, pieces, sentences, words
from rembench.harness.errors import UserError
from rembench.harness.night import FREE, Capabilities, Consolidation, DeletionRequest, Memory, Night, Session

LOG = "memory/events.md"
_EVENT = re.compile(r"- (?P<at>\d{4}-\d\d-\d\dT\S+) \S+ (?P<who>user|assistant|tool): (?P<said>.+)\s*")
_BLANK = re.compile(r"(?:[^\S\n]*\n)*")
_BY_LINE = ("|", "```", "~~~")  # how tables and fenced blocks begin
_ASKS = re.compile(
    r"\b(?:delet|eras|remov|forget|wip(?:e|ing)|expung|purg|clear|get rid|tak(?:e|en)\b.*?\bout|come out|strike"
    r"|disappear|gone|vanish|drop|kept?|keep|hold)",
    re.IGNORECASE,
)
_ASKING = frozenset(
    """
    any anything assistant be concern concerning copy data delete deleted dear detail disappear drop
    entry erase erased everything file forget from gone here hold hello keep kept know matter memory
    mention note nothing out please purge record regard regarding related remark remove removed request
    rid said signed store stored stuff take taken thing things told want whatever wipe wiped word work
    worked don shouldn
    """.split()
)
"""The words of asking, which aren't those of what's asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the log, or a piece of another file: then nothing is known of when and who."""

    raw: str
    said: str
    at: str = ""
    who: str = ""


class Pull:
    """Logs what's said, with `tools` also what tools print; see the module for the other options."""

    capabilities = Capabilities()

    def __init__(self, *, top: int = 20, words: int = 300, match: float = 0.5, tools: bool = False) -> None:
        for name, value in (("top", top), ("words", words)):
            if value < 1:
                raise UserError(f"{name}={value}", where="pull", right="1 or more")
        if not 0 < match <= 1:
            raise UserError(f"match={match:g}", where="pull", right="a share above 0, at most 1")
        self._top, self._words, self._match, self._tools = top, words, match, tools

    async def consolidate(self, night: Night) -> Consolidation:
        """The memory with tonight's events at the end of the log, without what's to be deleted."""
        path = log_path(night.memory)
        log = night.memory.get(path, "")
        known = set(log.splitlines())
        told = (event for session in night.sessions for event in self._events(session))
        news = [event for event in dict.fromkeys(told) if event not in known]
        memory = dict(night.memory)
        if news:
            gap = "\n" if log and not log.endswith("\n") else ""
            memory[path] = log + gap + "".join(f"{event}\n" for event in news)
        for request in night.deletions:
            memory = _without(memory, request, self._match)
        return Consolidation(memory=memory, usage=FREE)

    async def recall(self, memory: Memory, query: str) -> str:
        """A digest of what `query` brings back; "" where it has nothing in common with the memory."""
        entries = [entry for path, text in memory.items() for entry in read_entries(path, text)]
        nearest = _nearest([entry.said for entry in entries], [entry.said for entry in entries], query)
        said = [
            (n, sentence)
            for n in sorted(nearest[: self._top])
            for sentence in list(sentences(entries[n].said)) or [entries[n].said.strip()]
        ]
        lines = [_line(entries[n], sentence) for n, sentence in said]
        left = self._words
        digest: list[int] = []
        for n in _nearest([entry.said for entry in entries], [sentence for _, sentence in said], query):
            length = len(lines[n].split())
            if length <= left:
                digest.append(n)
                left -= length
        return "".join(f"{lines[n]}\n" for n in sorted(digest))

    def _events(self, session: Session) -> Iterator[str]:
        name = "".join(clean(session.id).split()) or "-"
        for message in session.messages:
            said = " ".join(clean(message.content).split())
            if said and (message.role in ("user", "assistant") or (message.role == "tool" and self._tools)):
                yield f"- {session.at} {name} {message.role}: {said}"


def log_path(memory: Memory) -> str:
    """Where the log is: `LOG`, or beside it if a file stands in the way."""
    path, number = LOG, 1
    while path.partition("/")[0] in memory or any(there.startswith(f"{path}/") for there in memory):
        number += 1
        path = f"memory-{number}/events.md"
    return path


def read_entries(path: str, text: str) -> Iterator[Entry]:
    """A file cut into events, and lines or what belongs together; joined, the raw texts are the file."""
    other = ""
    for line in text.splitlines(keepends=True):
        event = _EVENT.fullmatch(line)
        if event is None:
            other += line
            continue
        yield from _others(path, other)
        other = ""
        yield Entry(line, event["said"], event["at"], event["who"])
    yield from _others(path, other)


def _others(path: str, text: str) -> Iterator[Entry]:
    for piece in [text] if path.lower().endswith(WHOLE_FILES) else pieces(text):
        by_line = path.lower().endswith(WHOLE_FILES) or piece.lstrip().startswith(_BY_LINE)
        for raw in piece.splitlines(keepends=True) if by_line else [piece]:
            yield Entry(raw, raw)


def _without(memory: Memory, request: DeletionRequest, match: float) -> dict[str, str]:
    """The memory without the entries that the request concerns; a file that loses all of its words is gone."""
    files = {path: list(read_entries(path, text)) for path, text in memory.items()}
    concerned = _concerned(request, [entry for entries in files.values() for entry in entries], match)
    kept = {path: _joined(entries, concerned) for path, entries in files.items()}
    return {path: text for path, text in kept.items() if text == memory[path] or words(text)}


def _joined(entries: Iterable[Entry], without: frozenset[Entry]) -> str:
    """What's left, with a blank line where one stood before what's gone."""
    text = gap = ""
    for entry in entries:
        blank = _BLANK.match(entry.raw)
        if entry in without:
            gap = gap or (blank[0] if blank and text else "")
            continue
        text += entry.raw if blank and blank[0] else gap + entry.raw
        gap = ""
    return text


def _concerned(request: DeletionRequest, entries: Sequence[Entry], match: float) -> frozenset[Entry]:
    """Those that are older than the request and hold enough of what it names."""
    named = _named(request.request)
    found = [named.intersection(_terms(entry.said)) for entry in entries]
    count = Counter(term for terms in found for term in terms)
    weights = {term: math.log(1 + len(entries) / count[term]) for term in sorted(count)}
    least = match * math.fsum(weights.values())
    return frozenset(
        entry
        for entry, terms in zip(entries, found, strict=True)
        if terms and math.fsum(weights[term] for term in terms) >= least and not _is_later(entry, request)
    )


def _is_later(entry: Entry, request: DeletionRequest) -> bool:
    said, asked = _moment(entry.at), _moment(request.at)
    return said is not None and asked is not None and said > asked


def _moment(at: str) -> datetime | None:
    """A date-time; without a zone it's UTC's. None for what isn't one."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _named(request: str) -> frozenset[str]:
    """The words of what's to be deleted: of the sentences that ask, without those of asking."""
    said = list(sentences(request)) or [request]
    asking = [sentence for sentence in said if _ASKS.search(sentence)] or said
    return frozenset(term for sentence in asking for term in _terms(sentence)) - _ASKING


def _terms(text: str) -> list[str]:
    """The words that carry meaning, a plural as its singular."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    meaning = (word for word in words(text) if word not in ENGLISH_STOP_WORDS and len(word) > 1)
    return [
        word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su" else word for word in meaning
    ]


def _nearest(known: Sequence[str], texts: Iterable[str], query: str) -> list[int]:
    """The positions of the texts that have something in common with the query, nearest and newest first.

    `known` are all texts, by which a word's weight is found.
    """
    asked = list(texts)
    if not asked or not any(map(_terms, known)):
        return []
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=_terms, sublinear_tf=True).fit(known)
    scores = (vectorizer.transform(asked) @ vectorizer.transform([query]).T).toarray().ravel()
    near = np.round(scores, 9)
    return sorted((n for n in range(len(asked)) if near[n] > 0), key=lambda n: (-near[n], -n))


def _line(entry: Entry, sentence: str) -> str:
    return f"- {entry.at[:10]} {entry.who}: {sentence}" if entry.who else f"- {sentence}"
