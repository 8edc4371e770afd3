"""A program that the harness starts and that can't outlive it, not even after kill -9 of the harness.

    child = await Child.start(["vllm", "serve", model], env=env, log=folder / "server.log")
    child.pid, child.returncode          # the program's; None as long as it runs
    await child.stop()                   # SIGTERM to it and all its descendants, SIGKILL after `grace`

    child = await Child.start(["python3", "my.py"], grace=2.0)
    output = await child.talk(data, most=2**20)      # stdin in, stdout and stderr out

A process in between (`rembench.harness.processes.supervise`) sees to the end of the program and of all that
it started: when it's stopped, when the program has ended by itself, and when this process is gone.
"""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_SCRIPT = Path(__file__).with_name("supervise.py")
_CHUNK = 2**16
_MARGIN = 10.0  # seconds beyond the grace after which the supervisor itself is ended
_FLUSH = 2.0  # seconds that output may take after the end: only something that got away can hold it open


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a program wrote: the beginning of its stdout, the end of its stderr.

    `too_long`: there was more of stdout than was allowed; the program was stopped then.
    """

    stdout: bytes
    stderr: bytes
    too_long: bool
    returncode: int


class Child:
    """A running program. Made by `start`; used in one event loop, but for `close`."""

    def __init__(self, process: "subprocess.Popen[bytes]", line: socket.socket, grace: float) -> None:
        self._process = process
        self._line = line
        self._grace = grace
        self._ended: asyncio.Task[int] | None = None
        self._talking = False
        self.pid = 0

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: Path | None = None,
        grace: float = 5.0,
    ) -> "Child":
        """Start a program. OSError if it can't be started: there's no such file, or it isn't executable.

        `env` None is this process's environment. With `log`, stdin is empty and all output is appended
        to that file; without, the three streams are what `talk` is for. `grace`: the seconds between
        SIGTERM and SIGKILL.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            try:
                process = _popen([str(theirs.fileno()), str(grace), *argv], theirs, (env, cwd, log))
            except BaseException:
                ours.close()
                raise
        child = cls(process, ours, grace)
        try:
            await child._greet(argv[0])
        except BaseException:
            child._let_go()
            raise
        child._ended = asyncio.ensure_future(child._watch())
        return child

    @property
    def returncode(self) -> int | None:
        """The program's exit code, below zero for the signal that ended it; None as long as it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """The exit code, once the program and all its descendants are gone."""
        if self._ended is None:
            raise ValueError("it wasn't started")
        return await asyncio.shield(self._ended)

    async def stop(self) -> int:
        """End the program and all its descendants, and wait for that; the exit code."""
        self.close()
        try:
            async with asyncio.timeout(self._grace + _MARGIN):
                return await self.wait()
        except TimeoutError:
            self._process.kill()
            return await self.wait()

    def close(self) -> None:
        """Begin to stop, wait for nothing; from any thread, and as often as one likes."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    async def talk(self, data: bytes, *, most: int, tail: int = _CHUNK) -> Output:
        """Write `data` to stdin, read stdout up to `most` bytes and the last `tail` bytes of stderr.

        Ends with the program; a program that writes more is stopped. What it doesn't read is no error.
        Cancelled, it leaves the program running: `stop` it.
        """
        stdin, stdout, stderr = (stream.fileno() for stream in self._streams())
        self._talking = True
        said, failed = bytearray(), bytearray()
        jobs = [
            asyncio.ensure_future(self._feed(stdin, data)),
            asyncio.ensure_future(self._collect(stdout, said, most + 1)),
            asyncio.ensure_future(_last(stderr, failed, tail)),
        ]
        try:
            code = await self.wait()
            for job in (await asyncio.wait(jobs, timeout=_FLUSH))[0]:
                job.result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            self._close_streams()
        return Output(
            stdout=bytes(said[:most]), stderr=bytes(failed), too_long=len(said) > most, returncode=code
        )

    async def _greet(self, program: str) -> None:
        """Read the supervisor's first line."""
        said = b""
        while not said.endswith(b"\n"):
            more = await asyncio.get_running_loop().sock_recv(self._line, 64)
            if not more:
                raise OSError(f"the supervisor of {program} ended")
            said += more
        word, number = said.split(b"\n")[0].split()
        if word == b"error":
            raise OSError(int(number), os.strerror(int(number)), program)
        self.pid = int(number)

    async def _watch(self) -> int:
        """Wait for the supervisor to end, and let go of all that's open."""
        said = b""
        try:
            while more := await asyncio.get_running_loop().sock_recv(self._line, 64):
                said += more
            if b"done" not in said:  # somebody ended the supervisor
                with suppress(OSError):
                    os.killpg(self.pid, 9)
            return self._process.wait()  # it's over: the line shuts at the very end
        finally:
            self._let_go()

    def _streams(self) -> "list[IO[bytes]]":
        process = self._process
        return [one for one in (process.stdin, process.stdout, process.stderr) if one and not one.closed]

    def _close_streams(self) -> None:
        for stream in self._streams():
            stream.close()

    def _let_go(self) -> None:
        self._line.close()
        if not self._talking:
            self._close_streams()
        if self._process.poll() is None:
            threading.Thread(target=self._process.wait, daemon=True).start()

    async def _feed(self, stream: int, data: bytes) -> None:
        os.set_blocking(stream, False)
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(stream, rest[:_CHUNK]) :]
            except BlockingIOError:
                await _ready(stream, write=True)
            except BrokenPipeError:
                break
        if self._process.stdin:
            self._process.stdin.close()

    async def _collect(self, stream: int, into: bytearray, most: int) -> None:
        os.set_blocking(stream, False)
        while len(into) < most and (more := await _read(stream)):
            into += more
        if len(into) >= most:
            self.close()


async def _last(stream: int, into: bytearray, tail: int) -> None:
    os.set_blocking(stream, False)
    while more := await _read(stream):
        into += more
        del into[:-tail]


async def _read(stream: int) -> bytes:
    while True:
        try:
            return os.read(stream, _CHUNK)
        except BlockingIOError:
            await _ready(stream, write=False)


async def _ready(stream: int, *, write: bool) -> None:
    """Wait until a stream can be read, or written."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    (loop.add_writer if write else loop.add_reader)(stream, ready.set)
    try:
        await ready.wait()
    finally:
        (loop.remove_writer if write else loop.remove_reader)(stream)


def _popen(
    arguments: Sequence[str],
    line: socket.socket,
    given: tuple[Mapping[str, str] | None, Path | None, Path | None],
) -> "subprocess.Popen[bytes]":
    """The supervisor, started in a session of its own: a Ctrl-C at the terminal is the harness's matter."""
    env, cwd, log = given
    command = [sys.executable, "-I", "-S", str(_SCRIPT), *arguments]
    if log is None:
        return subprocess.Popen(  # noqa: S603
            command, env=env, cwd=cwd, pass_fds=[line.fileno()], start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603
            command, env=env, cwd=cwd, pass_fds=[line.fileno()], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
