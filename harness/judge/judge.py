"""Asks a model what a memory conveys: one verdict for every value, in calls of one memory each.

    judge = Judge(load_model("package.module:Name"))
    judgement = await judge.read(scenario, memory, "c1")

Its verdicts have the rule "judge" and stand beside the scorer's, never in their place. What fails is a verdict
of None with its reason: a call that raises or takes too long, a reply that can't be read, a memory that's too
long. Nothing is asked a second time.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from rembench.harness.errors import UserError, one_line, said
from rembench.harness.judge.load import Model
from rembench.harness.judge.provider import Reply
from rembench.harness.judge.question import Asked, ask, questions
from rembench.harness.judge.reply import Answer, read_reply
from rembench.harness.masking import masked
from rembench.harness.night import BudgetError, ConsolidatorError, Memory, Usage
from rembench.harness.types import Item, Reading, Scenario, Verdict
from rembench.harness.usage import check_usage, usage_of

RULE = "judge"
TOO_LONG = "memory too long for the judge"
TIMEOUT = 300.0
"""Seconds that a call may take."""
MOST_CHARACTERS = 400_000
"""The longest memory that's put to a model: paths and texts together."""
MOST_QUESTIONS = 60
"""In one call; a scenario with more values takes several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a model found in one memory: a verdict for every value; what each call cost, and who answered."""

    reading: Reading
    usages: tuple[Usage, ...]
    models: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Called:
    """One call: its answers by item and value, cost and model."""

    answers: Mapping[tuple[str, int], Answer]
    usage: Usage
    model: str | None = None


class Judge:
    """A model with the harness's question and the limits on a call (see the constants above)."""

    def __init__(
        self, model: Model, *, timeout: float = TIMEOUT, most_characters: int = MOST_CHARACTERS
    ) -> None:
        self.model = model
        self._timeout = timeout
        self._most = most_characters

    async def read(self, scenario: Scenario, memory: Memory, checkpoint: str) -> Judgement:
        """What `memory` conveys at `checkpoint` (or `STORE`), value by value, in the scorer's order.

        UserError if the provider raises one; whatever else it raises becomes verdicts of None.
        """
        wanted = questions(scenario)
        answers = dict.fromkeys(((q.item, q.value) for q in wanted), Answer(None, TOO_LONG))
        length = sum(map(len, (*memory, *memory.values())))
        starts = range(0, len(wanted), MOST_QUESTIONS) if length <= self._most else ()
        at = next((night.at for night in scenario.nights if night.id == checkpoint), None)
        called = [await self._call(ask(memory, wanted[n : n + MOST_QUESTIONS], at)) for n in starts]
        for one in called:
            answers |= one.answers
        verdicts = tuple(
            _verdict(checkpoint, item, v, answers[item.id, v])
            for item in scenario.items
            for v in range(len(item.values))
        )
        return Judgement(
            reading=Reading(checkpoint=checkpoint, verdicts=verdicts),
            usages=tuple(one.usage for one in called),
            models=frozenset(one.model for one in called if one.model),
        )

    async def _call(self, asked: Asked) -> _Called:
        """One call; the one place where what a provider raises becomes data."""
        model = None
        try:
            async with asyncio.timeout(self._timeout):
                reply = _checked(await self.model.provider.complete(asked.request))
        except UserError as wrong:
            raise UserError(masked(str(wrong), self.model.secrets)) from None
        except TimeoutError:
            usage, reason = Usage(), f"no reply within {self._timeout:g} s"
            found = dict.fromkeys(asked.questions, Answer(None, reason))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's code raises is no verdict
            usage, found = usage_of(error), dict.fromkeys(asked.questions, Answer(None, self._reason(error)))
        else:
            usage, model = reply.usage, self._named(reply.model)
            found = read_reply(reply.text, asked.questions)
        places = ((asked.questions[id_], answer) for id_, answer in found.items())
        return _Called(answers={(q.item, q.value): answer for q, answer in places}, usage=usage, model=model)

    def _named(self, model: str | None) -> str | None:
        """The model's name, fit to be written down."""
        return model if model is None else one_line(masked(model, self.model.secrets), 100)

    def _reason(self, error: BaseException) -> str:
        text = said(error)
        if isinstance(error, BudgetError):
            kind = "budget"
        elif isinstance(error, ConsolidatorError):
            kind = "provider failed"
        else:
            kind, text = "provider bug", f"{type(error).__name__}: {text}"
        return one_line(masked(f"{kind}: {text}", self.model.secrets), 300)


def _checked(reply: object) -> Reply:
    """The reply, if it's what the protocol says."""
    if not isinstance(reply, Reply):
        raise TypeError(f"complete returned no Reply but {type(reply).__name__}")
    if not isinstance(reply.text, str) or not isinstance(reply.model, str | None):
        raise TypeError("the text or the model of the Reply is no string")
    check_usage(reply.usage)
    return reply


def _verdict(checkpoint: str, item: Item, v: int, answer: Answer) -> Verdict:
    return Verdict(
        checkpoint=checkpoint,
        item=item.id,
        value=v,
        expected=item.values[v].expect.get(checkpoint),
        observed=answer.stance,
        rule=RULE,
        reason=answer.reason,
    )
