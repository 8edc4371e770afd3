"""The third question, answered from what readers make of a memory: as an agent has it, not as it's written."""

from collections.abc import Iterator

from rembench.harness.statistics.sign_flip import TEST_LEVEL
from rembench.reports.reader.summary import ReaderSummary, ReadSummary
from rembench.reports.summary_types import MetricSummary, Summary
from rembench.reports.wording import figure_text, labels, number

_FEW = 4


def shorts(summary: Summary, name: str) -> Iterator[str]:
    """For every reader whether it answers as much from the memory as from the raw sessions, in a sentence."""
    for label, reader in _readers(summary):
        yield f"{_short(reader.consolidators[name])} ({label})."


def texts(summary: Summary, name: str) -> Iterator[str]:
    """For every reader the sentences that bear it out."""
    for label, reader in _readers(summary):
        one = reader.consolidators[name]
        how = " through its own recall" if one.by_recall else ""
        yield f"Asked by {label}{how}, {figure_text(one.metrics['answered'])} of the questions to which "
        yield "there's something to tell are answered right from the memory, "
        yield f"{figure_text(reader.sessions['answered'])} from the raw sessions; question by question the "
        yield f"difference is {_difference(one)}. {_by_night(one.metrics['answered_gap'])}"
        lost, told = one.metrics["answers_lost_per_night"], one.metrics["told_anyway"]
        if lost.value is not None:
            yield f"Of what was answered right, a night loses {figure_text(lost)}. "
        if told.value is not None:
            yield f"Where there's nothing to tell, something is told in {figure_text(told)}. "


def _readers(summary: Summary) -> list[tuple[str, ReaderSummary]]:
    short = labels(summary.readers)
    return [(short[name], reader) for name, reader in summary.readers.items()]


def _short(one: ReadSummary) -> str:
    gap = one.metrics["answered_gap"]
    both = "as many of the questions right from this memory as from the raw sessions"
    if gap.value is None:
        return f"What an agent makes of it isn't measured: {gap.reason}"
    if gap.value == 0 and gap.low in {0.0, None}:
        return f"An agent answers {both}"
    if not _is_told(one):
        return f"It can't be told from {_scenarios(gap.scenarios)} whether an agent answers {both}"
    more = number(abs(gap.value))
    if gap.value < 0:
        return (
            f"From the raw sessions an agent answers {more} more of the questions right than from this memory"
        )
    return f"From this memory an agent answers {more} more of the questions right than from the raw sessions"


def _is_told(one: ReadSummary) -> bool:
    """Whether interval and test both tell the difference from none."""
    gap = one.metrics["answered_gap"]
    apart = gap.low is not None and gap.high is not None and not gap.low <= 0 <= gap.high
    return apart and one.detection.p <= TEST_LEVEL


def _scenarios(n: int) -> str:
    return "one scenario" if n == 1 else f"{n} scenarios"


def _difference(one: ReadSummary) -> str:
    found = one.metrics["answered_gap"]
    if found.value is None:
        return figure_text(found)
    noticed = one.detection.detectable
    least = (
        f"; {number(noticed.value)} would be noticed" if noticed.value is not None else f"; {noticed.reason}"
    )
    return f"{figure_text(found)} (p {number(one.detection.p)}{least})"


def _by_night(gap: MetricSummary) -> str:
    """The difference night by night, of many nights the first, the one in the middle and the last."""
    numbers = sorted(int(name[6:]) for name in gap.slices if name.startswith("night="))
    known = [n for n in numbers if gap.slices[f"night={n}"].value is not None]
    if len(known) < 2:
        return ""
    chosen = known if len(known) <= _FEW else [known[0], known[(len(known) - 1) // 2], known[-1]]
    told = (f"{number(gap.slices[f'night={n}'].value)} after night {n}" for n in chosen)
    return f"It is {', then '.join(told)}. "
