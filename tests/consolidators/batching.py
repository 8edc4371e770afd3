"""Nights through Message Batches at the fake service, with ledgers of which processes die."""

import asyncio
from dataclasses import replace

from rembench.consolidators.rewriter import as_json
from rembench.harness.engine.ledger import RunLedger
from rembench.harness.types import ChainKey
from rembench.testing import Batches, Said
from tests.consolidators.claude_at_the_fake import MODEL, Strict
from tests.consolidators.nights import night

CREATE = "POST /v1/messages/batches"
LIST = "GET /v1/messages/batches"
LOOK = "GET /v1/messages/batches/{id}"
RESULTS = "GET /v1/messages/batches/{id}/results"
QUICK = {"model": MODEL, "batch": True, "window": 0.2, "poll": 0.01, "timeout": 10.0}


def named(prompt) -> Said:
    """Writes down which of the nights it was asked for."""
    chain = next(name for name in ("Anna", "Bo", "Cleo", "Imre") if name in prompt.text)
    return Said(text=as_json({"who.md": f"- {chain}\n"}))


def of(name, folder=None, **more):
    """The night of a chain in which only this name occurs; in a run with this folder."""
    made = replace(night(memory={"a.md": f"- {name}\n"}, sessions=()), chain=name, **more)
    key = ChainKey(consolidator="c", scenario=name, repeat=0)
    return made if folder is None else replace(made, ledger=RunLedger(folder).night(key, made.id))


async def carried_out(*nights, **options):
    one = Strict(**{**QUICK, **options})
    try:
        return await asyncio.gather(*map(one.consolidate, nights), return_exceptions=True)
    finally:
        await one.aclose()


def outcomes(*nights, **options):
    """What nights that begin at once come to: what's written, errors as values."""
    return asyncio.run(carried_out(*nights, **options))


def written(found):
    """What's in the memories, or what's wrong."""
    return [one if isinstance(one, BaseException) else one.memory.get("who.md") for one in found]


def creates(service):
    return service.asked.bodies(CREATE)


def names(service):
    return [one["custom_id"] for body in creates(service) for one in body["requests"]]


class Always(Batches):
    """Ends every request in the same way, or those of so many batches."""

    def __init__(self, script, times=10**6):
        super().__init__()
        self.script, self.times = script, times

    def _create(self, asked):
        if self.times:
            self.times -= 1
            self.outcomes = {one["custom_id"]: self.script for one in asked.fields["requests"]}
        return super()._create(asked)


class DiedError(Exception):
    """Stands for the end of the process."""


class Dying:
    """A ledger with which the process ends after so many notes."""

    def __init__(self, ledger, notes):
        self.ledger, self.notes = ledger, notes

    def read(self):
        return self.ledger.read()

    def write(self, key, value):
        if self.notes == 0:
            raise DiedError
        self.notes -= 1
        self.ledger.write(key, value)
