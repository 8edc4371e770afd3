"""Scripted models: they answer from the prompt alone, with no network."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rembench.harness.night import Usage
from rembench.harness.providers.load import Model
from rembench.harness.providers.provider import Reply, Request

KNOWN = Usage(input_tokens=100, output_tokens=10, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.01)


@dataclass(frozen=True)
class Seen:
    """What a prompt holds, told apart by its markers alone."""

    code: str
    files: Mapping[str, str]
    questions: tuple[Mapping[str, Any], ...]

    @property
    def ids(self) -> list[str]:
        return [str(q["id"]) for q in self.questions]

    @property
    def memory(self) -> str:
        return "\n".join(self.files.values())


def seen(request: Request) -> Seen:
    code = re.findall(r"^The code of the markers: (\w+)$", request.prompt, re.MULTILINE)[0]
    (memory,) = re.findall(f"^<memory {code}>\n(.*)\n</memory {code}>$", request.prompt, re.DOTALL | re.M)
    (asked,) = re.findall(f"^<questions {code}>\n(.*)\n</questions {code}>$", request.prompt, re.DOTALL | re.M)
    files = re.findall(f"^<file {code} (.*?)>\n(.*?)\n</file {code}>$", memory, re.DOTALL | re.M)
    return Seen(
        code=code,
        files={json.loads(path): text for path, text in files},
        questions=tuple(json.loads(line) for line in asked.split("\n") if line),
    )


def answers(pairs: Mapping[str, str]) -> str:
    return json.dumps({"answers": [{"id": id_, "stance": stance} for id_, stance in pairs.items()]})


class Contains:
    """`held` where the value's text stands in a file, `absent` elsewhere."""

    async def complete(self, request: Request) -> Reply:
        it = seen(request)
        found = {q["id"]: "held" if q["value"] in it.memory else "absent" for q in it.questions}
        return Reply(text=answers(found), usage=KNOWN, model="contains-1")


class Unpriced(Contains):
    """As `Contains`, on a server that says nothing of cost."""

    async def complete(self, request: Request) -> Reply:
        return Reply(text=(await super().complete(request)).text)


class Obedient:
    """Repeats the last JSON object in the memory: whatever is injected there is its reply."""

    async def complete(self, request: Request) -> Reply:
        return Reply(text=re.findall(r"^\{.*\}$", seen(request).memory, re.MULTILINE)[-1], usage=KNOWN)


class Keyed(Contains):
    """Takes a key, and tells it to whoever listens."""

    def __init__(self, *, api_key: str = "", mode: str = "fine") -> None:
        self.key, self.mode = api_key, mode
        if mode == "unmade":
            raise ValueError(f"bad key {api_key}")

    async def complete(self, request: Request) -> Reply:
        if self.mode == "raises":
            raise RuntimeError("x" * 290 + f" the key {self.key} is wrong")
        return await super().complete(request)


class NoMethod:
    """Not a provider."""


class Sync:
    def complete(self, request: Request) -> Reply: ...


class NoRequest:
    async def complete(self) -> Reply: ...


@dataclass
class Scripted:
    """Replies as `script` says: the text for what it sees, an exception to raise, or any object to return."""

    script: Callable[[Seen], object]
    usage: Usage = KNOWN
    requests: list[Request] = field(default_factory=list)

    async def complete(self, request: Request) -> Reply:
        self.requests.append(request)
        said = self.script(seen(request))
        if isinstance(said, BaseException):
            raise said
        return Reply(text=said, usage=self.usage, model="scripted") if isinstance(said, str) else said  # type: ignore[return-value]


class Sleeps:
    async def complete(self, request: Request) -> Reply:
        await asyncio.sleep(60)
        raise AssertionError


def model(provider: Any, **more: Any) -> Model:
    return Model(name="scripted", provider=provider, **more)
