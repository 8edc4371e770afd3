"""Which message asked for a deletion.

A scenario names the nights at which a value must be absent, not the request. The request is looked for
between the last night that may hold the value and the first that must not: a delete step, or a user's
message with a word of deletion. The one that says most of the item's own words wins; a message is only
ever *probably* the request.
"""

import re
from dataclasses import dataclass

from rembench.harness.types import ConsolidateStep, DeleteStep, Item, Scenario, Step

_ASKS = re.compile(
    r"\b(?:delet|eras|forget|remov|purg|scrub|wip(?:e|ing))\w*|\bget rid of\b|\bstrike\b|\boff the record\b"
    r"|\b(?:drop|take|keep|leave) (?:it|that|this|them|these|those|all of \w+)\b(?: \w+){0,3} "
    r"(?:out|off|away)\b"
    r"|\bdrop (?:it|that|this|them|what|anything|everything|all)\b"
    r"|\b(?:don't|do not|never|not to|n't|no need to|mustn't|must not|nothing|none of \w+)(?: \w+){0,4} "
    r"(?:keep|kept|stor(?:e|ed)|sav(?:e|ed)|remember|record|recorded|notes?|written|writ(?:e|ing)|retain|file)\b"
    r"|\bkeep (?:no|nothing)\b|\b(?:isn't|aren't|not) for (?:the|your) (?:notes|file|memory|record)s?\b"
    r"|\b(?:gone|out) (?:from|of) (?:the|your) (?:notes|file|memory|record)s?\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]{4,}|\d{2,}")
_COMMON = frozenset(
    "about after also been before does from have into just keep more much only over than that their them "
    "then there these they this those what when where which with would your".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to delete: a delete step (`message` None), or message `message` of session `source`."""

    source: str
    message: int | None
    at: str
    text: str

    @property
    def probable(self) -> bool:
        """Whether it was found by its words only."""
        return self.message is not None


def deletion_request(scenario: Scenario, item: Item, value: int) -> Request | None:
    """The request because of which a value must be absent; None where no message asks for it."""
    window = _window(scenario, item, value)
    own = _words(" ".join(_texts(item)))
    near = None if item.kind == "deletion" else _near(item, value)
    best: tuple[int, int] | None = None
    found: Request | None = None
    for n, request in enumerate(_candidates(window)):
        if near is not None and (request.source, request.message) not in near:
            continue
        score = len(own & _words(request.text)) + (0 if request.probable else 2)
        if score and (best is None or (score, n) > best):
            best, found = (score, n), request
    return found


def _near(item: Item, value: int) -> frozenset[tuple[str, int | None]]:
    """Where a secret is said and the few messages after it: what's asked elsewhere is about other things."""
    return frozenset(
        (ref.session, ref.message + after) for ref in item.values[value].evidence for after in range(4)
    )


def _window(scenario: Scenario, item: Item, value: int) -> list[Step]:
    """The steps after the last night that may hold the value, up to the first that must not."""
    expect = item.values[value].expect
    window: list[Step] = []
    for step in scenario.steps:
        if not isinstance(step, ConsolidateStep):
            window.append(step)
        elif expect.get(step.id) == "absent":
            return window
        elif expect.get(step.id) is not None:
            window = []
    return []


def _candidates(window: list[Step]) -> list[Request]:
    found: list[Request] = []
    for step in window:
        if isinstance(step, DeleteStep):
            found.append(Request(source=step.id, message=None, at=step.at, text=step.request))
        elif not isinstance(step, ConsolidateStep):
            found.extend(
                Request(source=step.id, message=n, at=step.at, text=message.content)
                for n, message in enumerate(step.messages)
                if message.role == "user" and _ASKS.search(message.content.replace("\u2019", "'"))
            )
    return found


def _texts(item: Item) -> list[str]:
    values = [text for value in item.values for text in (value.text, *value.aliases)]
    return [item.subject, *item.subject_aliases, item.attribute, *item.attribute_aliases, *values]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold()[:7] for word in _WORD.findall(text)) - _COMMON
