"""Claude edits the memory with the memory tool, turn by turn, until it stops by itself.

The whole conversation is sent every turn, marked so that the service reads what it had before from its cache:
at its end, and where it ended the turn before. A night that isn't done after so many turns, or writes more than
is allowed, has failed: what it has written by then isn't what the model meant to leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rembench.consolidators.material import material
from rembench.consolidators.memory_tool import TOOL, Bounds, MemoryTool
from rembench.consolidators.wording import Style, filled, lead, system_prompt
from rembench.harness.night import (
    BudgetError,
    Consolidation,
    ConsolidatorError,
    InvalidOutputError,
    Night,
    Purse,
    Usage,
)
from rembench.harness.providers.claude.service import ClaudeService, Sent, rough_tokens
from rembench.harness.usage import total

if TYPE_CHECKING:
    from anthropic.types import Message, ToolUseBlock

Talk = list[dict[str, Any]]
_CACHED = {"type": "ephemeral"}


@dataclass(slots=True)
class _Course:
    """How a night goes: the conversation so far, what the turns cost, and what happened, a line each."""

    talk: Talk
    usages: list[Usage] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    tokens: int = 0  # of the conversation, as far as the service has counted it


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Has Claude edit the memory in at most `turns` turns of at most `most_tokens` tokens each."""

    service: ClaudeService
    style: Style
    turns: int
    most_tokens: int
    bounds: Bounds

    async def consolidate(self, night: Night) -> Consolidation:
        """The night's memory; an error with the usage of all turns where there's none."""
        tool = MemoryTool(dict(night.memory), replace(self.bounds, tokens=night.write_budget))
        course = _Course([{"role": "user", "content": [{"type": "text", "text": _asked(night)}]}])
        try:
            while len(course.usages) < self.turns:
                message = await self._turn(course, night.purse)
                calls = [block for block in message.content if block.type == "tool_use"]
                if not calls:
                    return self._done(course, tool)
                answers = self._answers(calls, tool, course)
                course.tokens += rough_tokens(answers)
                course.talk += [
                    {"role": "assistant", "content": _said(message)},
                    {"role": "user", "content": answers},
                ]
            raise BudgetError(f"not done after {self.turns} turns")
        except ConsolidatorError as wrong:
            raise type(wrong)(str(wrong), usage=total(course.usages)) from None

    async def _turn(self, course: _Course, purse: Purse) -> "Message":
        """One turn, paid for whether it's any use or not."""
        params = self.service.params(
            system_prompt(self.style, "tools"),
            self.most_tokens,
            messages=_marked(course.talk),
            tools=[TOOL],
            cache_control=_CACHED,
        )
        course.tokens = course.tokens or await self.service.estimate(params)
        try:
            sent = await self.service.send(params, purse, course.tokens)
        except ConsolidatorError as wrong:
            course.usages.append(wrong.usage or Usage())
            raise
        course.usages.append(sent.usage)
        course.trace += sent.notes
        course.tokens = _tokens(sent)
        message = self.service.whole(sent.message, sent.usage, self.most_tokens)
        is_calling = any(block.type == "tool_use" for block in message.content)
        if is_calling != (message.stop_reason == "tool_use"):
            raise InvalidOutputError(f"a turn that ends with {message.stop_reason} but has other content")
        return message

    def _answers(
        self, calls: "Sequence[ToolUseBlock]", tool: MemoryTool, course: _Course
    ) -> list[dict[str, Any]]:
        """What comes of the calls of one turn."""
        made: list[dict[str, Any]] = []
        for call in calls:
            known = call.name == TOOL["name"]
            text, is_error = tool.run(call.input) if known else (f"Error: No tool {call.name}", True)
            made.append({"type": "tool_result", "tool_use_id": call.id, "content": text, "is_error": is_error})
        course.trace += tool.log
        tool.log.clear()
        return made

    def _done(self, course: _Course, tool: MemoryTool) -> Consolidation:
        return Consolidation(memory=tool.files, usage=total(course.usages), trace=tuple(course.trace))


def _asked(night: Night) -> str:
    given = material(night)
    return filled("tools_night", lead=lead(night), code=given.code, sessions=given.sessions)


def _marked(talk: Talk) -> Talk:
    """The conversation with a mark where it ended the turn before: the service looks back 20 blocks only."""
    if len(talk) < 3:
        return talk
    *before, last = talk[-3]["content"]
    return [*talk[:-3], {**talk[-3], "content": [*before, {**last, "cache_control": _CACHED}]}, *talk[-2:]]


def _said(message: "Message") -> list[dict[str, Any]]:
    """A turn as it's sent back: all of it, reasoning too, but texts without anything in them."""
    blocks = [block.to_dict(exclude_none=True) for block in message.content]
    return [block for block in blocks if block["type"] != "text" or str(block.get("text", "")).strip()]


def _tokens(sent: Sent) -> int:
    """The tokens of the conversation up to the end of this turn."""
    usage = sent.message.usage
    cached = (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
    return usage.input_tokens + cached + usage.output_tokens
