"""Hallucination: adopted, distorted, misbound; unsupported atoms; conditions dropped."""

import pytest

from rembench.metrics.hallucination import HALLUCINATION, OVERGENERALISED, UNSUPPORTED
from tests.metrics.evidence import (
    ABSTAINED,
    FAILED,
    amounts,
    chain,
    finding,
    planted,
    reasons,
    undefined_because,
    value,
)

CITY = planted("city", "fact", "held > held")
JOKE = planted("joke", "trap", "retired > held")
HINT = planted("hint", "trap", "retired > retired")


def test_three_sorts_weigh_the_same():
    # adopted 1 of 2 traps; distorted 1 of 3 items; misbound 0 of 3 items; macro: (1/2 + 1/3 + 0) / 3
    evidence = chain(CITY, JOKE, HINT, findings=[finding("c1", "distorted", "city")])
    assert value(HALLUCINATION, evidence) == pytest.approx(5 / 18)


def test_an_item_is_one_opportunity_however_often_it_is_distorted():
    evidence = chain(CITY, HINT, findings=[finding("c1", "distorted", "city", v) for v in (0, 0, 1)])
    assert amounts(HALLUCINATION, evidence, "sort=distorted") == [1, 0]


def test_findings_count_at_their_own_night_and_sort():
    both = planted("city", "fact", "held held > held held")
    evidence = chain(both, findings=[finding("c2", "misbound", "city"), finding("c1", "unsupported", "city")])
    assert amounts(HALLUCINATION, evidence, "sort=misbound") == [0, 1]
    assert amounts(HALLUCINATION, evidence, "sort=distorted") == [0, 0]


def test_a_cell_points_at_its_finding():
    findings = [finding("c1", "unsupported"), finding("c1", "misbound", "city")]
    cells = [c for c in HALLUCINATION.cells(chain(CITY, findings=findings)) if c.amount]
    assert [(c.ref.item, c.ref.finding) for c in cells] == [("city", 1)]


def test_a_trap_told_as_what_it_is_is_not_adopted():
    evidence = chain(*(planted(w, "trap", f"retired > {w}") for w in ("held", "retired", "open", "absent")))
    assert amounts(HALLUCINATION, evidence, "sort=adopted") == [1, 0, 0, 0]


def test_only_traps_can_be_adopted():
    evidence = chain(planted("job", "update", "retired > held"), planted("real", "trap", "held > held"))
    assert amounts(HALLUCINATION, evidence, "sort=adopted") == []


def test_no_verdict_on_a_trap_is_missing():
    evidence = chain(planted("joke", "trap", "retired > ?"))
    assert amounts(HALLUCINATION, evidence) == [None, 0, 0]
    assert reasons(HALLUCINATION, evidence) == [ABSTAINED, None, None]


def test_a_failed_night_is_missing_in_every_sort():
    evidence = chain(JOKE, failed="c1", findings=[finding("c1", "distorted", "joke")])
    assert amounts(HALLUCINATION, evidence) == [None, None, None]
    assert reasons(HALLUCINATION, evidence) == [FAILED] * 3


def test_a_scenario_without_items_has_no_opportunity():
    assert undefined_because(HALLUCINATION, chain()) == "no opportunity in these scenarios"


def test_unsupported_is_a_share_of_the_atoms_of_each_night():
    # c1: 1 of 4; c2: 3 of 4; mean 0.5
    findings = [finding(c, "unsupported") for c in ("c1", "c2", "c2", "c2")]
    other = finding("c1", "distorted", "city")
    evidence = chain(nights=2, findings=[*findings, other], atoms={"c1": 4, "c2": 4})
    assert amounts(UNSUPPORTED, evidence) == [0.25, 0.75]
    assert value(UNSUPPORTED, evidence) == 0.5


def test_a_memory_without_atoms_and_a_failed_night_have_no_share():
    evidence = chain(planted("city", "fact", "held held > held held"), atoms={"c2": 4}, failed="c2")
    assert amounts(UNSUPPORTED, evidence) == [None]
    assert reasons(UNSUPPORTED, evidence) == [FAILED]
    assert undefined_because(UNSUPPORTED, chain()) == "no atoms in the memory"


def test_overgeneralised_is_a_held_value_without_its_condition():
    # tea: 1 of 2 values bare; visit: 0 of 1; macro over the kinds: (0.5 + 0) / 2
    evidence = chain(
        planted("tea", "conditional", "held > held", "held > held", condition="on Sundays"),
        planted("visit", "temporary", "held > held", condition="until May"),
        findings=[finding("c1", "condition_dropped", "tea", 1), finding("c1", "distorted", "visit", 0)],
    )
    assert amounts(OVERGENERALISED, evidence) == [0, 1, 0]
    assert value(OVERGENERALISED, evidence) == 0.25


def test_overgeneralised_asks_only_held_values_that_have_a_condition():
    evidence = chain(
        planted("tea", "conditional", "held > absent", "retired > held", condition="on Sundays"),
        planted("city", "fact", "held > held"),
        findings=[finding("c1", "condition_dropped", "tea", 0)],
    )
    assert amounts(OVERGENERALISED, evidence) == []
    assert undefined_because(OVERGENERALISED, evidence) == "no opportunity in these scenarios"


def test_overgeneralised_without_a_verdict_is_missing():
    evidence = chain(planted("tea", "conditional", "held > ?", condition="on Sundays"))
    assert amounts(OVERGENERALISED, evidence) == [None]
    assert reasons(OVERGENERALISED, evidence) == [ABSTAINED]
