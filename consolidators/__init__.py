"""The consolidators that come with rembench, by name.

To add one: one file here with a class that has `capabilities` and `async def consolidate(night)`, one
line in `TABLE`, one test file. A consolidator imports nothing of ours but `rembench.harness.night`,
`.tokens`, `.errors`, `.memory`, `.masking` and `.providers`; its options are the keyword arguments of its
`__init__`, annotated as int, float, bool, str or a Literal. Others are found without being listed here: see
`load`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One consolidator by name.

    `answers`: it's handed the answer key (the oracle, nothing else). `named`: it's handed the chains' names
    (replay, nothing else). `example` are options to show how it's used, where it can't be made without any.
    """

    name: str
    target: str  # "package.module:Name"
    summary: str
    control: bool
    answers: bool = False
    named: bool = False
    example: str = ""

    @property
    def spec(self) -> str:
        """How it's named on the command line, with the options of its example."""
        return f"{self.name}:{self.example}" if self.example else self.name


TABLE: dict[str, Entry] = {
    "extractive": Entry(
        name="extractive",
        target="rembench.consolidators.extractive:Extractive",
        summary="baseline: the store's lines and the sessions' sentences, ranked by TF-IDF",
        control=False,
    ),
    "pull": Entry(
        name="pull",
        target="rembench.consolidators.pull:Pull",
        summary="no consolidation: an event log, real deletes, retrieval on demand",
        control=False,
    ),
    "command": Entry(
        name="command",
        target="rembench.consolidators.command:Command",
        summary="any program: JSON in on stdin, JSON out on stdout",
        control=False,
        example="run=python3 my.py",
    ),
    "replay": Entry(
        name="replay",
        target="rembench.consolidators.replay:Replay",
        summary="memories made elsewhere, scored as they are",
        control=False,
        named=True,
        example="path=memories",
    ),
    "nothing": Entry(
        name="nothing",
        target="rembench.consolidators.nothing:Nothing",
        summary="floor: an empty store",
        control=True,
    ),
    "identity": Entry(
        name="identity",
        target="rembench.consolidators.identity:Identity",
        summary="null: the store as it was",
        control=True,
    ),
    "append-all": Entry(
        name="append-all",
        target="rembench.consolidators.append_all:AppendAll",
        summary="hoarder: the store and every message of every session",
        control=True,
    ),
    "newest-wins": Entry(
        name="newest-wins",
        target="rembench.consolidators.newest_wins:NewestWins",
        summary="recency rule: the newest sentence on a topic replaces the older ones",
        control=True,
    ),
    "random-prune": Entry(
        name="random-prune",
        target="rembench.consolidators.random_prune:RandomPrune",
        summary="placebo: as much text as the baseline keeps, chosen by chance",
        control=True,
    ),
    "oracle": Entry(
        name="oracle",
        target="rembench.consolidators.oracle:Oracle",
        summary="ceiling: the right memory, from the answer key",
        control=True,
        answers=True,
    ),
}

CONTROLS: tuple[str, ...] = tuple(name for name, entry in TABLE.items() if entry.control)
"""In every report beside the contestants; what a contestant must beat, and its ceiling."""

DEFAULTS: tuple[str, ...] = ("extractive",)
"""The contestants when none is named."""
