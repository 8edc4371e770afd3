import pytest

from rembench.harness.audit.dose_response import DOSES, OWN, of, slope
from rembench.harness.audit.inject import INJECTORS
from rembench.metrics import METRICS
from tests.harness.audit.garden import GARDEN


def test_slope_is_least_squares():
    # x 0 1 2, y 0 1 3: mean x 1, mean y 4/3; (−1·−4/3 + 0 + 1·5/3) / 2 = 1.5
    assert slope([(0, 0), (1, 1), (2, 3)]) == pytest.approx(1.5)


def test_slope_of_one_dose_is_undefined():
    assert slope([(2, 1), (2, 3)]) is None


def test_every_type_has_a_metric():
    assert set(OWN) == set(INJECTORS)
    assert {name for names in OWN.values() for name in names} <= set(METRICS)


def test_lost_values_are_counted_one_by_one():
    found = of([GARDEN], ["lost", "leaked"])
    lost = found["types"]["lost"]
    # Held at c1: 25 minutes, hornbeam, Orla, Finn, 900 euros, closed; at c2: 40 minutes, hornbeam, Orla, Finn.
    assert lost["injected"] == [0, 2, 4, 8, 10]
    assert lost["measured"] == lost["injected"]
    assert lost["slope"] == pytest.approx(1)
    assert found["types"]["leaked"]["injected"] == [0, 1, 1, 1, 1]
    assert found["doses"] == list(DOSES)


def test_a_metric_that_moves_with_errors_that_are_not_its_own_fails_the_bar(monkeypatch):
    monkeypatch.setitem(OWN, "leaked", ("deletion_leakage",))
    found = of([GARDEN], ["leaked"])["types"]["leaked"]
    assert found["moved"]["prohibitions_broken"] > 0.02
    assert not found["met"]
