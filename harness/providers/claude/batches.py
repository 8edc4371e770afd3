"""Anthropic's Message Batches: requests that wait at the same time go together, for half the price.

What was sent is never sent again after a crash. Before a batch is made, the name of every request in it is
noted, and the newest batch that's there; once it's made, its id, before the first look at it. A request with
an id is waited for; one with a name only is looked for in the batches made since. Names can't be taken by
anybody else: they end in random digits. A batch whose answer got lost is looked for in the same way.

Batches are never cancelled here, also where nobody waits for one any more: a run that was interrupted is to
find what it has ordered.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from rembench.harness.night import ProviderError
from rembench.harness.providers.claude.service import ClaudeService, Params
from rembench.harness.providers.tries import LOST, TURNED_AWAY, Trouble, TroubleError

if TYPE_CHECKING:
    from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse

    Results = Mapping[str, MessageBatchIndividualResponse]

T = TypeVar("T")
_MOST_REQUESTS = 10_000
_MOST_BYTES = 100_000_000  # of a batch, in JSON; the service takes 256 MB
_PAGE = 100
_MOST_LISTED = 5_000
_PATIENT = 60
"""How often in a row a look at a batch may fail: it's ordered, and runs whether we see it or not."""
_SLOWER = 1.5
_SLOWEST = 6.0  # times the first pause
_IN_DOUBT = frozenset({408, 409})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds: for which a batch is collected, and between the first two looks at it. Later ones are rarer."""

    window: float = 5.0
    poll: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What's noted of a request: its name; with how many it went, after which batch; and in which."""

    name: str
    together: int = 0
    after: str = ""
    batch: str = ""

    def text(self) -> str:
        """As a note."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def read(cls, text: str) -> "Slip":
        """From a note."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Order:
    """One request: the arguments of `messages.create`, its slip, and where that's noted."""

    params: Params
    slip: Slip
    note: Callable[[Slip], None]


@dataclass(frozen=True, slots=True)
class Line:
    """What came of a request, as the service says it, and in which batch."""

    batch: str
    result: Any


@dataclass(slots=True, eq=False)
class _Waiting:
    """An order whose line is waited for."""

    order: Order
    line: "asyncio.Future[Line]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Batches:
    """Collects, sends and awaits requests, for one event loop."""

    def __init__(self, service: ClaudeService, pace: Pace) -> None:
        self._service = service
        self._batches = service.client.messages.batches
        self._pace = pace
        self._waiting: list[_Waiting] = []
        self._own: set[str] = set()
        self._ended: dict[str, asyncio.Task[Results]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def sent(self, order: Order) -> Line:
        """What comes of an order, sent with the others that wait; ProviderError where it can't be said."""
        waiting = _Waiting(order)
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            self._begin(self._collect())
        try:
            return await waiting.line
        finally:
            if waiting in self._waiting:  # given up before it was sent
                self._waiting.remove(waiting)

    async def found(self, order: Order) -> Line | None:
        """What came of an order that was noted in an earlier process; None where it never was sent."""
        slip = order.slip
        if slip.batch:
            return _line(slip.batch, await self._results(slip.batch), slip.name)
        async for batch in self._newer(slip.after):
            if batch.id in self._own or _size(batch) != slip.together:
                continue
            results = await self._results(batch.id)
            if slip.name in results:
                order.note(replace(slip, batch=batch.id))
                return _line(batch.id, results, slip.name)
        return None

    async def aclose(self) -> None:
        """End what's running here; what was sent goes on at the service."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Any) -> "asyncio.Task[Any]":
        """Let something run by itself, so that no night that's given up takes it along."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # it's been told to all who wait for it

    async def _collect(self) -> None:
        await asyncio.sleep(self._pace.window)
        waiting, self._waiting = self._waiting, []
        for together in _divided(waiting):
            self._begin(self._carried_out(together))

    async def _carried_out(self, waiting: Sequence[_Waiting]) -> None:
        """Send some orders as one batch, and tell each what came of it. Those given up by now aren't sent."""
        waiting = [one for one in waiting if not one.line.done()]
        if not waiting:
            return
        try:
            batch = await self._made([one.order for one in waiting])
            results = await self._results(batch)
        except Exception as error:  # noqa: BLE001 - it's raised in every night that waits
            for one in waiting:
                if not one.line.done():
                    one.line.set_exception(_copy(error))
            return
        for one in waiting:
            if not one.line.done():
                _tell(one, batch, results)

    async def _made(self, orders: Sequence[Order]) -> str:
        """The id of the batch that these orders are in from now on, which every slip says."""
        newest = await self._asked(lambda: self._listed(1), self._service.options.tries)
        after = newest.data[0].id if newest.data else ""
        slips = [replace(order.slip, together=len(orders), after=after) for order in orders]
        for order, slip in zip(orders, slips, strict=True):
            order.note(slip)
        batch = await self._created(orders, slips[0])
        self._own.add(batch)
        for order, slip in zip(orders, slips, strict=True):
            order.note(replace(slip, batch=batch))
        return batch

    async def _created(self, orders: Sequence[Order], slip: Slip) -> str:
        """Make a batch. Where it isn't known whether it was made, it's looked for before it's made again."""
        requests: Any = [{"custom_id": order.slip.name, "params": order.params} for order in orders]
        failed = 0
        while True:
            try:
                made = await self._once(lambda: self._batches.create(requests=requests))
            except TroubleError as wrong:
                failed += 1
                trouble = wrong.trouble
                await asyncio.sleep(self._pause(trouble, failed, self._service.options.pause))
                if _in_doubt(trouble) and (there := await self.found(Order({}, slip, lambda _: None))):
                    return there.batch
                if not trouble.again or failed >= self._service.options.tries:
                    raise ProviderError(trouble.message, usage=trouble.usage) from None
            else:
                return made.id

    async def _results(self, batch: str) -> "Results":
        """All lines of a batch by name, once it has ended. All who wait for one batch look at it together."""
        if batch not in self._ended:
            self._ended[batch] = self._begin(self._awaited(batch))
        looking = self._ended[batch]
        try:
            return await asyncio.shield(looking)
        except ProviderError:
            self._ended.pop(batch, None)
            raise

    async def _awaited(self, batch: str) -> "Results":
        pause = self._pace.poll
        while True:
            found = await self._asked(lambda: self._batches.retrieve(batch), _PATIENT)
            if found.processing_status == "ended":
                break
            await asyncio.sleep(pause)
            pause = min(pause * _SLOWER, _SLOWEST * self._pace.poll)
        return await self._asked(lambda: self._fetched(found), _PATIENT)

    async def _fetched(self, batch: "MessageBatch") -> "Results":
        lines = await self._batches.results(batch.id)
        try:
            found = {line.custom_id: line async for line in lines}
        finally:
            await lines.close()
        if len(found) < _size(batch):
            raise TroubleError(Trouble(message="the results broke off", again=True))
        return found

    async def _newer(self, after: str) -> "AsyncIterator[MessageBatch]":
        """The batches made after that one, the newest first."""
        tries = self._service.options.tries
        page = await self._asked(lambda: self._listed(_PAGE), tries)
        listed = 0
        while True:
            for batch in page.data:
                listed += 1
                if batch.id == after or listed > _MOST_LISTED:
                    return
                yield batch
            if not page.has_next_page():
                return
            page = await self._asked(page.get_next_page, tries)

    async def _listed(self, most: int) -> Any:
        return await self._batches.list(limit=most)

    async def _asked(self, once: Callable[[], Awaitable[T]], tries: int) -> T:
        """What a request brings that changes nothing. What was ordered may cost, nobody knows what."""
        failed = 0
        while True:
            try:
                return await self._once(once)
            except TroubleError as wrong:
                failed += 1
                trouble = wrong.trouble
                if not trouble.again or failed >= tries:
                    raise ProviderError(trouble.message, usage=LOST) from None
                await asyncio.sleep(self._pause(trouble, failed, self._service.options.pause))

    async def _once(self, once: Callable[[], Awaitable[T]]) -> T:
        """One request; TroubleError where it fails."""
        caller = self._service.caller
        async with caller.gate.turn(0) as turn:
            try:
                found = await once()
            except Exception as error:
                trouble = self._service.trouble(error)
                if trouble is None:
                    raise
                if trouble.too_much:
                    caller.gate.slow_down(trouble.wait or self._service.options.pause, turn)
                raise TroubleError(trouble) from error
            caller.gate.went_well()
            return found

    def _pause(self, trouble: Trouble, failed: int, first: float) -> float:
        slowest = max(first, _SLOWEST * self._pace.poll)
        return trouble.wait if trouble.wait is not None else min(first * 2 ** min(failed - 1, 16), slowest)


def _line(batch: str, results: "Results", name: str) -> Line:
    if name not in results:
        raise ProviderError(f"the batch {batch} has no result for this request", usage=LOST)
    return Line(batch, results[name].result)


def _tell(one: _Waiting, batch: str, results: "Results") -> None:
    try:
        one.line.set_result(_line(batch, results, one.order.slip.name))
    except ProviderError as missing:
        one.line.set_exception(missing)


def _copy(error: Exception) -> Exception:
    """An error for one of several nights; each changes its own."""
    return ProviderError(str(error), usage=error.usage) if isinstance(error, ProviderError) else error


def _in_doubt(trouble: Trouble) -> bool:
    """Whether what failed may have been carried out all the same."""
    return trouble.usage != TURNED_AWAY or trouble.status >= 500 or trouble.status in _IN_DOUBT


def _size(batch: "MessageBatch") -> int:
    counts = batch.request_counts
    return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired


def _divided(waiting: Sequence[_Waiting]) -> list[list[_Waiting]]:
    """In as many batches as their number and length need."""
    made: list[list[_Waiting]] = []
    room = 0
    for one in waiting:
        size = len(json.dumps(one.order.params, ensure_ascii=True))
        if not made or size > room or len(made[-1]) >= _MOST_REQUESTS:
            made.append([])
            room = _MOST_BYTES
        made[-1].append(one)
        room -= size
    return made
