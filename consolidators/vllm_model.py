"""A model of one's own, run by vLLM, writes the whole memory anew every night.

vllm:model=/models/qwen3-8b,max_model_len=65536          a server is started, shared and stopped
vllm:model=Qwen/Qwen3-8B,url=http://127.0.0.1:8000       one that runs is used
vllm:model=/models/qwen3-8b,mode=inprocess               the engine in this process, in batches
"""

from dataclasses import dataclass, field, fields, replace

from rembench.consolidators.openai_compatible import REWRITES, check_rewriting, seeing
from rembench.consolidators.rewriter import MOST_TOKENS, Bounds, Rewriter
from rembench.consolidators.transcripts import Transcript
from rembench.consolidators.wording import Style
from rembench.harness.errors import UserError
from rembench.harness.night import Capabilities, Consolidation, Night
from rembench.harness.providers.vllm.chat import Vllm
from rembench.harness.providers.vllm.options import VllmOptions

_NIGHT = 900.0  # seconds, beside the wait for the server


@dataclass(kw_only=True)
class VllmModel(VllmOptions):
    """Options as in `rembench.harness.providers.vllm.options`, and how the memory is asked for.

    `retries` and `most_tokens` as in `openai`. For weak models, which don't find an end: `most_files`, in each
    `most_lines`, in each `most_characters` (a path's, too).
    """

    style: Style = "default"
    transcript: Transcript = "full"
    retries: int = 1
    most_tokens: int = MOST_TOKENS
    most_files: int | None = None
    most_lines: int | None = None
    most_characters: int | None = None

    capabilities: Capabilities = field(init=False, default=replace(REWRITES, patience=600 + _NIGHT))
    _provider: Vllm = field(init=False, repr=False)
    _rewriter: Rewriter = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_rewriting(self.retries, self.most_tokens)
        self.capabilities = replace(
            seeing(self.transcript), patience=self.wait + _NIGHT
        )  # the first night waits for it
        bounds = {name: getattr(self, name) for name in ("most_files", "most_lines", "most_characters")}
        for name, value in bounds.items():
            if value is not None and value < 1:
                raise UserError(f"{name} is a whole number from 1, or none")
        self._provider = Vllm(**{f.name: getattr(self, f.name) for f in fields(VllmOptions)})
        self._rewriter = Rewriter(
            provider=self._provider,
            style=self.style,
            transcript=self.transcript,
            retries=self.retries,
            most_tokens=self.most_tokens,
            bounds=Bounds(**bounds),
        )

    async def consolidate(self, night: Night) -> Consolidation:
        """The night's new memory, as the model wrote it."""
        return await self._rewriter.consolidate(night)

    async def aclose(self) -> None:
        """Let go of the server or engine."""
        await self._provider.aclose()
