import pytest

from rembench.harness.statistics.holm import holm


def test_holm_by_hand():
    # in order 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.04 x 1: 0.04, 0.06, 0.06, 0.04 raised to the largest before it
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


def test_what_was_not_tested_does_not_count():
    assert holm([None, 0.01, None, 0.6]) == [None, 0.02, None, 0.6]
    assert holm([None]) == [None]
    assert holm([]) == []


def test_no_p_rises_above_one():
    assert holm([0.9, 0.8]) == [1.0, 1.0]
