"""The whole new memory in one structured reply: what `claude`, `openai` and `vllm` share.

A reply is read strictly: what isn't of the shape, or isn't a memory, is invalid output, with the reason. One
that's refused, cut off or invalid is asked for again at most `retries` times; every try is in the cost.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rembench.consolidators.material import Material, material
from rembench.consolidators.transcripts import Transcript, as_shown
from rembench.consolidators.wording import Style, filled, lead, system_prompt
from rembench.harness.errors import one_line
from rembench.harness.memory import MEMORY_BYTES, check_memory
from rembench.harness.night import (
    Consolidation,
    ConsolidatorError,
    CutOffError,
    InvalidOutputError,
    Night,
    Provenance,
    RefusalError,
    Session,
    Usage,
)
from rembench.harness.providers.found_object import UnreadableError, found_object
from rembench.harness.providers.provider import Provider, Request
from rembench.harness.usage import total

MOST_TOKENS = 32_000
"""Of a reply, reasoning included, where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a reply's parts may be, for models that don't find an end; None for no bound."""

    most_files: int | None = None
    most_lines: int | None = None
    most_characters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriter:
    """Has a model rewrite the memory. Of sessions that are wrapped it can't be told which message said what."""

    provider: Provider
    style: Style = "default"
    retries: int = 1
    most_tokens: int = MOST_TOKENS
    bounds: Bounds = Bounds()
    transcript: Transcript = "full"

    async def consolidate(self, night: Night) -> Consolidation:
        """The night's memory; the last try's error, with the usage of all, where none of them brings one."""
        shown = as_shown(night, self.transcript)
        given = material(shown)
        usages: list[Usage] = []
        notes: list[str] = []
        while True:
            try:
                reply = await self.provider.complete(self.request(shown, given, attempt=len(usages)))
                usages.append(reply.usage)
                notes.extend(reply.notes)
                made = _consolidation(reply.text, given, total(usages), notes)
                return made if self.transcript == "full" else replace(made, provenance=())
            except (RefusalError, CutOffError, InvalidOutputError) as wrong:
                if not isinstance(wrong, InvalidOutputError):
                    usages.append(wrong.usage or Usage())
                if len(usages) > self.retries:
                    raise type(wrong)(str(wrong), usage=total(usages)) from None
                notes.append(f"asked again: {one_line(str(wrong), 200)}")
            except ConsolidatorError as wrong:
                raise type(wrong)(str(wrong), usage=total([*usages, wrong.usage or Usage()])) from None

    def request(self, night: Night, given: Material, attempt: int = 0) -> Request:
        """What the model is asked on a night."""
        prompt = filled(
            "night", lead=lead(night), code=given.code, memory=given.memory, sessions=given.sessions
        )
        return Request(
            system=system_prompt(self.style, "rewrite"),
            prompt=prompt,
            schema=schema(self.bounds),
            most_tokens=self.most_tokens,
            seed=(night.seed + attempt) % 2**31,
            purse=night.purse,
        )


def schema(bounds: Bounds) -> Mapping[str, Any]:
    """The JSON schema of a reply."""
    text: dict[str, Any] = {"type": "string"}
    source: dict[str, Any] = {"type": "string"}
    if bounds.most_characters is not None:
        text["maxLength"], source["maxLength"] = bounds.most_characters, 12
    line = _object({"text": text, "from": {"type": "array", "items": source}})
    lines: dict[str, Any] = {"type": "array", "items": line}
    files: dict[str, Any] = {"type": "array", "items": _object({"path": dict(text), "lines": lines})}
    if bounds.most_lines is not None:
        lines["maxItems"] = bounds.most_lines
        line["properties"]["from"]["maxItems"] = 4
    if bounds.most_files is not None:
        files["maxItems"] = bounds.most_files
    return _object({"files": files})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _consolidation(text: str, given: Material, usage: Usage, notes: list[str]) -> Consolidation:
    """The reply as a consolidation; InvalidOutputError, without usage, where it isn't one."""
    memory: dict[str, str] = {}
    pieces: list[Provenance] = []
    unknown = 0
    for path, lines in _files(text):
        if path in memory:
            raise InvalidOutputError(f"{one_line(path, 80)!r} is in the reply twice")
        parts: list[str] = []
        at = 0
        for line, sources in lines:
            parts.append(f"{line}\n")
            found = [s for source in sources if (s := _source(source, given.labels)) is not None]
            unknown += sum(source.strip() != "memory" for source in sources) - len(found)
            pieces += [
                Provenance(path=path, start=at, end=at + len(line), session=id_, message=message)
                for id_, message in found
            ]
            at += len(line) + 1
        memory[path] = "".join(parts)
    try:
        check_memory(memory)
    except ValueError as wrong:
        raise InvalidOutputError(str(wrong)) from None
    if unknown:
        notes.append(f"{unknown} sources named that don't exist")
    return Consolidation(memory=memory, usage=usage, provenance=tuple(pieces), trace=tuple(notes))


def _files(text: str) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Every file of a reply: its path, and its lines with their sources."""
    try:
        found = found_object(text, "files", 2 * MEMORY_BYTES)
    except UnreadableError as wrong:
        raise InvalidOutputError(f"unreadable reply: {wrong}") from None
    for n, file in enumerate(_list(found, "files", "the reply")):
        where = f"files[{n}]"
        lines = _list(file, "lines", where)
        yield _text(file, "path", where), [_line(line, f"{where}.lines[{m}]") for m, line in enumerate(lines)]


def _line(line: object, where: str) -> tuple[str, list[str]]:
    text = _text(line, "text", where)
    sources = line.get("from", []) if isinstance(line, dict) else []
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise InvalidOutputError(f"{where}.from: a list of texts was expected")
    return text.removesuffix("\n"), sources


def _list(value: object, key: str, where: str) -> list[object]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise InvalidOutputError(f"{where}: a list {key!r} was expected")
    return found


def _text(value: object, key: str, where: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, str):
        raise InvalidOutputError(f"{where}: a text {key!r} was expected")
    return found


def _source(source: str, labels: Mapping[str, Session]) -> tuple[str, int] | None:
    """The session and message of "S2:4", None where there's no such message."""
    label, _, number = source.strip().partition(":")
    session = labels.get(label)
    if session is None or not (number.isascii() and number.isdigit() and len(number) < 7):
        return None
    return (session.id, int(number)) if int(number) < len(session.messages) else None


def as_json(memory: Mapping[str, str]) -> str:
    """A memory as the reply that would bring it: for fakes of models."""
    files = [
        {"path": path, "lines": [{"text": line, "from": []} for line in text.splitlines()]}
        for path, text in memory.items()
    ]
    return json.dumps({"files": files}, ensure_ascii=False)
