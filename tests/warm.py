"""`rembench` in a process of its own whose imports are there already: what's slow in starting is done once.

A server with the heavy modules loaded forks for every command (`multiprocessing`'s forkserver). The process is
as real as one that a shell starts: it can be killed, it exits with a code, and nothing of it stays.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_PRELOADED = (
    "jinja2", "matplotlib.figure", "matplotlib.backends.backend_svg", "pandas", "pyarrow.parquet",
    "rouge_score.rouge_scorer", "sklearn.feature_extraction.text", "scipy.stats",
    "statsmodels.stats.multitest", "rich.progress", "rembench.harness.cli", "rembench.harness.cli.run",
    "rembench.reports.html", "rembench.reports.markdown", "tests.warm",
)  # fmt: skip
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(_PRELOADED))


class Started:
    """A command that runs: its process id, and in the end its code and what it said."""

    def __init__(self, arguments: tuple[str, ...], environment: Mapping[str, str] | None) -> None:
        self._arguments = arguments
        self._places = []
        for _ in range(2):
            number, place = tempfile.mkstemp(prefix="rembench-")
            os.close(number)
            self._places.append(place)
        told = dict(os.environ if environment is None else environment)
        self._process = _CONTEXT.Process(target=_command, args=(arguments, self._places, told, str(Path.cwd())))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.exitcode

    def done(self, timeout: float = 600) -> "subprocess.CompletedProcess[str]":
        """What became of it; minus the signal's number is the code of one that was killed."""
        self._process.join(timeout)
        code = self._process.exitcode
        assert code is not None, f"rembench {' '.join(self._arguments)}: still running after {timeout} s"
        out, err = (Path(place).read_text(encoding="utf-8") for place in self._places)
        for place in self._places:
            Path(place).unlink()
        return subprocess.CompletedProcess(["rembench", *self._arguments], code, out, err)


def start(*arguments: object, environment: Mapping[str, str] | None = None) -> Started:
    """`rembench` with these arguments, running."""
    return Started(tuple(map(str, arguments)), environment)


def rembench(
    *arguments: object, code: int | None = 0, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """`rembench` with these arguments, done; with any other exit code than this (None: any) it's an error."""
    found = start(*arguments, environment=environment).done()
    assert code is None or found.returncode == code, found.stderr
    return found


def _command(arguments: tuple[str, ...], places: list[str], environment: dict[str, str], folder: str) -> None:
    from rembench.harness.cli import main

    for number, place in zip((1, 2), places, strict=True):
        target = os.open(place, os.O_WRONLY)
        os.dup2(target, number)
        os.close(target)
    sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["rembench", *arguments]
    main()
