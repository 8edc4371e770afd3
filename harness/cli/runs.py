"""Several run folders at once, with packs that may have been moved."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rembench.harness.engine.record import RunRecord
from rembench.harness.scenario.pack import load_pack
from rembench.harness.scoring import Run, load_run, pack_place


def packs_by_hash(places: Sequence[str]) -> dict[str, str]:
    """The packs' hashes with where they lie."""
    return {load_pack(place).sha256: place for place in places}


def load_with(folder: Path, packs: Mapping[str, str]) -> Run:
    """The run; of its packs those of `packs` are taken from where those lie, by their hash."""
    entries = RunRecord.load(folder).packs
    return load_run(folder, [packs.get(str(entry["sha256"])) or pack_place(folder, entry) for entry in entries])
