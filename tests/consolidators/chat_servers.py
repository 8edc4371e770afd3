"""Nights through a chat server: what the model behind it writes, and the consolidators that ask it."""

import asyncio

from rembench.consolidators.load import load_consolidator
from rembench.consolidators.rewriter import as_json
from rembench.harness.night import ConsolidatorError
from rembench.testing import Said
from tests.consolidators.nights import night

PATH = "/v1/chat/completions"
MEMORY = {"kiln.md": "- Firing moves to Mondays\n", "people/imre.md": "# Imre\n\n- City: Pecs\n"}


def writer(prompt):
    return Said(text=as_json(MEMORY))


def consolidated(spec, *nights):
    """What it makes of nights, one after the other; a failure instead of what it would have made."""

    async def made():
        consolidator = load_consolidator(spec).make(None)
        found = []
        try:
            for one in nights or (night(),):
                try:
                    found.append(await consolidator.consolidate(one))
                except ConsolidatorError as wrong:
                    found.append(wrong)
        finally:
            await consolidator.aclose()
        return found

    found = asyncio.run(made())
    return found[0] if len(found) == 1 else found


def openai_at(service, **options):
    more = "".join(f",{name}={value}" for name, value in options.items())
    return f"openai:model=any,base_url={service.url}/v1{more}"


def vllm_at(service, **options):
    more = "".join(f",{name}={value}" for name, value in options.items())
    return f"vllm:model=any,url={service.url}{more}"
