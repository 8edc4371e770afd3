"""A new pack to begin with: the files of `blank/`, a small authored scenario and what to do with it."""

from pathlib import Path

from rembench.harness.files import whole

_BLANK = Path(__file__).parent / "blank"


def write_new_pack(folder: Path) -> list[Path]:
    """Write them into `folder`, which exists and is empty; what was written. OSError if it can't be."""
    written = []
    for source in sorted(file for file in _BLANK.rglob("*") if file.is_file()):
        target = folder / source.relative_to(_BLANK)
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as partial:
            partial.write_bytes(source.read_bytes())
        written.append(target)
    return written
