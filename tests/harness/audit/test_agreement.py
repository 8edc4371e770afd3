"""Agreement worked by hand."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.audit.agreement import agreement, answers, kappa
from rembench.harness.types import STANCES
from tests.harness.audit.made import judged

ROWS = [
    ("fact", "Assam", "held", "held", "held"),
    ("fact", "Pekoe", "held", "held", "held"),
    ("fact", "green", "held", "held", "absent"),
    ("update", "mint", "retired", "retired", None),
    ("update", "chai", "retired", "absent", "absent"),
    ("secret", "1234", "absent", "absent", "held"),
]


def test_kappa_and_accuracy_count_an_abstention_as_disagreement():
    # 3 of 6 agree. By chance: held 3 labels x 3 verdicts, absent 2 x 2, retired 1 x 0: 13 of 36.
    # kappa = (3 x 6 - 13) / (36 - 13) = 5/23
    found = agreement(answers([judged(*ROWS)]))
    assert found["n"] == 6
    assert found["accuracy"] == 3 / 6
    assert found["kappa"] == pytest.approx(5 / 23)
    assert (found["abstained"], found["abstentions"]) == (1 / 6, 1)


def test_containment_finds_the_text_whatever_its_case():
    # found: assam, chai, and nothing else. Agreeing: Assam held, 1234 absent: 2 of 6.
    # held 3 x 2, absent 2 x 4, retired 1 x 0: 14 of 36. kappa = (2 x 6 - 14) / (36 - 14) = -2/22
    found = agreement(answers([judged(*ROWS, memory="ASSAM, with chai")]))
    assert found["containment_kappa"] == pytest.approx(-2 / 22)


def test_groups_have_their_own_agreement():
    found = agreement(answers([judged(*ROWS, style="terse"), judged(*ROWS[:2], style="prose")]))
    assert {kind: one["n"] for kind, one in found["by_kind"].items()} == {"fact": 5, "secret": 1, "update": 2}
    assert {style: one["n"] for style, one in found["by_style"].items()} == {"prose": 2, "terse": 6}
    assert found["by_expected"]["retired"]["accuracy"] == 1 / 2
    assert found["by_style"]["prose"]["kappa"] is None
    assert found["by_style"]["prose"]["reason"] == "every value has the same label and verdict"


def test_the_confusion_has_every_label_and_every_answer():
    table = agreement(answers([judged(*ROWS)]))["confusion"]
    assert table["held"] == {"held": 2, "retired": 0, "open": 0, "absent": 1, "no verdict": 0}
    assert table["retired"]["no verdict"] == 1
    assert table["open"] == dict.fromkeys([*STANCES, "no verdict"], 0)


def test_a_value_without_expectation_is_measured_all_the_same():
    found = agreement(answers([judged(("fact", "Assam", None, "held", "held"))]))
    assert found["by_expected"]["not scored"]["n"] == 1


def test_the_two_readers_are_compared_with_one_another():
    first = {("i0", 0): "held", ("i1", 0): "absent", ("i2", 0): "held", ("i3", 0): "absent"}
    second = {**first, ("i3", 0): "held"}
    one = judged(*ROWS[:4], readers={"ann": first, "bo": second})
    # 3 of 4 agree; held 2 x 3, absent 2 x 1: 8 of 16. kappa = (12 - 8) / (16 - 8)
    found = agreement(answers([one]))
    assert (found["readers_kappa"], found["readers_n"]) == (0.5, 4)
    # Of the facts, i0 to i2, all three are labelled alike: held twice, absent once.
    assert (found["by_kind"]["fact"]["readers_kappa"], found["by_kind"]["fact"]["readers_n"]) == (1.0, 3)


def test_one_reader_alone_agrees_with_nobody():
    stances = {(f"i{n}", 0): "held" for n in range(len(ROWS))}
    found = agreement(answers([judged(*ROWS, readers={"ann": stances})]))
    assert (found["readers_kappa"], found["readers_n"]) == (None, 0)
    assert found["readers_reason"] == "no value has two labellings"


def test_kappa_of_nothing_and_of_one_answer_is_undefined():
    assert kappa([]) is None
    assert kappa([("held", "held")] * 3) is None


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([*STANCES, "no verdict"]), min_size=3, max_size=40))
def test_kappa_is_that_of_scikit_learn(drawn):
    from sklearn.metrics import cohen_kappa_score

    pairs = list(pairwise(drawn))
    found = kappa(pairs)
    if found is not None:
        assert found == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
