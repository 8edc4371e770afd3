"""The options of `rembench run`, from the command line and from a TOML file; the command line wins."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from rembench.harness.cli.folder import folder_path, reason
from rembench.harness.engine.record import MOST_REPEATS, read_shard
from rembench.harness.errors import UserError, one_line, unknown_name
from rembench.harness.files import read_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What `run` was asked for; None is "not said"."""

    pack: tuple[str, ...] | None = None
    consolidator: tuple[str, ...] | None = None
    out: Path | None = None
    repeats: int | None = None
    limit: int | None = None
    seed: int | None = None
    concurrency: int | None = None
    budget: float | None = None
    night_timeout: float | None = None
    resume: bool | None = None
    retry_failed: bool | None = None
    engine: str | None = None
    shard: str | None = None
    batch: bool | None = None
    reader: str | None = None
    judge: str | None = None
    json: bool | None = None
    quiet: bool | None = None


_LEAST: Mapping[str, float] = {"repeats": 1, "limit": 1, "seed": 0, "concurrency": 1}
_MOST: Mapping[str, float] = {
    "repeats": MOST_REPEATS, "limit": 10**9, "seed": 2**63 - 1, "concurrency": 1000, "budget": 1e9,
    "night_timeout": 1e6,
}  # fmt: skip
_KINDS: Mapping[str, tuple[type, ...]] = {
    "out": (str,), "repeats": (int,), "limit": (int,), "seed": (int,), "concurrency": (int,),
    "budget": (int, float), "night_timeout": (int, float), "resume": (bool,), "retry_failed": (bool,),
    "engine": (str,), "shard": (str,), "batch": (bool,), "reader": (str,), "judge": (str,), "json": (bool,),
    "quiet": (bool,),
}  # fmt: skip


def with_config(options: RunOptions, config: Path | None) -> RunOptions:
    """`options`, with what they leave unsaid taken from a TOML file; checked."""
    if config is not None:
        said = _read_config(config)
        options = replace(options, **{k: v for k, v in said.items() if getattr(options, k) is None})
    _check(options)
    return options


def _read_config(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(read_plain(path))
    except FileNotFoundError:
        raise UserError("config not found", where=str(path)) from None
    except OSError as wrong:
        raise UserError(f"can't be read: {reason(wrong)}", where=str(path)) from None
    except RecursionError:
        raise UserError("not valid TOML: nested too deeply", where=str(path)) from None
    except ValueError as wrong:  # TOMLDecodeError, a number of too many digits
        raise UserError(f"not valid TOML: {one_line(str(wrong), 200)}", where=str(path)) from None
    known = {f.name for f in fields(RunOptions)}
    said: dict[str, Any] = {}
    for key, value in raw.items():
        name = key.replace("-", "_")
        if name not in known:
            raise unknown_name("option", key, known, where=str(path))
        said[name] = _config_value(name, value, path)
    return said


def _config_value(name: str, value: object, path: Path) -> object:
    if name in {"pack", "consolidator"}:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(v, str) for v in listed):
            raise UserError(f"{name}: a text or a list of texts was expected", where=str(path))
        return tuple(listed)
    kinds = _KINDS[name]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        wanted = " or ".join(k.__name__ for k in kinds)
        raise UserError(f"{name}: {wanted} was expected, not {type(value).__name__}", where=str(path))
    return folder_path(str(value)) if name == "out" else value


def _check(options: RunOptions) -> None:
    for name, most in _MOST.items():
        value = getattr(options, name)
        if value is None:
            continue
        least = _LEAST.get(name, 0)
        above = value >= least if name in _LEAST else value > least
        if not (above and value <= most):
            wanted = f"from {least:g} to {most:.10g}" if name in _LEAST else f"above 0, at most {most:g},"
            raise UserError(f"--{name.replace('_', '-')} {value}: a number {wanted} was expected")
    if options.retry_failed and not options.resume:
        raise UserError("--retry-failed goes with --resume", right="see rembench run --help")
    _check_names(options)


def _check_names(options: RunOptions) -> None:
    if options.engine == "ray":
        raise UserError("the ray engine isn't in this version", right="use --engine local")
    if options.engine not in {None, "local"}:
        raise unknown_name("engine", options.engine or "", ["local"])
    if options.judge is not None:
        raise _no_judge()
    if options.shard is not None:
        try:
            read_shard(options.shard)
        except ValueError as wrong:
            raise UserError(f"--shard {options.shard[:40]}: {wrong}") from None


def _no_judge() -> UserError:
    from rembench.harness.providers.load import known_models

    right = f"rembench audit --judge NAME measures one; known: {', '.join(known_models())}"
    return UserError("--judge: no judge takes part in a run in this version", right=right)
