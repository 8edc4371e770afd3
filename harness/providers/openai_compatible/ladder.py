"""How a chat server is asked: as OpenAI's newest models want it, with one step back for each thing refused.

    json_schema → json_object → prompt       how the reply's shape is asked for: the rungs
    max_completion_tokens → max_tokens
    the reply's longest length               the largest number that the server names instead
    seed, temperature, the role "system"     left out

A step is taken where the server answers 400 or 422 and names the thing. One that takes a rung but doesn't
keep to it gives no error: where two replies that ended by themselves aren't of the shape, the next request
goes one rung down. (A single one is the model's fault or chance, and is for whoever reads the reply.)
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from rembench.harness.providers.provider import Request

Rung = Literal["json_schema", "json_object", "prompt"]
RUNGS: tuple[Rung, ...] = get_args(Rung)
NEW, OLD = "max_completion_tokens", "max_tokens"
_SHAPE = re.compile(r"response_format|json[_ ]schema|json[_ ]object|structured[_ ]output|guided|grammar", re.I)
_SYSTEM = re.compile(r"\bsystem\b.{0,20}\brole\b|\brole\b.{0,20}\bsystem\b", re.I)
_TOO_MUCH = re.compile(
    r"too (?:large|long|high|big|many)|at most|exceed|maximum|context"
    r"|(?:less|greater|smaller|larger|fewer) than",
    re.I,
)
_LENGTH, _NUMBER = re.compile(rf"\b(?:{NEW}|{OLD})\b"), re.compile(r"(?<![\w.-])\d+(?![\w-])")
_SHORTEST = 256  # tokens: a smaller limit is taken for something else
_SEED, _TEMPERATURE = re.compile(r"\bseed\b", re.I), re.compile(r"\btemperature\b", re.I)
_STRIPPED = frozenset(
    {"minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems",
     "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
)  # fmt: skip
_IGNORED_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """One way of asking; `without` are the things left out, `most` the tokens that a reply may have at most."""

    rung: Rung = "json_schema"
    length: str = NEW
    most: int | None = None
    without: frozenset[str] = frozenset()

    def arguments(self, request: Request, wanted: Mapping[str, Any], *, bounds: bool) -> dict[str, Any]:
        """The arguments of the call. `wanted` may be left out: seed, temperature; `bounds`: see `strict`."""
        roles = {"system": request.system, "user": request.prompt}
        if "system" in self.without:
            roles = {"user": f"{request.system}\n\n{request.prompt}"}
        made: dict[str, Any] = {
            "messages": [{"role": role, "content": text} for role, text in roles.items()],
            self.length: min(request.most_tokens, self.most or request.most_tokens),
            **{name: value for name, value in wanted.items() if name not in self.without},
        }
        if self.rung == "json_schema":
            schema = {"name": "reply", "strict": True, "schema": strict(request.schema, bounds=bounds)}
            made["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.rung == "json_object":
            made["response_format"] = {"type": "json_object"}
        return made

    def without_what(self, refusal: str, sent: Mapping[str, Any]) -> "Manner | None":
        """One step back from what the server's error names, None where it names nothing that can go."""
        if self.rung != "prompt" and _SHAPE.search(refusal):
            return self.lower()
        if _LENGTH.search(refusal):
            return self._with_length(refusal, sent[self.length])
        named = {"seed": _SEED, "temperature": _TEMPERATURE}
        for name, pattern in named.items():
            if name in sent and pattern.search(refusal):
                return replace(self, without=self.without | {name})
        if "system" not in self.without and _SYSTEM.search(refusal):
            return replace(self, without=self.without | {"system"})
        return None

    def _with_length(self, refusal: str, sent: int) -> "Manner | None":
        """With the other name of the length, or a shorter length."""
        if _TOO_MUCH.search(refusal):
            named = [number for found in _NUMBER.findall(refusal) if _SHORTEST <= (number := int(found)) < sent]
            return replace(self, most=max(named)) if named else None
        return replace(self, length=OLD) if self.length == NEW and NEW in refusal else None

    def lower(self) -> "Manner":
        """The same one rung down, the lowest stays."""
        return replace(self, rung=RUNGS[min(RUNGS.index(self.rung) + 1, len(RUNGS) - 1)])

    @property
    def notes(self) -> tuple[str, ...]:
        """What's worth knowing of it, a line each."""
        old = (f"{OLD} instead of {NEW}",) if self.length == OLD else ()
        most = (f"at most {self.most} tokens",) if self.most is not None else ()
        return (f"rung: {self.rung}", *old, *most, *(f"dropped: {name}" for name in sorted(self.without)))


class Ladder:
    """What has been learnt of one server: the manner in which it's asked next."""

    def __init__(self, first: Rung) -> None:
        self.manner = Manner(rung=first)
        self._ignored = 0

    def step_back(self, used: Manner, refusal: str, sent: Mapping[str, Any]) -> bool:
        """Learn from a request that was refused; whether there's another manner to try."""
        if self.manner != used:  # another call has learnt meanwhile
            return True
        found = used.without_what(refusal, sent)
        if found is not None:
            self._set(found)
        return found is not None

    def came(self, used: Manner, text: str, schema: Mapping[str, Any]) -> None:
        """Learn from a reply that ended by itself."""
        if used.rung == "prompt" or used.rung != self.manner.rung:
            return
        if has_shape(text, schema if used.rung == "json_schema" else {}):
            self._ignored = 0
            return
        self._ignored += 1
        if self._ignored >= _IGNORED_TWICE:
            self._set(self.manner.lower())

    def _set(self, manner: Manner) -> None:
        self._ignored = 0
        self.manner = manner


def has_shape(text: str, schema: Mapping[str, Any]) -> bool:
    """Whether this is a JSON object, and has the keys that `schema` requires."""
    try:
        found = json.loads(text, strict=False)  # some grammars let control characters through
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and set(schema.get("required", ())) <= found.keys()


def strict(schema: Mapping[str, Any], *, bounds: bool) -> dict[str, Any]:
    """A copy for strict mode: objects have all of their properties and no others.

    Without `bounds`, lengths, patterns and limits are left out: OpenAI's own service doesn't know all of them.
    """
    made = {key: _part(key, value, bounds) for key, value in schema.items() if bounds or key not in _STRIPPED}
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made


def _part(key: str, value: Any, bounds: bool) -> Any:
    if key in {"properties", "$defs", "definitions"}:
        return {name: strict(one, bounds=bounds) for name, one in value.items()}
    if isinstance(value, Mapping) and key not in {"const", "default"}:
        return strict(value, bounds=bounds)
    if isinstance(value, list | tuple):
        return [strict(one, bounds=bounds) if isinstance(one, Mapping) else one for one in value]
    return value
