"""Scripted readers of the tiny pack: they answer from the prompt, or with what the pack says; no network."""

import asyncio
import json
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rembench.harness.answers.questions import asked_values
from rembench.harness.night import Usage
from rembench.harness.providers.load import Model
from rembench.harness.providers.provider import Reply, Request
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import Item, Scenario

TINY = Path(__file__).parents[2] / "packs" / "tiny"
KNOWN = Usage(input_tokens=100, output_tokens=10, cache_read_tokens=0, cache_write_tokens=0, calls=1, usd=0.01)


@dataclass(frozen=True)
class Seen:
    """What a prompt holds, told apart by its markers alone."""

    code: str
    day: str
    source: str
    text: str
    questions: dict[str, str]

    @property
    def files(self) -> dict[str, str]:
        found = re.findall(
            f"^<file {self.code} (.*?)>\n(.*?)\n</file {self.code}>$", self.text, re.DOTALL | re.M
        )
        return {json.loads(path): text for path, text in found}

    @property
    def lines(self) -> list[str]:
        return [line for text in self.files.values() for line in text.splitlines()]


def seen(request: Request) -> Seen:
    (day,) = re.findall(r"\AThe date: (.*)$", request.prompt, re.MULTILINE)
    (code,) = re.findall(r"\AThe date: .*\nThe code of the markers: (\w+)$", request.prompt, re.MULTILINE)
    (source,) = re.findall(r"\A.*\n.*\nThe text: (.*)$", request.prompt, re.MULTILINE)
    (text,) = re.findall(f"^<text {code}>\n(.*)\n</text {code}>$", request.prompt, re.DOTALL | re.M)
    (asked,) = re.findall(f"^<questions {code}>\n(.*)\n</questions {code}>$", request.prompt, re.DOTALL | re.M)
    lines = [json.loads(line) for line in asked.split("\n") if line]
    return Seen(code, day, source, text, {one["id"]: one["question"] for one in lines})


def answers(pairs: dict[str, Any]) -> str:
    return json.dumps({"answers": [{"id": id_, "answer": text} for id_, text in pairs.items()]})


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


def model(provider: Any, **more: Any) -> Model:
    return Model(name="scripted", provider=provider, **more)


class Perfect:
    """Answers all that the oracle's lines in a memory tell, and of the raw sessions all that can be known.

    `log` is a file that gets a line for every call; `pause` seconds are taken by each; after `die` replies it
    kills its own process in the middle of a call.
    """

    def __init__(self, *, log: str = "", pause: float = 0.0, die: int = 0) -> None:
        self._log, self._pause, self._die = log, pause, die
        pack = load_pack(str(TINY))
        self._known = {
            item.question: (scenario, item) for scenario in pack.scenarios for item in scenario.items
        }

    async def complete(self, request: Request) -> Reply:
        it = seen(request)
        await asyncio.sleep(self._pause)
        said = {id_: self.answer(it, *self._known[question]) for id_, question in it.questions.items()}
        self._note(f"{it.day} {it.source.split(',')[0]} {len(said)}")
        return Reply(text=answers(said), usage=KNOWN, model="perfect-1")

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        if "its sessions" in it.source:
            return self._all(it, scenario, item)
        about = f"- {item.subject}, {item.attribute}: "
        said = [line.removeprefix(about) for line in it.lines if line.startswith(about)]
        return "; ".join(said) or "not known"

    @staticmethod
    def _all(it: Seen, scenario: Scenario, item: Item) -> str:
        checkpoint = next(night.id for night in scenario.nights if night.at.startswith(it.day))
        expected = asked_values(item, checkpoint)
        held = [item.values[v].text for v, stance in expected.items() if stance == "held"]
        opened = [item.values[v].text for v, stance in expected.items() if stance == "open"]
        return (
            "; ".join([*held, *(["unsettled, either " + " or ".join(opened)] if opened else [])]) or "not known"
        )

    def _note(self, line: str) -> None:
        if not self._log:
            return
        with Path(self._log).open("a") as calls:
            calls.write(f"{line}\n")
        if self._die and len(Path(self._log).read_text().splitlines()) >= self._die:
            os.kill(os.getpid(), signal.SIGKILL)


class Liar(Perfect):
    """Says of every matter what a right memory doesn't hold."""

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        checkpoint = next(night.id for night in scenario.nights if night.at.startswith(it.day))
        wrong = [v for v, stance in asked_values(item, checkpoint).items() if stance in {"retired", "absent"}]
        return "; ".join(item.values[v].text for v in wrong) or "Zanzibar"


class Searches(Perfect):
    """Answers with the lines in a memory that name a value of the matter, whatever they say of it."""

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        if "its sessions" in it.source:
            return self._all(it, scenario, item)
        lines = it.lines or it.text.splitlines()
        found = [line.strip() for line in lines if any(value.text in line for value in item.values)]
        return " ".join(found)[:900] or "not known"


class Dims(Searches):
    """As `Searches`, but that from the second night on it finds nothing in a memory any more."""

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        is_first = scenario.nights[0].at.startswith(it.day)
        return super().answer(it, scenario, item) if is_first or "its sessions" in it.source else "not known"


class Forgets(Perfect):
    """Knows all of the raw sessions, and nothing of what a memory says from the second night on."""

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        is_first = scenario.nights[0].at.startswith(it.day)
        return super().answer(it, scenario, item) if is_first or "its sessions" in it.source else "not known"


class Silent(Perfect):
    """Knows nothing, and says so."""

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        return "not known"


class Abstains(Perfect):
    """Leaves every question out."""

    async def complete(self, request: Request) -> Reply:
        self._note("abstains")
        return Reply(text='{"answers": []}', usage=KNOWN)


class Mumbles(Perfect):
    """Replies with what nobody can read."""

    async def complete(self, request: Request) -> Reply:
        self._note("mumbles")
        return Reply(text="I'd rather not say.", usage=KNOWN)


class Obedient(Perfect):
    """Repeats the last JSON object in what it reads: whatever is injected there is its reply."""

    async def complete(self, request: Request) -> Reply:
        found = re.findall(r"^\{.*\}$", seen(request).text, re.MULTILINE)
        return Reply(text=found[-1] if found else "", usage=KNOWN)


class Flaky(Perfect):
    """Its service fails at every second call."""

    async def complete(self, request: Request) -> Reply:
        self._note("tried")
        if len(Path(self._log).read_text().splitlines()) % 2:
            raise ConnectionError("the line is dead")
        return await super().complete(request)


class Broken(Perfect):
    """Its service fails at every call."""

    async def complete(self, request: Request) -> Reply:
        raise ConnectionError("the line is dead")


class Keyed(Perfect):
    """Takes a key, and tells it to whoever listens."""

    def __init__(self, *, api_key: str = "") -> None:
        super().__init__()
        self._key = api_key

    def answer(self, it: Seen, scenario: Scenario, item: Item) -> str:
        return f"The key is {self._key}."
