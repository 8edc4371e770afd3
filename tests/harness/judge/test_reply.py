"""Replies: read where they can be, no verdict with a reason where they can't."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.harness.judge.reply import SCHEMA, read_reply
from rembench.harness.providers.given_answers import TWICE, UNANSWERED
from rembench.harness.types import STANCES

GOOD = '{"answers": [{"id": "a-1", "stance": "held"}, {"id": "a-2", "stance": "absent"}]}'


def stances(text, ids=("a-1", "a-2")):
    return [answer.stance for answer in read_reply(text, ids).values()]


def reasons(text, ids=("a-1", "a-2")):
    return [answer.reason for answer in read_reply(text, ids).values()]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\n {GOOD}\n",
        f"```json\n{GOOD}\n```",
        f"Here is what I found.\n\n{GOOD}\n\nI hope this helps {{really}}.",
        json.dumps(json.loads(GOOD), indent=2),
        GOOD.replace("held", " Held "),
        GOOD.replace('{"answers"', '{"note": "I read it twice", "answers"'),
        GOOD.replace('"a-2"', '"a-2", "why": "not there"'),
    ],
)
def test_a_readable_reply_is_read(text):
    assert stances(text) == ["held", "absent"]
    assert reasons(text) == [None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it's empty"),
        (" \n", "it's empty"),
        ("I can't help with that.", "no JSON object of answers"),
        (GOOD[:-20], "its JSON is faulty or cut off"),
        (f"Sure: {GOOD[:40]}", "its JSON is faulty or cut off"),
        (f"{GOOD}\n{GOOD}", "several objects of answers"),
        (f"The memory says {GOOD}, but my answer is {GOOD.replace('held', 'open')}", "several objects"),
        ("[]", "it has no list of answers"),
        ("null", "it has no list of answers"),
        ('"held"', "it has no list of answers"),
        ('{"answers": {"a-1": "held"}}', "it has no list of answers"),
        (f'{{"result": {GOOD}}}', "it has no list of answers"),
        (GOOD.replace('"stance": "held"', '"stance": "held", "stance": "absent"'), "its JSON is faulty"),
        (GOOD[:-1] + ', "answers": []}', "its JSON is faulty"),
        ("[" * 100_000, "its JSON is faulty"),
        ('{"answers":' * 15_000, "its JSON is faulty"),
        ("9" * 10_000, "its JSON is faulty"),
        ("x" * 200_001, "it's longer than 200000 characters"),
    ],
)  # fmt: skip
def test_an_unreadable_reply_leaves_every_question_without_a_verdict(text, reason):
    assert stances(text) == [None, None]
    assert all(str(r).startswith(f"unreadable reply: {reason}") for r in reasons(text))


def test_too_few_answers_leave_the_others_without_a_verdict():
    assert stances(GOOD, ("a-1", "a-2", "a-3")) == ["held", "absent", None]
    assert reasons(GOOD, ("a-1", "a-2", "a-3"))[2] == UNANSWERED
    assert reasons('{"answers": []}') == [UNANSWERED, UNANSWERED]


def test_answers_to_what_was_not_asked_count_for_nothing():
    assert stances(GOOD, ("a-2",)) == ["absent"]
    assert stances(GOOD.replace("a-", "b-")) == [None, None]


def test_a_question_answered_twice_has_no_verdict_even_if_both_are_the_same():
    text = GOOD.replace("a-2", "a-1")
    assert reasons(text) == [TWICE, UNANSWERED]
    assert reasons(text.replace("absent", "held")) == [TWICE, UNANSWERED]
    assert reasons(text.replace('"absent"', "null"))[0] == TWICE


@pytest.mark.parametrize("stance", ["maybe", "", "held|absent", "he ld", None, 1, ["held"], {"held": True}])
def test_an_unknown_stance_is_no_verdict(stance):
    text = json.dumps({"answers": [{"id": "a-1", "stance": stance}, {"id": "a-2", "stance": "open"}]})
    assert stances(text) == [None, "open"]
    assert str(reasons(text)[0]).startswith("unknown stance: ")


@pytest.mark.parametrize("entry", ["held", None, 3, [], {"stance": "held"}, {"id": 1, "stance": "held"}])
def test_an_answer_without_an_id_answers_nothing(entry):
    text = json.dumps({"answers": [entry, {"id": "a-2", "stance": "open"}]})
    assert reasons(text) == [UNANSWERED, None]


@settings(deadline=None, max_examples=300)
@given(st.text() | st.builds(lambda a, b: a + GOOD + b, st.text(), st.text()))
def test_any_text_gives_a_stance_or_a_reason_for_every_question(text):
    found = read_reply(text, ("a-1", "a-2"))
    assert list(found) == ["a-1", "a-2"]
    assert all((answer.stance is None) == (answer.reason is not None) for answer in found.values())


def test_the_schema_asks_for_the_four_stances_and_nothing_that_services_refuse():
    answer = SCHEMA["properties"]["answers"]["items"]
    assert answer["properties"]["stance"]["enum"] == list(STANCES)
    assert answer["additionalProperties"] is SCHEMA["additionalProperties"] is False
