"""What a reader's answers convey, by the same matching as a memory's: a stance for every value, or no verdict.

Each answer is read as a file of its own, called by its item's subject and attribute, in which that item's
values alone are looked for. What an answer can't tell is no verdict with the reason, never a zero: the question
wasn't asked, the call failed, the reply has no such answer, a yes or no stands there without the value. "Not
known" tells of every value that nothing is known of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rembench.harness.answers.questions import asked_values
from rembench.harness.reader.reply import Answer
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.types import Item, Reading, Scenario, Verdict

NOT_ASKED = "not asked"
NOT_KNOWN = frozenset({"not known", "unknown", "not stated", "not mentioned", "i don't know", "don't know"})
"""The answers that say of everything that it isn't known; the first is what the prompt asks for."""
YES_OR_NO = "a yes or no without the value"
_RULE = "the answer is that it isn't known"
_NO_ANSWER = "no answer"
_PATH_RULE = "in the file's path"
_YES_OR_NO = re.compile(r"\W*(?:yes|yeah|no|nope)\b\s*(?:[,.;:!–—-]|$)", re.IGNORECASE)
_NOT_IN_A_NAME = re.compile(r"[^\w' ,-]+")
_NAME = 200  # characters


def is_not_known(answer: Answer) -> bool:
    """Whether the answer is that nothing is known."""
    said = (answer.text or "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(said.casefold().strip(" .!'\"*`").split()) in NOT_KNOWN


@dataclass(frozen=True, slots=True)
class _Asked:
    """An item with its answer, and where the answer stands among the files."""

    item: Item
    answer: Answer
    path: str


class AnswerScorer:
    """Reads answers to the questions of one scenario; its patterns are compiled once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        items = tuple(
            replace(item, values=tuple(replace(value, where=f"{_folder(n)}/**") for value in item.values))
            for n, item in enumerate(scenario.items)
        )
        self._scorer = ScenarioScorer(replace(scenario, items=items))
        self._paths = {item.id: f"{_folder(n)}/{_name(item)}.md" for n, item in enumerate(scenario.items)}

    def read(self, answers: Mapping[str, Answer], checkpoint: str) -> Reading:
        """What `answers`, by item, convey at `checkpoint`; a value that isn't asked for has no expectation."""
        asked = {
            item.id: _Asked(item, answers.get(item.id, Answer(None, NOT_ASKED)), self._paths[item.id])
            for item in self._scenario.items
        }
        files = {
            one.path: f"{_one_line(one.answer.text)}\n"
            for one in asked.values()
            if one.answer.text is not None and not is_not_known(one.answer)
        }
        found = self._scorer.read(files, checkpoint)
        spoken = {v.item for v in found.verdicts if v.rule not in {"not mentioned", _PATH_RULE}}
        verdicts = tuple(_verdict(v, asked[v.item], is_spoken=v.item in spoken) for v in found.verdicts)
        return Reading(checkpoint=checkpoint, verdicts=verdicts)


def unread(scenario: Scenario, checkpoint: str, reason: str) -> Reading:
    """The reading where there's no answer to any question."""
    verdicts = (
        Verdict(
            checkpoint=checkpoint,
            item=item.id,
            value=v,
            expected=asked_values(item, checkpoint).get(v),
            observed=None,
            rule=_NO_ANSWER,
            reason=reason,
        )
        for item in scenario.items
        for v in range(len(item.values))
    )
    return Reading(checkpoint=checkpoint, verdicts=tuple(verdicts))


def _verdict(verdict: Verdict, asked: _Asked, *, is_spoken: bool) -> Verdict:
    """The scorer's verdict as one on an answer; its place is the answer itself."""
    bare = replace(verdict, path=None, start=None, end=None)
    if verdict.value not in asked_values(asked.item, verdict.checkpoint):
        return _none(replace(bare, expected=None), NOT_ASKED)
    if asked.answer.text is None:
        return _none(bare, asked.answer.reason or NOT_ASKED)
    if is_not_known(asked.answer):
        return replace(bare, observed="absent", rule=_RULE, reason=None)
    if not is_spoken and _YES_OR_NO.match(asked.answer.text):
        return _none(bare, YES_OR_NO)
    if verdict.rule == _PATH_RULE:
        return replace(bare, observed="absent", rule="not mentioned", leak_level=None, quote=None)
    return bare


def _none(verdict: Verdict, reason: str) -> Verdict:
    return replace(
        verdict, observed=None, rule=_NO_ANSWER, reason=reason, readings=(), quote=None, leak_level=None
    )


def _folder(n: int) -> str:
    return f"answer-{n}"


def _name(item: Item) -> str:
    """What the item is about, as a file's name: the scorer takes it for context."""
    return " ".join(_NOT_IN_A_NAME.sub(" ", f"{item.subject}, {item.attribute}").split())[:_NAME] or "answer"


def _one_line(text: str | None) -> str:
    """An answer's lines as one statement after the other, bullets and blank lines left out."""
    lines = [line.strip().lstrip("-*•#> ").strip() for line in (text or "").splitlines()]
    return "; ".join(line for line in lines if line)
