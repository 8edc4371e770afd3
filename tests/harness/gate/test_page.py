"""What a gate says: every verdict with its reason, no number that isn't one."""

import json
import xml.etree.ElementTree as Xml
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.errors import UserError
from rembench.harness.gate.gate import gate
from rembench.harness.gate.page import cases, lines, markdown, to_json
from rembench.harness.gate.pairing import Couple
from rembench.harness.gate.policy import DEFAULT, Policy, Rule
from rembench.harness.statistics.spending import Look
from rembench.reports.junit import junit
from tests.harness.gate.made import score, side

IT = (Couple(name="it", against="it"),)
BASE = np.random.default_rng(1).uniform(0.3, 0.7, 48).tolist()
POLICY = Policy(
    rules=(
        Rule(metric="retention", margin=0.05, at_least=0.2),
        Rule(metric="staleness", margin=0.05),
        Rule(metric="insight", margin=0.05, blocks=False),
        Rule(metric="seconds", at_most=1000.0),
    )
)


def found(retention=0.0, staleness=0.0, insight=0.0, n=48, **more):
    noise = np.random.default_rng(2)

    def metrics(*by):
        names = ("retention", "staleness", "insight", "seconds")
        return {
            m: [v + b + e for v, e in zip(BASE[:n], noise.normal(0, 0.02, n), strict=True)]
            for m, b in zip(names, by, strict=True)
        }

    return gate(
        side(metrics(retention, staleness, insight, 0.0)), side(metrics(0, 0, 0, 0)), IT, POLICY, **more
    )


def test_a_failure_is_said_with_its_interval_and_its_margin():
    said = "\n".join(lines(found(retention=-0.2)))
    assert "it against the baseline" in said
    assert "worse than the baseline by more than 0.05" in said
    assert "(90% interval -0.2" in said
    assert said.splitlines()[-1].startswith(
        "gate: fail (obligations fail, prohibitions pass, other metrics pass"
    )


def test_undecided_says_how_many_scenarios_would_do():
    one = found(staleness=0.045)
    last = list(lines(one))[-1]
    assert "gate: undecided" in last
    assert f"about {one.wanted:,} scenarios would decide it" in last


def test_what_does_not_block_is_shown_and_changes_nothing():
    one = found(insight=-0.2)
    assert one.verdict == "pass"
    assert any("fail (doesn't block)" in line for line in lines(one))


def test_a_worse_run_that_is_undecided_says_that_it_is_worse():
    one = found(staleness=0.045)
    assert "worse, but whether by more than 0.05 can't be told" in "\n".join(lines(one))


def test_a_run_without_any_difference_says_why_so_few_cannot_tell():
    alike = side({"deletion_leakage": {f"s{n}": score(1.0, opportunities=1) for n in range(6)}})
    policy = Policy(rules=(Rule(metric="deletion_leakage", margin=0.15),))
    said = "\n".join(lines(gate(alike, alike, IT, policy)))
    assert "no scenario differs, but 6 are too few to rule out a loss of 0.15; about 19 scenarios" in said


def test_missing_verdicts_are_said_with_what_they_leave_open():
    none = [score(None, bounds=(0.0, 1.0), scored=0, missing=20)] * 8
    policy = Policy(rules=(Rule(metric="retention", margin=0.05),))
    one = gate(side({"retention": [*BASE[:40], *none]}), side({"retention": BASE}), IT, policy)
    said = "\n".join(lines(one))
    assert "8 scenarios miss verdicts that the other side has: the difference lies between" in said
    assert one.wanted is None
    assert "what would decide it stands beside each metric" in said


def test_a_look_says_how_sure_its_intervals_are():
    one = found(n=12, look=Look((0.25,)))
    assert to_json(one)["looks"] == [0.25]
    assert "(99.98% interval" in markdown(one)


def test_different_names_and_different_scenarios_are_noted():
    base = side({"retention": BASE}, name="old")
    run = side({"retention": BASE[:24]}, name="new")
    policy = Policy(rules=(Rule(metric="retention", margin=0.05),))
    said = list(lines(gate(run, base, (Couple(name="new", against="old"),), policy)))
    assert said[0] == "new against old (the baseline)"
    assert "24 scenarios are in both: the run has 24, the baseline 48" in said


def test_a_metric_that_no_scenario_asks_is_left_out_and_said():
    unasked = {"s0": score(None, scored=0)}
    one = side({"retention": BASE, "insight": unasked})
    policy = Policy(rules=(Rule(metric="insight", margin=0.1), Rule(metric="retention", margin=0.05)))
    made = gate(one, one, IT, policy)
    assert made.verdict == "pass"
    assert made.notes == ("insight isn't asked in these scenarios: left out",)
    assert [d.check.metric.name for d in made.decisions] == ["retention"]
    with pytest.raises(UserError, match="none of the policy's metrics is asked in these scenarios: insight"):
        gate(one, one, IT, Policy(rules=policy.rules[:1]))


def test_a_metric_that_only_later_scenarios_ask_stays_open_at_an_early_look():
    run = side({"retention": BASE[:24], "insight": {"s00": score(None, scored=0)}})
    whole = side({"retention": BASE, "insight": {"s00": score(None, scored=0), "s40": score(1.0)}})
    policy = Policy(rules=(Rule(metric="insight", margin=0.1), Rule(metric="retention", margin=0.05)))
    assert gate(run, whole, IT, policy, Look((0.5,))).verdict == "undecided"


def test_names_cannot_break_out_of_markdown_or_xml():
    name = "`it`|<b>*\n## x [a](b) \x00]]>&\x1b"
    one = side({"retention": BASE}, name=name)
    policy = Policy(rules=(Rule(metric="retention", margin=0.05),))
    made = gate(one, one, (Couple(name=name, against=name),), policy)
    page = markdown(made)
    assert "<b>" not in page
    assert "\n## x" not in page
    assert "\\`it\\`\\|&lt;b&gt;" in page
    top = Xml.fromstring(junit("gate", cases(made)))
    assert [c.get("name") for c in top.iter("testcase")] == ["retention margin 0.05"]
    assert all("\x1b" not in line and "\n" not in line for line in lines(made))


def test_junit_has_a_case_for_every_check_and_only_what_blocks_fails():
    made = found(retention=-0.2, insight=-0.2, staleness=0.05)
    top = Xml.fromstring(junit("rembench gate", cases(made)))
    suite = top.find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "1", "2")
    outcome = {c.get("name"): [child.tag for child in c] for c in suite}
    assert outcome == {
        "retention margin 0.05": ["failure"],
        "retention at least 0.2": ["system-out"],
        "staleness margin 0.05": ["skipped"],
        "insight margin 0.05": ["skipped"],
        "seconds at most 1,000": ["system-out"],
    }


def test_json_has_every_number_that_the_verdict_rests_on():
    made = json.loads(json.dumps(to_json(found(retention=-0.2)), allow_nan=False))
    assert (made["schema"], made["verdict"]) == (1, "fail")
    assert made["by_role"] == {"obligation": "fail", "prohibition": "pass", "description": "pass"}
    first = made["checks"][0]
    assert (first["metric"], first["role"], first["test"], first["limit"]) == (
        "retention", "obligation", "margin", 0.05,
    )  # fmt: skip
    assert first["difference"] == pytest.approx(first["value"] - first["baseline"])
    assert first["low"] < first["difference"] < first["high"] < -0.05
    assert first["p_broken"] <= 0.05 < first["p_kept"]
    assert first["p_worse_at_all"] <= 0.05
    assert first["scenarios"] == 48
    assert first["noticed"]["value"] > 0.05
    assert made["run"]["packs"] == [{"name": "core", "sha256": "abc"}]


THREE_METRICS = {"retention", "staleness", "deletion_leakage"}  # of every role and sort
THREE = replace(DEFAULT, rules=tuple(r for r in DEFAULT.rules if r.metric in THREE_METRICS))
amounts = st.one_of(st.none(), st.floats(0, 1).map(lambda v: round(v, 3)))


@st.composite
def sides(draw):
    made = {}
    for metric in THREE.metrics:
        rows = {}
        for name in draw(st.sets(st.sampled_from("abcdef"))):
            value, missing = draw(amounts), draw(st.integers(0, 3))
            bounds = (0.0, 1.0) if value is None or missing else (value, value)
            if value is None and not missing:
                bounds = None
            scored = 0 if value is None else 5
            rows[name] = score(value, bounds=bounds, scored=scored, missing=missing, opportunities=5)
        made[metric] = rows
    made["retention"]["z"] = score(0.5)
    return side(made)


@settings(deadline=None, max_examples=30)
@given(sides(), sides())
def test_whatever_is_measured_the_page_has_no_nan_and_every_none_its_reason(run, baseline):
    made = gate(run, baseline, IT, THREE)
    text = json.dumps(to_json(made), allow_nan=False)
    for page in (text, markdown(made), "\n".join(lines(made)), junit("gate", cases(made))):
        assert "nan" not in page.replace("nance", "")
        assert "None" not in page
    for one in to_json(made)["checks"]:
        assert one["why"]
        for told in (one["noticed"], one["scenarios_wanted"]):
            assert told["value"] is not None or told["reason"]
