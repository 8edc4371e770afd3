"""Claude at the fake service: nights, scripted models, and the consolidator with all replies checked."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from rembench.consolidators.claude import Claude
from rembench.consolidators.rewriter import as_json
from rembench.harness.night import Consolidation, ConsolidatorError, Night
from rembench.testing import Prompt, Said

MODEL = "claude-opus-5-5"
MEMORY = {"people/imre.md": "- Imre lives in Pecs\n", "log.md": "- 3 March: clay bought\n"}


class Strict(Claude):
    """Loses no time between tries, and trusts no reply that isn't of the SDK's types."""

    strict = True
    pause = 0.001


def writing(memory: Mapping[str, str] = MEMORY) -> Callable[[Prompt], Said]:
    """A model that always writes this memory."""
    return lambda _: Said(text=as_json(memory))


def in_turn(*said: Said) -> Callable[[Prompt], Said]:
    """A model that says these one after the other, and then that it's done."""
    return lambda prompt: said[prompt.replies] if prompt.replies < len(said) else Said(text="Done.")


def edit(command: str, **given: Any) -> Said:
    """A turn in which one command of the memory tool is called."""
    return Said.call("memory", command=command, **given)


def outcome(given: Night, **options: Any) -> Consolidation | ConsolidatorError:
    """What a night comes to: what's written, or the error as a value."""

    async def go() -> Consolidation | ConsolidatorError:
        made = Strict(**{"model": MODEL, "timeout": 10.0, **options})
        try:
            return await made.consolidate(given)
        except ConsolidatorError as wrong:
            return wrong
        finally:
            await made.aclose()

    return asyncio.run(go())


def sourced(text: str, *sources: str) -> str:
    """A reply with one line in one file, from these sources."""
    return json.dumps({"files": [{"path": "a.md", "lines": [{"text": text, "from": list(sources)}]}]})
