"""The folder that a command writes to: making it, and saying what went wrong with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rembench.harness.errors import UserError
from rembench.harness.scenario.place import text_fault


def folder_path(text: str) -> Path:
    """The folder that the user names; UserError for a name that can't be one."""
    if not text.strip():
        raise UserError("a folder was expected, not an empty name", right="'.' is this one")
    if fault := text_fault(text):
        raise UserError(f"the folder's name has {fault}", where=repr(text))
    return Path(text)


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it; UserError where that can't be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UserError("a file is in the way of the folder", where=str(folder)) from None
    except OSError as wrong:
        right = "give a folder that can be written with -o"
        raise UserError(f"the folder can't be made: {reason(wrong)}", where=str(folder), right=right) from None


def new_folder(folder: Path) -> None:
    """Make `folder`, which may be there if it's empty; UserError where something is in it."""
    make_folder(folder)
    with writing(folder, "give a folder that can be read"):
        taken = next(folder.iterdir(), None)
    if taken is not None:
        right = "give a new folder; nothing is overwritten"
        raise UserError(f"the folder isn't empty: it has {taken.name!r}", where=str(folder), right=right)


@contextmanager
def writing(folder: Path, right: str) -> Iterator[None]:
    """What's written inside goes to `folder`; UserError where it can't be."""
    try:
        yield
    except OSError as wrong:
        where = wrong.filename or folder
        raise UserError(f"can't be written: {reason(wrong)}", where=str(where), right=right) from None


def reason(wrong: OSError) -> str:
    """What the system says went wrong, in a few words."""
    return os.strerror(wrong.errno).lower() if wrong.errno else str(wrong)
