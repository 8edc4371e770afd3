"""Findings against claims, worked by hand."""

from rembench.harness.audit.agreement import answers
from rembench.harness.audit.claims import called_errors, claims, findings, spans
from tests.harness.audit.made import claim, finding, judged

#        0         1         2         3
#        0123456789012345678901234567890123456789
TEXT = "Born in 1987. Ten cats.\nRides on  Sundays."


def test_a_quote_is_found_whatever_its_white_space():
    assert list(spans(TEXT, "cats. Rides  on")) == [(18, 32)]
    assert list(spans("a b a b", "a b")) == [(0, 3), (4, 7)]
    assert list(spans(TEXT, "dogs")) == []
    assert list(spans(TEXT, " ")) == []


def test_a_finding_meets_a_claim_where_their_spans_overlap():
    one = judged(
        memory=TEXT,
        claims=[
            claim("Born in 1987"),
            claim("Ten cats", "distorted"),
            claim("Rides on Sundays", "overgeneralised"),
        ],
        findings=[finding(8, 12), finding(12, 14), finding(14, 17)],  # 1987: met; ". ": none; Ten: met
    )
    found = claims([one])
    assert found["fabricated"] == {
        "finding": "unsupported", "n": 1, "recall": 1.0, "findings": 3, "precision": 2 / 3,
    }  # fmt: skip
    assert (found["distorted"]["recall"], found["distorted"]["precision"]) == (1.0, None)
    assert found["overgeneralised"]["recall"] == 0.0
    assert found["misattributed"]["recall_reason"] == "no agreed claims"
    assert (found["all"]["n"], found["all"]["recall"], found["all"]["precision"]) == (3, 2 / 3, 2 / 3)


def test_a_claim_of_one_labeller_counts_for_precision_and_not_for_recall():
    one = judged(memory=TEXT, claims=[claim("Born in 1987", agreed=False)], findings=[finding(8, 12)])
    assert (claims([one])["all"]["n"], claims([one])["all"]["precision"]) == (0, 1.0)


def test_a_claim_whose_quote_is_nowhere_is_left_out_and_counted():
    one = judged(memory=TEXT, claims=[claim("Born in 1987"), claim("dogs")], findings=[finding(8, 12)])
    assert (claims([one])["all"]["recall"], claims([one])["all"]["unplaced"]) == (1.0, 1)


def test_without_claims_nothing_is_said_of_precision():
    one = judged(memory=TEXT, findings=[finding(8, 12)])
    assert claims([one])["all"]["precision"] is None
    assert (claims([one])["fabricated"]["findings"], claims([one])["distorted"]["findings"]) == (1, 0)
    assert claims([one])["all"]["reason"] == "no claims are listed in this set"
    assert findings([one])["unsupported"] == {"n": 1, "memories": 1, "right": None, "precision": None}


def test_right_values_called_errors_are_counted():
    one = judged(
        ("fact", "Assam", "held", "held", "held"),
        ("fact", "Pekoe", "held", "held", "retired"),  # right by its label, called an error
        ("fact", "mint", "held", "held", None),  # an abstention calls nothing an error
        ("update", "chai", "retired", "absent", "open"),  # accepted by both
        ("fact", "green", "held", "absent", "open"),  # wrong, and called so
        ("fact", "red", "held", "absent", "held"),  # wrong, and not called so
        ("fact", "white", None, "held", "absent"),  # not asked
    )
    found = called_errors(answers([one]))
    assert found == {"accepted": 4, "called_errors": 1 / 4, "errors": 2, "errors_found": 1 / 2}
