"""Bars are met, not met, or not asked; never by default."""

from rembench.harness.audit.agreement import agreement, answers
from rembench.harness.audit.bars import bars, unmet
from rembench.harness.audit.claims import called_errors, claims, findings
from rembench.harness.audit.held_out import held_out
from rembench.harness.audit.leaks import leaks
from rembench.harness.audit.metric_error import metric_error
from tests.harness.audit.made import claim, finding, judged


def table(*memories):
    given = answers(memories)
    one = {
        **agreement(given), "metric_error": metric_error(memories), "leaks": leaks(given),
        "claims": claims(memories), "findings": findings(memories), "errors": called_errors(given),
    }  # fmt: skip
    return {
        "validity": {"x": one}, "pooled": agreement(given), "held_out": held_out([("x", memories)]),
    }  # fmt: skip


def row(found, what):
    return next(r for r in bars(found) if r["what"] == what)


RIGHT = [("fact", f"v{n}", "held", "held", "held") for n in range(19)]
GONE = ("fact", "x", "retired", "absent", "absent")


def test_a_bar_is_compared_with_what_was_found():
    found = table(judged(*RIGHT, GONE))
    assert row(found, "kappa, set x") == {
        "part": "validity", "what": "kappa, set x", "bar": "≥ 0.80", "found": 1.0, "n": 20, "met": True,
    }  # fmt: skip
    missed = table(judged(*RIGHT, ("update", "x", "retired", "retired", "held")))
    assert row(missed, "kappa, set x")["met"] is False
    assert row(missed, "error of staleness, set x")["found"] == 1.0


def test_what_cannot_be_measured_is_not_asked_and_not_met():
    ranks = row(table(judged(*RIGHT)), "ranks by retention, set x")
    assert (ranks["found"], ranks["met"], ranks["reason"]) == (
        None,
        None,
        "fewer than three memories a scenario",
    )


def test_false_alarms_are_asked_where_nearly_all_is_right():
    wrong = [("fact", f"w{n}", "held", "absent", "absent") for n in range(2)]
    asked = "right values called errors, set x"
    assert row(table(judged(*RIGHT, ("fact", "y", "held", "absent", "held"))), asked)["met"] is True
    assert not [r for r in bars(table(judged(*RIGHT, *wrong))) if r["what"] == asked]


def test_precision_is_asked_where_claims_are_listed():
    found = [finding(0, 1), finding(2, 3), finding(0, 1, "distorted")]
    one = table(judged(*RIGHT, memory="a b", claims=[claim("a")], findings=found))
    unsupported = row(one, "precision of unsupported atoms, set x")
    assert (unsupported["found"], unsupported["n"], unsupported["met"]) == (0.5, 2, False)
    assert row(one, "precision of closed-world findings, set x")["found"] == 1.0
    without = bars(table(judged(*RIGHT, findings=found)))
    assert not [r for r in without if r["what"].startswith("precision")]


def test_parts_keep_their_own_verdict():
    one = {"share": 0.94, "made": 50, "met": False}
    found = {**table(judged(*RIGHT)), "mutants": {"types": {"negated": one}}}
    assert unmet(bars(found))[-1] == {
        "part": "mutants", "what": "mutants noticed: negated", "bar": "≥ 95%", "found": 0.94, "n": 50,
        "met": False,
    }  # fmt: skip
