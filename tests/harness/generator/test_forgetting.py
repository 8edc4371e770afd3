"""What somebody wants gone: when it must be absent, how it's asked for, what must stay beside it."""

import re

import pytest

from rembench.harness.generator.dials import Dials
from rembench.harness.generator.domain import domain
from rembench.harness.generator.forgetting import ASKED, NOT_ASKED, TACTICS
from rembench.harness.generator.scenario import make
from tests.harness.generator.made import all_of, events, items, nights, order, said, stances, stories

# Tactic → the stories that its item may tell, value by value; a second value is the copy that all can read.
STORIES = {
    "direct": [["HA"], ["HA", "A"]],
    "category": [["HA"], ["HA", "A"]],
    "alias": [["HA"]],
    "description": [["HA"]],
    "compound": [["HA"]],
    "look-alike": [["HA"]],
    "re-consent": [["HAH"]],
    "pseudo": [["H"]],
    "third-party": [["H"]],
}


@pytest.mark.parametrize("tactic", TACTICS)
def test_the_values_tell_the_tactics_story(tactic):
    found = {str(stories(item)) for _, item in all_of("deletion", tactic)}
    assert found <= set(map(str, STORIES[tactic]))


def request(raw, item):
    """The request that the item's matter be deleted, with its text."""
    (event,) = [e for e in events(raw, "asks_deletion", item) if e["entitled"]]
    if event["step"].startswith("s"):
        return event, said(raw, f"{event['step']}#{event['message']}")
    return event, next(step for step in raw["steps"] if step["id"] == event["step"])["request"]


@pytest.mark.parametrize("tactic", ASKED)
def test_a_matter_is_known_a_night_before_it_is_asked_for_and_absent_from_the_next_night_on(tactic):
    for raw, item in all_of("deletion", tactic):
        event, _ = request(raw, item)
        known = stances(item["values"][0])
        for night, letter in zip(nights(raw), known, strict=True):
            if night["at"] < event["at"]:
                assert letter in "-H"
            elif tactic != "re-consent":
                assert letter == "A"
        assert "H" in known


def test_a_copy_for_all_to_read_is_of_no_concern_before_the_request_and_absent_after_it():
    copies = 0
    for tactic in ("direct", "category"):
        for raw, item in all_of("deletion", tactic):
            for value in item["values"][1:]:
                copies += 1
                folder = domain(raw["domain"]).files.shared.rpartition("/")[0]
                assert value["where"] == f"{folder}/**"
                assert value["text"] == item["values"][0]["text"]
                assert value["text"] in raw["store"][domain(raw["domain"]).files.shared]
                assert re.fullmatch(r"-+A+", stances(value))
                assert stances(item["values"][0]).count("A") == stances(value).count("A")
                assert events(raw, "copied", item)
    assert copies >= 2


def test_both_a_request_in_a_session_and_one_in_writing_come_up():
    steps = {request(raw, item)[0]["step"][0] for raw, item in all_of("deletion", "direct")}
    assert steps == {"s", "d"}


def test_a_request_in_writing_is_the_speakers_own():
    written = 0
    for raw, item in all_of("deletion", "direct"):
        event, text = request(raw, item)
        if event["step"].startswith("d"):
            written += 1
            assert event["by"] in text
            assert event["by"] in {step["user"] for step in raw["steps"] if step["type"] == "session"}
    assert written


@pytest.mark.parametrize("tactic", ["direct", "category", "alias", "description", "compound", "look-alike"])
def test_a_request_names_no_value(tactic):
    for raw, item in all_of("deletion", tactic):
        _, text = request(raw, item)
        assert item["values"][0]["text"].lower() not in text.lower()


def test_a_request_by_alias_calls_its_subject_by_the_short_name_if_it_has_one():
    short = 0
    for raw, item in all_of("deletion", "alias"):
        _, text = request(raw, item)
        if item["subject_aliases"]:
            short += 1
            assert item["subject"] not in text
            assert item["subject_aliases"][0] in text
    assert short


def test_a_request_by_category_or_description_uses_the_settings_own_words_for_it():
    for tactic, forms in (("category", "category_request"), ("description", "description")):
        for raw, item in all_of("deletion", tactic):
            _, text = request(raw, item)
            (spec,) = [d for d in domain(raw["domain"]).deletables if d.attribute == item["attribute"]]
            parts = [max(re.split(r"\{\w+\}", form), key=len).strip(" .") for form in getattr(spec, forms)]
            assert any(part.lower() in text.lower() for part in parts), text


def test_what_gives_the_matter_away_is_asked_for_with_it_and_goes_with_it():
    clues = 0
    for raw, item in all_of("deletion", "alias"):
        event, text = request(raw, item)
        own = [i for i in items(raw, "deletion", "gives-away") if [i["id"], 0] in event["targets"]]
        assert ("could be worked out from" in text) == bool(own)
        for clue in own:
            clues += 1
            assert clue["subject"] == item["subject"]
            assert clue["values"][0]["gives_away"] is True
            assert stories(clue) == ["HA"]
    assert clues


def test_a_compound_request_asks_for_two_and_keeps_a_third():
    for raw, item in all_of("deletion", "compound"):
        event, text = request(raw, item)
        asked = {id_ for id_, _ in event["targets"]}
        both = [i for i in items(raw, "deletion", "compound") if i["id"] in asked]
        assert len(both) == 2
        kept = [i for i in items(raw, "control", "neighbour") if i["attribute"] in text]
        assert kept
        assert all(stories(one) == ["H"] for one in kept)


def test_something_else_of_the_subject_was_known_before_and_stays():
    for raw, item in all_of("deletion", "description"):
        beside = [i for i in items(raw, "control", "neighbour") if i["subject"] == item["subject"]]
        assert beside
        for one in beside:
            assert stances(one["values"][0]) == "H" * len(nights(raw))
            assert one["tags"] == ["over-forgetting"]


def test_the_same_matter_of_somebody_else_stays():
    for raw, item in all_of("deletion", "look-alike"):
        (other,) = [i for i in items(raw, "control", "look-alike") if i["attribute"] == item["attribute"]][:1]
        assert other["subject"] != item["subject"]
        assert other["values"][0]["text"] != item["values"][0]["text"]
        assert stories(other) == ["H"]


def test_what_is_said_again_with_consent_is_held_again_but_not_its_clue():
    for raw, item in all_of("deletion", "re-consent"):
        (event,) = events(raw, "consents", item)
        assert event["targets"] == [[item["id"], 0]]
        assert item["values"][0]["text"] in said(raw, f"{event['step']}#{event['message']}")
    clues = [i for raw, _ in all_of("deletion", "re-consent") for i in items(raw, "deletion", "gives-away")]
    assert clues
    assert all(stories(clue) == ["HA"] for clue in clues)


def test_where_no_night_is_left_for_a_consent_the_request_is_a_plain_one():
    dials = Dials(sessions=3, nights=1, items=4)
    raw = make(order("deletion", "re-consent", dials=dials))
    assert items(raw, "deletion", "re-consent") == []
    assert len(items(raw, "deletion", "direct")) == 2
    assert events(raw, "consents") == []


@pytest.mark.parametrize("tactic", NOT_ASKED)
def test_what_only_sounds_like_a_request_deletes_nothing(tactic):
    for raw, item in all_of("deletion", tactic):
        assert not any(event["entitled"] for event in events(raw, "asks_deletion", item))
        assert bool(events(raw, "pseudo", item)) == (tactic == "pseudo")


def test_a_third_party_is_named_and_turned_down():
    for raw, item in all_of("deletion", "third-party"):
        (event,) = events(raw, "asks_deletion", item)
        assert event["how"] == "third-party"
        text = said(raw, f"{event['step']}#{event['message']}")
        assert event["by"] in text
        assert item["attribute"] in text


def test_no_two_matters_of_a_scenario_are_the_same():
    for raw, _ in all_of("deletion", "compound"):
        found = [(i["subject"], i["attribute"]) for i in raw["items"]]
        assert len(set(found)) == len(found)


def test_deletions_are_marked_with_what_they_catch():
    for tactic in ASKED:
        assert {tuple(item["tags"]) for _, item in all_of("deletion", tactic)} == {("leakage",)}
    for tactic in NOT_ASKED:
        assert {tuple(item["tags"]) for _, item in all_of("deletion", tactic)} == {("over-forgetting",)}
