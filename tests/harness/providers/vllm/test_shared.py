"""What's started once for all who use it."""

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from rembench.harness.providers.vllm.shared import Pool


@dataclass
class Thing:
    key: str
    log: list[str]

    async def stop(self):
        self.log.append(f"stopping {self.key}")
        await asyncio.sleep(0.02)
        self.log.append(f"stopped {self.key}")


@dataclass
class Maker:
    """Starts things, and logs it; `slow` by that many seconds, `fails` where it says so."""

    slow: float = 0.0
    fails: bool = False
    log: list[str] = field(default_factory=list)

    async def start(self, key):
        self.log.append(f"starting {key}")
        try:
            await asyncio.sleep(self.slow)
        except asyncio.CancelledError:
            self.log.append(f"gave up {key}")
            raise
        if self.fails:
            raise ValueError(f"no {key}")
        return Thing(key, self.log)


def test_it_is_started_by_the_first_and_stopped_by_the_last():
    maker = Maker()
    pool = Pool(maker.start)

    async def main():
        first, second = pool.lease("a"), pool.lease("a")
        assert maker.log == []
        assert await first.get() is await second.get()
        await first.release()
        assert maker.log == ["starting a"]
        assert await second.get() is await second.get()
        await second.release()

    asyncio.run(main())
    assert maker.log == ["starting a", "stopping a", "stopped a"]


def test_threads_that_come_at_once_get_the_same():
    maker = Maker(slow=0.05)
    pool = Pool(maker.start)
    found = []
    together = threading.Barrier(4)

    async def use():
        lease = pool.lease("a")
        found.append(await lease.get())
        await asyncio.to_thread(together.wait, 20)
        await lease.release()

    threads = [threading.Thread(target=lambda: asyncio.run(use())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
    assert maker.log.count("starting a") == maker.log.count("stopped a") == 1


def test_failure_to_start_is_everybodys_and_not_for_ever():
    maker = Maker(fails=True)
    pool = Pool(maker.start)

    async def main():
        leases = [pool.lease("a") for _ in range(3)]
        for lease in leases:
            with pytest.raises(ValueError, match="no a"):
                await lease.get()
        for lease in leases:
            await lease.release()
        maker.fails = False
        lease = pool.lease("a")
        await lease.get()
        await lease.release()

    asyncio.run(main())
    assert maker.log == ["starting a", "starting a", "stopping a", "stopped a"]


def test_who_stops_waiting_does_not_stop_it_for_the_others():
    maker = Maker(slow=0.1)
    pool = Pool(maker.start)

    async def main():
        patient, hasty = pool.lease("a"), pool.lease("a")
        waiting = asyncio.ensure_future(patient.get())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await hasty.get()
        await hasty.release()
        assert (await waiting).key == "a"
        await patient.release()

    asyncio.run(main())
    assert maker.log == ["starting a", "stopping a", "stopped a"]


def test_start_that_nobody_waits_for_is_given_up():
    maker = Maker(slow=60)
    pool = Pool(maker.start)

    async def main():
        lease = pool.lease("a")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await lease.get()
        await lease.release()
        await lease.release()

    asyncio.run(main())
    assert maker.log == ["starting a", "gave up a"]


def test_next_one_is_not_started_before_the_last_has_stopped():
    maker = Maker()
    pool = Pool(maker.start)

    async def main():
        first, second = pool.lease("a"), pool.lease("a")
        await first.get()
        releasing = asyncio.ensure_future(first.release())
        while "stopping a" not in maker.log:
            await asyncio.sleep(0.001)
        await second.get()
        await releasing
        await second.release()

    asyncio.run(main())
    assert maker.log == ["starting a", "stopping a", "stopped a"] * 2


def test_keys_do_not_meet():
    maker = Maker()
    pool = Pool(maker.start)

    async def main():
        one, other = pool.lease("a"), pool.lease("b")
        assert await one.get() is not await other.get()
        await one.release()
        assert maker.log[-1] == "stopped a"
        await other.release()

    asyncio.run(main())


def test_lease_that_was_never_used_stops_nothing():
    maker = Maker()
    pool = Pool(maker.start)

    async def main():
        used = pool.lease("a")
        await used.get()
        await pool.lease("a").release()
        assert maker.log == ["starting a"]
        await used.release()

    asyncio.run(main())
