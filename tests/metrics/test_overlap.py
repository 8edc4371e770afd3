"""Overlap: ROUGE against the oracle's memory, worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.metrics.overlap import ROUGE_1, ROUGE_2, ROUGE_L, rouge
from tests.metrics.evidence import FAILED, amounts, chain, planted, reasons, value

ALL = (ROUGE_1, ROUGE_2, ROUGE_L)


def written(text: str, right: str):
    return chain(memories={"c1": {"a.md": text}}, oracle={"c1": {"b.md": right}})


def test_f_measures_of_words_pairs_and_subsequence():
    # memory: oda keeps four bees; oracle: oda keeps bees in graz
    # words: 3 shared of 4 and of 5: 2 * 3 / 9; pairs: 1 of 3 and of 4: 2 * 1 / 7
    # subsequence: oda keeps bees: 2 * 3 / 9
    evidence = written("Oda keeps four bees", "Oda keeps bees in Graz.")
    assert value(ROUGE_1, evidence) == pytest.approx(2 / 3)
    assert value(ROUGE_2, evidence) == pytest.approx(2 / 7)
    assert value(ROUGE_L, evidence) == pytest.approx(2 / 3)


def test_order_matters_to_pairs_and_subsequence_only():
    # graz in bees: words all shared; no pair shared; longest subsequence 1 of 3
    evidence = written("Graz in bees", "bees in Graz")
    assert value(ROUGE_1, evidence) == 1
    assert value(ROUGE_2, evidence) == 0
    assert value(ROUGE_L, evidence) == pytest.approx(1 / 3)


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30))
def test_rouge_l_is_that_of_rouge_score(left, right):
    from rouge_score.rouge_scorer import RougeScorer

    target, text = " ".join(left), " ".join(right)
    theirs = RougeScorer(["rougeL"]).score(target, text)["rougeL"].fmeasure
    assert rouge(target, text)["rougeL"] == pytest.approx(theirs)


@pytest.mark.parametrize("metric", ALL, ids=lambda m: m.name)
def test_the_oracles_own_words_are_1_and_no_words_are_0(metric):
    assert value(metric, written("Oda keeps bees", "Oda keeps bees")) == 1
    assert value(metric, written("", "Oda keeps bees")) == 0


def test_files_are_read_in_the_order_of_their_paths():
    evidence = chain(
        memories={"c1": {"b.md": "in Graz", "a.md": "Oda keeps bees"}},
        oracle={"c1": {"x.md": "Oda keeps bees in Graz"}},
    )
    assert value(ROUGE_L, evidence) == 1


def test_nights_are_averaged_each_beside_its_own_oracle():
    evidence = chain(
        nights=2,
        memories={"c1": {"a.md": "bees"}, "c2": {"a.md": "bees"}},
        oracle={"c1": {"a.md": "bees"}, "c2": {"a.md": "wasps"}},
    )
    assert amounts(ROUGE_1, evidence) == [1, 0]
    assert value(ROUGE_1, evidence) == 0.5


@pytest.mark.parametrize("metric", ALL, ids=lambda m: m.name)
def test_a_failed_night_is_missing(metric):
    evidence = chain(planted("city", "fact", "held > held"), failed="c1")
    assert amounts(metric, evidence) == [None]
    assert reasons(metric, evidence) == [FAILED]
