"""vLLM's server on this machine: one for every model and its settings, shared by all of this process.

    lease = SERVERS.lease(options.server())
    server = await lease.get()               # started, and answers; ProviderError with the end of its log
    server.url, server.key
    await lease.release()                    # it's stopped once nobody uses it

It listens on 127.0.0.1 with a key of its own, which only its environment holds. It ends with this process,
after kill -9 too (see `child`). Its log is kept where it failed.
"""

import asyncio
import os
import re
import secrets
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from rembench.harness.errors import one_line
from rembench.harness.masking import masked
from rembench.harness.night import FREE, ProviderError
from rembench.harness.processes.child import Child
from rembench.harness.providers.vllm.options import KEY_VARIABLE, ServerOptions, environment
from rembench.harness.providers.vllm.shared import Pool

HOST = "127.0.0.1"
GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL."""
LOOK = 0.25
"""Seconds between two looks at whether it's ready."""
_PORTS = 3  # tries, where somebody else took the port in between
_ANSWER = 5.0  # seconds that one look may take
_TAKEN = "address already in use"
_TAIL = 2**16  # bytes
_CAUSE = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception): \S|.*: error: \S")
_PREFIX = re.compile(
    r"^(?:\x1b\[[\d;]*m)*\([^)]*pid=\d+\)(?:\x1b\[[\d;]*m)*\s*(?:[A-Z]+ [\d :.-]+\[[^\]]*\])?\s*"
)
_OTHERS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")  # keys that are none of its business


@dataclass(slots=True, kw_only=True)
class Server:
    """One that answers. `seconds` it took to start."""

    child: Child
    url: str
    key: str = field(repr=False)
    folder: Path
    seconds: float = 0.0
    stopped: bool = False

    @property
    def log(self) -> Path:
        """All that it said."""
        return self.folder / "server.log"

    def failed(self) -> str | None:
        """Why it doesn't run any more, in a line; None where it does."""
        code = self.child.returncode
        return None if code is None or self.stopped else f"vLLM ended ({_ending(code)}){self.said()}"

    def said(self) -> str:
        """Where its log is, and how that ends."""
        return f"; its log: {self.log}; its end: {masked(log_end(self.log), [self.key])}"

    async def stop(self) -> None:
        """End it and all that it started; its log goes, unless it had failed before."""
        kept = self.failed() is not None
        self.stopped = True
        await self.child.stop()
        if not kept:
            shutil.rmtree(self.folder, ignore_errors=True)


async def start(options: ServerOptions) -> Server:
    """A server that's ready. ProviderError where it ends before, or takes too long."""
    folder = Path(tempfile.mkdtemp(prefix="rembench-vllm-"))
    for left in reversed(range(_PORTS)):
        server = await _launch(options, folder)
        try:
            await _ready(server, options)
        except BaseException as error:
            await server.child.stop()
            if left and isinstance(error, ProviderError) and _TAKEN in _tail(server.log).casefold():
                server.log.unlink()
                continue
            if not isinstance(error, ProviderError):  # nobody wants it any more
                shutil.rmtree(folder, ignore_errors=True)
            raise
        return server
    raise AssertionError


SERVERS: Pool[ServerOptions, Server] = Pool(start)
"""All servers of this process."""


async def _launch(options: ServerOptions, folder: Path) -> Server:
    """Start the program, on a port that's free."""
    port, key = _free_port(), secrets.token_urlsafe(32)
    # The same server as `vllm serve`, whose command some builds of vLLM lack. -P: nothing of the current
    # folder is taken for a module.
    argv = [
        options.python,
        "-P",
        "-m",
        "vllm.entrypoints.openai.api_server",
        "--host",
        HOST,
        "--port",
        str(port),
    ]
    argv += ["--enable-prompt-tokens-details", *options.engine.arguments()]
    kept = {name: value for name, value in os.environ.items() if name not in _OTHERS}
    env = {**environment(), **kept, **dict(options.env), KEY_VARIABLE: key}
    log = folder / "server.log"
    try:
        child = await Child.start(argv, env=env, log=log, grace=GRACE)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ProviderError(f"{options.python} can't be started: {error.strerror}", usage=FREE) from None
    return Server(child=child, url=f"http://{HOST}:{port}", key=key, folder=folder)


async def _ready(server: Server, options: ServerOptions) -> None:
    """Wait until it answers; ProviderError where it doesn't come to that."""
    begun = time.monotonic()
    while not await _answers(server):
        server.seconds = time.monotonic() - begun
        if (code := server.child.returncode) is not None:
            raise ProviderError(f"vLLM ended ({_ending(code)}) before it was ready{server.said()}", usage=FREE)
        if server.seconds > options.wait:
            raise ProviderError(f"vLLM wasn't ready after {options.wait:g} s{server.said()}", usage=FREE)
        await asyncio.sleep(LOOK)
    server.seconds = time.monotonic() - begun


async def _answers(server: Server) -> bool:
    """Whether it's healthy, and it's ours: nobody else's knows the key."""
    import httpx2

    headers = {"Authorization": f"Bearer {server.key}"}
    try:
        async with httpx2.AsyncClient(trust_env=False, timeout=_ANSWER, base_url=server.url) as client:
            health = await client.get("/health")
            return health.is_success and (await client.get("/v1/models", headers=headers)).is_success
    except httpx2.HTTPError:
        return False


def log_end(log: Path) -> str:
    """What a log ends with: the first error in its last part, else its last line."""
    lines = [_PREFIX.sub("", line).strip() for line in _tail(log).splitlines()]
    lines = [line for line in lines if line]
    causes = [line for line in lines if _CAUSE.match(line)]
    return one_line((causes[:1] or lines[-1:] or ["(empty)"])[0], 300)


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
