"""Scripted models that reword: they work from the prompt alone, with no network."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rembench.harness.errors import UserError
from rembench.harness.generator.dials import LEVELS
from rembench.harness.generator.generate import Recipe, generate
from rembench.harness.night import Usage
from rembench.harness.providers.provider import Reply, Request

KNOWN = Usage(input_tokens=100, output_tokens=10, usd=0.01)


@dataclass(frozen=True)
class Seen:
    """What a prompt holds, told apart by its markers alone."""

    code: str
    role: str
    text: str
    terms: tuple[str, ...]


def seen(request: Request) -> Seen:
    code = re.findall(r"^The code of the markers: (\w+)$", request.prompt, re.MULTILINE)[0]
    role = re.findall(r"^Who wrote it: (.*)$", request.prompt, re.MULTILINE)[0]
    (text,) = re.findall(f"^<message {code}>\n(.*)\n</message {code}>$", request.prompt, re.DOTALL | re.M)
    (terms,) = re.findall(f"^<terms {code}>\n(.*)\n</terms {code}>$", request.prompt, re.DOTALL | re.M)
    listed = () if terms == "(none)" else tuple(json.loads(line) for line in terms.split("\n"))
    return Seen(code, role, text, listed)


def answer(text: str) -> str:
    return json.dumps({"text": text})


def chatty(text: str) -> str:
    """The text, with a little more said that matters to nobody."""
    if len(text) < 10:
        return f"{text}!"
    return f"{text}{'' if text[-1] in '.!?' else '.'} So there."


class Chatty:
    """A good rewriter, for a key that it keeps to itself."""

    def __init__(self, *, api_key: str = "", tone: str = "plain") -> None:
        self.key = api_key

    async def complete(self, request: Request) -> Reply:
        return Reply(text=answer(chatty(seen(request).text)), usage=KNOWN, model="chatty-1")


class Keyless:
    """Needs a key that isn't there, and tells what it was given."""

    def __init__(self, *, api_key: str = "") -> None:
        self.key = api_key

    async def complete(self, request: Request) -> Reply:
        raise UserError(f"the key {self.key} isn't one", right="set CHATTY_KEY")


@dataclass
class Scripted:
    """Replies as `script` says: a text for a text, an exception to raise, or any object to return."""

    script: Callable[[str], object]
    usage: Usage = KNOWN
    requests: list[Request] = field(default_factory=list)

    async def complete(self, request: Request) -> Reply:
        self.requests.append(request)
        said = self.script(seen(request).text)
        if isinstance(said, BaseException):
            raise said
        return Reply(text=said, usage=self.usage) if isinstance(said, str) else said  # type: ignore[return-value]


@dataclass
class Crowded:
    """Knows how many calls it had at most at a time."""

    now: int = 0
    most: int = 0

    async def complete(self, request: Request) -> Reply:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        return Reply(text=answer(seen(request).text))


def made(n: int = 1, *, twins: bool = False, level: int = 2) -> list[dict]:
    recipe = Recipe(seed="reworded", n=n, prefix="r", dials=(LEVELS[level - 1],), twins=twins)
    return list(generate(recipe))


def messages(raw: dict, *roles: str) -> list[str]:
    """What's said in a scenario, by those roles."""
    said = [message for step in raw["steps"] for message in step.get("messages", ())]
    return [message["content"] for message in said if not roles or message["role"] in roles]


def said_with_a_value(raw):
    """The users' messages in which something is told."""
    places = {(e["step"], e["message"]) for e in raw["x_log"] if e["act"] == "says" and "message" in e}
    sessions = {step["id"]: step["messages"] for step in raw["steps"] if "messages" in step}
    return [sessions[s][m]["content"] for s, m in sorted(places) if sessions[s][m]["role"] == "user"]
