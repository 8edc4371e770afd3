"""Pairs: every two contestants, and each against the best control, on every headline metric and its slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rembench.metrics import METRICS
from rembench.reports.by_scenario import mean
from rembench.reports.compare.contrasts import Contrast, Family, Question, contrasts
from rembench.reports.compare.entrants import SLICED, Entrant

QUALITY = "informedness"
"""What the best control is best at, and the quality of the front: skill is a place on its scale."""

METRICS_COMPARED: tuple[str, ...] = tuple(
    dict.fromkeys(metric.relative_to or name for name, metric in METRICS.items() if metric.headline)
)
"""The headline metrics; for one that's relative to others, what it's made of."""

MOST_DETAILED, FEW_DETAILED = 6, 3
"""So many pairs are gone into (slices, nights, cases); of more than `MANY` pairs, only the few."""
MANY = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two entrants; a difference is the first minus the second. `control`: the second is the best control."""

    first: Entrant
    second: Entrant
    control: bool
    contrasts: tuple[Contrast, ...]

    def of(self, metric: str) -> Contrast:
        """The contrast on a metric."""
        return next(one for one in self.contrasts if one.metric.name == metric)

    def told(self) -> tuple[Contrast, ...]:
        """What tells the two apart."""
        return tuple(one for one in self.contrasts if one.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """All pairs as one family of tests."""

    pairs: tuple[Pair, ...]
    family: Family


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedPair:
    """What of a pair is compared slice by slice."""

    pair: Pair
    contrasts: tuple[Contrast, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """The slices of the pairs that are gone into, as one family of tests."""

    pairs: tuple[SlicedPair, ...]
    family: Family


def best_control(everyone: Sequence[Entrant]) -> Entrant | None:
    """The control with the most informedness, the oracle apart; None where there's none with any."""
    found = [
        (mean(values), one)
        for one in everyone
        if one.control and not one.contestant and not one.is_oracle
        if (values := [v for v in one.tables[QUALITY].values.values() if v is not None])
    ]
    return min(found, key=lambda pair: (-pair[0], pair[1].label))[1] if found else None


def all_pairs(everyone: Sequence[Entrant], control: Entrant | None) -> Pairs:
    """Every two contestants once, then each against the best control."""
    contestants = [one for one in everyone if one.contestant]
    couples = [(a, b, False) for a, b in combinations(contestants, 2)]
    couples += [(one, control, True) for one in contestants if control is not None]
    questions = [
        Question(first=a.tables[m], second=b.tables[m]) for a, b, _ in couples for m in METRICS_COMPARED
    ]
    family = contrasts(questions)
    width = len(METRICS_COMPARED)
    return Pairs(
        pairs=tuple(
            Pair(
                first=a,
                second=b,
                control=is_control,
                contrasts=family.contrasts[n * width : (n + 1) * width],
            )
            for n, (a, b, is_control) in enumerate(couples)
        ),
        family=family,
    )


def detailed(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs that are gone into: those of contestants, or of one alone that with the best control."""
    between = [one for one in pairs if not one.control]
    found = tuple(between or pairs)
    return found[: MOST_DETAILED if len(found) <= MANY else FEW_DETAILED]


def slices(pairs: Sequence[Pair]) -> Slices:
    """Every slice that both of a pair have."""
    asked = [(n, question) for n, pair in enumerate(pairs) for question in _sliced(pair)]
    family = contrasts([question for _, question in asked])
    found: list[list[Contrast]] = [[] for _ in pairs]
    for (n, _), contrast in zip(asked, family.contrasts, strict=True):
        found[n].append(contrast)
    return Slices(
        pairs=tuple(SlicedPair(pair=p, contrasts=tuple(c)) for p, c in zip(pairs, found, strict=True)),
        family=family,
    )


def slice_order(name: str) -> tuple[str, int, str]:
    """Slices by what they slice by, those that are numbers in their order."""
    by, _, part = name.partition("=")
    return by, int(part) if part.isascii() and part.isdigit() and len(part) < 10 else 0, part


def _sliced(pair: Pair) -> list[Question]:
    return [
        Question(first=pair.first.slices[m][name], second=pair.second.slices[m][name], slice=name)
        for m in SLICED
        for name in sorted(pair.first.slices[m].keys() & pair.second.slices[m].keys(), key=slice_order)
    ]
