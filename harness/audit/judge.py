"""The judge, measured: on the labelled values that the scorer is measured on, and on planted stores.

validity, pooled   agreement of the judge with the labels; scorer_kappa: Cohen's kappa of the judge's verdicts
                   and the scorer's, over the scorer_n values on which neither abstains
planted            for judge and scorer, by store, agreement with what was planted in it:
                     right   the oracle's memory at a scenario's last labelled checkpoint
                     wrong   in its form, every value that's expected retired or absent, and no other
                     aimed   as `right`, with text aimed at a judge under every file
                   bait_changed: of bait_n values, those on which the judge's verdicts on `right` and `aimed`
                   differ
no_verdicts        values without a verdict, by reason, over all of the above
cost               calls, tokens and US dollars of all of the above; null where a call's is unknown
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rembench.consolidators.zoo.judge_bait import baited
from rembench.harness.audit.agreement import Answer, Judged, agreement, answers, kappa, read_set
from rembench.harness.audit.entries import stated, write_lines
from rembench.harness.audit.validity import LabelledMemory, Stances, ValiditySet
from rembench.harness.judge.judge import Judge, Judgement
from rembench.harness.judge.question import prompt_hashes
from rembench.harness.providers.call import close
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.types import Stance
from rembench.harness.usage import cost_of

AT_ONCE = 8
"""Memories in the judge's hands at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The same memories read by the judge and by the scorer, in the same order."""

    judgements: tuple[Judgement, ...]
    judge: tuple[Judged, ...]
    scorer: tuple[Judged, ...]


def measure_judge(sets: Iterable[ValiditySet], judge: Judge, say: Callable[[str], None]) -> dict[str, Any]:
    """All of the above, with the judge's name, options, models and the hashes of its prompts.

    `say` is called with the name of every part as it begins. UserError where the judge's provider raises one.
    """
    return asyncio.run(_measured(tuple(sets), judge, say))


async def _measured(sets: Sequence[ValiditySet], judge: Judge, say: Callable[[str], None]) -> dict[str, Any]:
    try:
        return await _measure(sets, judge, say)
    finally:
        await close(judge.model)


async def _measure(sets: Sequence[ValiditySet], judge: Judge, say: Callable[[str], None]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    every: list[_Read] = []
    for one in sets:
        say(f"judge {one.name}")
        every.append(await _read(one, judge))
        table[one.name] = _agreement(every[-1:])
    say("judge planted")
    stores = await _read(_planted(sets), judge)
    judgements = [j for read in (*every, stores) for j in read.judgements]
    return {
        "name": judge.model.name,
        "options": dict(judge.model.options),
        "models": sorted({name for j in judgements for name in j.models}),
        "prompts": prompt_hashes(),
        "validity": table,
        "pooled": _agreement(every),
        "planted": _of_planted(stores),
        "no_verdicts": _no_verdicts(judgements),
        "cost": cost_of([usage for j in judgements for usage in j.usages]),
    }


async def _read(one: ValiditySet, judge: Judge) -> _Read:
    limit = asyncio.Semaphore(AT_ONCE)

    async def ask(labelled: LabelledMemory) -> Judgement:
        async with limit:
            return await judge.read(labelled.scenario, labelled.memory, labelled.checkpoint)

    found = await asyncio.gather(*map(ask, one.memories))
    judged = (Judged(labelled=m, reading=j.reading) for m, j in zip(one.memories, found, strict=True))
    return _Read(judgements=tuple(found), judge=tuple(judged), scorer=read_set(one))


def _agreement(read: Iterable[_Read]) -> dict[str, Any]:
    by_judge: list[Answer] = []
    by_scorer: list[Answer] = []
    for one in read:
        by_judge.extend(answers(one.judge))
        by_scorer.extend(answers(one.scorer))
    pairs = _both(by_judge, by_scorer)
    return {**agreement(by_judge), "scorer_kappa": kappa(pairs), "scorer_n": len(pairs)}


def _both(one: Iterable[Answer], other: Iterable[Answer]) -> list[tuple[str, str]]:
    """The verdicts of both on every value on which both have one."""
    pairs = ((a.verdict.observed, b.verdict.observed) for a, b in zip(one, other, strict=True))
    return [(a, b) for a, b in pairs if a is not None and b is not None]


def _of_planted(read: _Read) -> dict[str, Any]:
    given = answers(read.judge)
    right, aimed = ([a.answer for a in given if a.judged.labelled.style == name] for name in ("right", "aimed"))
    return {
        "judge": agreement(given)["by_style"],
        "scorer": agreement(answers(read.scorer))["by_style"],
        "bait_n": len(right),
        "bait_changed": sum(a != b for a, b in zip(right, aimed, strict=True)),
    }


def _no_verdicts(judgements: Iterable[Judgement]) -> dict[str, dict[str, Any]]:
    """By what stands before the colon of a reason, the most frequent first: n values, and the first reason."""
    reasons = [v.reason or "" for j in judgements for v in j.reading.verdicts if v.observed is None]
    counts = Counter(reason.partition(":")[0] for reason in reasons)
    return {
        head: {"n": n, "example": next(r for r in reasons if r.partition(":")[0] == head)}
        for head, n in counts.most_common()
    }


def _planted(sets: Iterable[ValiditySet]) -> ValiditySet:
    """Stores of which every stance is known because they were made so."""
    last = {one.scenario.id: one for known in sets for one in sorted(known.memories, key=_when)}
    made = tuple(store for one in last.values() for store in _stores(one))
    return ValiditySet(name="planted", path="", readers="none", how="by construction", memories=made)


def _when(one: LabelledMemory) -> int:
    return [night.id for night in one.scenario.nights].index(one.checkpoint)


def _stores(one: LabelledMemory) -> tuple[LabelledMemory, ...]:
    scenario, checkpoint = one.scenario, one.checkpoint
    memory = oracle_memory(scenario, checkpoint)
    right = replace(
        one,
        style="right",
        memory=memory,
        labels=_stances(one, {"held": "held", "open": "open"}),
        claims=(),
        readers={},
    )
    errors = [
        (f"{item.subject}, {item.attribute}", value)
        for item in scenario.items
        for value in item.values
        if value.expect.get(checkpoint) in {"retired", "absent"}
    ]
    wrong = replace(
        right,
        style="wrong",
        memory=write_lines(("memory.md", f"- {about}: {stated(value)}") for about, value in errors),
        labels=_stances(one, {"retired": "held", "absent": "held"}),
    )
    return right, wrong, replace(right, style="aimed", memory=baited(memory))


def _stances(one: LabelledMemory, planted: Mapping[Stance, Stance]) -> Stances:
    """The stance of every value that has an expectation: absent where what's expected isn't planted."""
    return {
        (item.id, v): planted.get(stance, "absent")
        for item in one.scenario.items
        for v, value in enumerate(item.values)
        if (stance := value.expect.get(one.checkpoint)) is not None
    }
