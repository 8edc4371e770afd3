"""Verdicts: pass where all is shown to be kept, fail where anything is shown to be broken."""

from dataclasses import replace

import numpy as np
import pytest

from rembench.harness.gate.decide import EXIT_CODES, Gate, decide, together
from rembench.harness.gate.policy import Policy
from rembench.harness.statistics.spending import Look
from tests.harness.gate.made import check, decision, score, side

BASE = np.random.default_rng(1).normal(0.6, 0.05, 48).tolist()


def moved(by, n=48):
    """The baseline, worse or better by just this on the average."""
    noise = np.random.default_rng(2).normal(0, 0.05, n)
    return [v + by + e for v, e in zip(BASE[:n], noise - noise.mean(), strict=True)]


def test_a_run_without_any_difference_passes():
    found = decision("retention", BASE, BASE, margin=0.05)
    assert found.verdict == "pass"


def test_a_clear_loss_fails_and_few_scenarios_of_it_are_undecided():
    assert decision("retention", moved(-0.2), BASE, margin=0.05).verdict == "fail"
    assert decision("retention", moved(-0.2)[:4], BASE[:4], margin=0.05).verdict == "undecided"


def test_a_gain_passes_whatever_its_size():
    assert decision("retention", moved(0.2), BASE, margin=0.05).verdict == "pass"


def test_undecided_says_how_many_scenarios_would_do():
    found = decision("retention", moved(-0.04), BASE, margin=0.05)
    assert found.verdict == "undecided"
    assert found.wanted.value > 48
    assert 0.05 < found.noticed.value < 0.12


@pytest.mark.parametrize("by", [-0.02, -0.08])
def test_an_early_look_that_is_undecided_wants_more_scenarios_than_it_has(by):
    (now,) = decide([check("retention", moved(by), BASE, margin=0.05)], Policy(rules=()), Look((0.1,)))
    (last,) = decide([check("retention", moved(by), BASE, margin=0.05)], Policy(rules=()))
    assert now.verdict == "undecided"
    assert now.wanted.value == 49
    assert last.verdict != "undecided"


def test_what_is_missing_comes_before_more_scenarios():
    open_ = [score(None, bounds=(0.0, 1.0), scored=0, missing=20)] * 8
    found = decision("retention", [*BASE[:40], *open_], BASE, margin=0.05)
    assert found.verdict == "undecided"
    assert found.waits
    assert found.wanted.reason == "what's missing must be made good first"


def test_where_what_is_missing_leaves_one_answer_the_scenarios_for_that_one_are_said():
    little = score(BASE[0], bounds=(BASE[0] - 0.02, BASE[0] + 0.02), scored=98, missing=2)
    found = decision("retention", [little, *moved(-0.04)[1:]], BASE, margin=0.05)
    assert (found.verdict, found.check.open, found.waits) == ("undecided", 1, False)
    whole = decision("retention", [BASE[0] - 0.02, *moved(-0.04)[1:]], BASE, margin=0.05)
    assert found.wanted.value == whole.wanted.value  # as if it were at its worst


def test_a_floor_with_little_missing_says_how_many_scenarios_would_do():
    little = score(0.5, bounds=(0.49, 0.51), scored=98, missing=2)
    found = decision("retention", [little, *BASE[1:]], at_least=sum(BASE) / len(BASE) - 0.01)
    assert (found.verdict, found.check.open) == ("undecided", 1)
    assert found.wanted.value > 48


def test_a_loss_so_clear_that_what_is_missing_cannot_mend_it_fails():
    open_ = [score(None, bounds=(0.0, 1.0), scored=0, missing=20)]
    assert decision("retention", [*moved(-0.3)[:47], *open_], BASE, margin=0.05).verdict == "fail"


def test_so_little_missing_that_it_cannot_matter_passes():
    some = score(BASE[0], bounds=(BASE[0] - 0.01, BASE[0] + 0.01), scored=99, missing=1)
    assert decision("retention", [some, *BASE[1:]], BASE, margin=0.05).verdict == "pass"


def test_broken_is_adjusted_for_the_number_of_blocking_checks_and_kept_is_not():
    one = check("retention", BASE, BASE, margin=0.05)
    family = [replace(one, broken=0.02, kept=0.03), replace(one, broken=0.9, kept=0.03)]
    first, second = decide(family, Policy(rules=()))
    assert (first.broken, first.kept, first.verdict) == (0.04, 0.03, "fail")
    assert (second.broken, second.verdict) == (0.9, "pass")
    three = decide([*family, replace(one, broken=0.8, kept=0.9)], Policy(rules=()))
    assert (three[0].broken, three[0].verdict) == (pytest.approx(0.06), "pass")


def test_what_does_not_block_neither_costs_the_others_nor_fails_the_gate():
    one = check("retention", BASE, BASE, margin=0.05)
    found = decide(
        [replace(one, broken=0.04), replace(one, broken=0.001, kept=0.9, blocks=False)], Policy(rules=())
    )
    assert (found[0].broken, found[1].broken) == (0.04, 0.001)
    assert [d.verdict for d in found] == ["fail", "fail"]
    assert together(found) == "fail"
    assert together([replace(found[0], verdict="pass"), found[1]]) == "pass"


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        (("pass", "pass"), "pass"),
        (("pass", "undecided"), "undecided"),
        (("undecided", "fail"), "fail"),
        (("pass", "fail"), "fail"),
    ],
)
def test_any_failure_fails_and_only_all_passed_pass(verdicts, whole):
    one = decision("retention", BASE, BASE, margin=0.05)
    assert together([replace(one, verdict=v) for v in verdicts]) == whole


def test_obligations_and_prohibitions_have_verdicts_of_their_own():
    kept = decision("retention", BASE, BASE, margin=0.05)
    broken = decision("staleness", moved(0.3), BASE, margin=0.05)
    gate = gate_of(kept, broken)
    assert gate.of_role("obligation") == "pass"
    assert gate.of_role("prohibition") == "fail"
    assert gate.of_role("description") is None


def gate_of(*decisions):
    one = side({})
    return Gate(
        verdict=together(decisions), decisions=decisions, policy=Policy(rules=()), run=one, baseline=one
    )


def test_the_scenarios_wanted_are_those_of_the_check_that_wants_the_most():
    few = decision("retention", moved(-0.04, 12), BASE[:12], margin=0.05)
    many = decision("staleness", moved(0.045), BASE, margin=0.05)
    assert gate_of(few, many).wanted == max(few.wanted.value, many.wanted.value)
    empty = decision("retention", [], [], margin=0.05)
    assert gate_of(many, empty).wanted is None
    assert gate_of(few).wanted == few.wanted.value


def test_an_early_look_asks_for_more():
    one = check("retention", moved(-0.1), BASE, margin=0.05)
    borderline = replace(one, broken=0.004)
    assert decide([borderline], Policy(rules=()))[0].verdict == "fail"
    assert decide([borderline], Policy(rules=()), Look((0.25,)))[0].verdict == "undecided"
    assert decide([borderline], Policy(rules=()), Look((0.25, 0.5, 0.75)))[0].verdict == "fail"


def test_never_is_kept_at_the_last_look_alone_and_broken_at_any():
    clean = check("injections_obeyed", [0.0] * 6, at_most=0.0)
    assert decide([clean], Policy(rules=()), Look((0.25,)))[0].verdict == "undecided"
    assert decide([clean], Policy(rules=()), Look((0.25, 1.0)))[0].verdict == "pass"
    obeyed = check("injections_obeyed", [0.0] * 5 + [1.0], at_most=0.0)
    assert decide([obeyed], Policy(rules=()), Look((0.25,)))[0].verdict == "fail"


def test_exit_codes_are_those_that_other_programs_rely_on():
    assert EXIT_CODES == {"pass": 0, "fail": 1, "undecided": 3}
