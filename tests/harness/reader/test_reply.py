"""A reply is read or it isn't: nothing in it is guessed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.providers.given_answers import TWICE, UNANSWERED
from rembench.harness.reader.reply import TOO_LONG, Answer, read_reply

IDS = ("c-1", "c-2")


def entry(id_, answer):
    return {"id": id_, "answer": answer}


def reply(*entries):
    return json.dumps({"answers": entries})


def test_every_question_gets_its_answer_and_what_was_not_asked_counts_for_nothing():
    found = read_reply(reply(entry("c-2", " Assam "), entry("c-1", "Pixel"), entry("c-3", "x")), IDS)
    assert found == {"c-1": Answer("Pixel"), "c-2": Answer("Assam")}


def test_prose_around_the_object_is_read_past():
    assert read_reply(f"Here it is:\n{reply(entry('c-1', 'Pixel'))}\nDone.", IDS)["c-1"] == Answer("Pixel")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (reply(), UNANSWERED),
        (reply(entry("c-1", "")), UNANSWERED),
        (reply(entry("c-1", None)), UNANSWERED),
        (reply(entry("c-1", ["Pixel"])), UNANSWERED),
        (reply({"id": "c-1"}), UNANSWERED),
        (reply(entry("c-1", "Pixel"), entry("c-1", "Pixel")), TWICE),
        (reply(entry("c-1", "x" * 1001)), TOO_LONG),
        (reply("c-1", 3, entry(3, "x")), UNANSWERED),
        ("", "unreadable reply: it's empty"),
        ("I'd rather not.", "unreadable reply: no JSON object of answers"),
        ("[]", "unreadable reply: it has no list of answers"),
        ('{"answers": {"c-1": "Pixel"}}', "unreadable reply: it has no list of answers"),
        (reply(entry("c-1", "x"))[:-4], "unreadable reply: its JSON is faulty or cut off"),
        (f"{reply(entry('c-1', 'a'))} or {reply()}", "unreadable reply: several objects of answers"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_none_with_its_reason(text, reason):
    assert read_reply(text, ("c-1",)) == {"c-1": Answer(None, reason)}


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    assert list(read_reply(text, IDS)) == list(IDS)
