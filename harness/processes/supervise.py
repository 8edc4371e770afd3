"""Runs a program that can't outlive whoever started it; a script that needs the standard library only.

    python -I -S supervise.py LINE GRACE PROGRAM [ARGUMENT...]

LINE is the number of an open socket whose other end its user holds. The program gets a session of its own
and the streams, folder and environment of this script. The script says "pid N" on the line, or "error N"
with the errno of why the program couldn't be started.

Once the line is shut (the user did it, or ended by whatever cause), once the program has ended by itself,
or on SIGTERM, all that's left of the program is ended: SIGTERM, after GRACE seconds SIGKILL. On Linux that
is every descendant, those too that have made sessions of their own or whose parent is gone; elsewhere it's
the program's process group. Then the script says "done" and ends as the program did.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # linux/prctl.h
_LOOK = 1.0  # seconds after which a change of parent is seen, where a copy of the line's end lives on
_STEP = 0.02  # seconds between two looks at what's being ended
_LAST = 5.0  # seconds that SIGKILL may take
_ENDINGS = frozenset({signal.SIGTERM, signal.SIGHUP, signal.SIGINT})
_RESTORED = (signal.SIGPIPE, signal.SIGXFSZ)  # Python ignores them, other programs don't expect that
LINUX = sys.platform == "linux"


def _prctl() -> Callable[[int, int], object]:
    """The system call prctl with one argument; nothing where there's none."""
    if not LINUX:
        return lambda option, value: None  # noqa: ARG005
    import ctypes

    call = ctypes.CDLL(None, use_errno=True).prctl
    return lambda option, value: call(option, value, 0, 0, 0)


class Supervisor:
    """One program from its start to the end of all its descendants."""

    def __init__(self, line: int, grace: float) -> None:
        self._line = line
        self._grace = grace
        self._parent = os.getppid()
        self._prctl = _prctl()
        self._prctl(_SET_SUBREAPER, 1)
        self._woken, wake = os.pipe()
        for end in (self._woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in (*_ENDINGS, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)
        self._pid = 0
        self._status: int | None = None

    def run(self, argv: list[str]) -> int:
        """Run the program; its exit code, below zero for the signal that ended it."""
        try:
            self._pid = self._start(argv)
        except OSError as wrong:
            self._say(f"error {wrong.errno}")
            return 127
        self._say(f"pid {self._pid}")
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):  # they're the program's alone: its end is then the end of its output
            os.dup2(nothing, stream)
        while self._status is None and not self._told(_LOOK):
            self._reap()
        self._end()
        self._say("done")
        return -signal.SIGKILL if self._status is None else os.waitstatus_to_exitcode(self._status)

    def _start(self, argv: list[str]) -> int:
        """The pid of the program, which runs; OSError if it can't be run."""
        heard, say = os.pipe()
        us = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()
                self._prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
                if os.getppid() != us:
                    os._exit(127)
                for number in _RESTORED:
                    signal.signal(number, signal.SIG_DFL)
                os.execvp(argv[0], argv)  # noqa: S606
            except OSError as wrong:
                os.write(say, str(wrong.errno).encode())
            finally:
                os._exit(127)
        os.close(say)
        said = os.read(heard, 20)
        os.close(heard)
        if said:
            os.waitpid(pid, 0)
            raise OSError(int(said), os.strerror(int(said)), argv[0])
        return pid

    def _say(self, text: str) -> None:
        try:
            os.write(self._line, f"{text}\n".encode())
        except OSError:
            return  # nobody's there any more

    def _told(self, seconds: float) -> bool:
        """Whether the end is wanted; looked at once something happens, `seconds` at the longest."""
        ready, _, _ = select.select([self._line, self._woken], [], [], seconds)
        wanted = os.getppid() != self._parent
        if self._woken in ready:
            wanted |= any(number in _ENDINGS for number in os.read(self._woken, 4096))
        if self._line in ready:
            wanted |= _shut(self._line)
        return wanted

    def _reap(self) -> bool:
        """Take note of every child that has ended, adopted ones too; whether any is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._pid:
                self._status = status

    def _end(self) -> None:
        """End all that's left: asked first, then made to."""
        if self._gone(0):
            return
        self._signal(self._left(), signal.SIGTERM)
        if self._gone(self._grace):
            return
        until = time.monotonic() + _LAST
        while time.monotonic() < until:
            held: set[int] = set()
            while more := self._left() - held:  # what's stopped can't start another while we look
                self._signal(more, signal.SIGSTOP)
                held |= more
            self._signal(held, signal.SIGKILL)
            if self._gone(10 * _STEP):
                return

    def _gone(self, seconds: float) -> bool:
        """Whether nothing is left within so many seconds. (On Linux we're the parent of all that has none.)"""
        until = time.monotonic() + seconds
        while self._reap() or (not LINUX and self._left()):
            if time.monotonic() >= until:
                return False
            time.sleep(_STEP)
        return True

    def _left(self) -> set[int]:
        """Who's there to be ended: all descendants; elsewhere the group, its number below zero."""
        if LINUX:
            return descendants(os.getpid())
        try:
            os.killpg(self._pid, 0)
        except OSError:
            return set()
        return {-self._pid}

    @staticmethod
    def _signal(pids: set[int], number: int) -> None:
        for pid in pids:
            try:
                os.kill(pid, number)
            except OSError:  # it's gone, or it isn't ours to end
                continue


def descendants(of: int) -> set[int]:
    """The pids of the processes below `of`."""
    below: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        try:
            with open(f"/proc/{int(name)}/stat", "rb") as file:  # noqa: PTH123
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError):  # no process, or one that's gone
            continue
        below.setdefault(parent, []).append(int(name))
    found: set[int] = set()
    waiting = [of]
    while waiting:
        children = [pid for pid in below.get(waiting.pop(), []) if pid not in found]
        found.update(children)
        waiting.extend(children)
    return found


def _shut(line: int) -> bool:
    try:
        return os.read(line, 4096) == b""
    except OSError:
        return True


def _end_as(code: int) -> int:
    """The exit status that's passed on; for a signal's, this process ends by it too."""
    if code >= 0:
        return code
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if -code not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
    return 128 - code


if __name__ == "__main__":
    control = int(sys.argv[1])
    os.set_inheritable(control, False)
    sys.exit(_end_as(Supervisor(control, float(sys.argv[2])).run(sys.argv[3:])))
