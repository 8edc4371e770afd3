"""Asks a model what a memory conveys: one verdict for every value, in calls of one memory each.

    judge = Judge(load_model("package.module:Name"))
    judgement = await judge.read(scenario, memory, "c1")

Its verdicts have the rule "judge" and stand beside the scorer's, never in their place. What fails is a verdict
of None with its reason: a call that raises or takes too long, a reply that can't be read, a memory that's too
long. Nothing is asked a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rembench.harness.judge.question import Asked, ask, questions
from rembench.harness.judge.reply import Answer, read_reply
from rembench.harness.night import Memory, Usage
from rembench.harness.providers.call import call
from rembench.harness.providers.load import Model
from rembench.harness.types import Item, Reading, Scenario, Verdict

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
        """One call, and what it says of every value that was asked for."""
        called = await call(self.model, asked.request, self._timeout)
        if called.text is None:
            found = dict.fromkeys(asked.questions, Answer(None, called.reason))
        else:
            found = read_reply(called.text, asked.questions)
        places = ((asked.questions[id_], answer) for id_, answer in found.items())
        answers = {(q.item, q.value): answer for q, answer in places}
        return _Called(answers=answers, usage=called.usage, model=called.model)


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
