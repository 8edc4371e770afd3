"""The consolidators that come with rembench, by name.

To add one: one file here with a class that has `capabilities` and `async def consolidate(night)`, one
line in `TABLE`, one test file. A consolidator imports nothing of ours but `rembench.harness.night`,
`.tokens` and `.errors`; its options are the keyword arguments of its `__init__`, annotated as int,
float, bool, str or a Literal. Others are found without being listed here: see `load`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One consolidator by name. `answers`: it's handed the answer key (the oracle, nothing else)."""

    name: str
    target: str  # "package.module:Name"
    summary: str
    control: bool
    answers: bool = False


TABLE: dict[str, Entry] = {
    "extractive": Entry(
        name="extractive",
        target="rembench.consolidators.extractive:Extractive",
        summary="baseline: the store's lines and the sessions' sentences, ranked by TF-IDF",
        control=False,
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
