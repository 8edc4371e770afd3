"""What a reader is given to read, between markers that nobody can forge, and the digest that it's known by.

    memory     the files of a memory
    recall     what a consolidator's own recall brings back from a memory for one question
    sessions   the store before the first night, then every session and request so far, oldest first

The digest of a recall is that of the memory and of who recalls, so that it's known before anything is recalled.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

from rembench.harness.night import DeletionRequest, Memory, Session

Source = Literal["memory", "recall", "sessions"]
Event = Session | DeletionRequest


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be read: `words` are all that outsiders wrote in it, `fenced` puts it between markers."""

    source: Source
    words: tuple[str, ...]
    fenced: Callable[[str], str]


def memory_text(memory: Memory) -> Text:
    """The files of a memory, by path; the path is a JSON string, so that it stays on its line."""
    return Text("memory", tuple(_file_words(memory)), lambda code: _joined(_files(memory, code), "(no files)"))


def recalled_text(recalled: str) -> Text:
    """What was brought back."""
    return Text("recall", (recalled,), lambda _: recalled if recalled.strip() else "(nothing)")


def sessions_text(store: Memory, events: Sequence[Event]) -> Text:
    """The store before the first night, and what happened since."""
    words = (*_file_words(store), *(word for event in events for word in _event_words(event)))
    return Text("sessions", words, lambda code: _joined(_timeline(store, events, code), "(nothing)"))


def memory_digest(memory: Memory) -> str:
    """What a memory is known by."""
    return _digest("memory", sorted(memory.items()))


def recall_digest(consolidator: str, memory: Memory) -> str:
    """What the recalls of a consolidator from a memory are known by."""
    return _digest("recall", consolidator, sorted(memory.items()))


def sessions_digest(store: Memory, events: Sequence[Event]) -> str:
    """What the raw sessions so far are known by."""
    return _digest("sessions", sorted(store.items()), [asdict(event) for event in events])


def _digest(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _joined(blocks: Iterator[str], nothing: str) -> str:
    return "\n".join(blocks) or nothing


def _files(memory: Memory, code: str) -> Iterator[str]:
    for path in sorted(memory):
        yield f"<file {code} {_json(path)}>\n{memory[path]}\n</file {code}>"


def _file_words(memory: Memory) -> Iterator[str]:
    for path in sorted(memory):
        yield from (_json(path), memory[path])


def _timeline(store: Memory, events: Sequence[Event], code: str) -> Iterator[str]:
    yield from _files(store, code)
    for event in events:
        yield from _session(event, code) if isinstance(event, Session) else _request(event, code)


def _session(session: Session, code: str) -> Iterator[str]:
    yield f"<session {code} {_head(session)}>"
    for message in session.messages:
        name = f" {_json(message.name)}" if message.name else ""
        yield f"<{message.role} {code}{name}>\n{message.content}\n</{message.role} {code}>"
    yield f"</session {code}>"


def _request(request: DeletionRequest, code: str) -> Iterator[str]:
    yield f"<request {code} {_json({'at': request.at})}>\n{request.request}\n</request {code}>"


def _head(session: Session) -> str:
    about = {"at": session.at, "agent": session.agent, "user": session.user, "outcome": session.outcome}
    return _json({name: value for name, value in about.items() if value is not None})


def _event_words(event: Event) -> Iterator[str]:
    if isinstance(event, DeletionRequest):
        yield from (_json(event.at), event.request)
        return
    yield _head(event)
    for message in event.messages:
        yield from (_json(message.name or ""), message.content)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
