"""How numbers and outside texts are written."""

import pytest

from rembench.reports.summary_types import MetricSummary
from rembench.reports.wording import brackets, figure_text, interval, labels, note, number, visible


def _metric(**changes):
    known = {
        "value": 0.5, "low": 0.25, "high": 0.75, "bounds": (0.4, 0.6), "scored": 1234, "missing": 2,
        "unit": "share", "scenarios": 8,
    }  # fmt: skip
    return MetricSummary(**{**known, **changes})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "share", "0.00"),
        (1.0, "share", "1.00"),
        (0.004, "share", "0.004"),
        (0.0004, "share", "<0.001"),
        (0.9960, "share", "0.996"),
        (0.99999, "share", ">0.999"),
        (-0.25, "difference", "−0.25"),
        (1234.4, "tokens", "1,234"),
        (12.5, "tokens", "12.5"),
        (None, "share", "–"),
    ],
)
def test_a_number_never_reads_as_0_or_1_where_it_is_not(value, unit, text):
    assert number(value, unit) == text


def test_a_figure_has_its_interval_and_counts():
    one = _metric()
    assert interval(one) == "[0.25, 0.75]"
    assert brackets(one) == "[0.25, 0.75; n 1,234, 2 missing]"
    assert figure_text(one) == "0.50 [0.25, 0.75; n 1,234, 2 missing]"
    assert note(one) == "1,234 scored, 2 missing; between 0.40 and 0.60 whatever the missing verdicts are"


def test_no_value_has_its_reason():
    one = _metric(value=None, low=None, high=None, reason="no opportunity")
    assert figure_text(one) == "not measured: no opportunity"
    assert note(one) == "no opportunity"
    assert interval(one) == ""


def test_unseen_characters_are_shown_as_such():
    assert visible("a\x00b\u202ec\u200bd\ud800e\u2028f") == "a�b�c�d�e�f"
    assert visible("tab\tline\nno\u00a0break é 🦊") == "tab\tline\nno\u00a0break é 🦊"


def test_labels_are_short_where_that_is_unmistakable():
    assert labels(["/a/x.py:M", "oracle"]) == {"/a/x.py:M": "x.py:M", "oracle": "oracle"}
    assert labels(["/a/x.py:M", "/b/x.py:M"]) == {"/a/x.py:M": "/a/x.py:M", "/b/x.py:M": "/b/x.py:M"}


def test_the_slashes_of_options_are_no_folders():
    server, local = "openai:model=m,base_url=http://x/v1", "/a/mine.py:Mine:path=b/c"
    assert labels([server, local]) == {server: server, local: "mine.py:Mine:path=b/c"}
