"""What takes long to start, once for all who use it in this process, whatever their threads and event loops.

    SERVERS = Pool(start)                     start(key) -> something with `async def stop()`
    lease = SERVERS.lease(key)
    server = await lease.get()                started by whoever comes first; its failure is everybody's
    await lease.release()                     stopped once nobody has a lease of it

A thread with an event loop of its own owns all pools. What's left when the process ends is stopped then.
"""

import asyncio
import atexit
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

_LAST = 30.0  # seconds that stopping may take when the process ends


class Stoppable(Protocol):
    """Something that runs until it's stopped."""

    async def stop(self) -> None:
        """End it; called once."""
        ...


K = TypeVar("K")
V = TypeVar("V", bound=Stoppable)
T = TypeVar("T")


class _Owner:
    """The thread in which everything that's shared is started and stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pools: list[Pool[Any, Any]] = []

    def add(self, pool: "Pool[Any, Any]") -> None:
        with self._lock:
            self._pools.append(pool)

    async def run(self, job: Coroutine[Any, Any, T]) -> T:
        """Run `job` in the owner's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(job, self._running()))

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="shared", daemon=True).start()
                atexit.register(self._end)
            return self._loop

    def _end(self) -> None:
        """Stop all that's left."""
        if self._loop is None:
            return
        stopping = [asyncio.run_coroutine_threadsafe(pool.stop_all(), self._loop) for pool in self._pools]
        for one in stopping:
            with suppress(Exception):
                one.result(_LAST)
        self._loop.call_soon_threadsafe(self._loop.stop)


_OWNER = _Owner()


@dataclass(slots=True)
class _Entry(Generic[V]):
    """One that's running or being started, and who has a lease of it."""

    started: "asyncio.Task[V]"
    leases: set[object] = field(default_factory=set)


class Pool(Generic[K, V]):
    """All of one sort, each by its key: how it's started."""

    def __init__(self, start: Callable[[K], Awaitable[V]]) -> None:
        self._start = start
        self._entries: dict[K, _Entry[V]] = {}
        self._ending: dict[K, asyncio.Task[None]] = {}
        _OWNER.add(self)

    def lease(self, key: K) -> "Lease[K, V]":
        """The right to use the one of that key; nothing is started yet."""
        return Lease(self, key)

    async def join(self, key: K, lease: object) -> V:
        """What `key` names, started. For the owner's loop, as all that follows."""
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(asyncio.ensure_future(self._begin(key)))
        entry.leases.add(lease)
        return await asyncio.shield(entry.started)

    async def leave(self, key: K, lease: object) -> None:
        """Give a lease back; comes back once what nobody uses has stopped."""
        entry = self._entries.get(key)
        if entry is None or lease not in entry.leases:
            return
        entry.leases.discard(lease)
        if not entry.leases:
            await self._stop(key)

    async def stop_all(self) -> None:
        """Stop all, whoever uses them."""
        await asyncio.gather(*(self._stop(key) for key in list(self._entries)))

    async def _begin(self, key: K) -> V:
        if (ending := self._ending.get(key)) is not None:
            await asyncio.shield(ending)
        return await self._start(key)

    async def _stop(self, key: K) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._ending[key] = ending = asyncio.ensure_future(_end(entry))
        try:
            await asyncio.shield(ending)
        finally:
            if self._ending.get(key) is ending and ending.done():
                del self._ending[key]


async def _end(entry: _Entry[Any]) -> None:
    """Stop what runs, or what's being started: whose `start` clears up when it's cancelled."""
    entry.started.cancel()
    with suppress(Exception, asyncio.CancelledError):
        await (await entry.started).stop()


class Lease(Generic[K, V]):
    """One user's right to what `key` names."""

    def __init__(self, pool: Pool[K, V], key: K) -> None:
        self._pool = pool
        self._key = key

    async def get(self) -> V:
        """It, started; its error where it couldn't be."""
        return await _OWNER.run(self._pool.join(self._key, self))

    async def release(self) -> None:
        """Use it no more; as often as one likes."""
        await _OWNER.run(self._pool.leave(self._key, self))
