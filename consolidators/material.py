"""A night's material as text for a model: files and sessions between markers that nobody can forge."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.night import Memory, Message, Night, Session
from rembench.harness.providers.fence import unused_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Memory and sessions as text. `labels` are the sessions by the names that they have in it."""

    code: str
    memory: str
    sessions: str
    labels: Mapping[str, Session]


def material(night: Night) -> Material:
    """The material of a night; the same night gives the same text."""
    labels = {f"S{n}": session for n, session in enumerate(night.sessions, 1)}
    code = unused_code([*night.memory, *night.memory.values(), *_texts(night.sessions)])
    return Material(
        code=code,
        memory=fenced_memory(night.memory, code),
        sessions="\n".join(_session(label, one, code) for label, one in labels.items()) or "(none)",
        labels=labels,
    )


def fenced_memory(memory: Memory, code: str) -> str:
    """Every file between markers, by path; the path is a JSON string, so that it stays on its line."""
    files = [f"<file {code} {_json(path)}>\n{memory[path]}\n</file {code}>" for path in sorted(memory)]
    return "\n".join(files) or "(no files)"


def _session(label: str, session: Session, code: str) -> str:
    about = {"at": session.at, "agent": session.agent, "user": session.user, "outcome": session.outcome}
    head = _json({name: value for name, value in about.items() if value is not None})
    lines = [f"<session {code} {label} {head}>"]
    lines += [f"[{n}] {_speaker(message)}: {message.content}" for n, message in enumerate(session.messages)]
    return "\n".join([*lines, f"</session {code}>"])


def _speaker(message: Message) -> str:
    return f"{message.role} {_json(message.name)}" if message.name else message.role


def _texts(sessions: Sequence[Session]) -> list[str]:
    made: list[str] = []
    for session in sessions:
        made += [t for t in (session.at, session.agent, session.user, session.outcome) if t]
        made += [text for message in session.messages for text in (message.name or "", message.content)]
    return made


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
