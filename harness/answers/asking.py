"""Puts to a reader whatever it hasn't been asked yet; every call is journalled when it's over.

Asked again is what failed at the service, at the provider or at the recall; what the model has replied to,
refused or been cut off at isn't. Where the money is spent, what's left stays unasked, and no line says more.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rembench.harness.answers.sittings import Sitting
from rembench.harness.engine.run import side_by_side
from rembench.harness.night import FREE, Usage
from rembench.harness.providers.call import close
from rembench.harness.reader.calls import CallFault, Fault, ReaderCall, Subject
from rembench.harness.reader.journal import ReaderJournal
from rembench.harness.reader.reader import Reader
from rembench.harness.reader.recalling import Recalling
from rembench.harness.reader.text import recalled_text


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far the asking is, in calls; those that were `left` weren't made: the money was spent."""

    total: int
    made: int = 0
    left: int = 0
    faults: Counter[CallFault] = field(default_factory=Counter)
    first: Fault | None = None

    def count(self, call: ReaderCall) -> None:
        """Take note of a call that was made."""
        self.made += 1
        if call.fault:
            self.faults[call.fault.type] += 1
            self.first = self.first or call.fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A reader at work: where its calls are noted, how many go on at a time, whether the money is spent.

    `recalls` are the consolidators' own recalls by name; `listener` hears of every call.
    """

    reader: Reader
    journal: ReaderJournal
    concurrency: int = 8
    recalls: Mapping[str, Recalling] = field(default_factory=dict)
    is_spent: Callable[[], bool] = lambda: False
    listener: Callable[[Progress], None] = lambda _: None

    async def ask(self, work: Sequence[Sitting]) -> Progress:
        """Make these calls (see `to_ask`). UserError if the provider raises one, or the disk is full."""
        progress = Progress(total=len(work))
        gate = asyncio.Semaphore(self.concurrency)
        try:
            await side_by_side(self._call(one, gate, progress) for one in work)
        finally:
            await close(self.reader.model)
        return progress

    async def _call(self, one: Sitting, gate: asyncio.Semaphore, progress: Progress) -> None:
        async with gate:
            call = None if progress.left or self.is_spent() else await self._made(one)
            if call is None or (call.fault and call.fault.type == "budget" and _is_free(call.usage)):
                progress.left += 1
                return
            await asyncio.to_thread(self.journal.append, call)
        progress.count(call)
        self.listener(progress)

    async def _made(self, one: Sitting) -> ReaderCall:
        if one.text is not None:
            return await self.reader.ask(one.subject, one.text, one.questions, one.at)
        found = await self.recalls[one.consolidator or ""].recall(one.memory or {}, one.questions[0].text)
        if found.text is None:
            return ReaderCall(
                reader=self.reader.name,
                subject=one.subject,
                items=tuple(question.item for question in one.questions),
                fault=Fault(type="recall", message=found.reason or "nothing"),
                usage=FREE,
            )
        call = await self.reader.ask(one.subject, recalled_text(found.text), one.questions, one.at)
        return replace(call, recalled=found.text)


def to_ask(work: Iterable[Sitting], calls: Sequence[ReaderCall]) -> list[Sitting]:
    """What's left of all sittings after the calls that were made before, a call each."""
    settled: dict[Subject, set[str]] = {}
    for call in calls:
        if call.is_settled:
            settled.setdefault(call.subject, set()).update(call.items)
    return [call for one in work for call in one.calls(settled.get(one.subject, ()))]


def _is_free(usage: Usage) -> bool:
    return not (usage.usd or usage.calls or usage.input_tokens or usage.output_tokens)
