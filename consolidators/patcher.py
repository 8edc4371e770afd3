"""A hygiene pass over the memory's files alone, as a self-hosted memory layer would run it every night.

The model sees no session: it reads the files and makes bounded changes by two tools, round by round, until it
makes no more, or its calls, tokens or rounds are used up. Logs are neither shown nor changed. Where nothing is
to be changed nothing is written. Any model will do: the calls are one structured reply, no tool protocol.

    patcher:provider=anthropic,model=claude-haiku-5-5,rounds=4
    patcher:provider=openai,model=any,base_url=http://127.0.0.1:8000/v1

Options that aren't its own are the provider's.
"""

from fnmatch import fnmatchcase

from rembench.consolidators.material import fenced_memory
from rembench.consolidators.patches import SCHEMA, Call, Desk, read_calls
from rembench.consolidators.wording import Style, filled, lead, system_prompt
from rembench.harness.errors import UserError
from rembench.harness.memory import MEMORY_BYTES
from rembench.harness.night import (
    Capabilities,
    Closer,
    Consolidation,
    ConsolidatorError,
    InvalidOutputError,
    Night,
    Usage,
)
from rembench.harness.providers.fence import unused_code
from rembench.harness.providers.found_object import UnreadableError, found_object
from rembench.harness.providers.load import load_model
from rembench.harness.providers.provider import Request
from rembench.harness.spec import with_option
from rembench.harness.usage import total

LOGS = "*.log|*.jsonl|log/*|logs/*|*/log/*|*/logs/*|transcripts/*|*/transcripts/*|*/sessions.md|sessions/*"


class Patcher:
    """Has a model of `provider` clean the files that aren't like `logs` (patterns, separated by |)."""

    capabilities = Capabilities(network=True, instructions=True, transcript="none")

    def __init__(
        self,
        *,
        provider: str,
        style: Style = "hygiene",
        rounds: int = 4,
        most_calls: int = 40,
        most_written: int = 4000,
        most_tokens: int = 16_000,
        logs: str = LOGS,
        **options: str,
    ) -> None:
        limits = {"rounds": rounds, "most_calls": most_calls, "most_written": most_written}
        for name, value in limits.items():
            if value < 1:
                raise UserError(f"{name}={value}: at least 1 was expected", where="patcher")
        for option, text in options.items():
            provider = with_option(provider, option, text)
        model = load_model(provider, "provider")
        if model.secrets:
            right = "put keys into the environment"
            raise UserError("a key isn't taken as an option of the provider", where="patcher", right=right)
        self._provider = model.provider
        self._system = system_prompt(style, "patches")
        self._rounds, self._calls, self._written = rounds, most_calls, most_written
        self._most_tokens = most_tokens
        self._logs = [pattern for pattern in logs.split("|") if pattern]

    async def consolidate(self, night: Night) -> Consolidation:
        """The memory with the model's changes; the night's sessions stay unread."""
        shown = {path: text for path, text in night.memory.items() if not self._is_log(path)}
        desk = Desk(files=dict(shown), calls=self._calls, tokens=self._written, log=[])
        usages: list[Usage] = []
        notes: list[str] = []
        while len(usages) < self._rounds:
            calls = await self._ask(night, desk, usages, notes)
            notes.extend([desk.carry_out(call) for call in calls])
            if not calls or desk.calls <= 0:
                break
        if not desk.log:
            notes.append("nothing was to be changed")
        logs = {path: text for path, text in night.memory.items() if path not in shown}
        return Consolidation(memory={**desk.files, **logs}, usage=total(usages), trace=tuple(notes))

    async def aclose(self) -> None:
        """Let go of the provider."""
        if isinstance(self._provider, Closer):
            await self._provider.aclose()

    async def _ask(self, night: Night, desk: Desk, usages: list[Usage], notes: list[str]) -> list[Call]:
        """The calls of one round; an error with the usage of all rounds."""
        try:
            reply = await self._provider.complete(self._request(night, desk, len(usages)))
            usages.append(reply.usage)
            notes.extend(reply.notes)
            return read_calls(found_object(reply.text, "calls", 2 * MEMORY_BYTES))
        except UnreadableError as wrong:
            raise InvalidOutputError(f"unreadable reply: {wrong}", usage=total(usages)) from None
        except InvalidOutputError as wrong:
            raise InvalidOutputError(str(wrong), usage=total(usages)) from None
        except ConsolidatorError as wrong:
            raise type(wrong)(str(wrong), usage=total([*usages, wrong.usage or Usage()])) from None

    def _request(self, night: Night, desk: Desk, done: int) -> Request:
        code = unused_code([*desk.files, *desk.files.values()])
        log = "\n".join(["What came of your calls so far:", *(f"- {line}" for line in desk.log), ""])
        prompt = filled(
            "files",
            lead=lead(night),
            calls=str(desk.calls),
            tokens=str(desk.tokens),
            done=log if desk.log else "",
            code=code,
            memory=fenced_memory(desk.files, code),
        )
        return Request(
            system=self._system,
            prompt=prompt,
            schema=SCHEMA,
            most_tokens=self._most_tokens,
            seed=(night.seed + done) % 2**31,
            purse=night.purse,
        )

    def _is_log(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self._logs)
