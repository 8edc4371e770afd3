"""The placebo: as many tokens as the baseline keeps, of the same statements, chosen by chance.

What a consolidator gains over this is its choice, not its size.
"""

from hashlib import sha256

from rembench.consolidators.sentences import Statement, read_pool
from rembench.harness.night import FREE, Capabilities, Consolidation, Night


class RandomPrune:
    """Keeps statements in an order drawn from the night's seed; options as of `extractive`."""

    capabilities = Capabilities(write_budget=True)

    def __init__(self, *, budget: int = 1200, tools: bool = False) -> None:
        self._budget = budget
        self._tools = tools

    async def consolidate(self, night: Night) -> Consolidation:
        """A random choice that fits the budget, each statement in its place."""
        pool = read_pool(night, tools=self._tools)
        order = sorted(pool.statements, key=lambda s: _lot(night.seed, s))
        return Consolidation(memory=pool.fill(order, self._budget), usage=FREE)


def _lot(seed: int, statement: Statement) -> bytes:
    return sha256(f"{seed} {statement.place} {statement.raw}".encode()).digest()
