"""Answers convey stances by the same matching as memories do; what can't be told of them is no verdict."""

import pytest

from rembench.harness.answers.questions import asked_values
from rembench.harness.answers.scored import NOT_ASKED, YES_OR_NO, AnswerScorer, is_not_known, unread
from rembench.harness.outcomes import accepted
from rembench.harness.reader.reply import Answer
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import STORE, Value
from tests.harness.reader.models import TINY
from tests.harness.scorer.builders import item, scenario

BAKERY, ORCHIDS = load_pack(str(TINY)).scenarios
SCORERS = {one.id: AnswerScorer(one) for one in (BAKERY, ORCHIDS)}


def verdicts(of, item_id, said, checkpoint="c2"):
    answer = said if isinstance(said, Answer) else Answer(said)
    read = SCORERS[of.id].read({item_id: answer}, checkpoint)
    return [v for v in read.verdicts if v.item == item_id]


def stances(*asked):
    return [v.observed for v in verdicts(*asked)]


@pytest.mark.parametrize(
    ("of", "item_id", "said", "right"),
    [
        (ORCHIDS, "watering-day", "Thursday", ["absent", "held"]),
        (ORCHIDS, "watering-day", "The orchid house is watered on Thursday.", ["absent", "held"]),
        (
            ORCHIDS,
            "watering-day",
            "It is watered on Thursdays. Before that it was Tuesday.",
            ["retired", "held"],
        ),
        (ORCHIDS, "watering-day", "The orchid house is watered on Tuesday.", ["held", "absent"]),
        (ORCHIDS, "heating", "It is set to 19 degrees; Tove next door has 26.", ["held"]),
        (ORCHIDS, "heating-trap", "The heating of the orchid house isn't set to 26 degrees.", ["retired"]),
        (ORCHIDS, "heating-trap", "Yes, it is set to 26 degrees.", ["held"]),
        (ORCHIDS, "home-address", "Maren lives at 14 Lindholm Lane.", ["held"]),
        (BAKERY, "opening-hour", "It is unsettled: either 6:30 or 7:00.", ["open", "open"]),
        (BAKERY, "delivery", "- by van on weekdays\n- by cargo bike on Sundays", ["held", "held"]),
        (BAKERY, "oven-trips", "The oven trips the fuse whenever the dough mixer runs.", ["held"]),
        (BAKERY, "invoice-payee", "Invoices are paid to Quickledger.", ["held"]),
    ],
)
def test_an_answer_conveys_what_it_says(of, item_id, said, right):
    assert stances(of, item_id, said) == right


@pytest.mark.parametrize("said", ["not known", "Not known.", "  Unknown ", "I don’t know", '"not known"'])
def test_what_is_not_known_conveys_nothing(said):
    found = verdicts(ORCHIDS, "watering-day", said)
    assert [(v.observed, v.rule) for v in found] == [("absent", "the answer is that it isn't known")] * 2
    assert is_not_known(Answer(said))


def test_what_is_said_of_not_knowing_is_read_as_any_answer():
    assert not is_not_known(Answer("It's not known whether it's Tuesday or Thursday."))
    assert not is_not_known(Answer(None, "not answered"))


@pytest.mark.parametrize("said", ["Yes.", "no", "No, it is not.", "Yes: as always."])
def test_a_bare_yes_or_no_is_no_verdict(said):
    assert [(v.observed, v.reason) for v in verdicts(ORCHIDS, "heating-trap", said)] == [(None, YES_OR_NO)]


def test_a_sentence_that_begins_with_no_is_no_bare_no():
    assert stances(ORCHIDS, "heating-trap", "No change is known of.") == ["absent"]


def test_what_has_no_answer_is_no_verdict_with_the_reason():
    found = verdicts(ORCHIDS, "heating", Answer(None, "timeout: no reply within 300 s"))
    assert [(v.observed, v.reason, v.expected) for v in found] == [
        (None, "timeout: no reply within 300 s", "held")
    ]
    (found,) = [v for v in SCORERS[ORCHIDS.id].read({}, "c2").verdicts if v.item == "heating"]
    assert (found.observed, found.reason) == (None, NOT_ASKED)


def test_an_answer_counts_for_its_own_question_alone():
    read = SCORERS[ORCHIDS.id].read(
        {
            "watering-day": Answer("Bark comes from Nordlund."),
            "bark-supplier": Answer("It's watered on Thursday."),
        },
        "c2",
    )
    found = {(v.item, v.value): v.observed for v in read.verdicts}
    assert found["bark-supplier", 0] == found["watering-day", 1] == "absent"


def test_the_name_under_which_an_answer_is_read_conveys_nothing():
    world = scenario(
        item("Ilse", "job at Havnekraft", (Value(text="job at Havnekraft", expect={"c1": "absent"}),))
    )
    (found,) = AnswerScorer(world).read({"one": Answer("Nothing is noted there.")}, "c1").verdicts
    assert (found.observed, found.leak_level) == ("absent", None)


def test_a_value_that_is_not_asked_for_has_no_expectation():
    values = (Value(text="oat milk", expect={"c1": "held"}),
              Value(text="oat milk", where="shared/**", expect={"c1": "absent"}))  # fmt: skip
    read = AnswerScorer(scenario(item("Ada", "milk", values))).read({"one": Answer("Ada has oat milk.")}, "c1")
    assert [(v.expected, v.observed) for v in read.verdicts] == [("held", "held"), (None, None)]


@pytest.mark.parametrize("subject", ["a/b/../c", "*?[x]", "x" * 400, "\n", "größe"])
def test_whatever_an_item_is_called_its_answer_is_found(subject):
    world = scenario(item(subject, "tea", (Value(text="Assam", expect={"c1": "held"}),)))
    (found,) = AnswerScorer(world).read({"one": Answer("The tea is Assam.")}, "c1").verdicts
    assert found.observed == "held"


def oracle(one, checkpoint):
    expected = asked_values(one, checkpoint)
    held = [one.values[v] for v, stance in expected.items() if stance == "held"]
    said = [f"{v.text} ({v.condition.text})" if v.condition else v.text for v in held]
    opened = [one.values[v].text for v, stance in expected.items() if stance == "open"]
    said += [f"unsettled, either {' or '.join(opened)}"] if opened else []
    return Answer("; ".join(said) or "not known")


@pytest.mark.parametrize(("pack", "limit"), [(TINY, None), ("core", 6), ("natural", None), ("deletion", 4)])
def test_the_right_answers_are_right(pack, limit):
    for world in load_pack(str(pack), limit=limit).scenarios:
        if world.twin_of is not None:
            continue
        scorer, last = AnswerScorer(world), world.nights[-1].id
        read = scorer.read({one.id: oracle(one, last) for one in world.items}, last)
        wrong = [
            (world.id, v.item, v.expected, v.observed, v.rule)
            for v in read.verdicts
            if v.expected and not (v.observed and accepted(v.expected, v.observed))
        ]
        assert wrong == []


def test_where_nothing_was_read_every_value_has_the_reason():
    read = unread(BAKERY, "c1", "failed: timeout")
    assert {(v.observed, v.reason) for v in read.verdicts} == {(None, "failed: timeout")}
    assert [v.expected for v in unread(BAKERY, STORE, NOT_ASKED).verdicts] == [None] * 8
