"""From what the model says to what it gets to say: limits, stop sequences and the faults of a reply."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rembench.harness.fake.faults import Fault
from rembench.harness.fake.meter import canonical, count_tokens
from rembench.harness.fake.minimal_json import resolved
from rembench.harness.fake.speech import Call, Prompt, Said

Ending = Literal["end", "length", "calls", "stop", "refused", "filtered"]
_CHATTY = "Certainly! Here is what you asked for:\n\n```json\n{}\n```\n\nLet me know if anything should change."


@dataclass(frozen=True, slots=True, kw_only=True)
class Uttered:
    """What the model got to say. `stop`: the stop sequence it ran into; `refusal`: why it refused."""

    ending: Ending
    text: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = ()
    stop: str | None = None
    refusal: str = ""

    @property
    def reasoning_tokens(self) -> int:
        """The tokens of its thinking."""
        return count_tokens(self.thinking) if self.thinking else 0

    @property
    def tokens(self) -> int:
        """All its tokens, at least one."""
        said = [self.text, self.refusal if self.ending == "refused" else ""]
        return max(
            1,
            self.reasoning_tokens
            + sum(count_tokens(text) for text in said if text)
            + sum(call_tokens(call.name, call.input) for call in self.calls),
        )


def call_tokens(name: str, given: Any) -> int:
    """The tokens of a call of a tool, said or sent back."""
    return count_tokens(canonical({"name": name, "input": given}))


def utter(said: Said, prompt: Prompt, fault: Fault | None, stops: Sequence[str] = ()) -> Uttered:
    """What the model gets to say."""
    if said.refusal is not None:
        made = Uttered(ending="refused", text=said.text, thinking=said.thinking, refusal=said.refusal)
    else:
        ending: Ending = "length" if said.cut else "calls" if said.calls else "end"
        made = Uttered(ending=ending, text=said.text, thinking=said.thinking, calls=said.calls)
    if fault and fault.kind == "reply":
        made = _bent(made, prompt, fault)
    made = _stopped(made, stops)
    return made if prompt.limit is None else _limited(made, prompt.limit)


def _bent(made: Uttered, prompt: Prompt, fault: Fault) -> Uttered:
    if fault.bend == "truncated":
        return replace(made, ending="length", text=made.text[: len(made.text) // 2], calls=())
    if fault.bend == "refused":
        return Uttered(ending="filtered", text=fault.message, thinking=made.thinking)
    if fault.bend == "chatty":
        return replace(made, text=_CHATTY.format(made.text))
    if fault.bend == "empty":
        return Uttered(ending="end")
    return replace(made, text=_in_wrong_case(made.text, prompt.schema)) if fault.bend == "wrong_case" else made


def _in_wrong_case(text: str, schema: Mapping[str, Any] | None) -> str:
    if schema is None:
        raise ValueError("wrong_case: the request has no schema")
    value = json.loads(text)
    changed = _swapped(value, schema, schema)
    if changed == value:
        raise ValueError("wrong_case: the answer has no enum value with letters")
    return canonical(changed)


def _swapped(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    schema = resolved(schema, root)
    if isinstance(value, str):
        fixed = [*schema.get("enum", ()), schema.get("const")]
        value = value.swapcase() if value in fixed else value
    elif isinstance(value, list):
        value = [_swapped(part, schema.get("items", {}), root) for part in value]
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        value = {name: _swapped(part, known.get(name, {}), root) for name, part in value.items()}
    for alternatives in ("anyOf", "oneOf", "allOf"):
        for other in schema.get(alternatives, ()):
            value = _swapped(value, other, root)
    return value


def _stopped(made: Uttered, stops: Sequence[str]) -> Uttered:
    found = [(made.text.index(stop), stop) for stop in stops if stop in made.text]
    if not found:
        return made
    at, stop = min(found)
    return replace(made, ending="stop", text=made.text[:at], calls=(), stop=stop)


def _limited(made: Uttered, limit: int) -> Uttered:
    if made.tokens <= limit:
        return made
    thinking = made.thinking[: limit * 4]
    room = limit - (count_tokens(thinking) if thinking else 0)
    return Uttered(ending="length", thinking=thinking, text=made.text[: max(0, room) * 4])
