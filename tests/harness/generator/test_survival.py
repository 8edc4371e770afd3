"""A rewording survives if it says what was said, and only that; everything else is refused, by name."""

from itertools import pairwise

import pytest

from rembench.harness.generator.survival import Survival
from tests.harness.generator.rewriters import chatty, made, messages, said_with_a_value

AT = "2026-05-0{}T09:00:00Z"


def item(id_, kind, subject, attribute, values, **more):
    return {
        "id": id_, "kind": kind, "subject": subject, "attribute": attribute, "question": "?", **more,
        "values": [{"expect": {"c1": "held"}, **({"text": v} if isinstance(v, str) else v)} for v in values],
    }  # fmt: skip


WINDOW = "Cleo wiped the window frames on Friday, late as it was."
SAID = {
    "tea": "Ada drinks Pekoe as her tea now, not Assam. I'm on the bus to Bristol.",
    "desk": "Bo's desk number is 14, at last. The lift's stuck since nine and I've bought 3 pens.",
    "path": "The report for Ada goes to docs/final.md from now on.",
    "rule": "The tea for Bo is Sencha when it's raining.",
    "joke": "If Bo's desk number were 21 I'd laugh.",
    "window": WINDOW,
    "talk": "The tram was late, as ever.\n\nMondays!",
    "delete": "Please delete what you have on Bo's desk number.",
}
STEPS = [
    {"type": "session", "id": "s1", "at": AT.format(1),
     "messages": [{"role": "user", "content": text} for text in SAID.values()]},
    {"type": "consolidate", "id": "c1", "at": AT.format(2)},
]  # fmt: skip
WORLD = Survival({
    "schema": 1, "id": "small", "title": "Small", "origin": "synthetic", "domain": "tests", "language": "en",
    "store": {}, "steps": STEPS,
    "items": [
        item("tea", "update", "Ada", "tea", ["Assam", "Pekoe"]),
        item("desk", "fact", "Bo", "desk number", ["14", "21"]),
        item("path", "fact", "Ada", "report", ["docs/final.md"]),
        item("rule", "conditional", "Bo", "tea",
             [{"text": "Sencha", "condition": {"text": "when it's raining", "aliases": []}}]),
        item("window", "pattern", "Cleo", "habit",
             [{"text": "cleans windows on Fridays", "match_any": [[["window*"], ["every friday"]]],
               "evidence": ["s1#5"]}]),
    ],
})  # fmt: skip


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("tea", "On the bus to Bristol. By the way, Ada drinks Pekoe as tea now, not Assam any more."),
        ("desk", "Finally: the desk number of Bo is 14. I've bought 3 pens, and the lift's stuck since nine."),
        ("path", "From now on the report for Ada lands in docs/final.md, please."),
        ("rule", "When it's raining, the tea that Bo gets is Sencha."),
        ("joke", "I'd laugh if Bo's desk number were 21, you know."),
        ("window", "Late as it was, Cleo gave the window frames a wipe on Friday."),
        ("talk", "As ever, a late tram.\n\nOh, Mondays!"),
    ],
)  # fmt: skip
def test_the_same_in_other_words_survives(name, after):
    assert WORLD.fault(SAID[name], after) is None


@pytest.mark.parametrize(
    ("name", "after", "check"),
    [
        ("tea", SAID["tea"], "unchanged"),
        ("tea", "", "length"),
        ("tea", " \n ", "length"),
        ("tea", "Ada: Pekoe.", "length"),
        ("tea", SAID["tea"] * 3, "length"),
        ("tea", SAID["tea"] + " \x07", "length"),
        ("tea", SAID["tea"] + "\u200b", "length"),
        ("tea", SAID["tea"] + "\ud800", "length"),
        ("tea", SAID["tea"].replace(". ", ".\n"), "length"),
        ("desk", SAID["desk"].replace("14", "41"), "figures"),
        ("desk", SAID["desk"].replace("3 pens", "pens"), "figures"),
        ("desk", SAID["desk"].replace("3 pens", "three pens"), "figures"),
        ("desk", SAID["desk"].replace("nine", "ten"), "figures"),
        ("desk", SAID["desk"].replace("nine", "yesterday"), "figures"),
        ("path", SAID["path"].replace("docs/final.md", "the final one in docs"), "figures"),
        ("path", SAID["path"] + " Or to docs/ada.", "figures"),
        ("tea", SAID["tea"].replace("Bristol", "Bath"), "names"),
        ("tea", SAID["tea"].replace("Bristol", "town"), "names"),
        ("tea", SAID["tea"].replace("now", "now that Zelda is here"), "names"),
        ("talk", "The tram was late, as ever.\n\nBo!", "names"),
        ("tea", SAID["tea"].replace("as her tea ", ""), "values"),
        ("rule", "The tea for Bo is Sencha whatever the weather.", "values"),
        ("window", "Cleo wiped the table on Friday, late as it was.", "values"),
        ("tea", "Ada drinks Assam as her tea now, not Pekoe. I'm on the bus to Bristol.", "stance"),
        ("tea", SAID["tea"].replace(" as her tea now, not Assam", " or Assam as her tea now"), "stance"),
        ("desk", SAID["desk"].replace("is 14, at last", "isn't 14 after all"), "stance"),
        ("desk", SAID["desk"].replace("is 14, at last", "used to be 14"), "stance"),
        ("desk", SAID["desk"].replace("is 14, at last", "is perhaps 14 at last"), "stance"),
        ("joke", "Bo's desk number is 21, I laughed.", "stance"),
        ("window", "Cleo didn't wipe the window frames on Friday, late as it was.", "stance"),
    ],
)  # fmt: skip
def test_what_says_more_or_less_or_otherwise_is_refused_by_name(name, after, check):
    assert WORLD.fault(SAID[name], after) == check


def test_another_value_in_a_message_is_refused():
    assert WORLD.fault(SAID["talk"], "The tram was late, assam as ever.\n\nMondays!") == "values"


def test_a_value_in_a_file_of_its_own_is_looked_for_in_messages_too():
    raw = made()[0]
    moved = [{**one, "values": [{**v, "where": "shared/**"} for v in one["values"]]} for one in raw["items"]]
    text = next(iter(said_with_a_value(raw)))
    assert Survival({**raw, "items": moved}).terms(text) == Survival(raw).terms(text)


@pytest.mark.parametrize(
    ("name", "act", "more", "vouched"),
    [
        ("tea", "replaces", {"item": "tea", "value": 1}, True),
        ("tea", "says", {"item": "desk", "value": 0}, False),
        ("joke", "mentions", {"item": "desk", "value": 1, "as": "joke"}, True),
        ("desk", "mentions", {"item": "desk", "value": 0, "as": "joke"}, False),
        ("desk", "disputes", {"item": "desk", "values": [0, 1]}, False),
        ("window", "instance", {"item": "window", "value": 0}, True),
        ("delete", "asks_deletion", {"targets": [["desk", 0]]}, False),
        ("desk", "slips", {"item": "desk", "value": 0}, False),
        ("tea", "something_new", {"item": "tea", "value": 1}, False),
    ],
)
def test_a_message_is_vouched_for_where_the_scorer_reads_what_happens_in_it(name, act, more, vouched):
    assert WORLD.vouches(SAID[name], [{"act": act, **more}]) is vouched
    assert WORLD.vouches(SAID[name], [])


def test_terms_are_what_the_message_calls_its_values_subjects_and_attributes():
    assert WORLD.terms(SAID["tea"]) == ["Ada", "Pekoe", "tea", "Assam"]
    assert WORLD.terms(SAID["rule"]) == ["tea", "Bo", "Sencha", "when it's raining"]
    assert WORLD.terms("Nothing to see.") == []


def test_what_a_generated_scenario_says_survives_more_talk_and_no_other_message():
    raw = made(level=1)[0]
    world = Survival(raw)
    said = messages(raw, "user")
    kept = [text for text in said if world.fault(text, chatty(text)) is None]
    assert len(kept) >= 0.9 * len(said)
    with_values = said_with_a_value(raw)
    for text, other in pairwise(with_values):
        assert world.fault(text, other)
