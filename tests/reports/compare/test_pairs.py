"""Who is set against whom."""

from itertools import combinations

from rembench.metrics import METRICS
from rembench.reports.compare.pairs import (
    FEW_DETAILED,
    METRICS_COMPARED,
    MOST_DETAILED,
    QUALITY,
    all_pairs,
    best_control,
    detailed,
    slice_order,
)
from tests.reports.compare.made import entrant


def one(label, quality, **more):
    return entrant(label, {QUALITY: {"s1": quality, "s2": quality}}, **more)


CONTROLS = [
    one("nothing", 0.0, control=True),
    one("hoarder", 0.3, control=True),
    one("oracle", 1.0, control=True),
]


def test_every_headline_metric_is_compared_and_skill_on_the_scale_that_it_is_made_from():
    headlines = {name for name, metric in METRICS.items() if metric.headline}
    assert set(METRICS_COMPARED) == (headlines - {"skill"}) | {"informedness"}


def test_every_two_are_compared_once_and_each_with_the_best_control():
    everyone = [one("a", 0.1), one("b", 0.2), one("c", 0.3), *CONTROLS]
    pairs = all_pairs(everyone, best_control(everyone)).pairs
    couples = [(pair.first.label, pair.second.label) for pair in pairs]
    assert couples == [*combinations("abc", 2), ("a", "hoarder"), ("b", "hoarder"), ("c", "hoarder")]
    assert len({frozenset(couple) for couple in couples}) == len(couples)
    assert [pair.control for pair in pairs] == [False, False, False, True, True, True]


def test_the_oracle_and_a_contestant_are_never_the_best_control():
    assert best_control([one("a", 0.9), *CONTROLS]).label == "hoarder"
    assert best_control([one("a", 0.9), CONTROLS[-1]]) is None


def test_of_two_controls_alike_the_first_by_name_is_taken_whatever_their_order():
    alike = [one("b", 0.3, control=True), one("a", 0.3, control=True)]
    assert best_control(alike).label == best_control(alike[::-1]).label == "a"


def test_the_pairs_gone_into_are_those_of_contestants_and_not_too_many():
    for contestants, gone_into in ((6, MOST_DETAILED), (7, FEW_DETAILED)):
        everyone = [*(one(f"c{n}", 0.1) for n in range(contestants)), *CONTROLS]
        chosen = detailed(all_pairs(everyone, best_control(everyone)).pairs)
        assert len(chosen) == gone_into
        assert not [pair for pair in chosen if pair.control]
    alone = [one("a", 0.1), *CONTROLS]
    assert [pair.second.label for pair in detailed(all_pairs(alone, best_control(alone)).pairs)] == ["hoarder"]


def test_slices_that_are_numbers_are_in_their_order():
    names = ["age=10", "age=2", "kind=fact", "age=0"]
    assert sorted(names, key=slice_order) == ["age=0", "age=2", "age=10", "kind=fact"]
