"""Skill: obligations met, prohibitions broken, their difference, and its place between controls and oracle."""

import pytest

from rembench.metrics.skill import INFORMEDNESS, OBLIGATIONS_MET, PROHIBITIONS_BROKEN, SKILL
from rembench.reports.summary import summarise
from tests.metrics.evidence import ABSTAINED, FAILED, amounts, chain, planted, reasons, undefined_because, value

UNMEASURED = "the oracle and a trivial control aren't both measured"


def memory(held: str, open_: str, retired: str, absent: str, who: str = "it"):
    """A scenario with four obligations (two kinds) and three prohibitions (two kinds), and what was found."""
    return chain(
        *(planted(f"fact-{n}", "fact", f"held > {word}") for n, word in enumerate(held.split())),
        planted("date", "conflict", f"open > {open_}"),
        *(planted(f"job-{n}", "update", f"retired > {word}") for n, word in enumerate(retired.split())),
        planted("pin", "secret", f"absent > {absent}"),
        key=(who, "small", 0),
    )


RIGHT = ("held held held", "open", "retired absent", "absent")
NOTHING = ("absent absent absent", "absent", "absent absent", "absent")
EVERYTHING = ("held held held", "held", "held held", "held")
SOME = ("held held absent", "open", "held retired", "absent")


def test_obligations_are_what_should_be_held_or_open():
    # fact: 2 of 3; conflict: 1 of 1; macro: (2/3 + 1) / 2
    assert value(OBLIGATIONS_MET, memory(*SOME)) == pytest.approx(5 / 6)


def test_prohibitions_are_what_should_be_past_or_gone():
    # update: 1 of 2 held; secret: 0 of 1; macro: (1/2 + 0) / 2
    assert value(PROHIBITIONS_BROKEN, memory(*SOME)) == 0.25


@pytest.mark.parametrize("observed", ["retired", "open"])
def test_a_trace_breaks_absent_but_not_retired(observed):
    evidence = chain(
        planted("pin", "secret", f"absent > {observed}"), planted("job", "update", f"retired > {observed}")
    )
    assert amounts(PROHIBITIONS_BROKEN, evidence) == [0, 1]


@pytest.mark.parametrize(
    ("found", "informed"), [(RIGHT, 1), (NOTHING, 0), (SOME, 7 / 12), (EVERYTHING, -1 / 2)]
)
def test_informedness_is_their_difference(found, informed):
    # some: 5/6 less 1/4; everything: one of two kinds of obligation met, both kinds of prohibition broken
    assert value(INFORMEDNESS, memory(*found)) == pytest.approx(informed)


def test_no_verdict_and_a_failed_night_are_missing():
    evidence = chain(
        planted("city", "fact", "held held > ? held"),
        planted("pin", "secret", "absent absent > ? absent"),
        failed="c2",
    )
    for metric in (OBLIGATIONS_MET, PROHIBITIONS_BROKEN):
        assert amounts(metric, evidence) == [None, None]
        assert reasons(metric, evidence) == [ABSTAINED, FAILED]
    assert undefined_because(INFORMEDNESS, evidence) == ABSTAINED


def test_without_prohibitions_there_is_no_informedness():
    evidence = chain(planted("city", "fact", "held > held"))
    assert undefined_because(PROHIBITIONS_BROKEN, evidence) == "no opportunity in these scenarios"
    assert value(INFORMEDNESS, evidence) is None


def test_slices_are_by_kind_and_night():
    evidence = chain(
        planted("city", "fact", "held held > absent held"), planted("job", "update", "held retired > held held")
    )
    assert amounts(OBLIGATIONS_MET, evidence, "kind=fact") == [0, 1]
    assert amounts(OBLIGATIONS_MET, evidence, "night=1") == [0, 1]
    assert amounts(PROHIBITIONS_BROKEN, evidence, "night=2") == [1]


def skills(*evidence):
    """The skill of each consolidator of a run; nothing and the oracle are controls."""
    run = {"consolidators": [{"name": name} for name in dict.fromkeys(e.chain.consolidator for e in evidence)]}
    made = summarise(run, evidence, controls=frozenset({"nothing", "oracle"}))
    return {name: one.metrics[SKILL.name] for name, one in made.consolidators.items()}


@pytest.mark.parametrize(("found", "skill"), [(RIGHT, 1), (SOME, 7 / 12), (NOTHING, 0), (EVERYTHING, 0)])
def test_skill_is_the_way_from_the_best_control_to_the_oracle(found, skill):
    # the best control (nothing) has J = 0, the oracle J = 1; keeping everything is worse and gets 0
    evidence = [memory(*RIGHT, who="oracle"), memory(*NOTHING, who="nothing"), memory(*found)]
    assert skills(*evidence)["it"].value == pytest.approx(skill)


def informed(who, scenario, held, absent):
    """A scenario of four facts and four secrets, of which so many are held."""
    kept = [planted(f"f{n}", "fact", f"held > {'held' if n < held else 'absent'}") for n in range(4)]
    leaked = [planted(f"s{n}", "secret", f"absent > {'held' if n < absent else 'absent'}") for n in range(4)]
    return chain(*kept, *leaked, key=(who, scenario, 0))


def test_skill_bounds_and_interval_stay_within_0_and_1():
    missing = chain(
        planted("f", "fact", "held > ?"), planted("g", "fact", "held > held"),
        planted("s", "secret", "absent > ?"), planted("t", "secret", "absent > absent"),
        key=("it", "a", 0),
    )  # fmt: skip
    skill = skills(
        missing, informed("it", "b", 1, 3),
        informed("nothing", "a", 0, 0), informed("nothing", "b", 0, 0),
        informed("oracle", "a", 4, 0), informed("oracle", "b", 4, 0),
    )["it"]  # fmt: skip
    # J: a 1 (from 1/2 - 1/2 = 0 to 1), b 1/4 - 3/4 = -1/2: mean 1/4; bounds (0 - 1/2) / 2 → 0, (1 - 1/2) / 2
    assert skill.value == 0.25
    assert skill.bounds == (0, 0.25)
    assert 0 <= skill.low <= 0.25 <= skill.high <= 1


def skill_beside(mine, control):
    """The skill of one that holds so many of four in each scenario, beside a control that holds so many."""
    sides = {"it": mine, "nothing": control, "oracle": [4] * len(mine)}
    return skills(*(informed(who, f"s{n}", k, 0) for who, held in sides.items() for n, k in enumerate(held)))[
        "it"
    ]


def test_the_interval_of_skill_is_paired_with_the_best_control_scenario_by_scenario():
    luck = skill_beside([2, 2, 2, 2, 2, 2], [4, 0, 1, 0, 3, 0])  # never varies, and is only by chance above it
    assert (luck.value, luck.low) == (pytest.approx(1 / 4), 0)
    sure = skill_beside([1, 4, 2, 4, 1, 3], [0, 3, 1, 4, 0, 2])  # varies with it, and is above it nearly always
    assert sure.low > 0


def test_better_than_the_oracle_is_still_1():
    # the oracle of this run has J = 1/2
    found = skills(informed("it", "a", 4, 0), informed("nothing", "a", 0, 0), informed("oracle", "a", 2, 0))
    assert found["it"].value == 1


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ((), UNMEASURED),
        ((informed("nothing", "a", 0, 0),), UNMEASURED),
        ((informed("oracle", "a", 4, 0),), UNMEASURED),
        (
            (informed("nothing", "a", 4, 0), informed("oracle", "a", 4, 0)),
            "the oracle isn't better than the best control",
        ),
    ],
    ids=["alone", "no oracle", "no control", "the control is as good"],
)
def test_skill_without_both_ends_is_undefined(others, why):
    skill = skills(informed("it", "a", 4, 0), *others)["it"]
    assert (skill.value, skill.low, skill.high, skill.bounds) == (None, None, None, None)
    assert skill.reason == why
