"""The files that a gate writes: none of them takes the place of what it reads, or of a run's own."""

import os
from collections.abc import Mapping
from pathlib import Path

from rembench.harness.cli.folder import make_folder, writing
from rembench.harness.engine.journal import JOURNAL
from rembench.harness.engine.record import RUN, write_atomically
from rembench.harness.errors import UserError
from rembench.harness.files import plain

_OF_A_RUN = (RUN, JOURNAL)


def check_outputs(outputs: Mapping[str, Path | None], inputs: Mapping[str, Path | None]) -> None:
    """UserError, before anything is run, for an output that is an input, another output or part of a run.

    Both by option, None where it isn't given.
    """
    taken = {os.path.realpath(path): option for option, path in inputs.items() if path is not None}
    for option, path in outputs.items():
        if path is None:
            continue
        refuse_part_of_run(path)
        real = os.path.realpath(path)
        if real in taken:
            raise UserError(
                f"{option} is the same file as {taken[real]}", where=str(path), right="give another"
            )
        taken[real] = option


def refuse_part_of_run(path: Path) -> None:
    """UserError for what can't be written without a loss: a name that's empty, no plain file, a run's own."""
    if not path.name:
        raise UserError("a file was expected, not a folder or an empty name", where=str(path))
    plain(path)
    if path.name in _OF_A_RUN and path.exists():
        raise UserError("is a part of a run", where=str(path), right="give another file")


def write_file(path: Path, text: str) -> None:
    """Write a file and the folders above it; UserError where that can't be done."""
    make_folder(path.parent)
    with writing(path.parent, "give another file"):
        write_atomically(path, text)
