import json
from collections.abc import Callable
from typing import Any

import pytest

from rembench.harness.errors import UserError
from rembench.harness.scenario.reader import examine_scenario, read_scenario
from rembench.harness.types import FAILURE_CLASSES, ConsolidateStep, EvidenceRef

Json = dict[str, Any]
Change = Callable[[Json], object]


def _value(scenario: Json, item: int = 0, value: int = 0) -> Json:
    found: Json = scenario["items"][item]["values"][value]
    return found


def _put(*path: str | int, to: Any) -> Change:
    def change(scenario: Json) -> None:
        at: Any = scenario
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = to

    return change


def _drop(*path: str | int) -> Change:
    def change(scenario: Json) -> None:
        at: Any = scenario
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def _ignored(scenario: Json) -> None:
    scenario["steps"][1]["instructions"] = "Leave the watering day out."
    scenario["items"][0]["instruction"] = "ignore"


# What is changed in a right scenario → the words that the one-line error must have.
FAULTS: list[tuple[Change, list[str]]] = [
    (_drop("title"), ["'title' is missing"]),
    (lambda s: s.update(titel=s.pop("title")), ["unknown key 'titel'", "did you mean 'title'?"]),
    (_put("itmes", to=[]), ["unknown key 'itmes'", "did you mean 'items'?"]),
    (_put("schema", to=2), ["schema: unknown version", "1 is known"]),
    (_put("schema", to=True), ["schema: is true or false", "a whole number is needed"]),
    (_put("id", to="a/b"), ["id: 'a/b' can't be an id"]),
    (_put("id", to=".."), ["id: '..' can't be an id"]),
    (_put("id", to="x" * 101), ["can't be an id"]),
    (_put("origin", to="authord"), ["origin: unknown value", "did you mean 'authored'?"]),
    (_put("language", to="  "), ["language: is empty"]),
    (_put("title", to="a\ud800b"), ["title: a lone surrogate at character 1"]),
    (_put("title", to="a\0b"), ["title: a NUL at character 1"]),
    (_put("store", to=[]), ["store: is a list", "an object is needed"]),
    (_put("store", "../x", to=""), ["store: invalid path '../x'", "'..'"]),
    (_put("store", "/x", to=""), ["store: invalid path '/x'", "relative"]),
    (_put("store", "a.md", to=1), ["store: file 'a.md': its content must be text"]),
    (_put("store", "notes.md/b", to=""), ["'notes.md' is both a file and the folder"]),
    (_put("steps", to={}), ["steps: is an object", "a list is needed"]),
    (_put("steps", 0, "type", to="sesion"), ["steps[0].type:", "did you mean 'session'?"]),
    (_drop("steps", 0, "type"), ["steps[0]: 'type' is missing", "consolidate"]),
    (_put("steps", 0, "messages", 2, "role", to="human"), ["steps[0].messages[2].role:", "user"]),
    (_put("steps", 0, "messages", 2, to="hi"), ["steps[0].messages[2]: is text"]),
    (_put("steps", 1, "id", to="s1"), ["steps[1].id: the step id 's1' is taken", "steps[0].id"]),
    (_put("steps", 1, "id", to="(store)"), ["steps[1].id: '(store)' can't be an id"]),
    (_put("steps", 1, "at", to="today"), ["steps[1].at: 'today' isn't an ISO 8601 time"]),
    (_put("steps", 1, "at", to="2026-02-30"), ["steps[1].at:", "ISO 8601"]),
    (_put("steps", 2, "at", to="2026-03-01"), ["steps[2].at:", "earlier than the step before"]),
    (_put("steps", 4, "write_budget", to=0), ["steps[4].write_budget: is less than 1"]),
    (_put("steps", 6, "sessions", to=["s9"]), ["steps[6].sessions[0]: 's9' isn't a session", "s3"]),
    (_put("steps", 1, "sessions", to=["s2"]), ["steps[1].sessions[0]: 's2' comes later"]),
    (_put("steps", 6, "sessions", to=["s1", "s1"]), ["steps[6].sessions[1]:", "is taken"]),
    (lambda s: s.update(steps=s["steps"][:1], items=[]), ["steps: no night"]),
    (_put("items", 1, "id", to="watering-day"), ["items[1].id: the item id", "is taken"]),
    (_put("items", 1, "kind", to="delete"), ["items[1].kind:", "did you mean 'deletion'?"]),
    (_put("items", 1, "values", to=[]), ["items[1].values: no value"]),
    (_put("items", 1, "question", to=None), ["items[1].question: is null", "text is needed"]),
    (_put("items", 1, "subject_aliases", to="Maren"), ["items[1].subject_aliases: is text"]),
    (_put("items", 0, "values", 1, "evidence", to=["s2#9"]),
     ["items[0].values[1].evidence[0]: 's2#9' is out of range", "s2 has 2 messages"]),
    (_put("items", 0, "values", 1, "evidence", to=["s2#0", "s9#0"]),
     ["items[0].values[1].evidence[1]: 's9#0' names an unknown session", "known: s1, s2, s3"]),
    (_put("items", 0, "values", 1, "evidence", to=["s2"]), ["evidence[0]: isn't session#message"]),
    (_put("items", 0, "values", 1, "evidence", to=["s2#-1"]), ["isn't session#message"]),
    (_put("items", 0, "values", 0, "expect", "c4", to="held"),
     ["items[0].values[0].expect.c4: 'c4' isn't a step", "known: c1, c2, c3"]),
    (_put("items", 0, "values", 0, "expect", "s1", to="held"), ["'s1' is a step, but not a night"]),
    (_put("items", 0, "values", 0, "expect", "(store)", to="held"), ["'(store)' is a reserved name"]),
    (_drop("items", 0, "values", 0, "expect", "c2"),
     ["items[0].values[0].expect: night 'c2' is missing", "null"]),
    (_put("items", 0, "values", 0, "expect", "c1", to="hold"), ["did you mean 'held'?"]),
    (_put("items", 0, "values", 0, "match", to=[]), ["match: is an empty list"]),
    (_put("items", 0, "values", 0, "match", to=[["a"], []]), ["match[1]: is an empty list"]),
    (_put("items", 0, "values", 0, "match", to=["a"]), ["match[0]: is text", "a list is needed"]),
    (_put("items", 0, "values", 0, "match", to=[["*"]]), ["match[0][0]: '*' stands elsewhere"]),
    (_put("items", 0, "values", 0, "match", to=[["a*b"]]), ["match[0][0]: '*' stands elsewhere"]),
    (_put("items", 1, "values", 0, "match_any", to=[[["a"]]]), ["match_any: stands beside 'match'"]),
    (_put("items", 0, "values", 0, "match_any", to=[[]]), ["match_any[0]: is an empty list"]),
    (_put("items", 0, "values", 0, "type", to="int"), ["values[0].type: unknown value 'int'"]),
    (_put("items", 0, "values", 0, "where", to="/etc/*"), ["values[0].where:", "glob"]),
    (_put("items", 0, "values", 0, "where", to="../*.md"), ["values[0].where:", "'..'"]),
    (_put("items", 0, "values", 0, "where", to="a//*.md"), ["values[0].where:", "an empty part"]),
    (_put("items", 0, "values", 0, "where", to="a\n*.md"), ["values[0].where:", "control characters"]),
    (_put("items", 0, "values", 0, "where", to="x" * 300), ["values[0].where:", "longer than 255"]),
    (_put("items", 0, "values", 0, "where", to="/"), ["values[0].where:", "relative"]),
    (_put("items", 0, "values", 0, "where", to="memory"),
     ["items: the right memory at night 'c1'", "'memory' is both a file and the folder"]),
    (_put("items", 0, "values", 0, "condition", to="on Sundays"), ["condition: is text"]),
    (_put("level", to=0), ["level: isn't from 1 to 5"]),
    (_put("level", to=6), ["level: isn't from 1 to 5"]),
    (_put("level", to="3"), ["level: is text", "a whole number is needed"]),
    (_put("twin_of", to="a/b"), ["twin_of: 'a/b' can't be an id"]),
    (_put("twin_of", to="orchid-house"), ["twin_of: 'orchid-house' is itself", "another scenario"]),
    (_put("items", 0, "tags", to="leakage"), ["items[0].tags: is text", "a list is needed"]),
    (_put("items", 0, "tags", to=["leak"]), ["items[0].tags[0]: unknown value 'leak'", "'leakage'?"]),
    (_put("items", 0, "tags", to=["expiry", "expiry"]), ["items[0].tags[1]: the tag 'expiry' is taken"]),
    (_put("items", 0, "instruction", to="prioritize"),
     ["items[0].instruction: unknown value", "did you mean 'prioritise'?"]),
    (_put("items", 0, "instruction", to="prioritise"),
     ["items[0].instruction: 'prioritise', but no night has instructions"]),
    (_ignored, ["items[0].values[0].expect.c1: 'held' of what the instructions say to ignore", "null"]),
    (_put("items", 0, "values", 0, "gives_away", to="yes"), ["values[0].gives_away: is text", "true or false"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_a_fault_is_named_with_its_place(change: Change, words: list[str], orchids: Json) -> None:
    change(orchids)
    with pytest.raises(UserError) as caught:
        read_scenario(json.dumps(orchids), where="p.jsonl:7")
    message = str(caught.value)
    assert message.startswith("p.jsonl:7: ")
    assert "\n" not in message
    assert [word for word in words if word not in message] == []


NOT_A_SCENARIO: list[tuple[str, list[str]]] = [
    ("", ["malformed JSON at column 1"]),
    ("[]", ["is a list", "an object is needed"]),
    ("{}", ["'schema' is missing"]),
    ('{"schema": 1,}', ["malformed JSON at column 1"]),
    ('{"schema": NaN}', ["NaN isn't a JSON number"]),
    ('{"schema": 1' + "0" * 5000 + "}", ["malformed JSON", "4300 digits"]),
    ('{"schema": 1' + "0" * 40 + "}", ["schema: is too large"]),
    ('{"schema": 1, "schema": 1}', ["the key 'schema' comes twice"]),
    ("[" * 100_000 + "]" * 100_000, ["nested too deeply"]),
    ('{"a":' * 100_000 + "1" + "}" * 100_000, ["nested too deeply"]),
]


@pytest.mark.parametrize(("text", "words"), NOT_A_SCENARIO)
def test_what_is_no_scenario_is_refused_in_one_line(text: str, words: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        read_scenario(text, where="p.jsonl:7")
    assert str(caught.value).startswith("p.jsonl:7: ")
    assert [word for word in words if word not in str(caught.value)] == []


def test_malformed_json_of_a_whole_file_has_line_and_column() -> None:
    with pytest.raises(UserError, match=r"^a\.json:2: malformed JSON at column 11"):
        read_scenario('{\n"id": "x" "y"}', where="a.json")


def test_a_key_that_comes_twice_further_in_is_found(orchids: Json) -> None:
    text = json.dumps(orchids).replace('"kind": "trap"', '"kind": "trap", "kind": "fact"')
    with pytest.raises(UserError, match=r"items\[5\]: the key 'kind' comes twice"):
        read_scenario(text, where="p")


def test_private_keys_are_read_past(orchids: Json) -> None:
    plain = read_scenario(json.dumps(orchids), where="p")
    orchids["x_note"] = {"any": [1.5, None]}
    orchids["items"][0]["values"][0]["x_seen"] = True
    assert read_scenario(json.dumps(orchids), where="p") == plain


def test_what_may_be_left_out_may_be_null(orchids: Json) -> None:
    plain = read_scenario(json.dumps(orchids), where="p")
    orchids["items"][3]["tactic"] = None
    orchids["steps"][1].update(instructions=None, sessions=None, write_budget=None)
    orchids.update(level=None, twin_of=None)
    orchids["items"][0].update(tags=None, instruction=None)
    _value(orchids).update(type=None, match=None, match_any=None, condition=None, where=None, gives_away=None)
    assert read_scenario(json.dumps(orchids), where="p") == plain


def test_equal_times_and_offsets_are_in_order(orchids: Json) -> None:
    orchids["steps"][1]["at"] = orchids["steps"][0]["at"]
    orchids["steps"][2]["at"] = "2026-03-09T11:00:00+02:00"  # 09:00 UTC
    orchids["steps"][3]["at"] = "2026-03-09T09:00:00"  # no offset counts as UTC
    assert read_scenario(json.dumps(orchids), where="p").steps[3].at == "2026-03-09T09:00:00"


def test_everything_that_is_wrong_is_listed(orchids: Json) -> None:
    del _value(orchids)["expect"]["c1"]
    _value(orchids, 1)["evidence"] = ["s7#0"]
    orchids["items"][2]["id"] = "heating"
    examined = examine_scenario(json.dumps(orchids), where="p:1")
    assert [str(fault).split(":")[2].strip() for fault in examined.faults] == [
        "items[4].id",
        "items[0].values[0].expect",
        "items[1].values[0].evidence[0]",
    ]


def test_a_right_scenario_is_read_whole(orchids: Json) -> None:
    scenario = read_scenario(json.dumps(orchids), where="p")
    last = scenario.nights[-1]
    assert last == ConsolidateStep(id="c3", at="2026-03-16T22:00:00Z", sessions=("s1", "s3"))
    value = scenario.items[0].values[1]
    assert value.evidence == (
        EvidenceRef(session="s2", message=0),
        EvidenceRef(session="s2", message=1),
    )
    assert value.expect == {"c1": None, "c2": "held", "c3": "held"}
    assert scenario.items[1].values[0].match == (("14 Lindholm*", "Lindholm Lane*"),)
    assert [len(session.messages) for session in scenario.sessions] == [6, 2, 2]


def test_what_synthetic_scenarios_add_is_read(orchids: Json) -> None:
    orchids.update(level=4, twin_of="glass-house")
    orchids["steps"][1]["instructions"] = "The watering day matters most; never mind the heating."
    orchids["items"][0].update(tags=["staleness", "over-forgetting"], instruction="prioritise")
    _value(orchids)["gives_away"] = True
    scenario = read_scenario(json.dumps(orchids), where="p")
    assert (scenario.level, scenario.twin_of) == (4, "glass-house")
    item = scenario.items[0]
    assert (item.tags, item.instruction) == (("staleness", "over-forgetting"), "prioritise")
    assert [value.gives_away for value in item.values] == [True, False]


def test_what_is_to_be_ignored_has_no_expectation(orchids: Json) -> None:
    _ignored(orchids)
    for value in orchids["items"][0]["values"]:
        value["expect"] = dict.fromkeys(value["expect"])
    assert read_scenario(json.dumps(orchids), where="p").items[0].instruction == "ignore"


def test_there_are_sixteen_failure_classes() -> None:
    assert len(set(FAILURE_CLASSES)) == 16
