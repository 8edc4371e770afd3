"""Claude, through Anthropic's Messages API or a server that speaks like it.

    claude:model=claude-sonnet-5-5                      the whole new memory in one structured reply
    claude:model=claude-sonnet-5-5,batch=true           the same through Message Batches, for half the price
    claude:model=claude-sonnet-5-5,mode=tools           edits the memory with the memory tool

The key comes from ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN), the address from `base_url` or
ANTHROPIC_BASE_URL. What can't be told in mode=tools is where a line comes from.
"""

from dataclasses import replace
from typing import ClassVar, Literal

from rembench.consolidators.memory_editor import Editor
from rembench.consolidators.memory_tool import Bounds
from rembench.consolidators.rewriter import MOST_TOKENS, Rewriter
from rembench.consolidators.transcripts import Transcript, as_shown
from rembench.consolidators.wording import Style
from rembench.harness.errors import UserError
from rembench.harness.night import Capabilities, Consolidation, Night
from rembench.harness.providers.claude.batches import Batches, Pace
from rembench.harness.providers.claude.messages import Completing
from rembench.harness.providers.claude.night import NightInBatches
from rembench.harness.providers.claude.service import ClaudeService, Effort, Options
from rembench.harness.providers.limits import Limits
from rembench.harness.providers.provider import Provider

_PATIENCE = 25 * 3600.0
"""Of a night in a batch, in seconds: the service ends every batch after 24 hours."""
_PER_TURN, _SHORTEST = 60.0, 900.0
"""Of mode=tools, in seconds: its turns come one after the other; what a night has anyway."""


class Claude:
    """Has `model` consolidate. `retries`: how often a reply that's no memory is asked for again.

    `transcript=wrapped` shows it the sessions as `claude-dreams` sees them, for a fair comparison.

    `most_tokens` of a reply, or of a turn; in mode=tools at most `turns` turns, `most_written` bytes and
    `most_files` files. A batch is collected for `window` seconds and looked at every `poll` seconds, later
    less often. `timeout`: seconds without a word from the service; `tries` of a call at most.
    """

    capabilities: Capabilities = Capabilities(
        network=True, provenance=True, instructions=True, write_budget=True
    )
    strict: ClassVar[bool] = False
    """Whether the SDK checks all replies by its types."""
    pause: ClassVar[float] = 0.5
    """Seconds before a second try."""

    def __init__(
        self,
        *,
        model: str,
        mode: Literal["rewrite", "tools"] = "rewrite",
        style: Style = "default",
        transcript: Transcript = "full",
        batch: bool = False,
        effort: Effort | None = None,
        retries: int = 1,
        most_tokens: int = MOST_TOKENS,
        turns: int = 40,
        most_written: int = 500_000,
        most_files: int = 1000,
        window: float = 5.0,
        poll: float = 10.0,
        base_url: str | None = None,
        timeout: float = 600.0,
        tries: int = 5,
        in_flight: int = 8,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
    ) -> None:
        _check_counts(most_tokens=most_tokens, turns=turns, most_written=most_written, most_files=most_files)
        _check_seconds(window=window, poll=poll)
        if retries < 0:
            raise UserError("retries is a whole number from 0", where="claude")
        if batch and mode == "tools":
            raise UserError(
                "batch goes with mode=rewrite only", where="claude", right="a turn of mode=tools can't wait"
            )
        limits = Limits(
            in_flight=in_flight,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
        )
        self._service = ClaudeService(
            Options(
                model=model,
                effort=effort,
                base_url=base_url,
                timeout=timeout,
                tries=tries,
                limits=limits,
                pause=self.pause,
                strict=self.strict,
            )
        )
        self._batches = Batches(self._service, Pace(window=window, poll=poll)) if batch else None
        self._mode, self._style = mode, style
        self._retries, self._most_tokens, self._turns = retries, most_tokens, turns
        self._bounds = Bounds(written=most_written, files=most_files)
        self._transcript = transcript
        self.capabilities = replace(
            type(self).capabilities,
            provenance=mode == "rewrite" and transcript == "full",
            transcript=transcript,
            patience=_PATIENCE if batch else max(_SHORTEST, turns * _PER_TURN) if mode == "tools" else None,
        )

    async def consolidate(self, night: Night) -> Consolidation:
        """What Claude made of the night."""
        if self._mode == "tools":
            editor = Editor(
                service=self._service,
                style=self._style,
                turns=self._turns,
                most_tokens=self._most_tokens,
                bounds=self._bounds,
            )
            return await editor.consolidate(as_shown(night, self._transcript))
        rewriter = Rewriter(
            provider=self._provider(night),
            style=self._style,
            transcript=self._transcript,
            retries=self._retries,
            most_tokens=self._most_tokens,
        )
        return await rewriter.consolidate(night)

    async def aclose(self) -> None:
        """Close the connections; what was sent in a batch goes on at the service."""
        if self._batches:
            await self._batches.aclose()
        await self._service.aclose()

    def _provider(self, night: Night) -> Provider:
        if self._batches:
            return NightInBatches(self._service, self._batches, night)
        return Completing(self._service)


def _check_counts(**values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise UserError(f"{name} is a whole number from 1", where="claude")


def _check_seconds(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < 1e7:
            raise UserError(f"{name} is a number of seconds above 0", where="claude")
