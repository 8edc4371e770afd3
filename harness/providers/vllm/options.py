"""How vLLM is run: the options that its server and its engine in this process have in common."""

import json
import math
import os
import shlex
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from rembench.harness.errors import UserError
from rembench.harness.masking import is_secret
from rembench.harness.providers.openai_compatible.service import checked_url

_SHORT = 60  # characters of a folder in which a socket with a long name can be made: 107 in all
Mode = Literal["server", "inprocess"]
KEY_VARIABLE = "VLLM_API_KEY"
# Small models get stuck in white space, which a schema would allow them between any two marks.
_STRUCTURED = {"backend": "xgrammar", "disable_any_whitespace": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """One engine: what's the same for two users makes them share it."""

    model: str
    max_model_len: int | None = None
    gpu_memory_utilization: float | None = None
    dtype: str | None = None
    tensor_parallel_size: int | None = None
    seed: int = 0
    args: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """vLLM's own arguments; those that the user wrote come last and so have the last word."""
        named = {
            "--model": self.model,
            "--served-model-name": served_name(self.model),
            "--seed": self.seed,
            "--structured-outputs-config": json.dumps(_STRUCTURED, separators=(",", ":")),
            "--max-model-len": self.max_model_len,
            "--gpu-memory-utilization": self.gpu_memory_utilization,
            "--dtype": self.dtype,
            "--tensor-parallel-size": self.tensor_parallel_size,
        }
        given = [part for name, value in named.items() if value is not None for part in (name, str(value))]
        return [*given, "--enable-prefix-caching", *self.args]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """One server: its engine, the Python that has vLLM, its environment, the seconds until it must be ready."""

    engine: EngineOptions
    python: str = sys.executable
    env: tuple[tuple[str, str], ...] = ()
    wait: float = 600.0


@dataclass(kw_only=True)
class VllmOptions:
    """A model that vLLM runs: `model` is a folder or a name on the Hugging Face hub.

    `mode` server: `vllm serve` is started on a free port, once for all who use the same model with the same
    settings, or (`url`) one that runs is used, with the key of VLLM_API_KEY. `mode` inprocess: the engine
    runs in this process. What's None is vLLM's own choice. `args` are more of vLLM's own arguments
    ("--enforce-eager --max-num-seqs 8"), `env` variables for the server ("OMP_NUM_THREADS=2"), `python` one
    of another environment, which has vLLM. `wait`: the seconds until the server must be ready; `timeout`:
    for one try of a call.
    """

    model: str
    url: str | None = None
    mode: Mode = "server"
    temperature: float | None = 0.0
    max_model_len: int | None = None
    gpu_memory_utilization: float | None = None
    dtype: str | None = None
    tensor_parallel_size: int | None = None
    engine_seed: int = 0
    args: str = ""
    env: str = ""
    python: str | None = None
    wait: float = 600.0
    timeout: float = 600.0
    tries: int = 5
    in_flight: int = 256

    def check(self) -> None:
        """UserError for options that can't be or don't go together, and where vLLM is missing."""
        if not self.model.strip():
            raise UserError("model is empty", right="write model=FOLDER or model=NAME/ON-THE-HUB")
        if not (math.isfinite(self.wait) and self.wait > 0):
            raise UserError("wait is a number of seconds above 0")
        if self.url is not None:
            self._check_url(self.url)
            return
        if self.mode == "inprocess" and (self.env or self.python):
            raise UserError("env and python are for mode=server", right="set them where you start rembench")
        _words("args", self.args)
        _variables(self.env)
        if self.python is None and find_spec("vllm") is None:
            raise UserError("vllm isn't installed", right="pip install 'rembench[vllm]'")
        if self.python is not None and not os.access(self.python, os.X_OK):
            raise UserError(f"no program: {self.python}", where="python", right="write python=VENV/bin/python")

    def _check_url(self, url: str) -> None:
        checked_url(url)
        unused = (
            "args",
            "env",
            "python",
            "max_model_len",
            "gpu_memory_utilization",
            "dtype",
            "tensor_parallel_size",
        )
        said = [name for name in unused if getattr(self, name)]
        if said or self.mode != "server":
            what = ", ".join(said) or "mode=inprocess"
            raise UserError(f"{what}: the server at `url` runs already", right="leave out the one or the other")

    def engine(self) -> EngineOptions:
        """What its engine is."""
        model = str(Path(self.model).resolve()) if Path(self.model).is_dir() else self.model
        return EngineOptions(
            model=model,
            max_model_len=self.max_model_len,
            gpu_memory_utilization=self.gpu_memory_utilization,
            dtype=self.dtype,
            tensor_parallel_size=self.tensor_parallel_size,
            seed=self.engine_seed,
            args=_words("args", self.args),
        )

    def server(self) -> ServerOptions:
        """What its server is."""
        return ServerOptions(
            engine=self.engine(), python=self.python or sys.executable, env=_variables(self.env), wait=self.wait
        )


def environment() -> dict[str, str]:
    """What vLLM's environment has beside the user's own: no phoning home, and room for its sockets."""
    room = {"VLLM_RPC_BASE_PATH": "/tmp"} if len(tempfile.gettempdir()) > _SHORT else {}  # noqa: S108
    return {"VLLM_NO_USAGE_STATS": "1", **room}


def served_name(model: str) -> str:
    """What a model is called: a folder by its own name, not by where it is."""
    return Path(model).name if Path(model).is_dir() else model


def _words(option: str, text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise UserError(f"{option}: {error}", right='write it as in a shell: "--dtype bfloat16"') from None


def _variables(text: str) -> tuple[tuple[str, str], ...]:
    found = [word.partition("=") for word in _words("env", text)]
    for name, equals, _ in found:
        if not equals or not name.isidentifier():
            raise UserError(f"env: {name!r} isn't a variable", right='write env="NAME=value OTHER=value"')
        if is_secret(name.casefold()):
            raise UserError(f"env: {name} is a secret", right="set it where you start rembench")
    return tuple(sorted((name, value) for name, _, value in found))
