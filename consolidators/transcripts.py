"""Sessions as a service can be handed them that takes no past sessions: each as the text of one message.

Such a replay is what the fidelity "wrapped" means: the words are all there, the turns are text. `wrapped_night`
hands any other consolidator the same, so that the two can be compared.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from rembench.consolidators.sentences import clean
from rembench.consolidators.wording import filled, lead
from rembench.harness.night import Message, Night, Session
from rembench.harness.providers.fence import unused_code

Transcript = Literal["full", "wrapped"]
ANSWER = "OK"
"""What the agent of a replay says to it."""


def wrapped_text(session: Session) -> str:
    """A session as one text, between markers that nobody in it can forge; without what no text may hold."""
    messages = [replace(message, content=clean(message.content)) for message in session.messages]
    about = {
        "id": session.id, "at": session.at, "agent": session.agent, "user": session.user,
        "outcome": session.outcome,
    }  # fmt: skip
    head = clean(_json({name: value for name, value in about.items() if value is not None}))
    code = unused_code([head, *(text for m in messages for text in (m.name or "", m.content))])
    lines = [filled("record", code=code), f"<session {code} {head}>"]
    for message in messages:
        lines += [f"<{_speaker(message)} {code}>", message.content, f"</{code}>"]
    return "\n".join([*lines, f"</session {code}>"])


def wrapped(night: Night) -> tuple[Session, ...]:
    """The night's sessions as they look when they've been replayed: one message each, and an answer to it."""
    return tuple(replace(session, messages=_replayed(wrapped_text(session))) for session in night.sessions)


def wrapped_night(night: Night) -> Night:
    """The night with its sessions wrapped."""
    return replace(night, sessions=wrapped(night))


def as_shown(night: Night, transcript: Transcript) -> Night:
    """The night as a consolidator with the option `transcript` shows it to its model."""
    return wrapped_night(night) if transcript == "wrapped" else night


def replays(night: Night) -> tuple[str, ...]:
    """What's to be replayed of a night: its sessions, oldest first, and then the requests to forget."""
    texts = [wrapped_text(session) for session in night.sessions]
    if night.deletions:
        texts.append(clean(lead(replace(night, instructions=None, write_budget=None))))
    return tuple(texts)


def packed(texts: Sequence[str], most: int) -> tuple[tuple[str, ...], ...]:
    """Texts in order in at most that many groups, as evenly as can be."""
    count = min(len(texts), most)
    ends = [len(texts) * n // count for n in range(count + 1)] if count else []
    return tuple(tuple(texts[start:end]) for start, end in pairwise(ends))


def _replayed(text: str) -> tuple[Message, Message]:
    return Message(role="user", content=text), Message(role="assistant", content=ANSWER)


def _speaker(message: Message) -> str:
    return f"{message.role} {clean(_json(message.name))}" if message.name else message.role


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
