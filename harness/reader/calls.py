"""One call to a reader as it's journalled, and what it says of the questions that were in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from rembench.harness.night import Usage
from rembench.harness.providers.call import CallFailure
from rembench.harness.reader.question import question_ids
from rembench.harness.reader.reply import Answer, read_reply
from rembench.harness.reader.text import Source

CallFault = CallFailure | Literal["too_long", "recall"]
"""Why a call has no reply; also: the text is too long to be put to a model, the recall failed."""

FAULTS: tuple[CallFault, ...] = (*get_args(CallFailure), "too_long", "recall")
_SETTLED: frozenset[CallFault] = frozenset({"refusal", "cut_off", "too_long"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What's read: a text of one scenario at one checkpoint; `digest` is what it's known by."""

    scenario: str
    checkpoint: str
    source: Source
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why there's no reply; `message` is one line."""

    type: CallFault
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCall:
    """One call: a reply or a fault, never both. `items` are those whose questions were in it, in order.

    `code` is what the questions' ids began with; `recalled` what was read, where that was recalled. `most_usd`
    is what a call of unknown cost can have cost at most, as far as that's known.
    """

    reader: str
    subject: Subject
    items: tuple[str, ...]
    code: str = ""
    reply: str | None = None
    fault: Fault | None = None
    recalled: str | None = None
    usage: Usage = field(default_factory=Usage)
    most_usd: float = 0.0
    seconds: float = 0.0
    model: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the model has had its say: asking again would change chance alone. Else it's asked again."""
        return self.fault is None or self.fault.type in _SETTLED

    def answers(self) -> Mapping[str, Answer]:
        """An answer, or none with the reason, for every item that was asked for."""
        if self.reply is None:
            reason = f"{self.fault.type.replace('_', ' ')}: {self.fault.message}" if self.fault else "no reply"
            return dict.fromkeys(self.items, Answer(None, reason))
        ids = question_ids(self.code, self.items)
        return {ids[id_]: answer for id_, answer in read_reply(self.reply, ids).items()}
