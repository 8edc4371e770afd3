"""The null: the store stays as it was. What a night does to the store is measured against it."""

from rembench.harness.night import FREE, Capabilities, Consolidation, Night


class Identity:
    """Hands the memory back unchanged and reads no session."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The same memory."""
        return Consolidation(memory=dict(night.memory), usage=FREE)
