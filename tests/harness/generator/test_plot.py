"""Every kind and tactic by itself: a right scenario, with which the second solver and the scorer agree."""

import pytest

from rembench.harness.generator.plot import PlotValue
from rembench.harness.outcomes import accepted
from rembench.harness.scenario.answers import oracle_memory
from rembench.harness.scenario.checks import faults
from rembench.harness.scorer.reader import ScenarioScorer
from rembench.harness.solver.check import check_log
from tests.harness.generator.made import KINDS, items, one_kind, read, story

DOMAINS = ("coding", "household")
CASES = [(kind, tactic, domain, twin) for kind, tactic in KINDS for domain in DOMAINS for twin in (False, True)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def raw(request):
    kind, tactic, domain, twin = request.param
    return one_kind(kind, tactic, domain, twin=twin)


def test_the_scenario_is_right_by_the_formats_own_rules(raw):
    assert list(faults(read(raw))) == []


def test_the_second_solver_agrees_with_every_expectation(raw):
    assert check_log(raw, read(raw)) == []


def test_the_oracle_has_everything_right_at_every_night(raw):
    scenario = read(raw)
    scorer = ScenarioScorer(scenario)
    for night in scenario.nights:
        reading = scorer.read(oracle_memory(scenario, night.id), night.id)
        wrong = [
            v
            for v in reading.verdicts
            if v.expected and (v.observed is None or not accepted(v.expected, v.observed) or v.leak_level)
        ]
        assert wrong == []
        assert reading.findings == ()


# What's called otherwise in the item than in the order.
CALLED = {("fact", None): (None, "stored"), ("scope", None): ("private",)}


@pytest.mark.parametrize(("kind", "tactic"), KINDS)
def test_a_kind_is_made_in_the_way_of_its_tactic(kind, tactic):
    tactics = CALLED.get((kind, tactic), (tactic,))
    found = [
        i for domain in DOMAINS for name in tactics for i in items(one_kind(kind, tactic, domain), kind, name)
    ]
    assert len(found) >= 2
    assert any(story(value) for one in found for value in one["values"])


def test_a_value_has_the_stance_of_the_latest_place_before():
    value = PlotValue(text="tea", stances=[(-1.0, "held"), (2.0, None), (2.2, "absent"), (5.0, "held")])
    assert [value.stance(place) for place in (-2, -1, 1.5, 2, 2.1, 2.5, 4.75, 5, 9)] == [
        None, "held", "held", None, None, "absent", "absent", "held", "held",
    ]  # fmt: skip
    assert PlotValue(text="tea").stance(3) is None
