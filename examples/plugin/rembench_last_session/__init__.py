"""A plugin with one consolidator, `last-session`, found by its entry point once it's installed.

pip install examples/plugin
rembench run -c last-session
"""

from rembench import Capabilities, Consolidation, Night, Usage


class LastSession:
    """Writes what the user said in the night's last session; keeps the store when there's none."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The whole new memory."""
        if not night.sessions:
            return Consolidation(memory=night.memory, usage=Usage(calls=0, usd=0.0))
        last = night.sessions[-1]
        said = [m.content for m in last.messages if m.role == "user"]
        text = "\n\n".join([f"# {last.at[:10]}", *said]) + "\n"
        return Consolidation(memory={"last-session.md": text}, usage=Usage(calls=0, usd=0.0))
