"""What the model is asked and what it says, the same for all interfaces; the script is the user's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from rembench.harness.fake.meter import canonical
from rembench.harness.fake.minimal_json import minimal

Interface = Literal["messages", "chat", "responses"]


class Turn(NamedTuple):
    """One turn: its role and its text; tool calls and their results aren't in the text."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a tool."""

    name: str
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What came of a call: `input` is the call's."""

    id: str
    name: str
    text: str
    input: Mapping[str, Any] = field(default_factory=dict)
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the model is asked, whatever the interface.

    `schema` is that of the answer, None where none was given; `held` False: the server doesn't hold the model
    to it. `tools` are the definitions as sent, by name;
    `results` those of the latest turn, `replies` the number of the model's turns so far. `limit` is the most
    tokens the answer may have, None for no limit.
    """

    interface: Interface
    model: str
    system: str = ""
    turns: tuple[Turn, ...] = ()
    schema: Mapping[str, Any] | None = None
    held: bool = True
    tools: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    results: tuple[ToolResult, ...] = ()
    replies: int = 0
    limit: int | None = None
    batch: bool = False

    @property
    def text(self) -> str:
        """The text of the last turn."""
        return self.turns[-1].text if self.turns else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the model says: text, calls of tools, or a refusal. `cut`: its answer stopped at the limit."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    refusal: str | None = None
    thinking: str = ""
    cut: bool = False

    @classmethod
    def json(cls, value: Any) -> "Said":
        """`value` as JSON text."""
        return cls(text=canonical(value))

    @classmethod
    def call(cls, name: str, **given: Any) -> "Said":
        """One call of a tool."""
        return cls(calls=(Call(name=name, input=given),))


Model = Callable[[Prompt], Said]


def plain_model(prompt: Prompt) -> Said:
    """The script where none is given: the smallest JSON that fits the schema, else "OK.".

    Where the server doesn't hold it to the schema there's talk around the JSON.
    """
    if prompt.schema is None:
        return Said(text="OK.")
    answer = canonical(minimal(prompt.schema))
    return Said(text=answer if prompt.held else f"Sure, here it is:\n```json\n{answer}\n```\nAnything else?")
