"""Values scenario by scenario, on evidence written by hand."""

import pytest

from rembench.metrics import METRICS
from rembench.reports.by_scenario import metric_cells, scenario_tables, slice_tables
from tests.metrics.evidence import chain, planted


def facts(scenario, words, repeat=0):
    items = [planted(f"fact-{n}", "fact", f"held > {word}") for n, word in enumerate(words.split())]
    return chain(*items, key=("it", scenario, repeat))


def table(metric, *chains):
    return scenario_tables(metric_cells(chains))[metric]


def test_a_scenario_has_its_value_bounds_and_counts():
    # 1 of the 2 with a verdict; of all three 1 or 2
    found = table("retention", facts("a", "held absent ?"), facts("b", "held"))
    one = found.scenarios["a"]
    assert (one.value, one.bounds) == (0.5, (pytest.approx(1 / 3), pytest.approx(2 / 3)))
    assert (one.scored, one.missing, one.opportunities) == (2, 1, 3)
    assert found.values == {"a": 0.5, "b": 1.0}
    assert (found.scored, found.missing) == (3, 1)


def test_repeats_are_averaged_and_kept():
    found = table("retention", facts("a", "held", 0), facts("a", "absent", 1), facts("a", "?", 2))
    one = found.scenarios["a"]
    assert one.value == 0.5
    assert one.repeats == (1.0, 0.0, None)
    assert one.opportunities == 1
    assert found.repeats == 3


def test_an_item_at_several_nights_is_one_opportunity():
    item = planted("x", "fact", "held held held > held held held")
    one = table("retention", chain(item, key=("it", "a", 0))).scenarios["a"]
    assert (one.scored, one.opportunities) == (3, 1)


def test_a_scenario_that_is_a_yes_or_no_is_one_opportunity_however_many_values_it_has():
    leaking = [planted(f"code-{n}", "deletion", "absent > held:L5") for n in range(4)]
    assert table("deletion_leakage", chain(*leaking, key=("it", "a", 0))).scenarios["a"].opportunities == 1


def test_where_no_item_is_asked_about_the_nights_are_the_opportunities():
    one = table("seconds", chain(seconds={"c1": 1.0}, key=("it", "a", 0))).scenarios["a"]
    assert (one.value, one.bounds, one.opportunities) == (1.0, None, 1)


def test_a_metric_made_of_others_is_combined_repeat_by_repeat():
    # J: 1 - 0 stale - 0 false stale, then 1 - 1 - 0
    def job(found, repeat):
        items = [planted("job", "update", f"retired > {found}"), planted("x", "fact", "held > held")]
        return chain(*items, key=("it", "a", repeat))

    one = table("youden_j", job("retired", 0), job("held", 1)).scenarios["a"]
    assert one.repeats == (1.0, 0.0)
    assert one.value == 0.5


def test_a_metric_that_is_relative_to_others_is_in_no_table():
    assert scenario_tables(metric_cells([facts("a", "held")])).keys() == {
        m for m, metric in METRICS.items() if not metric.relative_to
    }


def test_slices_are_tables_of_the_cells_that_carry_their_name():
    update = planted("job", "update", "held > absent")
    cells = metric_cells([chain(planted("x", "fact", "held > held"), update, key=("it", "a", 0))])
    found = slice_tables(METRICS["retention"], cells)
    assert found["kind=fact"].values == {"a": 1.0}
    assert found["kind=update"].values == {"a": 0.0}
