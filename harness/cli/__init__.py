"""The command line: `rembench`.

Exit codes: 0 done · 1 gate failed · 2 the user can fix it (one line on stderr) · 3 undecided ·
130 interrupted, can be resumed. Anything else is a bug and shows its traceback.
"""

import errno
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn, cast

import typer

import rembench
from rembench.harness.cli.commands import Group
from rembench.harness.errors import UserError, one_line

# Plain help: typer's rich help costs 0.2 s at every start.
app = typer.Typer(
    name="rembench",
    cls=Group,
    help="Measure what memory consolidators keep, lose, invent, fail to correct and fail to forget.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_DISK = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "file too large",
}
_USERS = frozenset(
    {*_DISK, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}
)

# Click's UsageError, which is in click or in typer by the version of typer.
_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__base__)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"rembench {rembench.__version__}")
        raise typer.Exit


@app.callback()
def rembench_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Measure what memory consolidators keep, lose, invent, fail to correct and fail to forget."""


def main() -> NoReturn:
    """Run the command line and exit; a UserError is one line on stderr and code 2."""
    signal.signal(signal.SIGTERM, _interrupt)
    code = 0
    try:
        code = app(standalone_mode=False) or 0
    except _UsageError as wrong:
        _fail_usage(wrong)
    except UserError as wrong:
        _fail(str(wrong))
    except KeyboardInterrupt:
        _fail("interrupted", code=130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as wrong:
        if wrong.errno not in _USERS:
            raise
        reason = _DISK.get(wrong.errno or 0) or wrong.strerror or str(wrong)
        _fail(one_line(f"{wrong.filename}: {reason}" if wrong.filename else reason))
    sys.exit(code)


def _fail_usage(wrong: typer.BadParameter) -> NoReturn:
    text = wrong.format_message()
    if text.startswith("Usage: "):  # no arguments at all
        typer.echo(text, err=True)
        sys.exit(2)
    command = wrong.ctx.command_path if wrong.ctx else "rembench"
    _fail(one_line(f"{text.rstrip('.')}; see {command} --help"))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _fail(line: str, code: int = 2) -> NoReturn:
    print(f"rembench: error: {line}", file=sys.stderr)  # noqa: T201 - typer may be gone at this point
    sys.exit(code)
