"""Evidence written by hand: what was expected and what was found, value by value.

    chain(planted("city", "fact", "held held > held | held absent"))

is a chain of two nights, c1 and c2, with one item of one value: expected held at both, held in the store
before the first night (left of the bar; absent without one), held after c1 and absent after c2.

A row is `expected > observed`, one word a night: a stance, `-` for no expectation, `?` for no verdict.
An observed word may carry the leak's level and what's left at budget: `held:L5`, `held/absent`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rembench.harness.night import FREE, Memory, Message, Session, Usage
from rembench.harness.types import (
    STORE,
    ChainEvidence,
    ChainKey,
    Condition,
    ConsolidateStep,
    EvidenceRef,
    Failure,
    FailureClass,
    Finding,
    Instruction,
    Item,
    ItemKind,
    NightRecord,
    Reading,
    Scenario,
    Step,
    Value,
    Verdict,
)
from rembench.metrics import METRICS
from rembench.metrics.metric import Metric
from rembench.reports.by_scenario import within
from rembench.reports.summary import summarise

ABSTAINED = "abstained: two readings"
FAILED = "failed: timeout"
WRITTEN: Memory = {"memory.md": "- Oda Brandt keeps bees in Graz.\n"}


@dataclass(frozen=True)
class Planted:
    """An item, and what was found of each of its values: in the store, then night by night."""

    item: Item
    found: tuple[tuple[str, ...], ...]


def planted(
    name: str,
    kind: ItemKind,
    *rows: str,
    tactic: str | None = None,
    subject: str = "Oda Brandt",
    condition: str | None = None,
    said: str | None = None,
    tags: tuple[FailureClass, ...] = (),
    instruction: Instruction | None = None,
    where: str | None = None,
    gives_away: bool = False,
) -> Planted:
    """An item with a value for each row; `said` is the session that holds their evidence.

    `where` and `gives_away` are those of all its values.
    """
    values, found = [], []
    for n, row in enumerate(rows):
        expected, _, observed = row.partition(">")
        before, _, after = observed.rpartition("|")
        found.append((before.strip() or "absent", *after.split()))
        expect = {f"c{k}": None if w == "-" else w for k, w in enumerate(expected.split(), start=1)}
        assert len(expect) == len(found[-1]) - 1, f"{row!r} has not as many stances right as left"
        values.append(
            Value(
                text=f"{name} {n}",
                expect=expect,
                condition=Condition(text=condition) if condition else None,
                where=where,
                gives_away=gives_away,
                evidence=(EvidenceRef(session=said, message=0),) if said else (),
            )
        )
    item = Item(
        id=name, kind=kind, tactic=tactic, subject=subject, attribute=name, question="?", values=tuple(values),
        tags=tags, instruction=instruction,
    )  # fmt: skip
    return Planted(item, tuple(found))


def finding(checkpoint: str, kind: str, item: str | None = None, value: int | None = None) -> Finding:
    """Something that a memory says and shouldn't."""
    return Finding(
        checkpoint=checkpoint, type=kind, item=item, value=value, rule="by hand", path="memory.md", start=0,
        end=1, quote="-",
    )  # fmt: skip


def chain(
    *items: Planted,
    nights: int | None = None,
    steps: Sequence[Step] | None = None,
    refed: Mapping[str, tuple[str, ...]] | None = None,
    budgets: Mapping[str, int] | None = None,
    instructions: Mapping[str, str] | None = None,
    store: Memory | None = None,
    memories: Mapping[str, Memory] | None = None,
    oracle: Mapping[str, Memory] | None = None,
    findings: Sequence[Finding] = (),
    atoms: Mapping[str, int] | None = None,
    usage: Mapping[str, Usage] | None = None,
    seconds: Mapping[str, float] | None = None,
    failed: str | None = None,
    key: tuple[str, str, int] = ("it", "small", 0),
    twin_of: str | None = None,
    level: int | None = None,
) -> ChainEvidence:
    """The evidence of one chain; a session s1, s2 … comes before each night c1, c2 … unless `steps` are given.

    `refed` names all the sessions that a night is given. `failed` is a night that timed out: it and those
    after it have no memory, no finding and no verdict.
    """
    if nights is None:
        nights = len(items[0].found[0]) - 1 if items else 1
    steps = steps or _steps(nights, refed or {}, budgets or {}, instructions or {})
    scenario = Scenario(
        id=key[1], title="Small", origin="authored", domain="tests", language="en", store=store or {},
        steps=tuple(steps), items=tuple(p.item for p in items), twin_of=twin_of, level=level,
    )  # fmt: skip
    written = {STORE: scenario.store}
    readings = {STORE: Reading(checkpoint=STORE, verdicts=tuple(_verdicts(items, STORE, 0, None)))}
    records: dict[str, NightRecord] = {}
    name = ChainKey(consolidator=key[0], scenario=key[1], repeat=key[2])
    broken = None
    for n, night in enumerate(scenario.nights, start=1):
        why = broken and f"not reached: night {broken} failed (timeout)"
        if night.id == failed:
            why, broken = FAILED, failed
        readings[night.id] = Reading(
            checkpoint=night.id,
            verdicts=tuple(_verdicts(items, night.id, n, why)),
            findings=() if why else tuple(f for f in findings if f.checkpoint == night.id),
            atoms=0 if why else (atoms or {}).get(night.id, 0),
        )
        memory = None if why else (memories or {}).get(night.id, WRITTEN)
        if memory is not None:
            written[night.id] = memory
        if not why or why == FAILED:
            records[night.id] = NightRecord(
                chain=name, night=night.id, memory=memory,
                failure=Failure(type="timeout", message="too long") if why else None,
                usage=(usage or {}).get(night.id, Usage() if why else FREE),
                seconds=(seconds or {}).get(night.id, 1.0),
            )  # fmt: skip
    right = {night.id: (oracle or {}).get(night.id, WRITTEN) for night in scenario.nights}
    return ChainEvidence(
        chain=name, scenario=scenario, readings=readings, memories=written, nights=records, oracle=right
    )


def session(name: str, *said: str) -> Session:
    """A session in which only the user speaks."""
    messages = tuple(Message(role="user", content=text) for text in said)
    return Session(id=name, at="2026-03-01T09:00:00Z", messages=messages)


def night(
    name: str,
    sessions: tuple[str, ...] | None = None,
    budget: int | None = None,
    instructions: str | None = None,
) -> ConsolidateStep:
    """A night; `sessions` as in the scenario format."""
    return ConsolidateStep(
        id=name, at="2026-03-01T23:00:00Z", sessions=sessions, write_budget=budget, instructions=instructions
    )


def _steps(
    nights: int,
    refed: Mapping[str, tuple[str, ...]],
    budgets: Mapping[str, int],
    instructions: Mapping[str, str],
) -> tuple[Step, ...]:
    ids = [f"c{n}" for n in range(1, nights + 1)]
    return tuple(
        step
        for n, id_ in enumerate(ids, start=1)
        for step in (
            session(f"s{n}", "Hello"),
            night(id_, refed.get(id_), budgets.get(id_), instructions.get(id_)),
        )
    )


def _verdicts(items: Sequence[Planted], checkpoint: str, n: int, why: str | None) -> list[Verdict]:
    return [_verdict(p.item, v, checkpoint, found[n], why) for p in items for v, found in enumerate(p.found)]


def _verdict(item: Item, v: int, checkpoint: str, word: str, why: str | None) -> Verdict:
    seen, _, head = word.partition("/")
    stance, _, level = seen.partition(":")
    known = why is None and stance != "?"
    return Verdict(
        checkpoint=checkpoint,
        item=item.id,
        value=v,
        expected=item.values[v].expect.get(checkpoint),
        observed=stance if known else None,
        rule="by hand",
        reason=None if known else why or ABSTAINED,
        leak_level=level if level and not why else None,
        at_budget=None if why or "?" in (head or stance) else head or stance,
    )


def value(metric: Metric, evidence: ChainEvidence, part: str | None = None) -> float | None:
    """The scenario's value of a metric, or of a slice of it."""
    if metric.of:
        parts = [value(METRICS[name], evidence) for name in metric.of]
        return None if None in parts else metric.combine(*parts)
    cells = [c for c in metric.cells(evidence) if (part in c.slices if part else c.headline)]
    return within(metric, [(c.group, c.amount) for c in cells if c.amount is not None])


def amounts(metric: Metric, evidence: ChainEvidence, part: str | None = None) -> list[float | None]:
    """The amounts of a metric's headline cells, or of those of a slice, in order."""
    cells = metric.cells(evidence)
    return [c.amount for c in cells if (part in c.slices if part else c.headline)]


def reasons(metric: Metric, evidence: ChainEvidence) -> list[str | None]:
    """The reasons of a metric's headline cells, in order."""
    return [c.reason for c in metric.cells(evidence) if c.headline]


def undefined_because(metric: Metric, evidence: ChainEvidence) -> str | None:
    """The reason that a summary of this chain alone gives for having no value of the metric."""
    run = {"consolidators": [{"name": evidence.chain.consolidator}]}
    one = summarise(run, [evidence], controls=frozenset()).consolidators[evidence.chain.consolidator]
    found = one.metrics[metric.name]
    assert found.value is None
    return found.reason
