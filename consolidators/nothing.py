"""The floor: nothing is remembered. Loses everything, leaks nothing."""

from rembench.harness.night import FREE, Capabilities, Consolidation, Night


class Nothing:
    """Writes an empty store every night."""

    capabilities = Capabilities(write_budget=True)

    async def consolidate(self, night: Night) -> Consolidation:
        """An empty memory."""
        del night  # nothing of it is kept
        return Consolidation(memory={}, usage=FREE)
