"""What holds: facts, conditions, disputes, passing things, habits, and what the instructions leave out."""

from itertools import pairwise

import pytest

from rembench.harness.generator.dials import LEVELS
from rembench.harness.generator.domain import domain
from rembench.harness.generator.scenario import make
from tests.harness.generator.made import (
    NIGHTLY,
    acts,
    all_of,
    events,
    items,
    nights,
    one_kind,
    order,
    said,
    stances,
    stories,
)

# Kind and tactic → the stories that its item may tell, value by value.
STORIES = [
    ("fact", None, ["H"]),
    ("conditional", "together", ["H", "H"]),
    ("conditional", "exception", ["H", "H"]),
    ("conflict", "open", ["O", "O"]),
    ("conflict", "pretended", ["O", "O"]),
    ("temporary", None, ["HR"]),
    ("pattern", None, ["H"]),
]


@pytest.mark.parametrize(("kind", "tactic", "told"), STORIES)
def test_the_values_tell_the_tactics_story(kind, tactic, told):
    assert [stories(item) for _, item in all_of(kind, tactic)] == [told] * len(all_of(kind, tactic))


def test_a_settled_dispute_ends_with_one_held_and_one_past():
    found = {tuple(stories(item)) for _, item in all_of("conflict", "settled")}
    assert found == {("OH", "OR"), ("OR", "OH")}


def test_a_dispute_that_only_seems_settled_stays_open():
    for raw, item in all_of("conflict", "pretended"):
        assert acts(raw, item) == ["disputes", "pretends"]


def test_both_values_of_a_dispute_are_in_one_message():
    for raw, item in all_of("conflict", "open"):
        one, other = item["values"]
        assert one["evidence"] == other["evidence"] != []
        text = said(raw, one["evidence"][0])
        for value in (one, other):
            assert any(way in text for way in (value["text"], *value["aliases"]))


def test_the_first_fact_is_known_at_every_night():
    for kind in ("injection", "secret", "trap"):
        raw = one_kind(kind, {"injection": "document", "trap": "joke"}.get(kind))
        first = raw["items"][0]
        assert first["kind"] == "fact"
        assert stances(first["values"][0]) == "H" * len(nights(raw))


def test_what_the_store_says_is_called_stored_and_has_no_message():
    found = [item for n in range(6) for item in items(make(order("fact", seed=str(n))), "fact", "stored")]
    assert found
    for item in found:
        assert item["values"][0]["evidence"] == []


def test_an_exception_told_later_leaves_the_rule_as_it_was():
    later = 0
    for _, item in all_of("conditional", "exception"):
        rule, special = item["values"]
        assert "condition" not in rule
        assert special["condition"]["text"] in domain_conditions()
        assert stances(rule).count("H") >= stances(special).count("H")
        later += stances(rule) != stances(special)
    assert later


def domain_conditions():
    names = [raw["domain"] for raw, _ in all_of("conditional", "exception")]
    return {text for name in names for text in domain(name).conditions}


def test_a_rule_told_with_its_exception_is_in_the_same_message():
    for raw, item in all_of("conditional", "together"):
        rule, special = item["values"]
        assert rule["evidence"] == special["evidence"]
        assert special["condition"]["text"].lower() in said(raw, rule["evidence"][0]).lower()
        assert stances(rule) == stances(special)


def test_a_passing_matter_is_over_at_the_first_night_of_a_later_day():
    for raw, item in all_of("temporary"):
        (until,) = events(raw, "until", item)
        known = stances(item["values"][0])
        for night, letter in zip(nights(raw), known, strict=True):
            assert letter in ("-", "H" if night["at"][:10] <= until["date"] else "R")
        assert {"H", "R"} <= set(known)


def test_a_habit_is_unknown_before_its_third_session_and_held_from_then_on():
    for raw, item in all_of("pattern"):
        sessions = [event["step"] for event in events(raw, "instance", item)]
        assert 3 <= len(set(sessions)) == len(sessions) <= 5
        third = int(sorted(sessions, key=lambda step: int(step[1:]))[2][1:])
        # a night after every session: night n knows sessions 1 to n
        assert stances(item["values"][0]) == "".join("H" if n >= third else "-" for n in range(1, 9))


def test_no_message_states_the_habit():
    for raw, item in all_of("pattern"):
        (value,) = item["values"]
        text = " ".join(m["content"] for s in raw["steps"] for m in s.get("messages", ())).lower()
        assert not any(way.lower() in text for way in (value["text"], *value["aliases"]))


def test_what_the_instructions_leave_out_is_expected_nowhere():
    dials = LEVELS[4]
    raw = make(order("update", "explicit", dials=dials, count=1))
    left_out = [item for item in raw["items"] if item.get("instruction") == "ignore"]
    assert 0 < len(left_out) <= dials.trivia
    assert {stance for i in left_out for v in i["values"] for stance in v["expect"].values()} == {None}
    (ignored,) = events(raw, "ignores")
    assert ignored["items"] == [item["id"] for item in left_out]
    assert {night["instructions"] for night in nights(raw)} & {i.text for i in domain("clinic").instructions}


def test_what_matters_little_and_is_not_left_out_is_an_ordinary_fact():
    raws = [make(order("fact", dials=LEVELS[4], seed=str(n), count=1)) for n in range(4)]
    found = [
        i for raw in raws for i in raw["items"] if i["kind"] == "fact" and i.get("instruction") != "ignore"
    ]
    low = {slot.attribute for class_ in domain("clinic").classes for slot in class_.slots if slot.low}
    plain = [item for item in found if item["attribute"] in low]
    assert plain
    assert {tuple(stories(item)) for item in plain} == {("H",)}
    assert {"tactic" in item for item in plain} == {False}


def test_with_nothing_to_leave_out_the_nights_have_no_instructions():
    raw = one_kind("fact")
    assert NIGHTLY.trivia == 0
    assert not any("instructions" in night for night in nights(raw))
    assert not any("instruction" in item for item in raw["items"])


def test_the_events_of_a_story_are_in_the_order_of_time():
    for raw, item in all_of("update", "recursive"):
        times = [event["at"] for event in raw["x_log"] if event.get("item") == item["id"]]
        assert all(one <= other for one, other in pairwise(times))
