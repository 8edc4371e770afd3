"""The consolidators that come with rembench, by name.

To add one: one file here with a class that has `capabilities` and `async def consolidate(night)`, one
line in `TABLE`, one test file. A consolidator imports nothing of ours but `rembench.harness.night`,
`.memory`, `.tokens`, `.usage`, `.errors`, `.masking` and `.providers`; its options are the keyword arguments
of its `__init__`, annotated as int, float, bool, str or a Literal. Others are found without being listed
here: see `load`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One consolidator by name.

    `answers`: it's handed the answer key (the oracle, nothing else). `named`: it's handed the chains' names
    (replay, nothing else). `example` are options to show how it's used, where it can't be made without any.
    `needs` says what has to be there beside rembench.
    """

    name: str
    target: str  # "package.module:Name"
    summary: str
    control: bool
    answers: bool = False
    named: bool = False
    example: str = ""
    needs: str = ""

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
    "claude": Entry(
        name="claude",
        target="rembench.consolidators.claude:Claude",
        summary="Claude writes the whole memory anew, or edits it with the memory tool: mode=tools",
        control=False,
        example="model=claude-sonnet-5-5",
        needs="ANTHROPIC_API_KEY",
    ),
    "claude-dreams": Entry(
        name="claude-dreams",
        target="rembench.consolidators.claude_dreams:ClaudeDreams",
        summary="Dreams of Claude's managed agents: the service consolidates, with an agent of its own",
        control=False,
        needs="ANTHROPIC_API_KEY, and access to the preview",
    ),
    "openai": Entry(
        name="openai",
        target="rembench.consolidators.openai_compatible:OpenAICompatible",
        summary="a model behind OpenAI's API or any server that speaks it writes the whole memory anew",
        control=False,
        example="model=NAME",
        needs="OPENAI_API_KEY, or a server: base_url=http://...",
    ),
    "vllm": Entry(
        name="vllm",
        target="rembench.consolidators.vllm_model:VllmModel",
        summary="a local model writes the whole memory anew: vLLM's server, started and stopped, or its engine",
        control=False,
        example="model=DIR_OR_NAME",
        needs="pip install 'rembench[vllm]', or a server: url=http://...",
    ),
    "patcher": Entry(
        name="patcher",
        target="rembench.consolidators.patcher:Patcher",
        summary="a model cleans the memory's files by bounded patches, without seeing the sessions",
        control=False,
        example="provider=anthropic,model=claude-haiku-5-5",
        needs="what its provider needs",
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
