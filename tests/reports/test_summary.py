"""The one place where means and intervals are made, on evidence written by hand."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.night import Usage
from rembench.harness.types import STANCES
from rembench.metrics import METRICS
from rembench.reports.summary import summarise
from tests.metrics.evidence import ABSTAINED, chain, planted

CONTROLS = frozenset({"nothing", "identity", "oracle"})


def summary_of(*evidence, names=()):
    """A summary of some chains; consolidators in the order of their names' first chain."""
    order = dict.fromkeys([*names, *(e.chain.consolidator for e in evidence)])
    return summarise({"consolidators": [{"name": n} for n in order]}, evidence, controls=CONTROLS)


def metric(name, *evidence, of="it"):
    return summary_of(*evidence).consolidators[of].metrics[name]


def facts(scenario, words, repeat=0, who="it"):
    """A scenario of one fact for each word, expected held and found as the word says."""
    items = [planted(f"fact-{n}", "fact", f"held > {word}") for n, word in enumerate(words.split())]
    return chain(*items, key=(who, scenario, repeat))


def test_scenarios_weigh_the_same_however_many_values_they_have():
    # 1 of 1 and 1 of 4: (1 + 0.25) / 2, over five cells
    found = metric("retention", facts("a", "held"), facts("b", "held absent absent absent"))
    assert found.value == 0.625
    assert (found.scored, found.missing, found.scenarios) == (5, 0, 2)
    assert found.unit == "share"
    assert found.reason is None


def test_repeats_are_averaged_before_scenarios():
    # a: 1, 1 and 0 over three repeats: 2/3; b once: 0; (2/3 + 0) / 2, not the mean of four chains
    found = metric(
        "retention",
        facts("a", "held", 0), facts("a", "held", 1), facts("a", "absent", 2), facts("b", "absent"),
    )  # fmt: skip
    assert found.value == pytest.approx(1 / 3)
    assert found.scenarios == 2
    assert found.scored == 4


def test_a_repeat_without_a_value_does_not_count_in_its_scenarios_mean():
    found = metric("retention", facts("a", "held", 0), facts("a", "?", 1))
    assert found.value == 1
    assert found.bounds == (0.5, 1.0)


def test_bounds_take_every_missing_cell_at_its_worst_and_best():
    # a: held, absent, two missing: 1 of 2; bounds 1 of 4 and 3 of 4; b: all missing: 0 and 1
    found = metric("retention", facts("a", "held absent ? ?"), facts("b", "? ?"))
    assert found.value == 0.5
    assert found.bounds == (0.125, 0.875)
    assert (found.scored, found.missing, found.scenarios) == (2, 4, 1)


def test_without_missing_cells_the_bounds_are_the_value():
    found = metric("retention", facts("a", "held absent"))
    assert found.bounds == (0.5, 0.5)


def test_a_metric_without_an_upper_limit_has_no_bounds():
    assert metric("seconds", facts("a", "held")).bounds is None


def test_any_and_all_are_per_scenario():
    # leaks: a in one value of two, b in none; clean: only b
    leaking = chain(
        planted("code", "deletion", "absent > held:L5"), planted("name", "deletion", "absent > absent"),
        key=("it", "a", 0),
    )  # fmt: skip
    tight = chain(planted("code", "deletion", "absent > absent"), key=("it", "b", 0))
    assert metric("deletion_leakage", leaking, tight).value == 0.5
    assert metric("clean_scenario_rate", leaking, tight).value == 0.5


def test_a_missing_cell_leaves_a_leak_open():
    found = metric("deletion_leakage", chain(planted("code", "deletion", "absent absent > absent ?")))
    assert found.value == 0
    assert found.bounds == (0, 1)


@pytest.mark.parametrize("name", ["deletion_leakage", "clean_scenario_rate"])
def test_one_yes_or_no_a_scenario_has_the_exact_interval(name):
    # of ten scenarios five leak: Clopper and Pearson's 0.1871 to 0.8129, for the five clean ones too
    evidence = [
        chain(planted("code", "deletion", f"absent > {word}"), key=("it", f"s{n}", 0))
        for n, word in enumerate(["held:L5", "absent"] * 5)
    ]
    found = metric(name, *evidence)
    assert found.value == 0.5
    assert (found.low, found.high) == (pytest.approx(0.1871, abs=5e-5), pytest.approx(0.8129, abs=5e-5))


def test_a_share_has_the_interval_of_its_scenarios():
    # ten scenarios that lost everything: Clopper and Pearson on ten, however many cells: 0 to 0.3085
    found = metric("retention", *(facts(f"s{n}", "absent " * 7) for n in range(10)))
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(0.3085, abs=5e-5)


def test_an_amount_has_students_interval_cut_at_zero():
    # 1 and 3 seconds: mean 2, deviation sqrt(2), t 12.7062: half width 12.7062
    found = metric(
        "seconds",
        chain(seconds={"c1": 1.0}, key=("it", "a", 0)), chain(seconds={"c1": 3.0}, key=("it", "b", 0)),
    )  # fmt: skip
    assert (found.value, found.low) == (2, 0)
    assert found.high == pytest.approx(14.7062, abs=1e-4)


def test_one_scenario_has_a_value_without_an_interval_and_says_why():
    found = metric("seconds", facts("a", "held"))
    assert (found.value, found.low, found.high) == (1, None, None)
    assert found.reason == "one scenario has no spread"


def test_undefined_is_null_with_the_reason_that_is_most_frequent():
    found = metric("retention", facts("a", "? ?"), chain(planted("x", "fact", "held > held"), failed="c1"))
    assert found.value is None
    assert found.reason == ABSTAINED
    assert found.bounds == (0, 1)
    assert (found.scored, found.missing, found.scenarios) == (0, 3, 0)


def test_no_opportunity_is_undefined_and_nothing_is_missing():
    found = metric("insight", facts("a", "held"))
    assert (found.value, found.bounds, found.scored, found.missing) == (None, None, 0, 0)
    assert found.reason == "no opportunity in these scenarios"


def test_a_scenario_without_opportunity_does_not_count_in_the_mean():
    pattern = chain(planted("habit", "pattern", "held > held"), key=("it", "b", 0))
    found = metric("insight", facts("a", "absent"), pattern)
    assert (found.value, found.scenarios) == (1, 1)


def test_a_metric_made_of_others_is_combined_scenario_by_scenario():
    # a: stale 1, false stale 0: J = 0; b: 0 and 1/2: J = 1/2; c has no stale value: undefined
    a = chain(
        planted("job", "update", "retired > held"), planted("x", "fact", "held > held"), key=("it", "a", 0)
    )
    b = chain(
        planted("job", "update", "retired > absent"),
        planted("x", "fact", "held > held"),
        planted("y", "fact", "held > absent"),
        key=("it", "b", 0),
    )
    found = metric("youden_j", a, b, facts("c", "absent"))
    assert (found.value, found.scenarios) == (0.25, 2)


def test_bounds_of_a_difference_take_the_worst_and_best_of_both():
    # stale 0 of 1 known of 2: 0 to 1/2; false stale 0 of 1 known of 2: 0 to 1/2; J: 1 - 1/2 - 1/2 to 1
    found = metric(
        "youden_j",
        chain(
            planted("job", "update", "retired > absent", "retired > ?"),
            planted("x", "fact", "held > held"),
            planted("y", "fact", "held > ?"),
        ),
    )
    assert found.value == 1
    assert found.bounds == (0, 1)
    assert (found.scored, found.missing) == (2, 2)


def test_a_difference_that_has_only_one_side_does_not_speak_of_dividing():
    found = metric("youden_j", facts("a", "held"))
    assert found.value is None
    assert "divide" not in found.reason


def test_slices_have_the_same_arithmetic():
    # night 1: a 1 of 1, b 0 of 1; night 2: a missing, b 1 of 1
    a = chain(planted("x", "fact", "held held > held ?"), key=("it", "a", 0))
    b = chain(planted("x", "update", "held held > absent held", tactic="revert"), key=("it", "b", 0))
    slices = metric("retention", a, b).slices
    assert set(slices) == {
        "night=1",
        "night=2",
        "kind=fact",
        "kind=update",
        "tactic=revert",
        "domain=tests",
        "age=0",
        "age=1",
    }
    assert (slices["night=1"].value, slices["night=1"].scenarios) == (0.5, 2)
    assert (slices["night=2"].value, slices["night=2"].scored, slices["night=2"].missing) == (1, 1, 1)
    assert slices["night=2"].bounds == (0.5, 1)
    assert slices["tactic=revert"].value == 0.5
    assert slices["tactic=revert"].scenarios == 1


def test_levels_are_slices_that_do_not_count_in_the_headline():
    noted = chain(planted("code", "deletion", "absent absent > absent:L1 held:L5"), key=("it", "a", 0))
    clear = chain(planted("code", "deletion", "absent absent > absent absent"), key=("it", "b", 0))
    found = metric("deletion_leakage", noted, clear)
    assert (found.value, found.scored) == (0.5, 4)
    shares = {name: one.value for name, one in found.slices.items()}
    assert (shares["level=L1"], shares["level=L5"], shares["level=L4"]) == (0.5, 0.5, 0)
    assert (shares["phase=request"], shares["phase=next"]) == (0, 0.5)
    assert (shares["level=L1 phase=request"], shares["level=L5 phase=request"]) == (0.5, 0)
    assert shares["level=L5 phase=next"] == 0.5


def informed(who, scenario, held, absent):
    """A scenario of four facts and four secrets, of which so many are held."""
    kept = [planted(f"f{n}", "fact", f"held > {'held' if n < held else 'absent'}") for n in range(4)]
    leaked = [planted(f"s{n}", "secret", f"absent > {'held' if n < absent else 'absent'}") for n in range(4)]
    return chain(*kept, *leaked, key=(who, scenario, 0))


def test_skill_is_the_place_between_the_best_control_and_the_oracle():
    # J: oracle 1; nothing 0; identity (1/2 + 0) / 2 = 1/4, the best control
    # it: a 3/4 - 0, b 1 - 1/2: mean 5/8; (5/8 - 1/4) / (1 - 1/4) = 1/2
    made = summary_of(
        informed("it", "a", 3, 0), informed("it", "b", 4, 2),
        informed("bad", "a", 0, 4), informed("bad", "b", 1, 1),
        informed("nothing", "a", 0, 0), informed("nothing", "b", 0, 0),
        informed("identity", "a", 2, 0), informed("identity", "b", 0, 0),
        informed("oracle", "a", 4, 0), informed("oracle", "b", 4, 0),
    )  # fmt: skip
    skill = {name: one.metrics["skill"] for name, one in made.consolidators.items()}
    assert {n: s.value for n, s in skill.items()} == {
        "it": 0.5, "bad": 0, "nothing": 0, "identity": 0, "oracle": 1,
    }  # fmt: skip
    assert skill["it"].bounds == (0.5, 0.5)
    assert (skill["it"].scenarios, skill["it"].scored) == (2, 16)
    assert (skill["oracle"].low, skill["oracle"].high) == (1, 1)
    assert skill["bad"].bounds == (0, 0)


def test_a_consolidator_that_wrote_nothing_has_no_skill_and_the_others_keep_theirs():
    made = summary_of(
        chain(planted("f", "fact", "held > held"), planted("s", "secret", "absent > absent"), failed="c1"),
        informed("nothing", "a", 0, 0), informed("oracle", "a", 4, 0),
    )  # fmt: skip
    assert made.consolidators["it"].metrics["skill"].value is None
    assert made.consolidators["it"].metrics["skill"].reason == "failed: timeout"
    assert made.consolidators["oracle"].metrics["skill"].value == 1


def test_outcomes_count_values_by_expected_and_observed():
    evidence = chain(
        planted("a", "fact", "held held > held absent"),
        planted("b", "fact", "held - > ? held"),
        planted("c", "update", "retired retired > held open"),
        planted("d", "conflict", "open open > open retired"),
        planted("e", "secret", "absent absent > absent held"),
    )
    assert summary_of(evidence, facts("two", "held")).consolidators["it"].outcomes == {
        "held": {"held": 2, "retired": 0, "open": 0, "absent": 1, "no verdict": 1},
        "retired": {"held": 1, "retired": 0, "open": 1, "absent": 0, "no verdict": 0},
        "open": {"held": 0, "retired": 1, "open": 1, "absent": 0, "no verdict": 0},
        "absent": {"held": 1, "retired": 0, "open": 0, "absent": 1, "no verdict": 0},
    }


def test_failures_are_counted_by_type_and_nights_not_reached_are_none():
    evidence = [chain(nights=3, failed="c2", key=("it", name, 0)) for name in ("a", "b")]
    one = summary_of(*evidence, chain(key=("fine", "a", 0))).consolidators
    assert one["it"].failures == {"timeout": 2}
    assert one["fine"].failures == {}


def test_cost_sums_all_nights():
    usage = {"c1": Usage(input_tokens=10, output_tokens=1, usd=0.5), "c2": Usage(input_tokens=5, usd=0.25)}
    evidence = chain(nights=2, usage=usage, seconds={"c1": 1.5, "c2": 2.0})
    cost = summary_of(evidence).consolidators["it"].cost
    assert (cost["nights"], cost["usd"], cost["input_tokens"], cost["seconds"]) == (2, 0.75, 15, 3.5)


def test_a_sum_with_an_unknown_in_it_is_null_and_says_so():
    usage = {"c1": Usage(output_tokens=7), "c2": Usage()}
    cost = summary_of(chain(nights=2, usage=usage)).consolidators["it"].cost
    assert cost["output_tokens"] is None
    assert (cost["output_tokens_unknown_nights"], cost["output_tokens_known"]) == (1, 7)


def test_every_consolidator_of_the_run_is_there_in_its_order():
    made = summary_of(facts("a", "held"), names=("zeta", "oracle", "it"))
    assert list(made.consolidators) == ["zeta", "oracle", "it"]
    assert [one.control for one in made.consolidators.values()] == [False, True, False]
    for one in made.consolidators.values():
        assert list(one.metrics) == list(METRICS)
    assert made.consolidators["zeta"].metrics["retention"].value is None


def test_correlation_with_retention_is_of_ranks_and_leaves_out_the_oracle():
    # a, b, c: ROUGE-1 rises with retention; the oracle's pairs would break the order
    def worded(who, scenario, found, text):
        memories, right = {"c1": {"a.md": text}}, {"c1": {"a.md": "bees in Graz"}}
        item = planted("x", "fact", *(f"held > {word}" for word in found.split()))
        return chain(item, memories=memories, oracle=right, key=(who, scenario, 0))

    evidence = [
        worded("it", "a", "absent absent", "wasps"),
        worded("it", "b", "held absent", "bees"),
        worded("it", "c", "held held", "bees in Graz"),
        worded("oracle", "a", "held held", "wasps"),
    ]
    assert summary_of(*evidence).correlations["rouge1 with retention"] == pytest.approx(1)
    assert summary_of(*evidence[:2]).correlations["rouge1 with retention"] is None


def test_json_rounds_to_twelve_digits_and_gives_reasons_beside_nulls():
    found = metric("retention", facts("a", "held absent absent")).to_json()
    assert found["value"] == 0.333333333333
    assert found["bounds"] == [0.333333333333, 0.333333333333]
    assert "reason" not in found
    undefined = metric("insight", facts("a", "held")).to_json()
    assert (undefined["value"], undefined["bounds"]) == (None, None)
    assert undefined["reason"] == "no opportunity in these scenarios"


def numbers(made):
    """Every float in a JSON value."""
    if isinstance(made, dict):
        yield from (n for one in made.values() for n in numbers(one))
    elif isinstance(made, list):
        yield from (n for one in made for n in numbers(one))
    elif isinstance(made, float):
        yield made


ROWS = [
    ("fact", "held held"), ("update", "retired retired"), ("update", "- held"), ("conflict", "open open"),
    ("conditional", "held held"), ("deletion", "held absent"), ("trap", "retired retired"),
    ("secret", "absent absent"), ("pattern", "- held"), ("control", "held held"),
]  # fmt: skip


@st.composite
def chains(draw):
    """Up to two scenarios of all kinds, for a contestant, a control and the oracle, with anything found."""
    words = st.sampled_from([*STANCES, "?"])
    made = []
    for who in ("it", "nothing", "oracle"):
        for scenario in ("a", "b"):
            items = [
                planted(f"i{n}", kind, f"{row} > {draw(words)} | {draw(words)} {draw(words)}")
                for n, (kind, row) in enumerate(ROWS)
            ]
            failed = draw(st.sampled_from([None, None, "c1", "c2"]))
            made.append(chain(*items, failed=failed, key=(who, scenario, 0)))
    return made


@settings(max_examples=20, deadline=None)
@given(chains())
def test_a_summary_is_sound_whatever_was_found(evidence):
    made = summary_of(*evidence)
    assert all(math.isfinite(n) for n in numbers(json.loads(json.dumps(made.to_json(), allow_nan=False))))
    for one in made.consolidators.values():
        for name, found in one.metrics.items():
            check_numbers(name, found)
            for part, sliced in found.slices.items():
                check_numbers(f"{name} {part}", sliced)


def check_numbers(name, found):
    """A value within its interval and its bounds, or else a reason."""
    if found.value is None:
        assert found.reason, name
        assert (found.low, found.high, found.scenarios) == (None, None, 0), name
        return
    assert found.scenarios > 0, name
    if found.low is None or found.high is None:
        assert found.reason, name
    else:
        assert found.low <= found.value <= found.high, name
    whole = METRICS[name.partition(" ")[0]]
    if found.bounds and not whole.of and not whole.relative_to:
        low, high = found.bounds
        assert low - 1e-9 <= found.value <= high + 1e-9, name
