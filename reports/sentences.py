"""The three questions, answered for one consolidator in sentences with their numbers.

A sentence is a row of words and figures; a figure knows its metric and slice, so that a page can lead from
it to the evidence. Differences are named only where the intervals allow it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rembench.reports.phases import PHASES
from rembench.reports.reader import sentences as reader_sentences
from rembench.reports.summary_types import MetricSummary, Summary
from rembench.reports.wording import figure_text, number

QUESTIONS = (
    "Did the consolidation preserve the right things?",
    "What happens when a user asks, weeks later, that something be deleted?",
    "Does its quality match the runtime's, or does it degrade the agent a little every night?",
)
NO_READER = (
    "No reader answered questions from these memories, so this is told from what the memory says, "
    "not from what an agent does with it."
)
_FEW = 4
_NEVER_ASKED = "no opportunity in these scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number in a sentence, of one consolidator; `slice` None for the metric itself."""

    consolidator: str
    metric: str
    summary: MetricSummary
    slice: str | None = None

    @property
    def text(self) -> str:
        """Value, interval and counts, or why it isn't measured."""
        return figure_text(self.summary)


Part = str | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question with its short answer and the sentences that bear it out."""

    question: str
    short: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentences as plain text."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


def answers(summary: Summary, name: str) -> tuple[Answer, ...]:
    """The three answers for one consolidator."""
    one = _One(summary, name)
    shorts = (_preserved(one), _deleted(one), _drifting(one))
    bodies = (_preserving(one), _deleting(one), _degrading(one))
    return tuple(
        Answer(question=question, short=short, parts=tuple(body))
        for question, short, body in zip(QUESTIONS, shorts, bodies, strict=True)
    )


class _One:
    """The figures of one consolidator."""

    def __init__(self, summary: Summary, name: str) -> None:
        self.summary = summary
        self.name = name

    def of(self, metric: str, part: str | None = None, name: str | None = None) -> Figure:
        """A metric or a slice of it; undefined with a reason where the summary hasn't got it."""
        owner = name or self.name
        found = self.summary.consolidators[owner].metrics.get(metric)
        if found is not None and part is not None:
            found = found.slices.get(part)
        return Figure(consolidator=owner, metric=metric, slice=part, summary=found or _unasked())

    def nights(self) -> list[str]:
        """The slices of retention by night."""
        slices = self.of("retention").summary.slices
        nights = sorted(int(s.removeprefix("night=")) for s in slices if s.startswith("night="))
        return [f"night={night}" for night in nights]


def _unasked() -> MetricSummary:
    return MetricSummary(
        value=None, low=None, high=None, bounds=None, scored=0, missing=0, unit="share", scenarios=0,
        reason=_NEVER_ASKED,
    )  # fmt: skip


def _preserved(one: _One) -> str:
    kept, skill = one.of("retention").summary, one.of("skill").summary
    if kept.value is None:
        return f"Not measured: {kept.reason}."
    return f"It holds {number(kept.value)} of what it should; {_beside_controls(skill)}."


def _beside_controls(skill: MetricSummary) -> str:
    if skill.value is None:
        return f"beside the controls it isn't measured ({skill.reason})"
    if skill.value <= 0:
        return "on the whole it gets no further than the best trivial control"
    if skill.value >= 1:
        return "on the whole it gets as far as the oracle"
    if skill.low is None or skill.low <= 0:
        return "on the whole it can't be told apart from the best trivial control"
    return f"on the whole it gets {number(skill.value)} of the way from the best trivial control to the oracle"


def _preserving(one: _One) -> Iterator[Part]:
    yield from ("It kept ", one.of("retention"), " of what should be held; read only up to one and a half ")
    yield from ("times the oracle's length, ", one.of("retention_at_budget"), ". Of the items that changed ")
    yield from ("or stayed disputed it has ", one.of("contradiction"), " right in all their values; of the ")
    yield from ("superseded or expired values ", one.of("staleness"), " still stand as true. It took ")
    yield from (one.of("hallucination"), " of the opportunities to adopt, distort or misbind a value. Skill: ")
    yield from (one.of("skill"), ".")


def _deleted(one: _One) -> str:
    leak = one.of("deletion_leakage").summary
    if leak.value is None:
        return f"Not measured: {leak.reason}."
    if leak.value > 0:
        net = one.of("net_leakage").summary
        less = "" if net.value is None else f" ({number(net.value)} net of their twins)"
        return f"What was deleted can still be read in {number(leak.value)} of the scenarios{less}."
    most = "" if leak.high is None else f" (with 95% confidence in at most {number(leak.high)} of scenarios)"
    return f"Nothing of what was deleted was found again{most}."


def _deleting(one: _One) -> Iterator[Part]:
    phases = [(words, one.of("deletion_leakage", f"phase={phase}")) for phase, words in PHASES.items()]
    measured = [(words, figure) for words, figure in phases if figure.summary.value is not None]
    if measured:
        yield "Something of what was deleted could still be read "
        for n, (words, figure) in enumerate(measured):
            yield from ((", " if n else ""), f"{words} in ", figure)
        yield from (" of the scenarios; word for word (level L5) in ", one.of("deletion_leakage", "level=L5"))
        yield ". "
    for words, figure in phases:
        if figure.summary.value is None:
            yield f"What can be read {words} is {figure.text}. "
    if one.of("net_leakage").summary.value is not None:
        yield from ("Net of the twin scenarios, which never held it: ", one.of("net_leakage"))
        yield from ("; in the twins something seems to be there in ", one.of("twin_leakage"), ". ")
    yield from _side_effects(one)


def _side_effects(one: _One) -> Iterator[Part]:
    yield from ("Loss beside the deleted minus loss elsewhere: ", one.of("over_deletion"))
    yield from (". Secrets kept, of those that slipped into a session: ", one.of("secrets_kept"), ".")


def _drifting(one: _One) -> str:
    return " ".join((*reader_sentences.shorts(one.summary, one.name), _written(one)))


def _written(one: _One) -> str:
    drift = one.of("drift").summary
    if drift.value is None:
        return f"Not measured: {drift.reason}."
    if drift.high is not None and drift.high < 0:
        return f"It degrades: from the first night to the last, what's held changes by {number(drift.value)}."
    if drift.low is not None and drift.low > 0:
        return f"It gains: from the first night to the last, what's held changes by +{number(drift.value)}."
    if drift.value == 0 and drift.low == drift.high:
        return "No change from the first night to the last."
    return f"It can't be told from {drift.scenarios} scenarios whether it degrades."


def _some(nights: list[str]) -> list[str]:
    """All of a few nights; of many the first, the one in the middle and the last."""
    return nights if len(nights) <= _FEW else [nights[0], nights[(len(nights) - 1) // 2], nights[-1]]


def _degrading(one: _One) -> Iterator[Part]:
    yield "".join(reader_sentences.texts(one.summary, one.name)) if one.summary.readers else f"{NO_READER} "
    nights = _some(one.nights())
    for n, night in enumerate(nights):
        figure = one.of("retention", night)
        yield (", then " if n else "Retention was ")
        yield from (figure, f" after night {night.removeprefix('night=')}")
        yield f" ({figure.summary.scenarios} scenarios)"
    yield ". " if nights else ""
    yield from ("Of what should be held all along, the share that is held changes by ", one.of("drift"))
    yield from (". Of what the memory held rightly before a night, ", one.of("damage"), " is gone after it")
    if "identity" in one.summary.consolidators and one.name != "identity":
        yield from ("; doing nothing (identity) loses ", one.of("damage", name="identity"))
    yield "."
