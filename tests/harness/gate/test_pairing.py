"""Who is set against whom, and what missing verdicts do to the differences."""

import pytest

from rembench.harness.errors import UserError
from rembench.harness.gate.pairing import Couple, check_common, check_comparable, compared, couples
from rembench.metrics import METRICS
from tests.harness.gate.made import score, scores, side

RETENTION, STALENESS, USD = (METRICS[name] for name in ("retention", "staleness", "usd"))


def paired(run, baseline, asked=(), controls=("oracle",)):
    return couples(
        (run, (*run, *controls)), (baseline, (*baseline, *controls)), where=("r", "b.json"), asked=asked
    )


def test_the_same_names_are_set_against_each_other():
    assert paired(("a", "b"), ("b", "a", "c")) == (Couple(name="a", against="a"), Couple(name="b", against="b"))


def test_where_each_holds_one_contestant_their_names_do_not_matter():
    assert paired(("new",), ("old",)) == (Couple(name="new", against="old"),)


def test_a_control_takes_part_when_it_is_asked_for():
    assert paired(("a",), ("a",), asked=("oracle",)) == (Couple(name="oracle", against="oracle"),)
    assert paired((), (), asked=("oracle",)) == (Couple(name="oracle", against="oracle"),)


@pytest.mark.parametrize(
    ("run", "baseline", "asked", "said"),
    [
        (("a", "b"), ("a",), (), "b.json: unknown consolidator 'b'"),
        (("extractiv",), ("extractive", "b"), (), "did you mean 'extractive'?"),
        (("a",), ("a",), ("aa",), "r: unknown consolidator 'aa'"),
        ((), ("a",), (), "r: the run has only controls; name one of them with -c"),
    ],
)
def test_who_has_nobody_to_be_set_against_is_said(run, baseline, asked, said):
    with pytest.raises(UserError) as wrong:
        paired(run, baseline, asked)
    assert said in str(wrong.value)


def test_other_packs_and_other_versions_are_refused():
    here = side({"retention": [0.5]})
    check_comparable(here, side({"retention": [0.5]}))
    other = side({}, packs=(("gate", "def"),), where="b.json")
    with pytest.raises(
        UserError, match=r"b\.json: the baseline was made on gate sha256 def, the run on core sha256"
    ):
        check_comparable(here, other)
    with pytest.raises(UserError, match="scored by rembench 2, the run by 1; make it again"):
        check_comparable(here, side({}, rembench="2"))


def test_the_order_of_the_packs_and_their_names_do_not_matter():
    check_comparable(side({}, packs=(("a", "1"), ("b", "2"))), side({}, packs=(("c", "2"), ("d", "1"))))


def test_no_scenario_in_common_is_refused():
    with pytest.raises(UserError, match="no scenario in common"):
        check_common(side({"retention": {"a": score(1.0)}}), side({"retention": {"b": score(1.0)}}))


def test_differences_are_turned_so_that_more_is_better():
    run, baseline = scores([0.5, 0.25]), scores([0.25, 0.5])
    assert compared(RETENTION, run, baseline).seen.differences == (0.25, -0.25)
    assert compared(STALENESS, run, baseline).seen.differences == (-0.25, 0.25)


def test_scenarios_of_one_side_only_take_no_part():
    found = compared(RETENTION, scores([0.5, 0.5, 0.5]), scores([0.5]))
    assert found.seen.scenarios == ("s00",)
    assert (found.seen.unpaired, found.open, found.missing) == ((), 0, 0)


def test_a_scenario_undefined_on_one_side_without_anything_missing_is_left_out_and_named():
    asked, unasked = score(0.5), score(None, bounds=None, scored=0)
    found = compared(
        RETENTION, {"a": asked, "b": unasked, "c": unasked}, {"a": asked, "b": asked, "c": unasked}
    )
    assert (found.seen.scenarios, found.seen.unpaired) == (("a",), ("b",))
    assert (found.open, found.worst) == (0, found.seen.differences)


def test_what_the_run_misses_beyond_the_baseline_is_taken_at_both_ends():
    # s0: half is missing: between 0.25 and 0.75 against 0.5; s1 complete: 0.5 - 0.25
    half = score(0.5, bounds=(0.25, 0.75), scored=10, missing=10)
    found = compared(RETENTION, scores([half, 0.5]), scores([0.5, 0.25]))
    assert found.seen.differences == (0.0, 0.25)
    assert (found.worst, found.best) == ((-0.25, 0.25), (0.25, 0.25))
    assert (found.open, found.missing) == (1, 0.25)  # 10 of 40 opportunities


def test_for_a_metric_better_low_the_ends_turn_round():
    half = score(0.5, bounds=(0.25, 1.0), scored=10, missing=10)
    found = compared(STALENESS, scores([half]), scores([0.5]))
    assert (found.worst, found.best) == ((-0.5,), (0.25,))


def test_what_the_baseline_misses_is_taken_at_both_ends_too():
    half = score(0.5, bounds=(0.25, 0.75), scored=10, missing=10)
    found = compared(RETENTION, scores([0.5]), scores([half]))
    assert (found.worst, found.best) == ((-0.25,), (0.25,))


def test_what_both_miss_alike_changes_nothing():
    half = score(0.5, bounds=(0.25, 0.75), scored=10, missing=10)
    found = compared(RETENTION, scores([half]), scores([half]))
    assert (found.worst, found.best, found.open) == ((0.0,), (0.0,), 0)


def test_a_scenario_all_of_which_is_missing_is_between_its_bounds():
    none = score(None, bounds=(0.0, 1.0), scored=0, missing=20)
    found = compared(RETENTION, scores([none, 0.5]), scores([0.5, 0.5]))
    assert found.seen.unpaired == ("s00",)
    assert (found.worst, found.best) == ((-0.5, 0.0), (0.5, 0.0))


def test_missing_within_what_the_policy_allows_is_passed_over():
    some = score(0.5, bounds=(0.45, 0.55), scored=19, missing=1)
    values = [some, *[0.5] * 9]  # 1 of 200 opportunities
    found = compared(RETENTION, scores(values), scores([0.5] * 10), allowed=0.005)
    assert (found.worst, found.open) == ((0.0,) * 10, 0)
    assert compared(RETENTION, scores(values), scores([0.5] * 10), allowed=0.004).open == 1


def test_missing_amounts_without_limits_leave_both_ends_unknown():
    half = score(2.0, bounds=None, scored=1, missing=1)
    unknown = {"s00": half, "s01": score(1.0)}
    found = compared(USD, unknown, scores([1.0, 1.0]))
    assert (found.worst, found.best, found.open) == (None, None, 1)
