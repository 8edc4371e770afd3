"""Any program, in any language: a night in as one JSON object on stdin, the memory out as one on stdout.

    command:run=python3 my.py --flag

The program is started anew for every night, in the folder that rembench was started in, without a shell.
What it's given (a key is always there; null where there's nothing):

    {"schema": 1, "chain": text, "night": text, "at": date-time,
     "memory": {path: text},
     "sessions": [{"id", "at", "agent", "user", "outcome",
                   "messages": [{"role": "user"|"assistant"|"tool"|"system", "content", "name"}]}],
     "deletions": [{"id", "at", "request", "standing": true|false}],
     "instructions": text|null, "write_budget": tokens|null, "seed": number}

They mean what they mean in `rembench.harness.night`: `sessions` are tonight's, `deletions` all requests so
far, `standing` those that an earlier night had too. What it writes before it ends with exit status 0:

    {"memory": {path: text},                                    the whole new memory
     "usage": {"input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "calls", "usd"},
     "provenance": [{"path", "start", "end", "session", "message"}],
     "trace": [text]}

All but `memory` may be left out; an amount that's left out or null is unknown. Or, with any exit status:

    {"error": {"type": "provider"|"refusal"|"cut_off"|"budget"|"invalid_output", "message": text},
     "usage": {...}}

Keys that begin with "x_" are the program's own; any other is refused. Stderr is the program's to log on: its
last line is shown where the program fails. A program that takes longer than `timeout` seconds, that writes
more than `most_bytes`, or whose night is cancelled is ended with all that it has started.

It gets the environment without the variables that are called like secrets (KEY, TOKEN, SECRET, PASSWORD);
`pass_env=OPENAI_API_KEY|HF_TOKEN` names those that it may have. `can=instructions|write_budget` declares what
it can do, for the report: network, provenance, instructions, write_budget.
"""

import asyncio
import json
import os
import shlex
import shutil
import signal
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from rembench.consolidators import foreign_json
from rembench.harness.errors import UserError, one_line, unknown_name
from rembench.harness.masking import is_secret_variable, masked
from rembench.harness.night import (
    BudgetError,
    Capabilities,
    Consolidation,
    ConsolidatorError,
    CutOffError,
    InvalidOutputError,
    Night,
    Provenance,
    ProviderError,
    RefusalError,
    Usage,
)
from rembench.harness.processes.child import Child, Output

SCHEMA = 1
_GRACE = 2.0  # seconds between SIGTERM and SIGKILL
_CLEARING = 30.0  # seconds beyond its time after which a night isn't waited for
_SAID = 300  # characters of a program's last words
_CAN = ("network", "provenance", "instructions", "write_budget")
_PIECE = tuple(f.name for f in fields(Provenance))
_ERRORS: Mapping[str, type[ConsolidatorError]] = {
    "provider": ProviderError,
    "refusal": RefusalError,
    "cut_off": CutOffError,
    "budget": BudgetError,
    "invalid_output": InvalidOutputError,
}


class ProgramError(Exception):
    """The program can't be started, or it ended otherwise than well."""


class Command:
    """Has the program `run` consolidate; see the module for what it's given and what it gives back."""

    def __init__(
        self, *, run: str, timeout: float = 600.0, most_bytes: int = 2**25, pass_env: str = "", can: str = ""
    ) -> None:
        self._argv = _argv(run)
        self._passed = _passed(pass_env)
        self._can = _abilities(can)
        if not 0 < timeout <= 10**6:
            raise UserError(f"timeout={timeout:g}", where="command", right="seconds, above 0, at most 1e6")
        if not 0 < most_bytes <= 2**30:
            raise UserError(f"most_bytes={most_bytes}", where="command", right=f"from 1 to {2**30}")
        self._timeout = timeout
        self._most = most_bytes

    @property
    def capabilities(self) -> Capabilities:
        """As `can` says; it waits as long as `timeout`."""
        return Capabilities(
            network="network" in self._can,
            provenance="provenance" in self._can,
            instructions="instructions" in self._can,
            write_budget="write_budget" in self._can,
            patience=self._timeout + _CLEARING,
        )

    async def consolidate(self, night: Night) -> Consolidation:
        """What the program writes."""
        given = json.dumps(given_to_the_program(night))  # ASCII: a lone surrogate is an escape too
        output = await self._run(given.encode())
        if output.too_long:
            raise InvalidOutputError(f"stdout: more than {self._most} bytes")
        try:
            return read_output(output)
        except ValueError as wrong:
            raise InvalidOutputError(masked(f"stdout: {wrong}")) from None

    async def _run(self, given: bytes) -> Output:
        env = {k: v for k, v in os.environ.items() if k in self._passed or not is_secret_variable(k)}
        try:
            child = await Child.start(self._argv, env=env, grace=_GRACE)
        except OSError as wrong:
            raise ProgramError(f"{self._argv[0]} can't be started: {wrong.strerror}") from None
        try:
            async with asyncio.timeout(self._timeout):
                return await child.talk(given, most=self._most)
        except TimeoutError:
            raise TimeoutError(f"{self._argv[0]} took longer than {self._timeout:g} s") from None
        finally:
            await child.stop()


def given_to_the_program(night: Night) -> dict[str, Any]:
    """A night as the JSON object that a program is given."""
    return {
        "schema": SCHEMA, "chain": night.chain, "night": night.id, "at": night.at,
        "memory": dict(night.memory),
        "sessions": [asdict(one) | {"messages": [asdict(m) for m in one.messages]} for one in night.sessions],
        "deletions": [asdict(one) for one in night.deletions],
        "instructions": night.instructions, "write_budget": night.write_budget, "seed": night.seed,
    }  # fmt: skip


def read_output(output: Output) -> Consolidation:
    """What the program gave back. ValueError for what isn't of the shape; the error that it names itself."""
    try:
        value = foreign_json.parse(output.stdout)
    except ValueError:
        _check_end(output)
        raise
    if isinstance(value, dict) and "error" in value:
        raise _error(value)
    _check_end(output)
    top = foreign_json.read_object(value, "", ("memory",), ("usage", "provenance", "trace"))
    return Consolidation(
        memory=foreign_json.files(top["memory"], "memory"),
        usage=_usage(top),
        provenance=tuple(
            _piece(one, f"provenance[{n}]")
            for n, one in enumerate(foreign_json.items(top.get("provenance") or [], "provenance"))
        ),
        trace=tuple(
            foreign_json.text(one, f"trace[{n}]")
            for n, one in enumerate(foreign_json.items(top.get("trace") or [], "trace"))
        ),
    )


def _error(value: Mapping[str, Any]) -> ConsolidatorError:
    top = foreign_json.read_object(value, "", ("error",), ("usage",))
    error = foreign_json.read_object(top["error"], "error", ("type", "message"))
    kind = foreign_json.text(error["type"], "error.type")
    if kind not in _ERRORS:
        raise ValueError(f"error.type: unknown value {foreign_json.shown(kind)}; known: {', '.join(_ERRORS)}")
    message = foreign_json.text(error["message"], "error.message")
    return _ERRORS[kind](one_line(masked(message), _SAID), usage=_usage(top))


def _usage(top: Mapping[str, Any]) -> Usage:
    return foreign_json.usage(top["usage"], "usage") if top.get("usage") is not None else Usage()


def _piece(value: object, where: str) -> Provenance:
    piece = foreign_json.read_object(value, where, _PIECE)
    return Provenance(
        path=foreign_json.text(piece["path"], f"{where}.path"),
        start=foreign_json.whole(piece["start"], f"{where}.start"),
        end=foreign_json.whole(piece["end"], f"{where}.end"),
        session=foreign_json.text(piece["session"], f"{where}.session"),
        message=foreign_json.whole(piece["message"], f"{where}.message"),
    )


def _check_end(output: Output) -> None:
    """ProgramError unless the program ended well: how it ended, and its last words."""
    code = output.returncode
    if code == 0:
        return
    how = f"exit status {code}" if code > 0 else f"ended by {_signal(-code)}"
    lines = masked(output.stderr.decode("utf-8", "replace")).strip().splitlines()
    raise ProgramError(one_line(f"{how}: {lines[-1][-_SAID:]}" if lines else how))


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _argv(run: str) -> list[str]:
    """The program and its arguments; UserError for what can't be run at all."""
    try:
        argv = shlex.split(run)
    except ValueError as wrong:
        raise UserError(f"run={run}: {wrong}", where="command", right="write it as for a shell") from None
    if not argv:
        raise UserError("run is empty", where="command", right="command:run=python3 my.py")
    if shutil.which(argv[0]) is None:
        what = f"there's no program {argv[0]!r} that can be run"
        raise UserError(what, where=f"command:run={run}", right="a name on PATH, or the path of an executable")
    return argv


def _passed(pass_env: str) -> frozenset[str]:
    names = [name.strip() for name in pass_env.split("|") if name.strip()]
    for name in names:
        if name not in os.environ:
            what = f"pass_env: {name} isn't in the environment"
            raise UserError(what, where="command", right=f"set {name}, or leave it out")
    return frozenset(names)


def _abilities(can: str) -> frozenset[str]:
    named = [name.strip() for name in can.split("|") if name.strip()]
    for name in named:
        if name not in _CAN:
            raise unknown_name("ability", name, _CAN, where=f"command:can={can}")
    return frozenset(named)
