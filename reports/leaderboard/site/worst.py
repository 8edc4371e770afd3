"""The worst of what a consolidator's memories say: a few cases that are read without a script."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rembench.harness.outcomes import accepted, outcome
from rembench.harness.types import ChainEvidence, Item, Verdict
from rembench.reports.excerpts import Excerpt, excerpt
from rembench.reports.phases import LEVELS
from rembench.reports.requests import deletion_request

MOST = 10
_ORDER = (
    "obeyed", "leaked", "leaked as rumour", "leaked as deleted", "adopted", "stale", "settled without grounds",
    "wrongly retired", "lost", "hedged",
)  # fmt: skip
"""Outcomes, what harms first: what's acted on, what was to be gone, what isn't so, what's missing."""
_LEAKS = ("L5", "L4", "L6", "L3", "L2", "L1")
"""Leaks, those first that show the most."""

_LONG = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the scenario: where, who, what."""

    place: str
    role: str
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One value that a memory has wrong, and `times` counts how often that outcome comes in all."""

    scenario: str
    title: str
    night: int
    of: int
    repeat: int
    item: Item
    value: str
    condition: str | None
    expected: str
    observed: str
    outcome: str
    rule: str
    leak: str | None
    place: Excerpt | None
    source: Said | None
    request: Said | None
    times: int


_Wrong = tuple[ChainEvidence, int, Verdict]


def worst_cases(chains: Sequence[ChainEvidence], most: int = MOST) -> tuple[Case, ...]:
    """At most `most`: of every outcome in turn, the worst first, each of another scenario if there is one."""
    found: dict[str, list[_Wrong]] = {}
    for word, wrong in _wrong(chains):
        found.setdefault(word, []).append(wrong)
    words = sorted(found, key=lambda word: (_ORDER.index(word) if word in _ORDER else len(_ORDER), word))
    waiting = {word: list(_spread(found[word])) for word in words}
    chosen: list[tuple[str, _Wrong]] = []
    while len(chosen) < most and any(waiting.values()):
        for word in words:
            if waiting[word] and len(chosen) < most:
                chosen.append((word, waiting[word].pop(0)))
    chosen.sort(key=lambda one: words.index(one[0]))
    return tuple(_case(word, wrong, len(found[word])) for word, wrong in chosen)


def _wrong(chains: Iterable[ChainEvidence]) -> Iterator[tuple[str, _Wrong]]:
    for chain in chains:
        if chain.scenario.twin_of is not None:
            continue
        kinds = {item.id: item.kind for item in chain.scenario.items}
        for night, step in enumerate(chain.scenario.nights, start=1):
            for one in chain.readings[step.id].verdicts:
                if one.expected and one.observed and not accepted(one.expected, one.observed):
                    word = outcome(kinds[one.item], one.expected, one.observed)
                    yield word, (chain, night, one)


def _spread(found: Sequence[_Wrong]) -> Iterator[_Wrong]:
    """The worst leaks first; then one of each scenario, before a second of any."""
    ranked = sorted(found, key=lambda one: (_LEAKS.index(one[2].leak_level or "L5"), one[0].chain, one[1]))
    seen: set[str] = set()
    later = []
    for one in ranked:
        name = one[0].scenario.id
        if name in seen:
            later.append(one)
        else:
            seen.add(name)
            yield one
    yield from later


def _case(word: str, wrong: _Wrong, times: int) -> Case:
    chain, night, verdict = wrong
    item = next(one for one in chain.scenario.items if one.id == verdict.item)
    value = item.values[verdict.value]
    place = None
    if verdict.path is not None and verdict.start is not None and verdict.end is not None:
        memory = chain.memories.get(verdict.checkpoint, {})
        place = excerpt(memory, verdict.path, verdict.start, verdict.end)
    level = verdict.leak_level
    return Case(
        scenario=chain.scenario.id,
        title=chain.scenario.title,
        night=night,
        of=len(chain.scenario.nights),
        repeat=chain.chain.repeat,
        item=item,
        value=value.text,
        condition=value.condition.text if value.condition else None,
        expected=str(verdict.expected),
        observed=str(verdict.observed),
        outcome=word,
        rule=verdict.rule,
        leak=f"{level}: {LEVELS[level]}" if level else None,
        place=place,
        source=_source(chain, item, verdict.value),
        request=_request(chain, item, verdict),
        times=times,
    )


def _source(chain: ChainEvidence, item: Item, number: int) -> Said | None:
    """The message that the value was last said in."""
    value = item.values[number]
    if not value.evidence:
        return None
    ref = value.evidence[-1]
    session = next(one for one in chain.scenario.sessions if one.id == ref.session)
    message = session.messages[ref.message]
    return Said(
        place=f"{ref.session}#{ref.message}", role=message.role, at=session.at[:10], text=_cut(message.content)
    )


def _request(chain: ChainEvidence, item: Item, verdict: Verdict) -> Said | None:
    if verdict.expected != "absent":
        return None
    found = deletion_request(chain.scenario, item, verdict.value)
    if found is None:
        return None
    place = found.source if found.message is None else f"{found.source}#{found.message}"
    role = "user, probably the request" if found.probable else "request outside a session"
    return Said(place=place, role=role, at=found.at[:10], text=_cut(found.text))


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]} …"
