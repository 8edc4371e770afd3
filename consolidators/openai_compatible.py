"""A model of OpenAI's, or behind any server that speaks like it, writes the whole memory anew every night.

openai:model=gpt-6-luna
openai:model=llama-4-scout,base_url=http://127.0.0.1:8000/v1,temperature=0
"""

from dataclasses import dataclass, field, replace

from rembench.consolidators.rewriter import MOST_TOKENS, Rewriter
from rembench.consolidators.transcripts import Transcript
from rembench.consolidators.wording import Style
from rembench.harness.errors import UserError
from rembench.harness.night import Capabilities, Consolidation, Night
from rembench.harness.providers.openai_compatible.chat import ChatOptions, OpenAIChat

REWRITES = Capabilities(network=True, provenance=True, instructions=True, write_budget=True)


@dataclass(kw_only=True)
class OpenAICompatible(ChatOptions):
    """Options as in `rembench.harness.providers.openai_compatible.chat`, and how the memory is asked for.

    `retries`: how often a reply is asked for again that's refused, cut off or no memory; `most_tokens` of a
    reply, reasoning included. `transcript=wrapped` shows the sessions as `claude-dreams` sees them.
    """

    style: Style = "default"
    retries: int = 1
    most_tokens: int = MOST_TOKENS

    transcript: Transcript = "full"

    capabilities: Capabilities = field(init=False, default=REWRITES)
    _provider: OpenAIChat = field(init=False, repr=False)
    _rewriter: Rewriter = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_rewriting(self.retries, self.most_tokens)
        self.capabilities = seeing(self.transcript)
        self._provider = OpenAIChat(**self.only())
        self._rewriter = Rewriter(
            provider=self._provider,
            style=self.style,
            transcript=self.transcript,
            retries=self.retries,
            most_tokens=self.most_tokens,
        )

    async def consolidate(self, night: Night) -> Consolidation:
        """The night's new memory, as the model wrote it."""
        return await self._rewriter.consolidate(night)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._provider.aclose()


def seeing(transcript: Transcript) -> Capabilities:
    """What a model that rewrites the memory supports, when it sees the sessions so."""
    return replace(REWRITES, transcript=transcript, provenance=transcript == "full")


def check_rewriting(retries: int, most_tokens: int) -> None:
    """UserError for numbers that can't be."""
    if retries < 0:
        raise UserError("retries is a whole number from 0")
    if most_tokens < 1:
        raise UserError("most_tokens is a whole number from 1")
