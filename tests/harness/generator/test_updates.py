"""What changes: the story that each tactic's values tell, and what the log and the messages have of it."""

import pytest

from rembench.harness.generator.updates import TACTICS
from tests.harness.generator.made import acts, all_of, events, items, one_kind, said, stances, stories

# Tactic → the stories that its item may tell, value by value.
STORIES = {
    "explicit": [["HR", "H"]],
    "implicit": [["HR", "H"]],
    "revert": [["HRH", "HR"]],
    "recursive": [["HR", "HR", "H"]],
    "authority": [["H", "R"], ["HR", "R", "H"]],  # the one who decides may change it later
    "retraction": [["HR"]],
    "bounded": [["H-H", "HR"], ["H", "HR"]],  # first null: it was set aside from the first night on
    "propagated": [["HR", "H"]],
    "polarity": [["HR", "H"], ["H", "HR"]],
    "partial": [["HR", "H"]],
}


@pytest.mark.parametrize("tactic", TACTICS)
def test_the_values_tell_the_tactics_story(tactic):
    assert {str(stories(item)) for _, item in all_of("update", tactic)} <= set(map(str, STORIES[tactic]))


def test_a_new_value_is_unknown_before_it_is_said_and_the_old_one_is_past_from_then_on():
    for _, item in all_of("update", "explicit"):
        old, new = map(stances, item["values"])
        assert new == "-" * (len(new) - new.count("H")) + "H" * new.count("H")
        assert old.count("R") == new.count("H")


def test_an_explicit_correction_names_the_old_value_and_an_implicit_one_does_not():
    for tactic, named in (("explicit", True), ("implicit", False)):
        for raw, item in all_of("update", tactic):
            old, new = item["values"]
            text = said(raw, new["evidence"][0])
            assert any(way in text for way in (new["text"], *new["aliases"]))
            assert any(way in text for way in (old["text"], *old["aliases"])) == named


def test_a_corrected_correction_leaves_both_wrong_values_past():
    for raw, item in all_of("update", "recursive"):
        assert [(e["value"], e["old"]) for e in events(raw, "replaces", item)] == [(1, [0]), (2, [1])]


def test_going_back_replaces_the_new_value_by_the_old():
    for raw, item in all_of("update", "revert"):
        assert [(e["value"], e["old"]) for e in events(raw, "replaces", item)] == [(1, [0]), (0, [1])]


def test_only_one_person_decides_and_what_another_claims_is_never_held():
    for raw, item in all_of("update", "authority"):
        (rule,) = events(raw, "authority", item)
        right, claim, *_ = events(raw, "says", item)
        assert right["by"] == rule["by"] != claim["by"]
        assert claim["value"] == 1
        assert all(e["by"] == rule["by"] for e in events(raw, "replaces", item))


def test_both_endings_of_a_matter_of_authority_come_up():
    assert {len(item["values"]) for _, item in all_of("update", "authority")} == {2, 3}


def test_what_is_withdrawn_has_nothing_in_its_place():
    for raw, item in all_of("update", "retraction"):
        assert acts(raw, item)[-1] == "withdraws"
        assert len(item["values"]) == 1


def test_a_passing_value_holds_through_its_day_and_the_one_before_it_comes_back():
    for raw, item in all_of("update", "bounded"):
        base, passing = map(stances, item["values"])
        (until,) = events(raw, "until", item)
        assert until["then"] == 0
        days = [step["at"][:10] for step in raw["steps"] if step["type"] == "consolidate"]
        for n, day in enumerate(days):
            if passing[n] != "-":
                assert (passing[n], base[n]) == (("H", "-") if day <= until["date"] else ("R", "H"))
        assert item["values"][0]["text"] in said(raw, item["values"][1]["evidence"][0])


def test_a_follower_changes_with_its_leader_and_nobody_says_so():
    for raw, item in all_of("update", "propagated"):
        (rule,) = events(raw, "follows", item)
        leader = next(one for one in raw["items"] if one["id"] == rule["leader"])
        assert (leader["kind"], leader["tactic"], leader["attribute"]) == (
            "update",
            "explicit",
            item["attribute"],
        )
        assert acts(raw, item) == ["follows"]
        assert [value["text"] for value in item["values"]] == [value["text"] for value in leader["values"]]
        assert [value["evidence"] for value in item["values"]] == [[], []]
        assert stances(item["values"][1]) == stances(leader["values"][1])


def test_a_yes_becomes_a_no_or_a_no_a_yes():
    firsts = {events(raw, "says", item)[0]["value"] for raw, item in all_of("update", "polarity")}
    assert firsts == {0, 1}


def test_one_part_of_a_value_stays_when_the_other_changes():
    for _, item in all_of("update", "partial"):
        ((stays, first),), ((same, second),) = (value["match_any"] for value in item["values"])
        assert stays == same
        assert first != second
        assert all(group[0] in value["text"] for value in item["values"] for group in value["match_any"][0])


def test_what_is_alike_now_and_then_stands_beside_a_change_and_stays():
    found = [
        (control, item)
        for raw, item in all_of("update", "explicit")
        for control in items(raw, "control") + items(raw, "control", "stored")
        if control["attribute"] == item["attribute"]
    ]
    assert found
    for control, item in found:
        assert control["subject"] != item["subject"]
        assert stories(control) == ["H"]
        assert control["tags"] == ["over-forgetting", "confusion"]


TAGS = {
    "explicit": "staleness", "implicit": "implication", "revert": "recursion", "recursive": "recursion",
    "authority": "authority", "bounded": "expiry", "propagated": "implication", "retraction": "staleness",
    "polarity": "staleness", "partial": "staleness",
}  # fmt: skip


@pytest.mark.parametrize("tactic", TACTICS)
def test_an_update_is_marked_with_what_it_catches(tactic):
    (item,) = items(one_kind("update", tactic), "update", tactic)[:1]
    assert TAGS[tactic] in item["tags"]
    assert ("staleness" in item["tags"]) == (tactic != "authority")
