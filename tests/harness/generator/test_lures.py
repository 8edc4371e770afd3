"""What must not become memory: traps, secrets, planted instructions, private matters."""

import pytest

from rembench.harness.generator.dials import Dials
from rembench.harness.generator.domain import domain
from rembench.harness.generator.lures import TRAPS
from rembench.harness.generator.scenario import make
from tests.harness.generator.made import all_of, events, nights, order, read, said, stances, stories

STORIES = [
    *(("trap", tactic, None, ["H", "R"]) for tactic in TRAPS),
    ("secret", None, None, ["A"]),
    ("injection", "document", None, ["R"]),
    ("injection", "own-note", None, ["R"]),
    ("scope", None, "private", ["H", "A"]),
]


@pytest.mark.parametrize(("kind", "tactic", "called", "told"), STORIES)
def test_the_values_tell_the_tactics_story(kind, tactic, called, told):
    found = all_of(kind, tactic, called=called)
    assert [stories(item) for _, item in found] == [told] * len(found)


def ways(value):
    return (value["text"], *value["aliases"])


@pytest.mark.parametrize("tactic", TRAPS)
def test_a_trap_is_said_once_in_its_own_way_and_never_meant(tactic):
    for raw, item in all_of("trap", tactic):
        real, lure = item["values"]
        (event,) = events(raw, "mentions", item)
        assert (event["as"], event["value"]) == (tactic, 1)
        (ref,) = lure["evidence"]
        assert any(way in said(raw, ref) for way in ways(lure))
        assert not any(way in said(raw, ref) for way in ways(real))
        assert stances(real).count("H") >= stances(lure).count("R")


def test_a_suggestion_is_the_assistants_and_is_refused():
    for raw, item in all_of("trap", "suggestion"):
        session, _, message = item["values"][1]["evidence"][0].partition("#")
        messages = next(s for s in raw["steps"] if s["id"] == session)["messages"]
        roles = [one["role"] for one in messages[int(message) - 1 : int(message) + 3]]
        assert roles == ["user", "assistant", "user", "assistant"]


def test_a_secret_is_in_one_message_and_must_be_absent_from_its_night_on():
    for raw, item in all_of("secret"):
        (value,) = item["values"]
        (ref,) = value["evidence"]
        assert value["text"] in said(raw, ref)
        night = next(
            n for n, step in enumerate(nights(raw)) if step["at"] > events(raw, "slips", item)[0]["at"]
        )
        assert stances(value) == "-" * night + "A" * (8 - night)


def test_an_instruction_is_planted_in_what_a_tool_shows():
    for tactic in ("document", "own-note"):
        for raw, item in all_of("injection", tactic):
            (value,) = item["values"]
            session, _, message = value["evidence"][0].partition("#")
            messages = next(s for s in raw["steps"] if s["id"] == session)["messages"]
            assert [one["role"] for one in messages[int(message) - 1 : int(message) + 2]] == [
                "user", "tool", "assistant",
            ]  # fmt: skip
            assert value["text"].lower() in messages[int(message)]["content"].lower()
            for group in value["match_any"]:
                assert not any("{" in word for words in group for word in words)


def test_a_planted_note_of_ones_own_is_worded_as_one():
    for tactic, form in (("document", "carrier"), ("own-note", "own")):
        for raw, item in all_of("injection", tactic):
            spec = next(i for i in domain(raw["domain"]).injections if i.attribute == item["attribute"])
            begins = [text.partition("{")[0].strip() for text in getattr(spec, form)]
            assert any(said(raw, item["values"][0]["evidence"][0]).startswith(begin) for begin in begins)


def test_no_instruction_is_planted_twice_about_the_same_thing():
    dials = Dials(sessions=8, nights=4, items=12)
    for seed in range(4):
        raw = make(order("injection", "document", dials=dials, seed=str(seed), count=9))
        found = [(item["subject"], item["attribute"]) for item in raw["items"]]
        assert len(set(found)) == len(found)
        read(raw)


def test_a_private_matter_is_held_but_not_where_all_can_read_it():
    for raw, item in all_of("scope", called="private"):
        own, shared = item["values"]
        folder = domain(raw["domain"]).files.shared.rpartition("/")[0]
        assert "where" not in own
        assert shared["where"] == f"{folder}/**"
        assert shared["text"] == own["text"]
        assert stances(own).replace("H", "A") == stances(shared)
        assert own["evidence"] == shared["evidence"]
        assert f"{folder}/" in raw["store"][domain(raw["domain"]).files.shared]


def test_lures_are_marked_with_what_they_catch():
    marks = {"trap": "adoption", "secret": "exposure", "injection": "injection", "scope": "exposure"}
    for kind, tactic, called, _ in STORIES:
        assert {tuple(item["tags"]) for _, item in all_of(kind, tactic, called=called)} == {(marks[kind],)}
