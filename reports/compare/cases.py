"""What one of two gets right and the other doesn't: in groups, with examples and their evidence."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from rembench.harness.types import ChainEvidence, Stance, Verdict
from rembench.reports.compare.entrants import Entrant
from rembench.reports.compare.nights import coupled
from rembench.reports.compare.pairs import QUALITY, Pair
from rembench.reports.compare.values import SeenValue, differing, is_right, seen_value

EXAMPLES = 3
MOST_GROUPS = 12
MOST_SCENARIOS = 5

_Key = tuple[str, Stance, Stance, Stance]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A value at a night of a scenario, as both have it."""

    scenario: str
    repeat: int
    night: str
    value: SeenValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Values of one kind that were expected so and found so by the two; counted at every night."""

    kind: str
    expected: Stance
    first: str
    second: str
    first_right: bool
    values: int
    scenarios: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FarScenario:
    """A scenario in which the two are far from one another in quality."""

    scenario: str
    title: str
    first: float
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Where two differ. `first_only` and `second_only` count the values that only one has right.

    `unshown` counts the groups that aren't among `groups`.
    """

    first_only: int
    second_only: int
    groups: tuple[Group, ...]
    unshown: int
    scenarios: tuple[FarScenario, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    chains: tuple[ChainEvidence, ChainEvidence]
    night: str
    verdicts: tuple[Verdict, Verdict]


def cases(pair: Pair) -> Cases:
    """Where the two of a pair differ, the groups that are in the most scenarios first."""
    groups: dict[_Key, list[_Found]] = {}
    for key, found in _differing(pair):
        groups.setdefault(key, []).append(found)
    ranked = sorted(groups.items(), key=lambda one: (-_scenarios(one[1]), -len(one[1]), one[0]))
    right = [bool(is_right(one.verdicts[0])) for found in groups.values() for one in found]
    return Cases(
        first_only=sum(right),
        second_only=len(right) - sum(right),
        groups=tuple(_group(key, found) for key, found in ranked[:MOST_GROUPS]),
        unshown=max(0, len(ranked) - MOST_GROUPS),
        scenarios=tuple(_far(pair)),
    )


def _differing(pair: Pair) -> Iterator[tuple[_Key, _Found]]:
    for chains in coupled(pair.first, pair.second):
        kinds = {item.id: item.kind for item in chains[0].scenario.items}
        for step in chains[0].scenario.nights:
            for one, other in differing(*chains, step.id):
                if one.expected and one.observed and other.observed:
                    key = (kinds[one.item], one.expected, one.observed, other.observed)
                    yield key, _Found(chains, step.id, (one, other))


def _scenarios(found: list[_Found]) -> int:
    return len({one.chains[0].scenario.id for one in found})


def _group(key: _Key, found: list[_Found]) -> Group:
    by_scenario: dict[str, _Found] = {}
    for one in found:
        by_scenario.setdefault(one.chains[0].scenario.id, one)
    examples = tuple(_example(one) for one in list(by_scenario.values())[:EXAMPLES])
    sample = examples[0].value
    return Group(
        kind=key[0],
        expected=key[1],
        first=sample.first.outcome or key[2],
        second=sample.second.outcome or key[3],
        first_right=bool(sample.first.right),
        values=len(found),
        scenarios=_scenarios(found),
        examples=examples,
    )


def _example(found: _Found) -> Example:
    chain = found.chains[0]
    item = next(one for one in chain.scenario.items if one.id == found.verdicts[0].item)
    return Example(
        scenario=chain.scenario.id,
        repeat=chain.chain.repeat,
        night=found.night,
        value=seen_value(item, found.verdicts, found.chains),
    )


def _far(pair: Pair) -> Iterator[FarScenario]:
    titles = {chain.scenario.id: chain.scenario.title for chain in pair.first.chains}
    first, second = (one.tables[QUALITY].values for one in (pair.first, pair.second))
    both = [
        FarScenario(scenario=name, title=titles[name], first=mine, second=theirs)
        for name, mine in first.items()
        if mine is not None and (theirs := second.get(name)) is not None
    ]
    apart = [one for one in both if one.first != one.second]
    yield from sorted(apart, key=lambda one: (-abs(one.first - one.second), one.scenario))[:MOST_SCENARIOS]


def show_command(one: Entrant, example: Example) -> str:
    """The command that opens the verdicts on the example's item."""
    repeat = ["--repeat", str(example.repeat)] if example.repeat else []
    words = [
        "rembench", "show", one.folder, "--scenario", example.scenario, "-c", one.consolidator,
        "--item", example.value.item, "--checkpoint", example.night, *repeat,
    ]  # fmt: skip
    return shlex.join(words)
