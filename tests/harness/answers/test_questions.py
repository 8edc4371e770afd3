"""What a scenario asks at a checkpoint: only what something is expected of, and nothing of what that is."""

from dataclasses import replace

from rembench.harness.answers.questions import asked_values, questions_at, told_until
from rembench.harness.night import DeletionRequest, Session
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import Value
from tests.harness.reader.models import TINY
from tests.harness.scorer.builders import item

BAKERY, ORCHIDS = load_pack(str(TINY)).scenarios


def test_an_item_of_which_nothing_is_expected_yet_is_not_asked_about():
    assert [q.item for q in questions_at(BAKERY, "c1")] == ["opening-hour", "delivery", "flour-mill"]
    assert len(questions_at(BAKERY, "c2")) == len(BAKERY.items)


def test_a_copy_that_must_not_be_in_some_files_is_not_asked_for():
    text, shared = "14 Lindholm Lane", "shared/**"
    one = item(
        "Maren", "address",
        (Value(text=text, where="user/**", expect={"c1": "held"}),
         Value(text=text, where=shared, expect={"c1": "absent"}), Value(text="x", expect={"c1": None})),
    )  # fmt: skip
    assert asked_values(one, "c1") == {0: "held"}
    lone = replace(one, values=one.values[1:])
    assert asked_values(lone, "c1") == {}


def test_what_was_told_is_everything_before_the_night_in_order():
    told = told_until(ORCHIDS, "c2")
    assert [(type(event), event.id) for event in told] == [
        (Session, "s1"), (Session, "s2"), (DeletionRequest, "d1"),
    ]  # fmt: skip
    assert [event.id for event in told_until(ORCHIDS, "c3")] == ["s1", "s2", "d1", "s3"]
