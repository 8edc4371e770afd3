"""Evidence messages that say their value, and those that don't."""

import pytest

from rembench.harness.scenario.pack import load_pack
from rembench.harness.scorer.context import surroundings
from rembench.harness.scorer.mentions import Patterns, ValueKey
from rembench.harness.scorer.segments import file_segments
from rembench.harness.solver.check import check_log
from rembench.harness.solver.evidence import evidence_faults
from tests.harness.solver.allotment import allotment
from tests.harness.solver.timeline import raw_scenario, read


def is_said(content, *, kind="update", attribute="shop", **value):
    raw = raw_scenario("s1 c1", {"a": 1}, [])
    raw["steps"][0]["messages"][1]["content"] = content
    item = raw["items"][0]
    item |= {"kind": kind, "attribute": attribute}
    item["values"][0] |= {"evidence": ["s1#1"], **value}
    found = evidence_faults(read(raw))
    assert {one.path for one in found} <= {"items[0].values[0].evidence[0]"}
    return not found


GROUPS = {"text": "the shop opens at six", "match": [["six", "6:00"], ["open*"]]}
HABIT = {
    "kind": "pattern",
    "text": "slugs eat the lettuce",
    "match_any": [[["slug*"], ["lettuce"]], [["snail*"]]],
}

SAYS = [
    ("We went to Berlin.", {"text": "Berlin"}),
    ("It's berlin now, then.", {"text": "Berlin"}),
    ("It's in the capital.", {"text": "Berlin", "aliases": ["the capital"]}),
    ("Half past six? No: 6:30 pm.", {"text": "18:30"}),
    ("It opens at six.", GROUPS),
    ("It opens early. At 6:00, that is.", GROUPS),
    ("## Open\n\n- at 6:00", GROUPS),
    ("- tea\n- Earl Grey", {"text": "Earl Grey"}),
    ('{"tea": "Earl Grey"}', {"text": "Earl Grey"}),
    ("Slugs again.", HABIT),
    ("A snail!\n\nIn the shed.", HABIT),
    ("Slugs eat the lettuce.", HABIT),
]
SAYS_NOT = [
    ("We went to Bern.", {"text": "Berlin"}),
    ("It's a Berliner.", {"text": "Berlin"}),
    ("", {"text": "Berlin"}),
    ("Earl. Grey is the sky.", {"text": "Earl Grey"}),
    ("- Earl\n- Grey", {"text": "Earl Grey"}),
    ("I open the door.", GROUPS),
    ("It opens early.\n\nAnother thing: six eggs.", GROUPS),
    ("Rain again.", HABIT),
    ("Shall it be opaque or public?", {"text": "public", "attribute": "opaque or public"}),
]


@pytest.mark.parametrize(("content", "value"), SAYS)
def test_a_message_says_its_value(content, value):
    assert is_said(content, **value)


@pytest.mark.parametrize(("content", "value"), SAYS_NOT)
def test_a_message_does_not_say_its_value(content, value):
    assert not is_said(content, **value)


def test_a_fault_names_the_message_and_the_value():
    raw = allotment()
    raw["steps"][0]["messages"][1]["content"] = "Noted: Tuesday."
    (fault,) = check_log(raw, read(raw))
    assert fault.path == "items[1].values[0].evidence[1]"
    assert fault.what == "'s1#1' doesn't say 'Larkfield Seeds'"
    assert "an alias" in fault.right


def test_every_evidence_is_looked_up_for_itself():
    raw = allotment()
    raw["steps"][0]["messages"][0]["content"] = "Nora here."
    assert [one.path for one in check_log(raw, read(raw))] == [
        "items[1].values[0].evidence[0]",
        "items[2].values[0].evidence[0]",
    ]


def plainly(scenario):
    """The same question without any shortcut: every message through the scorer, with all patterns."""
    patterns = Patterns(scenario)
    sessions = {one.id: one.messages for one in scenario.sessions}
    for n, item in enumerate(scenario.items):
        for m, value in enumerate(item.values):
            for k, ref in enumerate(value.evidence):
                text = sessions[ref.session][ref.message].content
                read_ = surroundings(patterns, tuple(file_segments("a.md", text)))
                said = {
                    mention.key
                    for one in read_
                    for mention in patterns.mentions(one.segment, one.found, (*one.near, *one.above))
                }
                part = {key for one in read_ for key, _ in one.found.groups}
                if ValueKey(n, m) not in (part if item.kind == "pattern" else said):
                    yield f"items[{n}].values[{m}].evidence[{k}]"


@pytest.mark.parametrize("pack", ["natural", "recorded"])
def test_the_shortcuts_find_what_the_scorer_finds(pack):
    scenarios = load_pack(pack).scenarios
    found = [[one.path for one in evidence_faults(one)] for one in scenarios]
    assert found == [list(plainly(one)) for one in scenarios]
    assert any(found)
