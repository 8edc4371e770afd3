"""Two memories of a night, and where two differ."""

import pytest

from rembench.harness.errors import UserError
from rembench.reports.compare.cases import cases, show_command
from rembench.reports.compare.comparison import Asked, compare
from rembench.reports.compare.nights import coupled, most_differing, night_diff, place_of


@pytest.fixture(scope="module")
def pair(run):
    """The empty store against the hoarder."""
    return compare([run], Asked(consolidators=("nothing", "append-all"))).details[0].pair


def test_the_night_in_which_most_values_differ_comes_first(pair):
    places = most_differing(pair.first, pair.second, 5)
    assert len({place.first.scenario.id for place in places[:2]}) == 2
    assert places[0].differing == max(place.differing for place in places)


def test_a_night_has_a_verdict_for_both_on_every_value(pair):
    night = night_diff(place_of(pair.first, pair.second, "orchid-house", "c2"))
    expected = [
        (item.id, n)
        for item in next(
            c for c, _ in coupled(pair.first, pair.second) if c.scenario.id == "orchid-house"
        ).scenario.items
        for n, value in enumerate(item.values)
        if value.expect["c2"] is not None
    ]
    assert sorted((v.item, v.value) for v in night.values) == sorted(expected)
    address = next(v for v in night.values if v.item == "home-address")
    assert (address.first.outcome, address.second.outcome, address.second.leak_level) == (
        "erased",
        "leaked",
        "L5",
    )
    assert (address.second.place.path, address.second.place.line) == ("memory/sessions.md", 7)
    assert night.differing == sum(v.differs for v in night.values)
    assert [v.differs for v in night.values] == sorted((v.differs for v in night.values), reverse=True)


def test_the_diff_says_who_has_which_line(pair):
    night = night_diff(place_of(pair.first, pair.second, "orchid-house", "c2"))
    sessions = next(file for file in night.files if file.path == "memory/sessions.md")
    assert (sessions.first, sessions.second) == (False, True)
    assert any(line.startswith("+") and "14 Lindholm Lane" in line for line in sessions.lines)
    assert not any(line.startswith("-") for line in sessions.lines)


def test_a_night_without_a_memory_says_why(run):
    chosen = compare(
        [run], Asked(consolidators=("extractive", "odd.py:Raises"), scenario="orchid-house", night="c1")
    )
    (night,) = chosen.details[0].nights
    assert night.failures == (None, "consolidator_bug: RuntimeError: no luck with anything")
    assert (night.files, night.differing) == ((), 0)
    assert all(v.second.observed is None and v.second.right is None for v in night.values)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(scenario="orchid-hose"), "did you mean 'orchid-house'"),
        (Asked(scenario="orchid-house", night="c9"), "unknown night 'c9'"),
        (Asked(night="c1"), "--night goes with --scenario"),
    ],
)
def test_a_night_that_is_not_there_is_named(run, asked, words):
    with pytest.raises(UserError, match=words):
        compare([run], asked)


def test_groups_count_what_only_one_has_right(pair):
    found = cases(pair)
    assert found.first_only == sum(g.values for g in found.groups if g.first_right)
    assert found.second_only == sum(g.values for g in found.groups if not g.first_right)
    leaked = next(g for g in found.groups if g.kind == "deletion" and g.expected == "absent")
    assert (leaked.first, leaked.second, leaked.first_right) == ("erased", "leaked", True)
    kept = next(g for g in found.groups if g.kind == "fact" and g.expected == "held")
    assert (kept.first, kept.second, kept.first_right) == ("lost", "kept", False)


def test_an_example_has_both_verdicts_and_the_command_that_opens_them(pair):
    example = cases(pair).groups[0].examples[0]
    command = show_command(pair.second, example)
    assert command.startswith("rembench show ")
    assert f"--item {example.value.item} --checkpoint {example.night}" in command
    assert example.value.differs
