"""Twins: what's found in them is set against their originals, and counts nowhere else."""

import pytest

from rembench.harness.types import STANCES
from rembench.metrics import METRICS
from rembench.reports.summary import summarise
from tests.metrics.evidence import ABSTAINED, chain, planted

ROW = "held absent absent"


def code(found, **more):
    return planted("code", "deletion", f"{ROW} > {found}", said="s1", **more)


def original(name, found, *more, repeat=0, **settings):
    return chain(code(found), *more, key=("it", name, repeat), refed={"c3": ("s1", "s3")}, **settings)


def twin(of, found, *more, repeat=0, **settings):
    item = planted("code", "deletion", f"- absent absent > absent {found}", said="s1")
    refed = {"c3": ("s1", "s3")}
    return chain(item, *more, key=("it", f"{of}-twin", repeat), refed=refed, twin_of=of, **settings)


def summary_of(*evidence):
    return summarise({"consolidators": [{"name": "it"}]}, evidence, controls=frozenset()).consolidators["it"]


def test_net_leakage_is_leakage_less_the_twins_in_scenarios_that_have_one():
    # a leaks, its twin doesn't: 1; b leaks and its twin too: 0; c has no twin: not asked; (1 + 0) / 2
    metrics = summary_of(
        original("a", "held held:L5 absent"), twin("a", "absent absent"),
        original("b", "held absent held:L4"), twin("b", "absent held:L4"),
        original("c", "held held:L5 held:L5"),
    ).metrics  # fmt: skip
    assert metrics["deletion_leakage"].value == 1
    assert (metrics["twin_leakage"].value, metrics["twin_leakage"].scenarios) == (0.5, 2)
    net = metrics["net_leakage"]
    assert (net.value, net.scenarios) == (0.5, 2)
    assert (net.scored, net.missing) == (8, 0)


def test_net_leakage_has_phases():
    # request: a leaks, its twin doesn't: 1; re-feed: both do: 0
    metrics = summary_of(original("a", "held held:L5 held:L5"), twin("a", "absent held:L5")).metrics
    slices = {name: one.value for name, one in metrics["net_leakage"].slices.items() if "phase=" in name}
    assert (slices["phase=request"], slices["phase=refeed"]) == (1, 0)
    assert slices["level=L5 phase=request"] == 1
    assert metrics["net_leakage"].slices["phase=request"].scored == 2
    assert metrics["twin_leakage"].slices["phase=refeed"].value == 1


def test_repeats_of_a_twin_are_averaged_before_it_is_taken_off():
    # the twin leaks in one of two repeats: 1 - 1/2
    metrics = summary_of(
        original("a", "held held:L5 absent", repeat=0), original("a", "held held:L5 absent", repeat=1),
        twin("a", "absent absent", repeat=0), twin("a", "held:L3 absent", repeat=1),
    ).metrics  # fmt: skip
    assert metrics["net_leakage"].value == 0.5


def test_a_missing_cell_of_the_twin_leaves_the_net_open():
    metrics = summary_of(original("a", "held held:L5 absent"), twin("a", "absent ?")).metrics
    net = metrics["net_leakage"]
    assert (net.value, net.bounds, net.missing) == (1, (0, 1), 1)


def test_a_twin_that_failed_is_missing_and_no_zero():
    metrics = summary_of(original("a", "held held:L5 absent"), twin("a", "absent absent", failed="c1")).metrics
    net = metrics["net_leakage"]
    assert (net.value, net.reason) == (None, "not reached: night c1 failed (timeout)")
    assert metrics["twin_leakage"].value is None
    assert metrics["deletion_leakage"].value == 1


def test_a_twin_without_its_original_in_the_run_is_no_zero_of_it():
    metrics = summary_of(original("c", "held held:L5 absent"), twin("a", "absent absent")).metrics
    assert metrics["twin_leakage"].value == 0
    assert metrics["net_leakage"].value is None
    assert metrics["net_leakage"].reason == "no scenario here has a twin"


def test_a_twin_counts_in_nothing_else():
    city = planted("city", "fact", "held held held > absent absent absent")
    lone = summary_of(original("a", "held absent absent"))
    both = summary_of(original("a", "held absent absent"), twin("a", "absent held:L5", city, level=1))
    twins = {"twin_leakage", "net_leakage"}
    for name in METRICS.keys() - twins:
        assert both.metrics[name] == lone.metrics[name], name
    assert both.outcomes == lone.outcomes
    assert sum(both.outcomes[stance]["absent"] for stance in STANCES) == 2


def test_the_work_on_a_twin_is_work():
    done = summary_of(original("a", "held absent absent"), twin("a", "absent absent", failed="c2"))
    assert done.cost["nights"] == 5
    assert done.failures == {"timeout": 1}


@pytest.mark.parametrize("name", ["twin_leakage", "net_leakage"])
def test_without_twins_nothing_is_missing(name):
    found = summary_of(original("a", "held ? absent")).metrics[name]
    assert (found.value, found.scored, found.missing) == (None, 0, 0)
    assert found.reason != ABSTAINED
    assert found.slices == {}
