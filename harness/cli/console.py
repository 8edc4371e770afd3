"""What's said while a run goes on: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rembench.harness.answers.asking import Progress as Asked
from rembench.harness.engine.purse import RunPurse
from rembench.harness.types import NightRecord

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_EVERY = 5.0  # seconds between plain lines


class Console(Protocol):
    """Hears of every night, of every call of a reader, and of every scenario that's scored."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""

    def night(self, record: NightRecord, spending: RunPurse) -> None:
        """A night is on the disk."""

    def asked(self, progress: Asked, spending: RunPurse) -> None:
        """A call of a reader is on the disk."""

    def scored(self, done: int, total: int) -> None:
        """So many scenarios are scored."""


def console(total: int, done: int, *, quiet: bool) -> Console:
    """The console that fits: `total` nights, `done` of them finished before."""
    if quiet:
        return _Quiet()
    return _Bar(total, done) if sys.stderr.isatty() else _Lines(total, done)


class _Quiet:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say nothing."""

    def night(self, record: NightRecord, spending: RunPurse) -> None:
        """Say nothing."""

    def asked(self, progress: Asked, spending: RunPurse) -> None:
        """Say nothing."""

    def scored(self, done: int, total: int) -> None:
        """Say nothing."""


class _Lines(_Quiet):
    def __init__(self, total: int, done: int) -> None:
        self._total, self._done, self._failed = total, done, 0
        self._begun = self._said = time.monotonic()

    def night(self, record: NightRecord, spending: RunPurse) -> None:
        self._done += 1
        self._failed += record.failure is not None
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            self._say(f"nights {self._done} of {self._total}{self._more(spending)}")

    def asked(self, progress: Asked, spending: RunPurse) -> None:
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            self._say(f"answers: {progress.made} of {progress.total} calls{_of_calls(progress, spending)}")

    def scored(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            self._say(f"scored {done} of {total} scenarios")

    def _more(self, spending: RunPurse) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{failed}{cost(spending)}"

    @staticmethod
    def _say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - progress goes to stderr


class _Bar(_Quiet):
    def __init__(self, total: int, done: int) -> None:
        self._total, self._done, self._failed = total, done, 0
        self._progress: Progress | None = None
        self._nights: TaskID | None = None
        self._calls: TaskID | None = None
        self._scores: TaskID | None = None

    def __enter__(self) -> Self:
        from rich.console import Console as Terminal
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(), TextColumn("{task.fields[cost]}"), console=Terminal(stderr=True),
        )  # fmt: skip
        self._progress.start()
        if self._total:
            self._nights = self._progress.add_task("nights", total=self._total, completed=self._done, cost="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress:
            self._progress.stop()

    def night(self, record: NightRecord, spending: RunPurse) -> None:
        if self._progress and self._nights is not None:
            self._failed += record.failure is not None
            failed = f"{self._failed} failed" if self._failed else ""
            shown = f"{failed}{cost(spending)}".lstrip(", ")
            self._progress.update(self._nights, advance=1, cost=shown)

    def asked(self, progress: Asked, spending: RunPurse) -> None:
        if self._progress is None:
            return
        if self._calls is None:
            self._calls = self._progress.add_task("answers", total=progress.total, cost="")
        shown = _of_calls(progress, spending).lstrip(", ")
        self._progress.update(self._calls, total=progress.total, completed=progress.made, cost=shown)

    def scored(self, done: int, total: int) -> None:
        if self._progress is None:
            return
        if self._scores is None:
            self._scores = self._progress.add_task("scores", total=total, cost="")
        self._progress.update(self._scores, completed=done)


def cost(spending: RunPurse) -> str:
    """ ", 0.12 USD" if anything was spent; says when a part of it is unknown."""
    unknown = f" and {spending.unknown} nights of unknown cost" if spending.unknown else ""
    return f", {spending.usd:.2f} USD{unknown}" if spending.usd or unknown else ""


def _of_calls(progress: Asked, spending: RunPurse) -> str:
    """ ", 2 failed, 0.12 USD" of a reader's calls, as far as there's something to say."""
    faults = sum(progress.faults.values())
    failed = f", {faults} failed" if faults else ""
    unknown = " and more of unknown cost" if spending.unknown else ""
    return f"{failed}, {spending.usd:.2f} USD{unknown}" if spending.usd or unknown else failed
