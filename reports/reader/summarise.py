"""From read chains to what the summary says of each reader; means and intervals are the summary's own."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rembench.harness.answers.evidence import Answers, ReadChain
from rembench.harness.answers.scored import is_not_known
from rembench.harness.reader.journal import Readers
from rembench.harness.statistics.differences import difference
from rembench.harness.statistics.pairs import Pairs
from rembench.harness.types import Cell, ChainEvidence
from rembench.harness.usage import cost_of
from rembench.metrics.answers import (
    ANSWERED,
    ANSWERED_GAP,
    ANSWERS_LOST_PER_NIGHT,
    TOLD_ANYWAY,
    TOLD_GAP,
    answered_gap,
    told_gap,
)
from rembench.metrics.cells import all_right, item_points
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import Chains, scenario_table
from rembench.reports.reader.stopped import counted, stopped
from rembench.reports.reader.summary import (
    NO_VERDICT,
    NOT_KNOWN,
    OUTCOMES,
    RIGHT,
    WRONG,
    Detection,
    ReaderSummary,
    ReadSummary,
)
from rembench.reports.summary import metric_summary
from rembench.reports.summary_types import MetricSummary

_OF_ANSWERS = (ANSWERED, TOLD_ANYWAY, ANSWERS_LOST_PER_NIGHT)
_SHARES = (0.0, 1.0)
_KNOWABLE = frozenset({"held", "open"})
_Gap = Callable[[ChainEvidence, ChainEvidence], Iterable[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What's to be known of the run: its consolidators in order, which of them are controls, who recalls."""

    consolidators: Sequence[str]
    controls: frozenset[str] = field(default_factory=frozenset)
    recallers: frozenset[str] = field(default_factory=frozenset)


def summarise_readers(run: Run, readers: Readers, chains: Sequence[ReadChain]) -> dict[str, ReaderSummary]:
    """The summary of every reader, in the order in which they came."""
    return {
        name: _reader(name, run, readers, [one for one in chains if one.reader == name])
        for name in readers.records
    }


def _reader(name: str, run: Run, readers: Readers, chains: Sequence[ReadChain]) -> ReaderSummary:
    calls = readers.calls[name]
    ceiling = _one_each(chains)
    usages = {"all": [call.usage for call in calls]}
    for call in calls:
        source = "sessions" if call.subject.source == "sessions" else "memories"
        usages.setdefault(source, []).append(call.usage)
    return ReaderSummary(
        name=name,
        record={key: value for key, value in asdict(readers.records[name]).items() if key != "name"},
        models=tuple(sorted({call.model for call in calls if call.model})),
        sessions={m.name: metric_summary(m, _cells(m, (c.sessions for c in ceiling))) for m in _OF_ANSWERS},
        session_outcomes=_outcomes((c.sessions, c.from_sessions) for c in ceiling),
        consolidators={
            one: _read(one, run, [c for c in chains if c.written.chain.consolidator == one])
            for one in run.consolidators
        },
        cost={source: cost_of(found) for source, found in usages.items()},
        faults=dict(sorted(Counter(call.fault.type for call in calls if call.fault).items())),
    )


def _one_each(chains: Sequence[ReadChain]) -> list[ReadChain]:
    """One chain of every scenario: the raw sessions are the same in all of them."""
    return list({chain.written.chain.scenario: chain for chain in reversed(chains)}.values())[::-1]


def _read(name: str, run: Run, chains: Sequence[ReadChain]) -> ReadSummary:
    gaps = _gaps(chains, answered_gap)
    questions = tuple(stopped(chains))
    metrics: dict[str, MetricSummary] = {
        m.name: metric_summary(m, _cells(m, (c.memory for c in chains))) for m in _OF_ANSWERS
    }
    metrics[ANSWERED_GAP.name] = metric_summary(ANSWERED_GAP, gaps)
    metrics[TOLD_GAP.name] = metric_summary(TOLD_GAP, _gaps(chains, told_gap))
    return ReadSummary(
        name=name,
        control=name in run.controls,
        by_recall=name in run.recallers,
        metrics=metrics,
        detection=_detection(gaps),
        outcomes=_outcomes((c.memory, c.answers) for c in chains),
        stopped=counted(chains, questions),
        questions=questions,
    )


def _cells(metric: Metric, chains: Iterable[ChainEvidence]) -> Chains:
    return [(chain.chain.scenario, tuple(metric.cells(chain))) for chain in chains]


def _gaps(chains: Sequence[ReadChain], of: _Gap) -> Chains:
    return [(c.written.chain.scenario, tuple(of(c.memory, c.sessions))) for c in chains]


def _detection(gaps: Chains) -> Detection:
    values = scenario_table(ANSWERED_GAP, gaps).values
    known = {name: value for name, value in sorted(values.items()) if value is not None}
    unpaired = tuple(sorted(values.keys() - known.keys()))
    pairs = Pairs(scenarios=tuple(known), differences=tuple(known.values()), unpaired=unpaired)
    found = difference(pairs, _SHARES)
    return Detection(p=found.p, detectable=found.detectable, wanted=found.wanted)


def _outcomes(chains: Iterable[tuple[ChainEvidence, Answers]]) -> Mapping[str, int]:
    found = Counter(word for evidence, answers in chains for word in _words(evidence, answers))
    return {word: found[word] for word in OUTCOMES}


def _words(evidence: ChainEvidence, answers: Answers) -> Iterator[str]:
    for points in item_points(evidence):
        if not any(point.expected in _KNOWABLE for point in points):
            continue
        right = all_right(points)
        answer = answers.get((points[0].verdict.checkpoint, points[0].item.id))
        if right is None:
            yield NO_VERDICT
        elif right == 1.0:
            yield RIGHT
        else:
            yield NOT_KNOWN if answer and is_not_known(answer) else WRONG
