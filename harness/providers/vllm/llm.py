"""vLLM's own `LLM` behind a narrow door: requests in, what was generated out."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rembench.harness.providers.openai_compatible.ladder import strict
from rembench.harness.providers.vllm.options import EngineOptions, environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One request as the engine takes it; `temperature` None is the model's own."""

    system: str
    prompt: str
    schema: Mapping[str, Any]
    most_tokens: int
    temperature: float | None
    seed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What the engine made of it; `cached` are those of the prompt's tokens that it had computed before."""

    text: str
    finish: str | None
    prompt_tokens: int
    output_tokens: int
    cached: int = 0


class NotTakenError(Exception):
    """The engine didn't take a request, or one of several; nothing was generated for any of them."""


class Llm:
    """An engine that's loaded. Used in one thread."""

    def __init__(self, llm: Any) -> None:
        self._llm = llm

    def generate(self, wanted: Sequence[Wanted]) -> list[Generated]:
        """All of them, in their order. NotTakenError where one of them can't be; anything else breaks it."""
        from vllm.exceptions import VLLMValidationError

        try:
            conversations = [
                [{"role": "system", "content": one.system}, {"role": "user", "content": one.prompt}]
                for one in wanted
            ]
            made = self._llm.chat(conversations, [self._sampling(one) for one in wanted], use_tqdm=False)
        except (VLLMValidationError, ValueError) as error:
            raise NotTakenError(str(error)) from None
        return [_generated(one) for one in made]

    def close(self) -> None:
        """Let go of the engine and its memory."""
        from vllm.distributed.parallel_state import cleanup_dist_env_and_memory

        llm, self._llm = self._llm, None
        llm.llm_engine.engine_core.shutdown()
        del llm
        cleanup_dist_env_and_memory()

    def _sampling(self, one: Wanted) -> Any:
        """Sampling as the model's makers advise, but for what's said here."""
        from vllm.sampling_params import StructuredOutputsParams

        made = self._llm.get_default_sampling_params()
        made.max_tokens, made.seed = one.most_tokens, one.seed
        if one.temperature is not None:
            made.temperature = one.temperature
        made.structured_outputs = StructuredOutputsParams(json=strict(one.schema, bounds=True))
        return made


def load(options: EngineOptions) -> Llm:
    """The engine, with its model in memory. Takes from seconds to minutes; raises whatever vLLM raises."""
    alone = {"VLLM_ENABLE_V1_MULTIPROCESSING": "0"} if (options.tensor_parallel_size or 1) == 1 else {}
    for name, value in {**environment(), **alone, "VLLM_LOGGING_LEVEL": "WARNING"}.items():
        os.environ.setdefault(name, value)
    from vllm import LLM, EngineArgs
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    parser = EngineArgs.add_cli_args(FlexibleArgumentParser(add_help=False))
    parser.error = _wrong_arguments
    arguments = EngineArgs.from_cli_args(parser.parse_args(options.arguments()))
    arguments.disable_log_stats = True
    return Llm(LLM.from_engine_args(arguments))


def _wrong_arguments(message: str) -> None:
    raise ValueError(f"args: {message}")


def _generated(one: Any) -> Generated:
    (output,) = one.outputs
    return Generated(
        text=output.text,
        finish=output.finish_reason,
        prompt_tokens=len(one.prompt_token_ids or ()),
        output_tokens=len(output.token_ids),
        cached=one.num_cached_tokens or 0,
    )
