"""Words and numbers, normalised."""

from rembench.harness.scorer.words import norms


def test_digits_beside_a_hyphen_are_no_number_word():
    assert norms("fax 058 70-003 17, twenty-one") == ("fax", "058", "70", "003", "17", "21")
