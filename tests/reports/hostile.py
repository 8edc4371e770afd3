"""A consolidator that keeps everything, and writes what a page might trip over."""

from rembench import Capabilities, Consolidation, Night, Usage

TRAPS = (
    "</script><script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    "<!-- <script>",
    "]]> &amp; {{ 7 * 7 }} {% raw %}",
    "right to left \u202e mark, separator \u2028, escape \x1b[31m, astral \U0001f98a",
)


class Hostile:
    """Appends every message, each beside a trap."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        """The old memory, the messages and the traps."""
        said = [m.content for s in night.sessions for m in s.messages]
        lines = [f"- {TRAPS[n % len(TRAPS)]}: {text}" for n, text in enumerate(said)]
        memory = dict(night.memory)
        memory["notes <b>&.md"] = memory.get("notes <b>&.md", "") + "\n".join(lines) + "\n"
        return Consolidation(memory=memory, usage=Usage(calls=0, usd=0.0))
