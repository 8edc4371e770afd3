"""`rembench pack export`: packs as a folder that Hugging Face `datasets` loads."""

from pathlib import Path
from typing import Annotated

import typer

from rembench.harness.cli import completion
from rembench.harness.cli.folder import folder_path, new_folder, writing
from rembench.harness.scenario.export import SPLIT, export_configs, export_packs
from rembench.harness.scenario.pack import load_pack


def export(
    packs: Annotated[
        list[str],
        typer.Argument(metavar="PACK...", help="Names or paths of packs.", autocompletion=completion.packs),
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", parser=folder_path, metavar="DIR", help="A new folder, or an empty one."),
    ],
    split: Annotated[str, typer.Option("--split", metavar="NAME", help="The split's name.")] = SPLIT,
) -> None:
    """Write packs as a folder that Hugging Face's load_dataset reads: Parquet, a card, the licence."""
    configs = export_configs([load_pack(name) for name in packs], split)
    new_folder(out)
    with writing(out, "give a folder that can be written with -o"):
        export_packs(configs, out)
    typer.echo(out)
