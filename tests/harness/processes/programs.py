"""Programs for the tests of what runs them, as text for `python -c`; and whether a process is there."""

import os
import time
from pathlib import Path

FAMILY = """
import os, signal, subprocess, sys, time
folder = sys.argv[1]

def there(name):
    with open(os.path.join(folder, name + ".new"), "w") as out:
        out.write(str(os.getpid()))
    os.rename(os.path.join(folder, name + ".new"), os.path.join(folder, name))

def stay(name):
    there(name)
    time.sleep(600)
    os._exit(0)

if os.fork() == 0:
    stay("child")
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stay("deaf-in-its-own-session")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stay("daemon-without-a-parent")
    os._exit(0)
if "leave" in sys.argv:
    names = {"child", "deaf-in-its-own-session", "daemon-without-a-parent"}
    while not names <= set(os.listdir(folder)):
        time.sleep(0.01)
    sys.exit(7)
stay("program")
"""
"""Starts three others, one deaf to SIGTERM and one a daemon; each writes a file with its pid to the folder."""

MEMBERS = frozenset({"child", "deaf-in-its-own-session", "daemon-without-a-parent"})


def family(folder: Path, also: frozenset[str] = frozenset({"program"})) -> dict[str, int]:
    """The pids of the family, once all of them are there."""
    names = MEMBERS | also
    wait_for(lambda: all((folder / name).exists() for name in names))
    return {name: int((folder / name).read_text()) for name in names}


def alive(pids: "dict[str, int]") -> "dict[str, int]":
    """Those of them that run."""
    return {name: pid for name, pid in pids.items() if is_alive(pid)}


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and isn't reaped yet doesn't."""
    try:
        os.kill(pid, 0)
        if not Path("/proc/self/stat").exists():
            return True
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state not in (b"Z", b"X")


def wait_for(fact, seconds: float = 20.0) -> None:
    """Come back once `fact()` holds; an AssertionError if it doesn't come to that."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.01)
