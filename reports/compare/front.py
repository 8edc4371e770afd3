"""The Pareto front: quality against what it takes, contestant by contestant.

On the front is whoever nobody beats in both: no one has as much informedness for less, or more for as much.
Whose price is unknown has no place on it, neither on the front nor behind it. What beats whom by its numbers
needn't be told in quality; every domination says whether it is. What's paid is measured and taken as it is.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from rembench.harness.types import NightRecord
from rembench.metrics import METRICS
from rembench.reports.by_scenario import mean
from rembench.reports.compare.entrants import Entrant
from rembench.reports.compare.pairs import QUALITY, Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Something that quality is paid with: the metrics whose sum it is, a night."""

    name: str
    title: str
    unit: str
    of: tuple[str, ...]


PRICES = (
    Price(name="usd", title="US dollars a night", unit="US dollars", of=("usd",)),
    Price(name="tokens", title="Tokens a night, in and out", unit="tokens", of=("tokens_in", "tokens_out")),
    Price(name="seconds", title="Seconds a night", unit="seconds", of=("seconds",)),
    Price(name="store_tokens", title="Tokens of the memory", unit="tokens", of=("store_tokens",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominated:
    """By whom one is beaten; `told`: these scenarios tell the difference in quality."""

    by: str
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An entrant's place; None with a reason where its quality or its price isn't known.

    Controls are there for comparison, and take no part.
    """

    label: str
    control: bool
    quality: float | None
    price: float | None
    on_front: bool = False
    dominated: tuple[Dominated, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Quality against one price; the points are in the order of the entrants."""

    price: Price
    points: tuple[Point, ...]

    @property
    def varies(self) -> bool:
        """Whether any two that have a place pay differently."""
        return len({one.price for one in self.points if one.reason is None}) > 1


def fronts(everyone: Sequence[Entrant], pairs: Sequence[Pair]) -> tuple[Front, ...]:
    """The front for every price; the oracle isn't in it, it pays nothing for what it knows."""
    told = {frozenset((p.first.label, p.second.label)) for p in pairs if p.of(QUALITY).told}
    shown = [one for one in everyone if not one.is_oracle or one.contestant]
    return tuple(front(price, shown, told) for price in PRICES)


def front(price: Price, shown: Sequence[Entrant], told: Set[frozenset[str]]) -> Front:
    """The front for one price; `told` are the pairs of labels that are told apart in quality."""
    placed = [_point(price, one) for one in shown]
    players = [one for one in placed if not one.control and one.reason is None]
    points = []
    for one in placed:
        if one not in players:
            points.append(one)
            continue
        beaten = tuple(
            Dominated(by=other.label, told=frozenset((one.label, other.label)) in told)
            for other in players
            if _beats(other, one)
        )
        points.append(
            Point(
                label=one.label, control=False, quality=one.quality, price=one.price,
                on_front=not beaten, dominated=beaten,
            )
        )  # fmt: skip
    return Front(price=price, points=tuple(points))


def _beats(one: Point, other: Point) -> bool:
    if one.quality is None or one.price is None or other.quality is None or other.price is None:
        return False
    as_good = one.quality >= other.quality and one.price <= other.price
    return as_good and (one.quality > other.quality or one.price < other.price)


def _point(price: Price, one: Entrant) -> Point:
    quality = _mean(one, QUALITY)
    paid = [_mean(one, metric) for metric in price.of]
    reason = None
    if quality is None:
        reason = "no quality: " + _why(one, QUALITY)
    elif unknown := _unknown_nights(price, one):
        reason = f"unknown: of {unknown} of {_nights(one)} nights"
    elif None in paid:
        reason = "unknown: " + _why(one, price.of[0])
    known = [amount for amount in paid if amount is not None]
    return Point(
        label=one.label,
        control=not one.contestant,
        quality=quality,
        price=sum(known) if reason is None else None,
        reason=reason,
    )


_AMOUNTS: Mapping[str, Callable[[NightRecord], object]] = {
    "usd": lambda night: night.usage.usd,
    "tokens_in": lambda night: night.usage.input_tokens,
    "tokens_out": lambda night: night.usage.output_tokens,
}


def _unknown_nights(price: Price, one: Entrant) -> int:
    """How many of the nights that were run don't say what they took."""
    asked = [_AMOUNTS[metric] for metric in price.of if metric in _AMOUNTS]
    nights = [night for chain in one.chains for night in chain.nights.values()]
    return sum(any(amount(night) is None for amount in asked) for night in nights)


def _nights(one: Entrant) -> int:
    return sum(len(chain.nights) for chain in one.chains)


def _mean(one: Entrant, metric: str) -> float | None:
    values = [v for v in one.tables[metric].values.values() if v is not None]
    return mean(values) if values else None


def _why(one: Entrant, metric: str) -> str:
    reasons = one.tables[metric].reasons
    return reasons.most_common(1)[0][0] if reasons else METRICS[metric].unasked
