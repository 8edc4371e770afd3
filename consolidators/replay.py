"""Memories that were made elsewhere, scored as they are: any outside system can be measured without code.

    replay:path=memories.jsonl
    replay:path=memories                             folders
    replay:path=runs/one,consolidator=extractive     the nights of another run

See `rembench.consolidators.recordings` for what such a file or folder looks like. A night that isn't there is
a failed night, with the line or folder that would be right; it's no zero. What the memories were made from is
nobody's knowledge here: their nights should have been those of the pack.

The only module here that may know the scenarios' names (an import contract holds that): memories made
elsewhere are filed under them.
"""

from rembench.consolidators.recordings import Which, open_recordings
from rembench.harness.chain_names import ChainNames
from rembench.harness.errors import UserError
from rembench.harness.night import Capabilities, Consolidation, Night

_SHOWN = 5  # names in a message


class Replay:
    """Gives back what's recorded at `path`; `consolidator` picks one where a run's journal has several."""

    capabilities = Capabilities()

    def __init__(self, *, names: ChainNames, path: str, consolidator: str = "") -> None:
        self._names = names
        self._recordings = open_recordings(path, consolidator)
        there = self._recordings.scenarios
        wanted = {name.scenario for name in names.names.values()}
        if not there & wanted:
            right = f"the pack's scenarios are {_some(wanted)}; there are {_some(there)}"
            raise UserError("no scenario of the pack is in it", where=path, right=right)

    async def consolidate(self, night: Night) -> Consolidation:
        """The memory that was recorded of this night."""
        name = self._names.name(night.chain)
        return self._recordings.read(Which(scenario=name.scenario, repeat=name.repeat, night=night.id))


def _some(names: set[str] | frozenset[str]) -> str:
    more = " ..." if len(names) > _SHOWN else ""
    return ", ".join(sorted(names)[:_SHOWN]) + more or "none"
