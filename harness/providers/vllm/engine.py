"""vLLM's engine in this process: one for every model and its settings, shared by all.

It's driven by one thread of its own, which answers all requests that wait as one batch: the engine blocks
and isn't made for several threads. A request that the engine doesn't take fails alone.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from rembench.harness.errors import one_line, said
from rembench.harness.masking import masked
from rembench.harness.night import FREE, CutOffError, ProviderError, Usage
from rembench.harness.providers.openai_compatible.reply import without_thoughts
from rembench.harness.providers.prices import Billed, price_of
from rembench.harness.providers.provider import Reply, Request
from rembench.harness.providers.tries import LOST, TURNED_AWAY
from rembench.harness.providers.vllm.llm import Generated, NotTakenError, Wanted, load
from rembench.harness.providers.vllm.options import EngineOptions
from rembench.harness.providers.vllm.shared import Lease, Pool
from rembench.harness.tokens import count_tokens

LINGER = 0.02
"""Seconds that a batch waits for one more request, anew after each."""
MOST = 1024
"""Requests in a batch."""
_END = 20.0  # seconds that the thread may take to end


class Generator(Protocol):
    """An engine that's loaded (`vllm_llm.Llm`). Used in one thread."""

    def generate(self, wanted: Sequence[Wanted]) -> Sequence[Generated]: ...  # noqa: D102

    def close(self) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Job:
    wanted: Wanted
    answer: "Future[Generated]" = field(default_factory=Future)


class Engine:
    """A thread with an engine in it. `load` is called in the thread; `ready` is done once it came back."""

    def __init__(self, load: Callable[[], Generator], *, linger: float = LINGER) -> None:
        self.ready: Future[None] = Future()
        self._load = load
        self._linger = linger
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._broken: str | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vllm", daemon=True)
        self._thread.start()

    async def generate(self, wanted: Wanted) -> Generated:
        """What the engine makes of it; NotTakenError, or ProviderError where the engine is broken."""
        job = _Job(wanted)
        self._jobs.put(job)
        if self._ended.is_set():
            self._fail_the_rest()
        return await asyncio.wrap_future(job.answer)

    async def stop(self) -> None:
        """End the thread, after the batch that it's at; what waits fails."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, _END)

    def _run(self) -> None:
        try:
            generator = self._load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever vLLM raises is why it can't be used
            self._broken = f"vLLM's engine couldn't be started: {_line(error)}"
            self.ready.set_exception(ProviderError(self._broken, usage=FREE))
        else:
            self.ready.set_result(None)
            while batch := self._gather():
                self._answer(generator, batch)
            with suppress(Exception):
                generator.close()
        self._ended.set()
        self._fail_the_rest()

    def _gather(self) -> list[_Job]:
        """The requests that wait, once there are any; none once it's to end."""
        found: list[_Job] = []
        while len(found) < MOST:
            try:
                job = self._jobs.get(timeout=self._linger if found else None)
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                return found if found else []
            if job.answer.set_running_or_notify_cancel():
                found.append(job)
        return found

    def _answer(self, generator: Generator, batch: Sequence[_Job]) -> None:
        """Answer all of them; one by one where they can't be answered together."""
        if self._broken is not None:
            _fail(batch, ProviderError(self._broken, usage=FREE))
            return
        try:
            made = generator.generate([job.wanted for job in batch])
        except NotTakenError as error:
            if len(batch) == 1:
                _fail(batch, error)
                return
            for job in batch:
                self._answer(generator, [job])
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a broken engine may raise anything
            self._broken = f"vLLM's engine broke: {_line(error)}"
            _fail(batch, ProviderError(self._broken, usage=LOST))
        else:
            for job, one in zip(batch, made, strict=True):
                job.answer.set_result(one)

    def _fail_the_rest(self) -> None:
        """Fail what comes after the end."""
        while True:
            with suppress(queue.Empty):
                job = self._jobs.get(timeout=0)
                if job is not None:
                    _fail([job], ProviderError(self._broken or "vLLM's engine has ended", usage=FREE))
                continue
            return


def _fail(jobs: Sequence[_Job], error: Exception) -> None:
    for job in jobs:
        with suppress(InvalidStateError):
            job.answer.set_exception(error)


def _line(error: BaseException) -> str:
    return one_line(masked(f"{type(error).__name__}: {said(error)}"), 200)


async def _start(options: EngineOptions) -> Engine:
    engine = Engine(lambda: load(options))
    try:
        await asyncio.wrap_future(engine.ready)
    except asyncio.CancelledError:
        await engine.stop()
        raise
    return engine


ENGINES: Pool[EngineOptions, Engine] = Pool(_start)
"""All engines of this process."""


class EngineChat:
    """Asks an engine in this process, which is loaded when it's first needed. `name` is what it's priced as."""

    def __init__(self, lease: Lease[EngineOptions, Engine], temperature: float | None, name: str) -> None:
        self._lease = lease
        self._temperature = temperature
        self._name = name
        self._price = price_of(name)

    async def complete(self, request: Request) -> Reply:
        """The reply (see `rembench.harness.providers.provider`); tried once."""
        engine = await self._lease.get()
        wanted = Wanted(
            system=request.system,
            prompt=request.prompt,
            schema=request.schema,
            most_tokens=request.most_tokens,
            temperature=self._temperature,
            seed=request.seed,
        )
        made = await self._paid(engine, wanted, request)
        usage = self._usage(made)
        if made.finish == "length":
            raise CutOffError(f"the reply was cut off: it has {made.output_tokens} tokens", usage=usage)
        if made.finish != "stop":
            raise ProviderError(f"vLLM's engine gave up the reply: {made.finish}", usage=usage)
        notes = (
            "rung: json_schema",
            f"usage: {made.prompt_tokens} + {made.output_tokens}, {made.cached} cached",
        )
        return Reply(text=without_thoughts(made.text), usage=usage, model=self._name, notes=notes)

    async def aclose(self) -> None:
        """Let go of the engine."""
        await self._lease.release()

    async def _paid(self, engine: Engine, wanted: Wanted, request: Request) -> Generated:
        """What's generated, with what it costs held before: where a price is known."""
        if self._price is None:
            return await self._generated(engine, wanted)
        prompt = 2 * count_tokens(f"{request.system}\n{request.prompt}")
        held = request.purse.hold(self._price.most(prompt, request.most_tokens), f"a call of {self._name}")
        usage: Usage = LOST
        try:
            made = await self._generated(engine, wanted)
            usage = self._usage(made)
        except ProviderError as wrong:
            usage = wrong.usage or LOST
            raise
        finally:
            held.settle(usage.usd)
        return made

    async def _generated(self, engine: Engine, wanted: Wanted) -> Generated:
        try:
            return await engine.generate(wanted)
        except NotTakenError as error:
            raise ProviderError(
                f"vLLM didn't take it: {one_line(str(error), 200)}", usage=TURNED_AWAY
            ) from None

    def _usage(self, made: Generated) -> Usage:
        fresh = max(made.prompt_tokens - made.cached, 0)
        billed = Billed(input=fresh, output=made.output_tokens, read=made.cached)
        return Usage(
            input_tokens=fresh, output_tokens=made.output_tokens, cache_read_tokens=made.cached,
            cache_write_tokens=0, calls=1, usd=self._price.usd(billed) if self._price else None,
        )  # fmt: skip
