"""Asks a model about one text at a time, in calls of so many questions each.

    reader = Reader(load_model("package.module:Name", "reader"))
    calls = [call async for call in reader.ask(subject, text, questions, at)]

What fails is a call with a fault: one that raises or takes too long, a text that's too long. A model's reply is
kept as it came (see `calls` for what's read in it). Nothing is asked a second time here.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rembench.harness.errors import one_line
from rembench.harness.masking import masked
from rembench.harness.night import FREE, NO_BUDGET, Held, Usage
from rembench.harness.providers.call import Called, call
from rembench.harness.providers.load import Model
from rembench.harness.reader.calls import Fault, ReaderCall, Subject
from rembench.harness.reader.question import Question, ask
from rembench.harness.reader.text import Text

TIMEOUT = 300.0
"""Seconds that a call may take."""
MOST_CHARACTERS = 400_000
"""The longest text that's put to a model."""
MOST_QUESTIONS = 40
"""In one call; a scenario with more items takes several."""
_REPLY = 1_000_000  # characters of a reply that are kept


class CallPurse(Protocol):
    """What one call takes from the run's purse (`rembench.harness.night.Purse`)."""

    def hold(self, usd: float | None, what: str) -> Held:
        """Put aside the most that a call can cost."""
        ...

    def finish(self, usage: Usage) -> float:
        """The call is over and did cost this; the most that it can have cost."""
        ...


class _Free:
    """The purse of a call that isn't part of a run."""

    def hold(self, usd: float | None, what: str) -> Held:
        return NO_BUDGET.hold(usd, what)

    def finish(self, usage: Usage) -> float:  # noqa: ARG002
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for every call (see the constants above); `purse` gives each its own."""

    timeout: float = TIMEOUT
    most_characters: int = MOST_CHARACTERS
    seed: int | None = None
    purse: Callable[[], CallPurse] = _Free


class Reader:
    """A model with the harness's questions and the limits on a call; `name` is what the record calls it."""

    def __init__(self, model: Model, limits: Limits | None = None) -> None:
        self.model = model
        self.name = reader_name(model)
        self.limits = limits or Limits()

    async def ask(self, subject: Subject, text: Text, questions: Sequence[Question], at: str) -> ReaderCall:
        """One call: what comes of putting `questions`, at most `MOST_QUESTIONS`, about `text`.

        UserError if the provider raises one; whatever else it raises is a fault.
        """
        items = tuple(question.item for question in questions)
        made = ReaderCall(reader=self.name, subject=subject, items=items, usage=FREE)
        length = sum(map(len, text.words))
        if length > self.limits.most_characters:
            what = f"{length:,} characters, at most {self.limits.most_characters:,} are put to a reader"
            return replace(made, fault=Fault(type="too_long", message=what))
        asked = ask(text, questions, at)
        purse = self.limits.purse()
        request = replace(asked.request, seed=self.limits.seed, purse=purse)
        start = time.perf_counter()
        try:
            called = await call(self.model, request, self.limits.timeout)
        except BaseException:
            purse.finish(Usage())
            raise
        most = purse.finish(called.usage)
        return replace(
            made,
            code=asked.code,
            reply=None if called.text is None else self._kept(called.text),
            fault=_fault(called),
            usage=called.usage,
            most_usd=most if called.usage.usd is None else 0.0,
            seconds=round(time.perf_counter() - start, 6),
            model=called.model,
        )

    def _kept(self, text: str) -> str:
        """A reply as it may be written down: without secrets, and without what no text may hold."""
        safe = masked(text[:_REPLY], self.model.secrets)
        return safe.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")


def reader_name(model: Model) -> str:
    """The model's name with its options, secrets masked: one name for one way of asking."""
    options = ",".join(f"{name}={value}" for name, value in model.options.items())
    return one_line(f"{model.name}:{options}" if options else model.name)


def _fault(called: Called) -> Fault | None:
    if called.text is not None:
        return None
    return Fault(type=called.failure or "provider", message=called.reason or "no reply")
