"""Quality against price: who's on the front, who's beaten, who has no place."""

import pytest

from rembench.reports.compare.front import fronts
from rembench.reports.compare.pairs import QUALITY, all_pairs, best_control
from tests.reports.compare.made import entrant

NAMES = [f"s{n:02}" for n in range(14)]


def one(label, quality, seconds, **more):
    values = {QUALITY: dict.fromkeys(NAMES, quality), "seconds": dict.fromkeys(NAMES, seconds)}
    return entrant(label, values, **more)


def front_of(name, *everyone):
    pairs = all_pairs(everyone, best_control(everyone)).pairs
    found = next(front for front in fronts(everyone, pairs) if front.price.name == name)
    return {point.label: point for point in found.points}


def test_whoever_nobody_beats_in_both_is_on_the_front():
    found = front_of("seconds", one("fast", 0.5, 1.0), one("good", 0.8, 5.0), one("neither", 0.4, 6.0))
    assert [label for label, point in found.items() if point.on_front] == ["fast", "good"]
    assert [d.by for d in found["neither"].dominated] == ["fast", "good"]


def test_two_alike_are_both_on_the_front():
    found = front_of("seconds", one("a", 0.5, 1.0), one("b", 0.5, 1.0))
    assert all(point.on_front for point in found.values())


def test_whether_the_difference_in_quality_is_told_is_said():
    wavering = entrant(
        "wavering",
        {
            QUALITY: {name: 0.9 if n % 2 else 0.2 for n, name in enumerate(NAMES)},
            "seconds": dict.fromkeys(NAMES, 1.0),
        },
    )
    found = front_of("seconds", wavering, one("worse", 0.5, 2.0), one("worst", 0.0, 2.0))
    assert {d.by: d.told for d in found["worse"].dominated} == {"wavering": False}
    assert {d.by: d.told for d in found["worst"].dominated} == {"wavering": True, "worse": True}


def test_an_unknown_price_gives_no_place():
    found = front_of("usd", one("a", 0.5, 1.0))
    assert (found["a"].price, found["a"].on_front) == (None, False)
    assert found["a"].reason.startswith("unknown")


def test_an_unknown_quality_gives_no_place():
    found = front_of("seconds", one("a", None, 1.0), one("b", 0.1, 2.0))
    assert found["a"].reason.startswith("no quality")
    assert found["b"].on_front


def test_controls_take_no_part_and_the_oracle_is_not_shown():
    found = front_of(
        "seconds",
        one("a", 0.5, 1.0),
        one("hoarder", 0.6, 0.5, control=True),
        one("oracle", 1.0, 0.0, control=True),
    )
    assert found["a"].on_front
    assert not found["hoarder"].on_front
    assert "oracle" not in found


def test_a_night_that_does_not_say_what_it_cost_makes_the_price_unknown(found):
    usd = next(front for front in found.fronts if front.price.name == "usd")
    by_label = {point.label: point for point in usd.points}
    assert by_label["odd.py:Raises"].reason.startswith("no quality")
    assert by_label["extractive"].price == pytest.approx(0.0)
    tokens = next(front for front in found.fronts if front.price.name == "tokens")
    hostile = next(point for point in tokens.points if point.label == "hostile.py:Hostile")
    assert hostile.reason == "unknown: of 5 of 5 nights"
    assert hostile.price is None
