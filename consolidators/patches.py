"""The two tools of a patching model, on a memory held in our hands: `write` and `patch`, within limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rembench.harness.errors import one_line
from rembench.harness.memory import check_memory, path_fault
from rembench.harness.night import InvalidOutputError, Memory
from rembench.harness.tokens import count_tokens

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "calls": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "tool": {"type": "string", "enum": ["patch", "write"]},
                    "path": {"type": "string"},
                    "old": {"type": "string"},
                    "new": {"type": "string"},
                },
                "required": ["tool", "path", "old", "new"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["calls"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the model made it."""

    tool: str
    path: str
    old: str
    new: str


def read_calls(found: object) -> list[Call]:
    """The calls in a reply; InvalidOutputError where it isn't of the shape."""
    calls = found.get("calls") if isinstance(found, dict) else None
    if not isinstance(calls, list):
        raise InvalidOutputError("the reply: a list 'calls' was expected")
    return [_call(one, f"calls[{n}]") for n, one in enumerate(calls)]


def _call(one: object, where: str) -> Call:
    if not isinstance(one, dict):
        raise InvalidOutputError(f"{where}: an object was expected")
    given = {name: one.get(name, "") for name in ("tool", "path", "old", "new")}
    if not all(isinstance(text, str) for text in given.values()):
        raise InvalidOutputError(f"{where}: tool, path, old and new are texts")
    return Call(**given)


@dataclass(slots=True)
class Desk:
    """The files that may be changed, the calls and the tokens that are left; `log` says what was done."""

    files: dict[str, str]
    calls: int
    tokens: int
    log: list[str]

    def carry_out(self, call: Call) -> str:
        """Do one call if it can be done; what came of it, in a line."""
        said = one_line(f"{call.tool} {call.path}: {self._outcome(call)}", 200)
        self.log.append(said)
        return said

    def _outcome(self, call: Call) -> str:
        if self.calls <= 0:
            return "not done, no calls are left"
        self.calls -= 1
        cost = count_tokens(call.new)
        if cost > self.tokens:
            return f"not done, {cost} tokens are more than the {self.tokens} left"
        after, fault = _after(self.files, call)
        if fault:
            return f"not done, {fault}"
        try:
            check_memory(after)
        except ValueError as wrong:
            return f"not done, {wrong}"
        self.tokens -= cost
        self.files = after
        return "done"


def _after(files: Memory, call: Call) -> tuple[dict[str, str], str | None]:
    """The files after a call, or why it can't be."""
    made = dict(files)
    if fault := path_fault(call.path):
        return made, f"the path isn't valid: {fault}"
    if call.tool == "write":
        made[call.path] = call.new
    elif call.tool != "patch":
        return made, "there's no such tool"
    elif call.path not in files:
        return made, "there's no such file"
    elif not call.old or (count := files[call.path].count(call.old)) != 1:
        return made, f"the old text stands in the file {count} times, not once" if call.old else "no old text"
    else:
        made[call.path] = files[call.path].replace(call.old, call.new)
    if not made[call.path]:
        del made[call.path]
    return made, None
