"""`rembench pack new`: a small pack to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.cli.folder import folder_path, new_folder, writing
from rembench.harness.scenario.new import write_new_pack


def new(
    folder: Annotated[
        Path, typer.Argument(parser=folder_path, metavar="DIR", help="A new folder, or an empty one.")
    ],
) -> None:
    """Write a small pack to begin with: one scenario, and how to write more."""
    new_folder(folder)
    with writing(folder, "give a folder that can be written"):
        for file in write_new_pack(folder):
            typer.echo(file)
