"""What each night of a scenario hands over, and what counts as a memory.

handovers(scenario) → Handover per night → night_of(...) → Night → consolidator → check_memory(...)
"""

import hashlib
import re
from collections.abc import Mapping

from rembench.harness.errors import one_line
from rembench.harness.night import DeletionRequest, Memory, Night, Session
from rembench.harness.types import ConsolidateStep, DeleteStep, Handover, Scenario

MEMORY_BYTES = 8 * 2**20
"""The most that the paths and texts of one memory may take, in UTF-8 bytes."""

MEMORY_FILES = 10_000
"""The most files that one memory may have."""

PATH_CHARACTERS = 255

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def handovers(scenario: Scenario) -> tuple[Handover, ...]:
    """What every night hands over, in timeline order.

    Sessions come oldest first: those that the night names, or else those since the night before.
    Deletions are all requests made so far, `standing` when an earlier night had them. `refed` are
    the sessions that an earlier night was given too.
    """
    made: list[Handover] = []
    sessions: dict[str, Session] = {}
    requests: dict[str, DeletionRequest] = {}
    since: list[str] = []
    given: set[str] = set()
    for step in scenario.steps:
        if isinstance(step, Session):
            sessions[step.id] = step
            since.append(step.id)
        elif isinstance(step, DeleteStep):
            requests[step.id] = DeletionRequest(id=step.id, at=step.at, request=step.request, standing=False)
        else:
            tonight = _tonight(step, sessions, since)
            made.append(
                Handover(
                    step=step,
                    sessions=tuple(sessions[name] for name in tonight),
                    deletions=tuple(requests.values()),
                    refed=tuple(name for name in tonight if name in given),
                )
            )
            given.update(tonight)
            since = []
            requests = {name: _standing(request) for name, request in requests.items()}
    return tuple(made)


def chain_name(seed: int, scenario_id: str, repeat: int) -> str:
    """The opaque name of a chain: 16 hexadecimal digits from which no scenario can be read."""
    return hashlib.sha256(f"chain\n{seed}\n{scenario_id}\n{repeat}".encode()).hexdigest()[:16]


def night_of(handover: Handover, *, chain: str, memory: Memory, seed: int) -> Night:
    """The night that a consolidator is given; its seed is made from `seed`, the chain and the night."""
    step = handover.step
    digest = hashlib.sha256(f"night\n{seed}\n{chain}\n{step.id}".encode()).digest()
    return Night(
        chain=chain,
        id=step.id,
        at=step.at,
        memory=memory,
        sessions=handover.sessions,
        deletions=handover.deletions,
        instructions=step.instructions,
        write_budget=step.write_budget,
        seed=int.from_bytes(digest[:4], "big"),
    )


def check_memory(memory: object, *, limit_bytes: int = MEMORY_BYTES) -> Memory:
    """A copy of `memory` if it is one: relative POSIX paths to text, within the limits.

    Raises ValueError with one line that says which file is wrong and why.
    """
    if not isinstance(memory, Mapping):
        raise ValueError(f"a memory maps paths to texts, this is {type(memory).__name__}")
    if len(memory) > MEMORY_FILES:
        raise ValueError(f"{len(memory)} files, at most {MEMORY_FILES} are allowed")
    checked: dict[str, str] = {}
    size = 0
    for path, text in memory.items():
        if not isinstance(path, str):
            raise ValueError(f"a path is text, this is {type(path).__name__}")
        if wrong := path_fault(path):
            raise ValueError(one_line(f"invalid path {_quoted(path)}: {wrong}"))
        if wrong := _text_fault(text, limit_bytes):
            raise ValueError(one_line(f"file {_quoted(path)}: {wrong}"))
        size += len(path.encode()) + len(text.encode())
        if size > limit_bytes:
            raise ValueError(f"larger than {limit_bytes} bytes at file {_quoted(path)}")
        checked[path] = text
    _check_folders(checked)
    return checked


def _tonight(step: ConsolidateStep, sessions: Mapping[str, Session], since: list[str]) -> list[str]:
    if step.sessions is None:
        return since
    named = set(step.sessions)
    return [name for name in sessions if name in named]


def _standing(request: DeletionRequest) -> DeletionRequest:
    return DeletionRequest(id=request.id, at=request.at, request=request.request, standing=True)


def path_fault(path: str) -> str | None:
    """Why `path` can't be a file of a memory, None when it can."""
    if len(path) > PATH_CHARACTERS:
        return f"longer than {PATH_CHARACTERS} characters"
    if _CONTROL.search(path) or _SURROGATE.search(path):
        return "control characters and lone surrogates aren't allowed"
    if "\\" in path:
        return "folders are separated by '/', not by a backslash"
    if path.startswith("/"):
        return "it must be relative, without a leading '/'"
    parts = path.split("/")
    if "" in parts:
        return "it has an empty part"
    if "." in parts or ".." in parts:
        return "'.' and '..' aren't allowed in it"
    return None


def _text_fault(text: object, limit_bytes: int) -> str | None:
    if not isinstance(text, str):
        return f"its content must be text, this is {type(text).__name__}"
    if len(text) > limit_bytes:
        return f"{len(text)} characters, a memory has at most {limit_bytes} bytes"
    if "\0" in text:
        return f"NUL at character {text.index(chr(0))}"
    if found := _SURROGATE.search(text):
        return f"lone surrogate at character {found.start()}, which isn't valid UTF-8"
    return None


def _check_folders(memory: Memory) -> None:
    for path in memory:
        at = path.find("/")
        while at >= 0:
            if path[:at] in memory:
                raise ValueError(
                    one_line(f"{_quoted(path[:at])} is both a file and the folder of {_quoted(path)}")
                )
            at = path.find("/", at + 1)


def _quoted(path: str) -> str:
    return repr(path if len(path) <= 80 else path[:79] + "…")
