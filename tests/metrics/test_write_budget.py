"""Write budget: nights that kept to the tokens they were allowed."""

from rembench.metrics.write_budget import WRITE_BUDGET
from tests.metrics.evidence import FAILED, amounts, chain, planted, reasons, undefined_because, value

SIX = {"a.md": "Oda keeps bees", "b.md": "in Graz."}  # 3 + 3 tokens


def test_the_budget_itself_is_still_kept_to_and_files_add_up():
    evidence = chain(
        nights=3, memories=dict.fromkeys(("c1", "c2", "c3"), SIX), budgets={"c1": 5, "c2": 6, "c3": 7}
    )
    assert amounts(WRITE_BUDGET, evidence) == [0, 1, 1]
    assert value(WRITE_BUDGET, evidence) == 2 / 3


def test_only_nights_with_a_budget_are_asked():
    evidence = chain(nights=3, memories={"c2": SIX}, budgets={"c2": 100})
    (cell,) = WRITE_BUDGET.cells(evidence)
    assert (cell.amount, cell.ref.checkpoint) == (1, "c2")


def test_without_any_budget_it_is_undefined():
    assert undefined_because(WRITE_BUDGET, chain()) == "no opportunity in these scenarios"


def test_a_budget_of_zero_is_a_budget():
    assert amounts(WRITE_BUDGET, chain(budgets={"c1": 0}, memories={"c1": SIX})) == [0]
    assert amounts(WRITE_BUDGET, chain(budgets={"c1": 0}, memories={"c1": {}})) == [1]


def test_a_failed_night_is_missing_and_not_within_budget():
    evidence = chain(planted("city", "fact", "held > held"), budgets={"c1": 6}, failed="c1")
    assert amounts(WRITE_BUDGET, evidence) == [None]
    assert reasons(WRITE_BUDGET, evidence) == [FAILED]
