"""Consolidators that behave as real ones sometimes do. Used by name: `odd.py:Raises`."""

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

from rembench import BudgetError, Capabilities, Consolidation, InvalidOutputError, Night, ProviderError, Usage
from rembench.harness.night import FREE, Provenance


class Counting:
    """Notes every call in a file, and takes a little time; what it writes depends on the night alone.

    On the order of its files too: the newest is written first, and the order that came in is noted.
    """

    capabilities = Capabilities()

    def __init__(self, log: str = "", pause: float = 0.01) -> None:
        self._log, self._pause = log, pause

    async def consolidate(self, night: Night) -> Consolidation:
        with Path(self._log).open("a") as calls:
            calls.write(f"{night.chain} {night.id}\n")
            calls.flush()
        await asyncio.sleep(self._pause)
        said = [m.content for s in night.sessions for m in s.messages if m.role == "user"]
        return Consolidation(
            memory={
                f"notes/{night.id}.md": "\n".join([*said, *night.memory, f"{night.seed}\n"]),
                **dict(reversed(night.memory.items())),
            },
            usage=FREE,
        )


class LosesTheBill:
    """Each night holds and loses so much: nobody knows what it did cost."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        night.purse.hold(0.25, "a call").settle(None)
        return Consolidation(memory=night.memory)


class Raises:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise RuntimeError(f"no luck\nwith {os.environ.get('ODD_API_KEY', 'anything')}")


class Exits:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise SystemExit(7)


class Interrupts:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise KeyboardInterrupt


class Cancels:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise asyncio.CancelledError("given up")


class CancelsAll:
    """Cancels every task of its loop, its own and those that haven't begun among them."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        for task in asyncio.all_tasks():
            task.cancel()
        await asyncio.sleep(0)
        raise AssertionError("it was cancelled")


class StopsLoop:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        asyncio.get_running_loop().stop()
        await asyncio.sleep(0.01)
        return Consolidation(memory={"a.md": "x"}, usage=FREE)


class StopsLoopAtOnce:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        asyncio.get_running_loop().stop()
        return Consolidation(memory={"a.md": "x"}, usage=FREE)


class ExitsInTask:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        await asyncio.create_task(self._exit())
        raise AssertionError("it has exited")

    async def _exit(self) -> None:
        raise SystemExit(7)


class MuteError(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")

    __repr__ = __str__


class Mute:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise MuteError


class Overcharges:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise ProviderError("no answer", usage=Usage(usd=float("nan")))


class Provider:
    capabilities = Capabilities(network=True)

    async def consolidate(self, night: Night) -> Consolidation:
        raise ProviderError("529 overloaded", usage=Usage(input_tokens=7))


class Spent:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise BudgetError("nothing left")


class Unreadable:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        raise InvalidOutputError("the reply is cut off")


class Sleeps:
    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")


class Blocks:
    """Blocks its loop on the first night that it's given, by whatever chain; the others are quick."""

    capabilities = Capabilities()
    blocked: str | None = None

    async def consolidate(self, night: Night) -> Consolidation:
        if type(self).blocked in {None, night.chain}:
            type(self).blocked = night.chain
            time.sleep(4)
        return Consolidation(memory={"a.md": "x"}, usage=FREE)


PIECE = Provenance(path="a.md", start=0, end=1, session="s1", message=0)
PROVENANCE: dict[str, object] = {
    "provenance": None,
    "provenance_item": ("a.md",),
    "provenance_path": (PIECE, replace(PIECE, path="\ud800")),
    "provenance_span": (replace(PIECE, end=10**40),),
    "provenance_huge": (PIECE,) * 200_000,
}


class Nonsense:
    """Returns what the option says."""

    capabilities = Capabilities()

    def __init__(self, what: str = "none") -> None:
        self._what = what

    async def consolidate(self, night: Night) -> Consolidation:
        memories: dict[str, object] = {
            "list": ["a"], "number": {"a.md": 3}, "nul": {"a.md": "x\0y"}, "dots": {"../a.md": "x"},
            "absolute": {"/etc/a": "x"}, "surrogate": {"a.md": "\ud800"}, "huge": {"a.md": "x" * 50_000_000},
            "keys": {1: "x"},
        }  # fmt: skip
        if self._what == "none":
            return None  # type: ignore[return-value]
        if self._what == "dict":
            return {"a.md": "x"}  # type: ignore[return-value]
        if self._what == "usage":
            return Consolidation(memory={}, usage=Usage(usd=float("nan")))
        if self._what.startswith("trace"):
            return Consolidation(memory={}, trace=("a", {"trace": "\ud800", "trace_item": 3}[self._what]))  # type: ignore[arg-type]
        if self._what.startswith("provenance"):
            return Consolidation(memory={}, provenance=PROVENANCE[self._what])  # type: ignore[arg-type]
        return Consolidation(memory=memories[self._what])  # type: ignore[arg-type]


class Mutates:
    """Tries to change what it was given."""

    capabilities = Capabilities()

    async def consolidate(self, night: Night) -> Consolidation:
        night.memory["planted.md"] = "x"  # type: ignore[index]
        return Consolidation(memory={})


class Pays:
    capabilities = Capabilities(network=True)

    async def consolidate(self, night: Night) -> Consolidation:
        return Consolidation(memory=dict(night.memory), usage=Usage(usd=0.6, input_tokens=10, output_tokens=1))


class PaysAndFails:
    capabilities = Capabilities(network=True)

    async def consolidate(self, night: Night) -> Consolidation:
        raise ProviderError("no answer", usage=Usage(usd=0.6))
